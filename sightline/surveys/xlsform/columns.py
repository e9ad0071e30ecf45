"""The columns of a question: what each says, what we take of it, and what we say of the rest."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sightline.surveys import wording
from sightline.surveys.xlsform import extras, types
from sightline.surveys.xlsform.lists import Lists
from sightline.surveys.xlsform.notices import Kind, Notice
from sightline.surveys.xlsform.sheets import Row, Sheet
from sightline.surveys.xlsform.tongues import Tongues
from sightline.surveys.xlsform.types import Select

_READ: Final = frozenset(
    {"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message",
     "calculation", "choice_filter", "appearance", "repeat_count", "parameters", extras.COLUMN}
)  # fmt: skip
_PER_ROW: Final[dict[str, str]] = {
    "default": "no answer is filled in for people, so the default is left out.",
    "read_only": "an answer that cannot be changed is not asked for, so this is left out.",
    "guidance_hint": "the guidance hint is left out; put what people need into the hint.",
    "required_message": "the message for a missing answer is left out.",
    "trigger": "what is worked out follows every answer, so the trigger is left out.",
    "image": "the picture {} is left out.", "big-image": "the picture {} is left out.",
    "audio": "the recording {} is left out; add it in the builder.",
    "video": "the film {} is left out; add it in the builder.",
}  # fmt: skip
_GRID: Final = frozenset({"label", "list-nolabel", "table-list"})
_PLAIN: Final = frozenset(
    {"minimal", "autocomplete", "autocomplete_chars", "compact", "compact-2", "quickcompact",
     "horizontal", "horizontal-compact", "columns", "columns-pack", "no-buttons", "search",
     "likert", "multiline", "field-list", "numbers", "thousands-sep", "no-calendar"}
)  # fmt: skip
_REFERENCE: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_LITERAL: Final = re.compile(r"(['\"])(.*?)\1")
_CURLY: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_YES: Final = frozenset({"yes", "true", "true()", "1", "y"})
_NO: Final = frozenset({"", "no", "false", "false()", "0", "n"})


class Columns:
    """Reads one question at a time."""

    def __init__(
        self,
        sheet: Sheet,
        tongues: Tongues,
        lists: Lists,
        notices: list[Notice],
        names: dict[str, str],
        audience: str,
    ) -> None:
        self._tongues, self._lists, self._notices = tongues, lists, notices
        self._names, self._audience = names, audience
        for column, language in sheet.columns:
            if column not in _READ and column not in _PER_ROW:
                said = "::".join(part for part in (column, language) if part)
                what = f"the column {said} is not used here."
                notices.append(Notice("survey", 1, Kind.LEFT_OUT, what))

    def code_of(self, row: Row) -> str:
        """Our code for a row's name; empty for none."""
        return self._names.get(f"{row.get('name')}\0{row.number}", "")

    def _say(self, row: Row, kind: Kind, what: str) -> None:
        self._notices.append(Notice("survey", row.number, kind, what))

    # Expressions

    def expression(self, row: Row, column: str) -> str:
        """An expression with our codes in it; straight quotation marks for curly ones."""
        text = row.get(column)
        if text.lower() in {"true", "false"}:
            return f"{text.lower()}()"
        straight = text.translate(_CURLY)
        if straight != text:
            self._say(
                row, Kind.CHANGED, f"{column}: curly quotation marks are read as straight ones."
            )
        if column == "choice_filter":
            plain = re.sub(r"\blabel::[\w()-]+(?: \([\w-]+\))?", "label", straight)
            if plain != straight:
                self._say(
                    row, Kind.CHANGED, "choice_filter: label::… is read as the answer's label."
                )
            straight = plain
        codes = self._lists.codes
        if codes:
            straight = _LITERAL.sub(
                lambda one: f"{one[1]}{codes.get(one[2], one[2])}{one[1]}", straight
            )
        return self.renamed(straight)

    def renamed(self, text: str) -> str:
        """A text with our codes for the names in `${…}`."""
        return _REFERENCE.sub(lambda match: f"${{{self._names.get(match[1], match[1])}}}", text)

    def _texts(self, row: Row, column: str) -> dict[str, str]:
        return {code: self.renamed(text) for code, text in self._tongues.texts(row, column).items()}

    # Questions

    def items(
        self, row: Row, bare: str, select: Select | None, within: str
    ) -> Iterator[dict[str, Any]]:
        """The items that a row comes to: none, one, or a question and the words for “other”."""
        own = extras.only(extras.of(row), extras.ITEM)
        kind = select.kind if select else types.ASKED[bare]
        looks = set(row.get("appearance").split())
        item: dict[str, Any] = {"code": self.code_of(row), "kind": kind}
        item["text"] = self._texts(row, "label")
        if not item["text"] and kind != "calculate":
            if kind == "note":
                self._say(row, Kind.LEFT_OUT, "a note without words is left out.")
                return
            item["text"] = dict.fromkeys(self._tongues.codes, item["code"])
            self._say(row, Kind.CHANGED, "it has no label, so its name is shown. Write a question.")
        if "label" in looks and select:
            item["kind"] = "note"
            self._say(
                row, Kind.CHANGED, "the heading of a grid is read as a note; grids are not used."
            )
        elif select:
            item["choices"] = self._select(row, select)
        self._conditions(row, item, within)
        self._shape(row, item, bare, looks)
        item.update(own)
        self.look(row, is_group=False)
        yield item
        if select and select.or_other and item["kind"] != "note":
            yield self._other(row, item)

    def _select(self, row: Row, select: Select) -> str:
        name = self._lists.name_of(select.list)
        if select.from_file:
            self._say(
                row, Kind.NEEDED,
                f"its answers are in {select.list}, which is not part of the form. Add the list.",
            )  # fmt: skip
        if select.or_other:
            self._say(
                row,
                Kind.CHANGED,
                "“or_other” is read as an answer “Other” and a question after it.",
            )
            return self._lists.with_other(name)
        return name

    def _conditions(self, row: Row, item: dict[str, Any], within: str) -> None:
        own = self.expression(row, "relevant")
        parts = [one for one in (within, own) if one]
        if parts:
            item["show_when"] = (
                parts[0] if len(parts) == 1 else " and ".join(f"({p})" for p in parts)
            )
        if item["kind"] not in {"note", "calculate"}:
            if row.get("constraint"):
                item["constraint"] = self.expression(row, "constraint")
            self._required(row, item)
        elif row.get("constraint"):
            self._say(row, Kind.LEFT_OUT, "nobody answers it, so its constraint is left out.")
        if row.get("calculation"):
            if item["kind"] == "calculate":
                item["calculation"] = self.expression(row, "calculation")
            else:
                self._say(row, Kind.LEFT_OUT, "people answer it, so its calculation is left out.")
        if row.get("choice_filter") and "choices" in item:
            item["choice_filter"] = self.expression(row, "choice_filter")
        message = self._texts(row, "constraint_message")
        if message and "constraint" in item:
            item["constraint_message"] = message
        hint = self._texts(row, "hint")
        if hint:
            item["hint"] = hint

    def _required(self, row: Row, item: dict[str, Any]) -> None:
        said = row.get("required").lower()
        if said in _NO:
            return
        if said not in _YES:
            self._say(
                row,
                Kind.LEFT_OUT,
                "an answer that is needed only at times is not; it can be skipped.",
            )
        elif self._audience in {"staff", "anyone"}:
            item["required"] = True
        else:
            self._say(row, Kind.CHANGED, "these people may skip every question, so this one too.")

    def _shape(self, row: Row, item: dict[str, Any], bare: str, looks: set[str]) -> None:
        kind = item["kind"]
        if kind == "text":
            item["lines"] = 4 if "multiline" in looks else 1
        if kind == "number":
            item["whole"] = bare in types.WHOLE
        if bare == "range":
            self._range(row, item)
        if bare in {"acknowledge", "trigger"}:
            item["choices"] = self._lists.agreed()
            self._say(row, Kind.CHANGED, f"{bare} is read as a question with the one answer OK.")
        if kind == "one" and "likert" in looks and self._lists.as_scale(item["choices"]):
            item["kind"] = "scale"
            what = (
                "it is read as a scale whose answers count from 1, the first. See that this is so."
            )
            self._say(row, Kind.CHANGED, what)
        self._looks(row, looks, kind)
        words = " ".join([*item["text"].values(), item["code"].replace("_", " ")])
        if kind in {"text", "number", "date"} and wording.asks_identity(words):
            item["identifies"] = True
            what = "it seems to ask who somebody is, so nothing sent with it is called anonymous."
            self._say(row, Kind.CHANGED, what)

    def _looks(self, row: Row, looks: set[str], kind: str) -> None:
        if looks & _GRID and kind != "note":
            self._say(row, Kind.CHANGED, "it is asked by itself and not as a row of a grid.")
        if looks & {"minimal", "autocomplete", "autocomplete_chars", "search"}:
            self._say(
                row, Kind.CHANGED, "its answers are shown as a plain list, not in a drop-down."
            )
        for look in sorted(looks - _GRID - _PLAIN):
            self._say(row, Kind.LEFT_OUT, f"the appearance {look} is not used here.")

    def _range(self, row: Row, item: dict[str, Any]) -> None:
        given = dict(re.findall(r"(\w+)\s*=\s*(-?\d+(?:\.\d+)?)", row.get("parameters")))
        start, end, step = given.get("start", "0"), given.get("end", "10"), given.get("step", "1")
        item["whole"] = all("." not in one for one in (start, end, step))
        item.setdefault("constraint", f". >= {start} and . <= {end}")
        self._say(row, Kind.CHANGED, f"a range is read as a number from {start} to {end}.")

    def _other(self, row: Row, item: dict[str, Any]) -> dict[str, Any]:
        label = {"en": "What is it?", "de": "Was ist es?", "gd": "Dè th' ann?", "sw": "Ni nini?"}
        found: dict[str, Any] = {
            "code": f"{item['code']}_other",
            "kind": "text",
            "lines": 1,
            "text": {code: label.get(code, "What is it?") for code in self._tongues.codes},
            "show_when": f"selected(${{{item['code']}}}, 'other')",
        }
        if "show_when" in item:
            found["show_when"] = f"({item['show_when']}) and ({found['show_when']})"
        return found

    def look(self, row: Row, *, is_group: bool) -> None:
        """Say what of a row is left out because of its column."""
        for (column, language), text in row.cells.items():
            if column in _PER_ROW:
                said = f" ({language})" if language else ""
                self._say(row, Kind.LEFT_OUT, _PER_ROW[column].format(text) + said)
        if is_group:
            looks = set(row.get("appearance").split())
            if looks & _GRID:
                self._say(
                    row, Kind.CHANGED, "its questions are asked one by one and not as a grid."
                )
        elif row.get("parameters") and not row.get("type").startswith("range"):
            self._say(
                row, Kind.LEFT_OUT, f"the parameters {row.get('parameters')} are not used here."
            )
