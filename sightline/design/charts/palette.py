"""Colours of charts, measured for contrast and for colour-blind readers (ux 4.3).

Every fill that can carry text is kept with the text colour that reads on it, at 4.5:1 or more.
Colour is never the only carrier: shape, pattern or text says the same thing.
"""

from typing import Final, NamedTuple


class Fill(NamedTuple):
    """A block's colour and the colour of text printed on it."""

    colour: str
    text: str


INK: Final = "#1a1a1a"
QUIET_INK: Final = "#5e5e5e"
NAVY: Final = "#002d54"
GRID: Final = "#d9d9d9"
COMPARATOR: Final = "#727272"
HATCH: Final = "#5e5e5e"
WHITE: Final = "#ffffff"

SIX_STEPS: Final = (
    Fill("#002d54", WHITE),
    Fill("#0065bd", WHITE),
    Fill("#8cc4f5", INK),
    Fill("#e6dfd3", INK),
    Fill("#f0a06a", INK),
    Fill("#8f3205", WHITE),
)
FOUR_STEPS: Final = (
    Fill("#002d54", WHITE),
    Fill("#4a90d0", INK),
    Fill("#f0a06a", INK),
    Fill("#8f3205", WHITE),
)
_CHOSEN_OF_SIX: Final = {2: (0, 5), 3: (0, 2, 5), 5: (0, 1, 2, 4, 5), 6: (0, 1, 2, 3, 4, 5)}

SERIES: Final = {
    1: ("#002d54",),
    2: ("#002d54", "#e5682a"),
    3: ("#002d54", "#e5682a", "#592c20"),
    4: ("#002d54", "#2b9c93", "#e5682a", "#592c20"),
}
MOST_SERIES: Final = 4
_NEARLY_BLACK = 0.04045


def step_fills(steps: int) -> tuple[Fill, ...]:
    """Fills for a scale of two to six steps, best first."""
    if steps == len(FOUR_STEPS):
        return FOUR_STEPS
    if steps not in _CHOSEN_OF_SIX:
        raise ValueError(f"A scale has {steps} steps; a stacked bar shows two to six.")
    return tuple(SIX_STEPS[place] for place in _CHOSEN_OF_SIX[steps])


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [
        c / 12.92 if c <= _NEARLY_BLACK else ((c + 0.055) / 1.055) ** 2.4
        for c in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
