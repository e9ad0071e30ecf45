"""Reads an XLSForm into a questionnaire, and says by sheet and row what it cannot take over."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.surveys import questionnaires
from sightline.surveys.definitions import Audience, QuestionnaireDefinition
from sightline.surveys.xlsform import extras, sheets
from sightline.surveys.xlsform.body import Body
from sightline.surveys.xlsform.lists import Lists
from sightline.surveys.xlsform.notices import Kind, Notice
from sightline.surveys.xlsform.sheets import Book, Sheet
from sightline.surveys.xlsform.tongues import Tongues

_KNOWN_SETTINGS: Final = frozenset(
    {"form_title", "form_id", "version", "default_language", "allow_choice_duplicates",
     extras.COLUMN}
)  # fmt: skip
_UNEXPECTED: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""How pyxform fails on what it does not expect."""
_MARK: Final = re.compile(r"\[row\s*:?\s*(\d+)\]\s*")


@dataclass(frozen=True)
class Imported:
    """A form as a questionnaire.

    Attributes:
        definition: the questionnaire; it may have faults, which are among the notices.
        notices: everything that is not as the form has it, in the order of its rows.
    """

    definition: QuestionnaireDefinition
    notices: tuple[Notice, ...]

    @property
    def content(self) -> dict[str, Any]:
        """The questionnaire as plain data, as a draft of an area is kept."""
        return self.definition.model_dump(mode="json", exclude_defaults=True)

    @property
    def answerable(self) -> bool:
        """Whether nothing has to be put right first."""
        return not any(one.kind is Kind.NEEDED for one in self.notices)


def import_form(
    content: bytes, name: str, *, code: str = "", audience: Audience = "anyone"
) -> Imported:
    """Read a form.

    Args:
        content: an Excel workbook (.xlsx).
        name: of the file, for messages and for a form without a title.
        code: of the questionnaire; empty takes the form's own.
        audience: who is asked; a form of ours says itself.

    Raises:
        BadInput: it is no such workbook, or too large.
        Faults: the form contradicts itself; every place is listed.
    """
    book = sheets.read(content, name)
    if book.faults:
        raise Faults(name, book.faults)
    _refuse_headings(book, name)
    own = extras.of(book.settings.rows[0]) if book.settings.rows else {}
    notices = [*_about_sheets(book), *_about_settings(book.settings)]
    tongues = Tongues(book, notices)
    lists = Lists(book, tongues, notices)
    body = Body(book.survey, tongues, lists, notices, audience=own.get("audience", audience))
    if body.faults:
        raise Faults(name, body.faults)
    _ask_pyxform(content, name)
    definition = questionnaires.parse(
        _whole(book, own, body, lists, tongues, name=name, code=code, audience=audience), name
    )
    notices += _still_wrong(definition, body, lists)
    order = {"survey": 0, "choices": 1, "settings": 2}
    notices.sort(key=lambda one: (order.get(one.sheet, 3), one.row))
    return Imported(definition, tuple(notices))


def _refuse_headings(book: Book, name: str) -> None:
    faults = [
        Fault("survey, row 1", f"there is no column “{column}”.", "Every form has one.")
        for column in ("type", "name")
        if (column, "") not in book.survey.columns
    ]
    if not faults and not book.survey.rows:
        faults.append(Fault("survey", "it has no questions.", "Add some."))
    if faults:
        raise Faults(name, faults)


def _about_sheets(book: Book) -> Iterator[Notice]:
    for other in book.others:
        yield Notice(other, 0, Kind.LEFT_OUT, "this sheet is no part of a form and was not read.")
    for sheet, row, cell in book.dates:
        if sheet != "settings":
            what = (
                f"cell {cell} holds a date or a time, read as it was saved. See that it is right."
            )
            yield Notice(sheet, row, Kind.CHANGED, what)


def _about_settings(settings: Sheet) -> Iterator[Notice]:
    for row in settings.rows[:1]:
        for column, language in row.cells:
            if column not in _KNOWN_SETTINGS:
                said = "::".join(part for part in (column, language) if part)
                yield Notice(
                    "settings", row.number, Kind.LEFT_OUT, f"the setting {said} is not used here."
                )
    for row in settings.rows[1:]:
        yield Notice(
            "settings", row.number, Kind.LEFT_OUT, "only the first row of settings counts."
        )


def _ask_pyxform(content: bytes, name: str) -> None:
    """What pyxform, which Kobo and ODK read forms with, says is wrong."""
    from pyxform.errors import PyXFormError  # type: ignore[import-untyped]
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    warnings: list[str] = []
    try:
        convert(io.BytesIO(content), warnings=warnings, validate=False, file_type=".xlsx")
    except PyXFormError as error:
        raise Faults(name, _faults_of(str(error))) from None
    except _UNEXPECTED as error:
        what = f"pyxform, which ODK and Kobo read forms with, stops at it: {error!r:.200}"
        raise Faults(name, [Fault("the form", what)]) from None


def _faults_of(said: str) -> list[Fault]:
    match = _MARK.search(said)
    where = f"survey, row {match[1]}" if match else "the form"
    return [Fault(where, " ".join(_MARK.sub("", said).split())[:600])]


def _whole(
    book: Book,
    own: Mapping[str, Any],
    body: Body,
    lists: Lists,
    tongues: Tongues,
    *,
    name: str,
    code: str,
    audience: str,
) -> dict[str, Any]:
    """The questionnaire as plain data."""
    settings = book.settings.rows[0] if book.settings.rows else None
    stem = re.sub(r"\.[A-Za-z0-9]+$", "", name.replace("\\", "/").rpartition("/")[2])
    title = (settings.get("form_title") if settings else "") or stem or "Form"
    said_code = (settings.get("form_id") if settings else "") or stem
    version = settings.get("version") if settings else ""
    return {
        "version": int(version) if own and version.isdecimal() and int(version) else 1,
        "audience": audience,
        "minutes": max(1, min(120, round(body.questions / 4))),
        "locked": False,
        "source": "A form made elsewhere.",
        **extras.only(dict(own), extras.WHOLE),
        "code": code or extras.slug(said_code, "form"),
        "title": title,
        "languages": list(tongues.codes),
        "introduction": body.introduction or dict.fromkeys(tongues.codes, title),
        "sections": body.sections(title),
        "choices": lists.data,
    }


def _still_wrong(definition: QuestionnaireDefinition, body: Body, lists: Lists) -> Iterator[Notice]:
    for fault in questionnaires.faults(definition):
        sheet, row = body.place_of(fault.where) or lists.place_of(fault.where) or ("survey", 0)
        where = "" if row else f"{fault.where}: "
        what = fault.what.replace("show_when:", "relevant:")
        yield Notice(sheet, row, Kind.NEEDED, f"{where}{what} {fault.mend}".strip())
    if not any(item.kind not in {"note", "calculate"} for item in definition.items()):
        raise BadInput("Nothing in this form is a question that can be asked here.")
