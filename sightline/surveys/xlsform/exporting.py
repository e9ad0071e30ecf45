"""Writes a questionnaire as an XLSForm that opens in Kobo and ODK, and comes back as it was.

"I don't know" and "I don't want to say" become answers of the lists that choose; other questions
have no place for them in an XLSForm, so they are kept in our column alone.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sightline.kernel.errors import Faults
from sightline.surveys import questionnaires
from sightline.surveys.definitions import (
    CHOSEN,
    Choice,
    Item,
    QuestionnaireDefinition,
    Section,
    Texts,
)
from sightline.surveys.xlsform import extras, languages

FileRow = dict[str, str]
_DONT_KNOW: Final = {"en": "I don't know", "gd": "Chan eil fhios agam"}
_PREFER_NOT: Final = {"en": "I don't want to say", "gd": "Chan eil mi airson innse"}
_TYPES: Final = {"text": "text", "date": "date", "note": "note", "calculate": "calculate"}
_WIDEST: Final = 60


def export_form(definition: QuestionnaireDefinition) -> bytes:
    """The questionnaire as a workbook with the sheets `survey`, `choices` and `settings`.

    Raises:
        Faults: it has faults, so no other program could use it either.
    """
    found = questionnaires.faults(definition)
    if found:
        raise Faults(definition.key, found)
    writer = _Writer(definition)
    book = Workbook()
    first = book.active or book.create_sheet()
    first.title = "survey"
    if isinstance(first, Worksheet):
        _fill(first, writer.survey())
    _fill(book.create_sheet("choices"), writer.choices())
    _fill(book.create_sheet("settings"), [writer.settings()])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class _Writer:
    """Rows of each sheet as texts by column."""

    def __init__(self, definition: QuestionnaireDefinition) -> None:
        self.definition = definition
        self.names = {code: languages.name_of(code) for code in definition.languages}
        self._variants: dict[str, tuple[str, bool, bool]] = {}
        self._taken = {item.code.casefold() for item in definition.items()}
        self._taken |= {section.code.casefold() for section in definition.sections}

    def settings(self) -> FileRow:
        """The one row of settings."""
        one = self.definition
        own: dict[str, Any] = {
            "audience": one.audience, "minutes": one.minutes, "locked": one.locked,
            "source": one.source, "comparable": list(one.comparable),
        }  # fmt: skip
        return {
            "form_title": one.title,
            "form_id": one.code,
            "version": str(one.version),
            "default_language": self.names[one.languages[0]],
            "allow_choice_duplicates": "yes",
            extras.COLUMN: extras.written(own),
        }

    def survey(self) -> list[FileRow]:
        """Every row, in order; the introduction and notices are notes."""
        rows = [
            self._row("note", self._free("introduction"), self.definition.introduction,
                      own={"introduction": True})
        ]  # fmt: skip
        for section in self.definition.sections:
            rows += self._section(section)
        return rows

    def _section(self, section: Section) -> list[FileRow]:
        what = "repeat" if section.repeat else "group"
        own: dict[str, Any] = {}
        if section.repeat:
            own = {"repeat": section.repeat, "repeat_most": section.repeat_most}
        elif section.repeat_most != Section.model_fields["repeat_most"].default:
            own = {"repeat_most": section.repeat_most}
        head = self._row(f"begin_{what}", section.code, section.title, own=own)
        head["relevant"] = section.show_when
        head["repeat_count"] = section.repeat_count
        if not section.repeat:
            head["appearance"] = "field-list"
        rows = [head]
        if section.notice:
            name = self._free(f"{section.code}_notice")
            rows.append(self._row("note", name, section.notice, own={"notice": True}))
        rows += [self._item(item) for item in section.items]
        return [*rows, {"type": f"end_{what}"}]

    def _item(self, item: Item) -> FileRow:
        own = _beside(item)
        choice_filter = item.choice_filter
        if item.kind in CHOSEN or item.kind == "many":
            name = self._list(item)
            said = f"{'select_multiple' if item.kind == 'many' else 'select_one'} {name}"
            if name != item.choices:
                own["choices"] = item.choices
                if choice_filter:
                    own["choice_filter"] = choice_filter
                    marks = " or ".join(f"name = '{code}'" for code in self._marks(item))
                    choice_filter = f"({choice_filter}) or {marks}"
        elif item.kind == "number":
            said = "integer" if item.whole else "decimal"
        else:
            said = _TYPES[item.kind]
        if item.kind == "calculate" and item.text:
            own["text"] = dict(item.text)
        row = self._row(said, item.code, item.text if item.kind != "calculate" else {}, own=own)
        row |= self._spoken("hint", item.hint)
        row |= self._spoken("constraint_message", item.constraint_message)
        row |= {
            "required": "yes" if item.required else "",
            "relevant": item.show_when,
            "constraint": item.constraint,
            "calculation": item.calculation,
            "choice_filter": choice_filter,
            "appearance": "multiline" if item.kind == "text" and item.lines > 1 else "",
        }
        return row

    def _row(self, said: str, name: str, label: Texts, *, own: Mapping[str, Any]) -> FileRow:
        row = {"type": said, "name": name, extras.COLUMN: extras.written(dict(own))}
        return row | self._spoken("label", label)

    def _spoken(self, column: str, texts: Texts) -> FileRow:
        said = ((code, texts[code]) for code in self.definition.languages if code in texts)
        return {f"{column}::{self.names[code]}": text for code, text in said}

    def _free(self, name: str) -> str:
        free, number = name, 1
        while free.casefold() in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._taken.add(free.casefold())
        return free

    # Lists

    def _marks(self, item: Item) -> list[str]:
        codes = {one.code for one in self.definition.options(item)}
        wanted = [("dont-know", item.dont_know), ("prefer-not", item.prefer_not)]
        return [_unused(code, codes) for code, offered in wanted if offered]

    def _list(self, item: Item) -> str:
        """The name of an item's list; a variant of it where the two marks are answers too."""
        if not (item.dont_know or item.prefer_not):
            return item.choices
        ending = ("_dk" if item.dont_know else "") + ("_pn" if item.prefer_not else "")
        name = item.choices + ending
        while name in self.definition.choices:
            name += "_"
        self._variants[name] = (item.choices, item.dont_know, item.prefer_not)
        return name

    def choices(self) -> list[FileRow]:
        """Every list, in order, then the variants that `survey` used."""
        rows = [
            self._choice(name, choice, _own_of(choice))
            for name, choices in self.definition.choices.items()
            for choice in choices
        ]
        for name, (base, dont_know, prefer_not) in self._variants.items():
            choices = self.definition.choices[base]
            rows += [self._choice(name, choice, {"variant": True}) for choice in choices]
            codes = {choice.code for choice in choices}
            marks = [("dont-know", dont_know, _DONT_KNOW), ("prefer-not", prefer_not, _PREFER_NOT)]
            for code, offered, said in marks:
                if offered:
                    label = {one: said.get(one, said["en"]) for one in self.definition.languages}
                    mark = Choice(code=_unused(code, codes), label=label)
                    rows.append(self._choice(name, mark, {"variant": True}))
        return rows

    def _choice(self, name: str, choice: Choice, own: Mapping[str, Any]) -> FileRow:
        row = {"list_name": name, "name": choice.code, extras.COLUMN: extras.written(dict(own))}
        return row | self._spoken("label", choice.label) | dict(choice.filters)


