"""The texts of a questionnaire as a workbook that a translator takes away and sends back."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final

from sightline.design.spreadsheets import Sheet, to_xlsx
from sightline.kernel.errors import BadInput

HEADER: Final = ("Key", "Where it stands", "What it says")
SHEET: Final = "Texts"
LARGEST: Final = 5_000_000
LONGEST: Final = 2_000
NONE_YET: Final = "[x]"
"""What stands in a workbook for a text that is not there; our workbooks leave no cell blank."""
NOTES: Final = (
    "Write in the last column alone. Keep the keys as they are; rows may be in any order.",
    "[x] stands where there is no text yet: write over it. An empty cell takes a text out. A row "
    "left out leaves the text as it is.",
    "Do not write that a survey is anonymous. What people are told about privacy is put in by "
    "Sightline, in every language.",
)


def workbook(title: str, language: str, texts: Sequence[tuple[str, str, str, str]]) -> bytes:
    """Each text with its key, where it stands, what it says, and what it says in a language."""
    sheet = Sheet(
        SHEET,
        f"{title}: texts to put into {language}",
        (*HEADER, language),
        tuple(texts),
        notes=NOTES,
    )
    return to_xlsx([sheet], title=f"{title}, {language}")


def read(content: bytes, name: str, language: str, keys: Sequence[str]) -> Mapping[str, str]:
    """The texts of a filled workbook, by key.

    Raises:
        BadInput: it is no such workbook, is of another language or questionnaire, or is too large.
    """
    found: dict[str, str] = {}
    strange = []
    rows = _rows(content, name)
    below, column = _heading(rows, language)
    for row in rows[below:]:
        key = row[0].strip() if row else ""
        if not key:
            continue
        if key not in keys:
            strange.append(key)
            continue
        words = (row[column] if column < len(row) else "").strip()
        words = "" if words == NONE_YET else words.removeprefix("'")
        if len(words) > LONGEST:
            raise BadInput(f"The text of {key} is longer than {LONGEST:,} characters.")
        found[key] = words
    if strange:
        raise BadInput(
            f"The workbook has keys that this questionnaire does not, such as {strange[0]}. "
            "Download it again, and fill that one in."
        )
    if not found:
        raise BadInput("There is no text in this workbook. Download it, and fill that one in.")
    return found


def _heading(rows: Sequence[Sequence[str]], language: str) -> tuple[int, int]:
    """The row below the headings, and the column of the language."""
    for number, row in enumerate(rows, 1):
        said = [cell.strip() for cell in row]
        if said[:1] == [HEADER[0]]:
            if language in said:
                return number, said.index(language)
            there = ", ".join(cell for cell in said[len(HEADER) :] if cell) or "none"
            raise BadInput(f"This workbook is for {there}, not for {language}.")
    raise BadInput(f"The sheet {SHEET} has no column {HEADER[0]}.")


def _rows(content: bytes, name: str) -> list[list[str]]:
    from sightline.warehouse.reading import Format, Source, open_table, recognise

    if len(content) > LARGEST:
        raise BadInput(f"The workbook must be smaller than {LARGEST // 1_000_000}MB.")

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield io.BytesIO(content)

    source = Source(opened, name, len(content))
    if recognise(source) is not Format.XLSX:
        raise BadInput("Send the Excel workbook (.xlsx) that you downloaded here.")
    lines = open_table(source, sheet=SHEET).lines()
    return [["" if cell is None else str(cell) for cell in line.cells] for line in lines]
