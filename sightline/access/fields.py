"""The fields of the audit trail, which every audited write adds a row to."""

from typing import TYPE_CHECKING, TypeAlias

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Key: TypeAlias = models.BigAutoField[int, int]
else:
    _Key = models.BigAutoField  # Django's own fields cannot be subscripted when running


class TrailKey(_Key):
    """A key that grows by one, without SQLite's AUTOINCREMENT.

    That keeps the highest key ever given in a table of its own, so that a removed row's key is not
    given again: a further page written with every write that is audited, some 5 % of a single-row
    write. Rows of the trail are never removed, so SQLite's own numbering gives the same keys.
    """

    def db_type_suffix(self, connection: BaseDatabaseWrapper) -> str | None:
        """What follows the type of the column: nothing in SQLite."""
        return None if connection.vendor == "sqlite" else super().db_type_suffix(connection)


class TrailJSON(models.JSONField):
    """JSON that SQLite does not check again: the triggers make it, and checking costs as much."""

    def db_check(self, connection: BaseDatabaseWrapper) -> None:
        """No constraint on the column."""
