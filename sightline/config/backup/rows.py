"""Rows as lines of JSON, so that either database can take what the other gave.

Values are those of the models' fields, with a mark on what JSON has no word for. What is sealed in
a column stays sealed: its bytes are copied, never opened.
"""

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, models

from sightline.kernel.errors import BadInput
from sightline.secrets.fields import Sealed, SealedText

# Where people are signed in, and what waits for a worker: of the moment, not of the record.
LEFT_OUT: Final = frozenset({"sessions", "django_tasks_database"})
AT_A_TIME: Final = 500
MARK: Final = "$"
_BYTES: Final = models.BinaryField()

Model = type[models.Model]
_WRITTEN: Final[tuple[tuple[type, str, Callable[[Any], str]], ...]] = (
    (dt.datetime, "at", dt.datetime.isoformat),
    (dt.date, "on", dt.date.isoformat),
    (dt.time, "time", dt.time.isoformat),
    (dt.timedelta, "days", lambda value: f"{value.days}:{value.seconds}:{value.microseconds}"),
    (UUID, "uuid", str),
    (Decimal, "number", str),
)
_READ: Final[dict[str, Callable[[str], Any]]] = {
    "at": dt.datetime.fromisoformat,
    "on": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "days": lambda text: dt.timedelta(
        **dict(zip(("days", "seconds", "microseconds"), map(int, text.split(":")), strict=True))
    ),
    "uuid": UUID,
    "number": Decimal,
    "bytes": base64.b64decode,
    "json": json.loads,
}


def tables(registry: Apps) -> list[Model]:
    """The models whose rows are copied, in a fixed order."""
    found = [
        model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def _fields(model: Model) -> "list[models.Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.generated]


def _written(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Sealed):
        value = value.raw
    if isinstance(value, bytes | bytearray | memoryview):
        return {MARK: "bytes", "is": base64.b64encode(bytes(value)).decode()}
    if isinstance(field, models.JSONField):
        return {MARK: "json", "is": json.dumps(value, ensure_ascii=False)}
    for kind, name, say in _WRITTEN:
        if isinstance(value, kind):
            return {MARK: name, "is": say(value)}
    return value


def _read(value: Any) -> Any:
    return _READ[value[MARK]](value["is"]) if isinstance(value, dict) else value


def lines(model: Model) -> Iterator[str]:
    """The rows of a table, one a line, in the order of their keys."""
    fields = _fields(model)
    found = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in found.iterator(chunk_size=AT_A_TIME):
        values = [_written(field, value) for field, value in zip(fields, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def heading(model: Model) -> str:
    """The line before the rows of a table: which it is, and its columns."""
    columns = [field.column for field in _fields(model)]
    return json.dumps({"table": model._meta.db_table, "columns": columns})


def footing(rows: int) -> str:
    """The line after the rows of a table."""
    return json.dumps({"rows": rows})


class Loader:
    """Puts lines back into the tables of the models it is given."""

    def __init__(self, registry: Apps) -> None:
        """`registry` describes the tables as they are in this database."""
        self.models = tables(registry)
        self._by_table = {model._meta.db_table: model for model in self.models}

    def empty(self) -> None:
        """Take every row out of every table that will be filled, and end every session."""
        quote = connection.ops.quote_name
        present = set(connection.introspection.table_names())
        others = present & {"django_session", "django_tasks_database_dbtaskresult"}
        with connection.cursor() as cursor:
            for table in [*(model._meta.db_table for model in self.models), *sorted(others)]:
                cursor.execute(f"DELETE FROM {quote(table)}")  # noqa: S608 (names of our models)

    def load(self, given: Iterator[str]) -> dict[str, int]:
        """Fill the tables from lines; gives the rows of each.

        Raises:
            BadInput: the lines are not those of a backup, or stop short.
        """
        loaded: dict[str, int] = {}
        for line in given:
            head = json.loads(line)
            if "end" in head:
                if head["end"] != len(loaded):
                    raise BadInput("The backup lacks a table it says it has. Use another backup.")
                return loaded
            model = self._by_table.get(head["table"])
            if model is None:
                raise BadInput(f"The backup has a table {head['table']} that is not known here.")
            loaded[head["table"]] = self._table(model, head["columns"], given)
        raise BadInput("The backup stops before its end. Use another backup.")

    def _table(self, model: Model, columns: Sequence[str], given: Iterator[str]) -> int:
        by_column = {field.column: field for field in _fields(model)}
        if set(columns) != set(by_column):
            raise BadInput(f"The columns of {model._meta.db_table} are not those of this release.")
        fields = [by_column[column] for column in columns]
        quote = connection.ops.quote_name
        into = ", ".join(quote(column) for column in columns)
        statement = (
            f"INSERT INTO {quote(model._meta.db_table)} ({into}) "  # noqa: S608 (our models)
            f"VALUES ({', '.join(['%s'] * len(columns))})"
        )
        said = None

        def rows() -> Iterator[list[Any]]:
            nonlocal said
            for line in given:
                row = json.loads(line)
                if isinstance(row, dict):
                    said = row.get("rows")
                    return
                yield [_prepared(field, value) for field, value in zip(fields, row, strict=True)]

        many, arriving = 0, rows()
        with connection.cursor() as cursor:
            while batch := list(islice(arriving, AT_A_TIME)):
                cursor.executemany(statement, batch)
                many += len(batch)
        if said != many:
            raise BadInput(f"The rows of {model._meta.db_table} stop short. Use another backup.")
        return many

    def after(self) -> None:
        """Check that every key leads somewhere, and let new rows get keys that are free."""
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)

    def counts(self) -> dict[str, int]:
        """The rows that are now in each table."""
        return {model._meta.db_table: model._base_manager.count() for model in self.models}


def _prepared(field: "models.Field[Any, Any]", value: Any) -> Any:
    found = _read(value)
    if found is None:
        return None
    if isinstance(field, SealedText):
        # As it came: sealed bytes are not sealed again.
        return _BYTES.get_db_prep_value(found, connection, prepared=True)
    return field.get_db_prep_save(found, connection)
