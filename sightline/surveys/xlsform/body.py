"""The questions of a form: groups become sections, rows items, and every row is accounted for."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from sightline.kernel.errors import Fault
from sightline.surveys.xlsform import extras, types
from sightline.surveys.xlsform.columns import Columns
from sightline.surveys.xlsform.lists import Lists
from sightline.surveys.xlsform.notices import Kind, Notice
from sightline.surveys.xlsform.sheets import Row, Sheet
from sightline.surveys.xlsform.tongues import Tongues

_DEEPEST: Final = 20
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass
class _Frame:
    """A group or a repeat that is open."""

    what: str
    row: Row
    code: str
    title: dict[str, str]
    relevant: str
    skipped: bool = False
    continued: int = 0
    extras: dict[str, Any] = field(default_factory=dict)
    count: str = ""


class Body:
    """What the sheet `survey` holds. `faults` keep the form from being read at all."""

    def __init__(
        self, sheet: Sheet, tongues: Tongues, lists: Lists, notices: list[Notice], *, audience: str
    ) -> None:
        self.faults: list[Fault] = []
        self.introduction: dict[str, str] = {}
        self.questions = 0
        self._tongues, self._lists, self._notices = tongues, lists, notices
        self._sections: list[dict[str, Any]] = []
        self._rows: dict[str, int] = {}
        self._stack: list[_Frame] = []
        self._open: _Frame | None = None
        self._top = _Frame("group", Row(0, {}), "questions", {}, "")
        self._taken: set[str] = set()
        names = self._names(sheet)
        self._columns = Columns(sheet, tongues, lists, notices, names, audience)
        for row in sheet.rows:
            if len(self._stack) <= _DEEPEST:
                self._row(row)
        for frame in self._stack:
            self._fault(frame.row, f"the {frame.what} that begins here never ends.")

    # What others ask

    def sections(self, title: str) -> list[dict[str, Any]]:
        """The sections as plain data; those without a title of their own take the form's."""
        for section in self._sections:
            if not section["title"]:
                section["title"] = dict.fromkeys(self._tongues.codes, title)
        return self._sections

    def place_of(self, where: str) -> tuple[str, int] | None:
        """The sheet and row of a fault, by the code of its question or section."""
        return ("survey", self._rows[where]) if where in self._rows else None

    # Rows

    def _names(self, sheet: Sheet) -> dict[str, str]:
        """Our code for each name of the form; they differ only where they must."""
        names: dict[str, str] = {}
        for row in sheet.rows:
            name = row.get("name")
            begins = types.edge(row.get("type"))[0] != "end"
            if not name or not begins:
                continue
            code = name if _CODE.fullmatch(name) else f"q-{extras.slug(name, 'q')}"
            free, number = code, 1
            while free.casefold() in self._taken:
                number += 1
                free = f"{code}-{number}"
            self._taken.add(free.casefold())
            self._rows[free] = row.number
            if free != name:
                self._say(row, Kind.CHANGED, f"the name “{name}” is {free} here.")
            names[f"{name}\0{row.number}"] = free
            names.setdefault(name, free)
        return names

    def _row(self, row: Row) -> None:
        said = row.get("type")
        begin, what = types.edge(said)
        if not said and (row.get("name") or row.spoken("label")):
            self._fault(row, "the row has no type.", "Say what kind of question it is.")
        elif not said:
            self._say(row, Kind.LEFT_OUT, "the row has no type, name or label.")
        elif begin == "begin":
            self._begin(row, "repeat" if what == "repeat" else "group")
        elif begin == "end":
            self._end(row, what)
        elif any(frame.skipped for frame in self._stack):
            self._say(row, Kind.LEFT_OUT, f"it is in a repeat within a repeat ({said}).")
        else:
            self._question(row, said)

    def _begin(self, row: Row, what: str) -> None:
        inside = any(frame.what == "repeat" for frame in self._stack)
        if len(self._stack) == _DEEPEST:
            self._fault(row, f"groups lie more than {_DEEPEST} deep.", "Take some away.")
        own = extras.of(row)
        title = self._tongues.texts(row, "label")
        code = self._columns.code_of(row)
        if not code:
            self._fault(row, f"the {what} has no name.", "Give it one.")
        frame = _Frame(
            what, row, code, title, self._columns.expression(row, "relevant"),
            skipped=what == "repeat" and inside, extras=own,
        )  # fmt: skip
        if frame.skipped:
            self._say(
                row, Kind.LEFT_OUT, "a repeat within a repeat is not asked, nor is what it holds."
            )
        elif what == "repeat":
            frame.count = self._columns.expression(row, "repeat_count")
        elif inside and title:
            self._say(row, Kind.CHANGED, "its title is not shown, since it is within a repeat.")
        self._columns.look(row, is_group=True)
        self._stack.append(frame)

    def _end(self, row: Row, what: str) -> None:
        if not self._stack:
            self._fault(row, f"this ends a {what}, and none is open.")
        elif self._stack[-1].what != ("repeat" if what == "repeat" else "group"):
            begun = self._stack[-1]
            self._fault(
                row, f"this ends a {what}, but the {begun.what} of row {begun.row.number} is open."
            )
            self._stack.pop()
        else:
            self._stack.pop()

    def _question(self, row: Row, said: str) -> None:
        own = extras.of(row)
        bare = " ".join(said.split()).lower()
        select = types.select(said)
        if own.get("introduction") is True:
            self.introduction = self._tongues.texts(row, "label")
        elif own.get("notice") is True:
            section = self._section(row)
            section["notice"] = self._tongues.texts(row, "label")
        elif bare in types.DROPPED:
            self._say(row, Kind.DROPPED, f"{said}: {types.DROPPED[bare]} is never collected here.")
        elif bare in types.LEFT_OUT:
            self._say(row, Kind.LEFT_OUT, f"{said}: {types.LEFT_OUT[bare]} is not asked for here.")
        elif select is not None and select.kind == "rank":
            self._say(row, Kind.LEFT_OUT, "rank: answers are not put in order here.")
        elif select is None and bare not in types.ASKED:
            self._fault(row, f"there is no type “{said}”.", "Check how it is spelt.")
        elif not row.get("name"):
            self._fault(row, "the question has no name.", "Give it one.")
        else:
            for item in self._columns.items(row, bare, select, self._relevant_within()):
                self._keep(row, item)

    def _keep(self, row: Row, item: dict[str, Any]) -> None:
        if item["code"].casefold() in self._taken and item["code"] not in self._rows:
            item["code"] = self._free(item["code"])
        self._rows.setdefault(item["code"], row.number)
        self._section(row)["items"].append(item)
        self.questions += item["kind"] not in {"note", "calculate"}

    # Sections

    def _relevant_within(self) -> str:
        """Conditions of groups that lie within the open repeat."""
        at = next((n for n, frame in enumerate(self._stack) if frame.what == "repeat"), None)
        return "" if at is None else both(*(frame.relevant for frame in self._stack[at + 1 :]))

    def _section(self, row: Row) -> dict[str, Any]:
        """The section that a row stands in, begun anew where another lay between."""
        at = next((n for n, frame in enumerate(self._stack) if frame.what == "repeat"), None)
        outer = self._stack if at is None else self._stack[: at + 1]
        frame = outer[-1] if outer else self._top
        if self._open is frame and self._sections:
            return self._sections[-1]
        self._open = frame
        title = next((one.title for one in reversed(outer) if one.title), {})
        code = frame.code
        if frame.continued or frame is self._top:
            code = self._free(frame.code)
        frame.continued += 1
        section: dict[str, Any] = {"code": code, "title": title, "items": []}
        when = both(*(one.relevant for one in outer))
        if when:
            section["show_when"] = when
        if frame.what == "repeat":
            section["repeat"] = next(iter(frame.title.values()), frame.code)
            if frame.count:
                section["repeat_count"] = frame.count
        section.update(extras.only(frame.extras, extras.SECTION))
        self._rows.setdefault(code, frame.row.number or row.number)
        self._sections.append(section)
        return section

    def _free(self, code: str) -> str:
        """The code, or with a number after it where it is taken."""
        free, number = code, 1
        while free.casefold() in self._taken:
            number += 1
            free = f"{code}-{number}"
        self._taken.add(free.casefold())
        return free

    def _say(self, row: Row, kind: Kind, what: str) -> None:
        self._notices.append(Notice("survey", row.number, kind, what))

    def _fault(self, row: Row, what: str, mend: str = "") -> None:
        self.faults.append(Fault(f"survey, row {row.number}", what, mend))


def both(*conditions: str) -> str:
    """Conditions that must hold together, as one."""
    given = [one for one in conditions if one]
    return given[0] if len(given) == 1 else " and ".join(f"({one})" for one in given)
