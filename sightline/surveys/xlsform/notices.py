"""What reading a form has to say: by sheet and row, each with what was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was done about a thing that a form asks for."""

    NEEDED = "needed"
    """Nobody can answer the form until it is put right."""
    DROPPED = "dropped"
    """It would tell who answered, on what or where from, so it is never kept."""
    LEFT_OUT = "left-out"
    """It is not supported; people are not asked it."""
    CHANGED = "changed"
    """It is read as something else, which is said."""

    @property
    def words(self) -> str:
        """As a heading of a list."""
        return {
            "needed": "To put right before anybody can answer",
            "dropped": "Never collected here, because it would tell who answered",
            "left-out": "Not supported, so left out",
            "changed": "Read in another way",
        }[self.value]


@dataclass(frozen=True)
class Notice:
    """One thing about a form: the sheet, the row (0 for the whole sheet), and what, in words."""

    sheet: str
    row: int
    kind: Kind
    what: str

    def __str__(self) -> str:
        place = f"{self.sheet}, row {self.row}" if self.row else self.sheet
        return f"{place}: {self.what}"


def as_data(notices: Sequence[Notice]) -> list[dict[str, str | int]]:
    """As the draft of a questionnaire keeps them: sheet, row, kind and what."""
    return [
        {"sheet": one.sheet, "row": one.row, "kind": one.kind.value, "what": one.what}
        for one in notices
    ]
