"""What the sheets of an empty workbook explain: what each column takes, and its codes."""

from typing import Final

from sightline.uploads.kinds import CODED, Kind
from sightline.uploads.wording import expected_of

NOTES, CODES = "What each column takes", "Codes"
NOTES_TOP: Final = ("Column", "What it takes", "In every row", "Note")
CODES_TOP: Final = ("Column", "Code", "What it means")

Lines = list[tuple[str, ...]]


def notes(kind: Kind) -> Lines:
    """A line for each column, under `NOTES_TOP`."""
    return [
        NOTES_TOP,
        *(
            (one.title, expected_of(one), "yes" if one.required else "no", one.hint or "none")
            for one in kind.columns
        ),
    ]


def codes(kind: Kind) -> Lines:
    """A line for each code, under `CODES_TOP`."""
    return [
        CODES_TOP,
        *(
            (
                one.title,
                str(code),
                str(one.options[code]) if isinstance(one.options, dict) else str(code),
            )
            for one in kind.columns
            if one.kind in CODED
            for code in one.options
        ),
    ]


def written(kind: Kind) -> frozenset[str]:
    """Every text that the sheets of this kind's empty workbook hold: ours, and of nobody."""
    return frozenset(text for line in (*notes(kind), *codes(kind)) for text in line)
