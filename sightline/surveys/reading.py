"""The two statements of every page that a respondent posts, put together once and not each time.

Django puts a statement together anew whenever it is asked, which for a row of fifty columns takes
longer than the database does. A class of pupils who all press *Next* at once is why that matters.
"""

from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.views.decorators.debug import sensitive_variables

from sightline.surveys.models import Part, Survey

Converters = tuple[tuple[int, tuple[Any, ...], Any], ...]
_KEEP: Final = "UPDATE surveys_part SET content = %s, page = %s WHERE id = %s AND token_index = %s"


@lru_cache(maxsize=4)
def _statement(vendor: str) -> tuple[str, Converters]:
    """The statement that reads a part with its survey, and what makes values of its columns."""
    query = Part.objects.select_related("survey").filter(token_index="").query
    compiler = query.get_compiler(connection=connection)
    sql, _ = compiler.as_sql()
    made = compiler.get_converters([column for column, *_ in compiler.select])
    return sql, tuple((place, tuple(each), column) for place, (each, column) in made.items())


@sensitive_variables()
def part_with_survey(token_index: str) -> Part | None:
    """The part of a token with its survey loaded, in one statement; None where there is none."""
    sql, converters = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [token_index])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, each, column in converters:
        for convert in each:
            values[place] = convert(values[place], column, connection)
    names = [field.attname for field in Part._meta.concrete_fields]
    part = Part.from_db("default", names, values[: len(names)])
    names_of_survey = [field.attname for field in Survey._meta.concrete_fields]
    part.survey = Survey.from_db("default", names_of_survey, values[len(names) :])
    return part


@sensitive_variables()
def keep_part(part: UUID, token_index: str, content: bytes, page: int) -> bool:
    """Write what a part holds, if it is still this token's; whether it was."""
    key = Part._meta.pk.get_db_prep_value(part, connection, prepared=False)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [content, page, key, token_index])
        return bool(cursor.rowcount)
