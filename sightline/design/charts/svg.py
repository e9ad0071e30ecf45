"""The few marks our charts are made of, as SVG text.

No `style` attribute, no class and no id is written: the pages' content security policy refuses the
first, and without ids the same chart can stand twice in a page. All text is escaped here.
"""

from collections.abc import Sequence
from html import escape

from sightline.design.charts.palette import HATCH, INK, WHITE

TEXT = 16
"""Size of text, in units of the picture: 16 px where a 480-wide picture is shown 480 px wide,
9.6 px on a phone 320 px wide, and 9.6 pt where a 780-wide picture fills an A4 column."""

LINE = 21
_SHOWN = 1.15
_NARROW = set("ijl.,:;|!'() fIt[]-")
_WIDE = set("mwMWOQG%@&ABCDEHKNPRSUVXY")
_ASCII_LAST = 0x24F


def width_of(text: str, *, bold: bool = False) -> float:
    """About how wide the text is drawn, never less than it is in Roboto or Arial."""
    em = 0.0
    for letter in text:
        if letter in _NARROW:
            em += 0.335
        elif letter in "mMW%@w":
            em += 0.89
        elif letter in _WIDE:
            em += 0.73
        elif ord(letter) > _ASCII_LAST:
            em += 1.0
        else:
            em += 0.565
    return em * TEXT * (1.06 if bold else 1.0)


def wrapped(text: str, width: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `width`; one word longer than that stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def number(value: float) -> str:
    """A coordinate with at most one decimal place."""
    return f"{value:.1f}".removesuffix(".0")


def mark(name: str, /, **attributes: str | float) -> str:
    """One element; `_` in an attribute's name is written `-`."""
    written = "".join(
        f' {key.replace("_", "-")}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}/>"


def rect(x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "") -> str:
    """A rectangle, outlined inside its own edge when `stroke` is given."""
    if not stroke:
        return mark("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill)
    return mark(
        "rect",
        x=x + 0.75,
        y=y + 0.75,
        width=max(width - 1.5, 0),
        height=height - 1.5,
        fill=fill,
        stroke=stroke,
        stroke_width=1.5,
    )


def rule(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    stroke: str,
    width: float = 1.5,
    dash: str = "",
) -> str:
    """A straight line."""
    dashed = {"stroke_dasharray": dash} if dash else {}
    return mark(
        "line",
        x1=start[0],
        y1=start[1],
        x2=end[0],
        y2=end[1],
        stroke=stroke,
        stroke_width=width,
        **dashed,
    )


def path(points: Sequence[tuple[float, float]], *, stroke: str, dash: str = "") -> str:
    """An open line through the points."""
    steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    dashed = {"stroke_dasharray": dash} if dash else {}
    return mark("polyline", points=steps, fill="none", stroke=stroke, stroke_width=2.5, **dashed)


def words(
    x: float,
    y: float,
    text: str,
    *,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """Text whose middle stands at height `y`.

    The baseline is worked out here: `dominant-baseline` is read differently by different renderers.
    """
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y + TEXT * 0.35)}" fill="{fill}"'
        f' text-anchor="{anchor}"{weight}>{escape(text)}</text>'
    )


def lines_of_words(
    x: float, y: float, lines: Sequence[str], *, fill: str = INK, anchor: str = "start"
) -> list[str]:
    """Lines of text, the first with its middle at `y`."""
    return [
        words(x, y + place * LINE, line, fill=fill, anchor=anchor)
        for place, line in enumerate(lines)
    ]


SHAPES = ("circle", "square", "triangle", "diamond")


def shape(x: float, y: float, *, kind: str, colour: str, hollow: bool, radius: float = 7) -> str:
    """A data mark. Hollow marks are white inside so that lines do not show through."""
    paint: dict[str, str | float] = {
        "fill": WHITE if hollow else colour,
        "stroke": colour,
        "stroke_width": 2.5,
    }
    if kind == "circle":
        return mark("circle", cx=x, cy=y, r=radius, **paint)
    corners = {
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "triangle": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
        "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    }[kind]
    points = " ".join(f"{number(x + dx * radius)},{number(y + dy * radius)}" for dx, dy in corners)
    return mark("polygon", points=points, **paint)


def hatched(x: float, y: float, width: float, height: float) -> list[str]:
    """A white block with 45 degree lines: something is there and is not shown.

    The lines are cut to the block by arithmetic rather than by a pattern, which would need an id.
    """
    marks = [rect(x, y, width, height, fill=WHITE, stroke=HATCH)]
    for start in range(6, int(width + height), 7):
        low = max(0.0, start - height)
        high = min(float(start), width)
        marks.append(
            rule((x + low, y + start - low), (x + high, y + start - high), stroke=HATCH, width=1.2)
        )
    return marks


def picture(*, width: float, height: float, title: str, alt: str, marks: Sequence[str]) -> str:
    """The whole `<svg>`: one label for those who cannot see it, every mark inside hidden."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}"'
        f' viewBox="0 0 {number(width)} {number(height)}" width="{number(width * _SHOWN)}"'
        f' height="{number(height * _SHOWN)}" focusable="false">'
        f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
        f'<g aria-hidden="true" font-family="Roboto, Arial, sans-serif" font-size="{TEXT}">'
        f"{''.join(marks)}</g></svg>"
    )
