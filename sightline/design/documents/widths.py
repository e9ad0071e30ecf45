"""How wide the columns of a printed table are: as their words ask, and never past the page."""

from collections.abc import Sequence

from sightline.design.charts.svg import TEXT, width_of

_POINTS = 0.95 * 9 / TEXT
"""Points to a unit of `width_of`, which errs on the wide side."""
_COLUMN = 470.0
_INSET = 9.0
_WIDEST_WANTED = 230.0
_MOST_AIR = 1.35


def shares(
    header: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> list[float]:
    """Each column's share of the page's column (together 1 or less), for text of 9 points.

    A column is never narrower than its longest word unless the page itself is; a table of short
    cells stays narrow, so that a number is not far from its label.
    """
    least, wanted = [], []
    for place, name in enumerate(header):
        cells = [row[place] for row in rows]
        words = [*name.split(), *(cells if numeric[place] else _words(cells))]
        narrow = max(width_of(word, bold=True) for word in words) * _POINTS + _INSET
        whole = max(width_of(text, bold=text is name) for text in (name, *cells)) * _POINTS + _INSET
        least.append(narrow)
        wanted.append(max(narrow, min(whole, _WIDEST_WANTED)))
    if sum(wanted) <= _COLUMN:
        air = min(_MOST_AIR, _COLUMN / sum(wanted))
        return [width * air / _COLUMN for width in wanted]
    if sum(least) >= _COLUMN:
        return [width / sum(least) for width in least]
    spare = (_COLUMN - sum(least)) / (sum(wanted) - sum(least))
    return [
        (narrow + (want - narrow) * spare) / _COLUMN
        for narrow, want in zip(least, wanted, strict=True)
    ]


def _words(cells: Sequence[str]) -> list[str]:
    return [word for cell in cells for word in cell.split()]