def _unused(code: str, codes: Iterable[str]) -> str:
    while code in codes:
        code += "-"
    return code


def _own_of(choice: Choice) -> dict[str, Any]:
    own: dict[str, Any] = {} if choice.value is None else {"value": choice.value}
    if choice.filters:
        own["filters"] = dict(choice.filters)
    return own


def _beside(item: Item) -> dict[str, Any]:
    """What an XLSForm has no column for, where it is not as usual."""
    own: dict[str, Any] = {}
    for name in ("wording", "dont_know", "prefer_not", "sensitive", "groups", "identifies"):
        if getattr(item, name) != Item.model_fields[name].default:
            own[name] = getattr(item, name)
    if item.kind in {"scale", "frequency"}:
        own["kind"] = item.kind
    own["lines"] = item.lines
    if item.whole and item.kind != "number":
        own["whole"] = True
    for name in ("links", "measures", "media"):
        value = getattr(item, name)
        if value:
            own[name] = list(value) if name == "links" else {k: _plain(v) for k, v in value.items()}
    return own


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _fill(sheet: Worksheet, rows: list[FileRow]) -> None:
    """Write rows under a heading of every column that any of them has; texts are never formulas."""
    columns = dict.fromkeys(
        column for row in rows for column, text in row.items() if text or column in {"type", "name"}
    )
    ordered = [one for one in columns if one != extras.COLUMN]
    ordered += [extras.COLUMN] if extras.COLUMN in columns else []
    for at, column in enumerate(ordered, 1):
        heading = sheet.cell(1, at, column)
        heading.font = Font(bold=True)
        widest = max((len(row.get(column, "")) for row in rows), default=0)
        sheet.column_dimensions[get_column_letter(at)].width = min(max(widest, 10) + 2, _WIDEST)
        for number, row in enumerate(rows, 2):
            text = row.get(column, "")
            if text:
                cell = sheet.cell(number, at)
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text[:1] in "=+-@"
    sheet.freeze_panes = "A2"
