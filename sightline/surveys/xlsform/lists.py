"""The lists of answers of a form."""

import re
from typing import Any, Final

from sightline.surveys.xlsform import extras
from sightline.surveys.xlsform.notices import Kind, Notice
from sightline.surveys.xlsform.sheets import Book, Row
from sightline.surveys.xlsform.tongues import Tongues

_CODE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_WORD: Final = re.compile(r"(?<![\w${.-])[A-Za-z_][\w.-]*")
_KNOWN: Final = frozenset({"list_name", "name", "value", "label", extras.COLUMN})
_OTHER: Final = {"en": "Other", "gd": "Eile", "de": "Anderes", "sw": "Nyingine", "pl": "Inne"}


class Lists:
    """`data` holds each list as plain data; the rest is for the questions that use them."""

    def __init__(self, book: Book, tongues: Tongues, notices: list[Notice]) -> None:
        self.data: dict[str, list[dict[str, Any]]] = {}
        self.codes: dict[str, str] = {}
        self.tongues, self._notices = tongues, notices
        self._rows: dict[str, int] = {}
        said = {
            word for row in book.survey.rows for word in _WORD.findall(row.get("choice_filter"))
        }
        self._filters = [
            column
            for column, language in book.choices.columns
            if not language and column not in _KNOWN and _NAME.fullmatch(column) and column in said
        ]
        kept = {name for row in book.choices.rows for name in extras.of(row).get("filters", ())}
        for column, language in book.choices.columns:
            if column not in _KNOWN and column not in self._filters and column not in kept:
                name = "::".join(part for part in (column, language) if part)
                self._say(1, Kind.LEFT_OUT, f"the column {name} of answers is not used here.")
        for row in book.choices.rows:
            if not extras.of(row).get("variant"):
                self._add(row)

    def _say(self, row: int, kind: Kind, what: str) -> None:
        self._notices.append(Notice("choices", row, kind, what))

    def _add(self, row: Row) -> None:
        said = row.get("list_name")
        name = row.get("name") or row.get("value")
        if not said or not name:
            self._say(row.number, Kind.LEFT_OUT, "the row has no name of a list, or no name.")
            return
        own = extras.of(row)
        code = name
        if not _CODE.fullmatch(name):
            code = extras.slug(name, "answer")
            self.codes[name] = code
            self._say(row.number, Kind.CHANGED, f"the answer “{name}” is called {code} here.")
        label = self.tongues.texts(row, "label")
        if not label:
            label = dict.fromkeys(self.tongues.codes, name)
            self._say(
                row.number, Kind.CHANGED, f"the answer {name} has no label; its name is shown."
            )
        choice: dict[str, Any] = {"code": code, "label": label}
        filters = {one: row.get(one) for one in self._filters if row.get(one)}
        filters.update(own.get("filters", {}))
        if filters:
            choice["filters"] = filters
        if isinstance(own.get("value"), int):
            choice["value"] = own["value"]
        self.data.setdefault(self.name_of(said), []).append(choice)
        self._rows.setdefault(f"list {self.name_of(said)}", row.number)
        self._rows.setdefault(f"list {self.name_of(said)}, {code}", row.number)

    @staticmethod
    def name_of(said: str) -> str:
        """The name of a list as we keep it."""
        return said if _NAME.fullmatch(said) else extras.slug(said, "list")

    def with_other(self, name: str) -> str:
        """A copy of a list with the answer “other”; the list itself where it has one."""
        choices = self.data.get(name, [])
        if any(one["code"] == "other" for one in choices):
            return name
        copy = f"{name}-or-other"
        if copy not in self.data:
            label = {code: _OTHER.get(code, "Other") for code in self.tongues.codes}
            self.data[copy] = [*choices, {"code": "other", "label": label}]
        return copy

    def agreed(self) -> str:
        """The list of one answer that a thing to acknowledge has."""
        self.data.setdefault(
            "acknowledge", [{"code": "OK", "label": dict.fromkeys(self.tongues.codes, "OK")}]
        )
        return "acknowledge"

    def as_scale(self, name: str) -> bool:
        """Give each answer of a list its place, counted from the first; false for no list."""
        for place, choice in enumerate(self.data.get(name, ()), 1):
            choice.setdefault("value", place)
        return name in self.data

    def place_of(self, where: str) -> tuple[str, int] | None:
        """The sheet and row of a fault, by its place."""
        return ("choices", self._rows[where]) if where in self._rows else None
