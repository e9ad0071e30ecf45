"""How far apart colours are, for people who see them all and for people who do not.

`difference` is CIEDE2000 (Sharma, Wu and Dalal 2005). The three kinds of colour blindness are
simulated at full severity (Machado, Oliveira and Fernandes 2009), in linear light.
"""

import math
from itertools import combinations
from typing import TypeAlias

Three: TypeAlias = tuple[float, float, float]
SIGHT: dict[str, tuple[Three, Three, Three]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Three:
    """Linear red, green and blue, 0 to 1, of `#rrggbb`."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _undone(red), _undone(green), _undone(blue)


def _undone(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    light = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other))]
    return (max(light) + 0.05) / (min(light) + 0.05)


def closest(colours: list[str]) -> tuple[float, str]:
    """The smallest difference between any two of the colours under any sight, and where it is."""
    return min(
        (difference(lab(one, sight), lab(other, sight)), f"{one} and {other} with {sight}")
        for sight in SIGHT
        for one, other in combinations(colours, 2)
    )


def lab(colour: str, sight: str = "all colours") -> Three:
    """CIELAB of a colour as somebody sees it."""
    seen = [min(1.0, max(0.0, part)) for part in _times(SIGHT[sight], linear(colour))]
    x, y, z = (
        _root(part / white)
        for part, white in zip(_times(_XYZ, (seen[0], seen[1], seen[2])), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _times(matrix: tuple[Three, Three, Three], vector: Three) -> Three:
    first, second, third = (
        sum(one * other for one, other in zip(row, vector, strict=True)) for row in matrix
    )
    return first, second, third


def _root(part: float) -> float:
    return math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def difference(one: Three, other: Three) -> float:
    """CIEDE2000 of two colours in CIELAB."""
    chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    c1, h1 = _polar(one[1] * stretch, one[2])
    c2, h2 = _polar(other[1] * stretch, other[2])
    light, colour = other[0] - one[0], c2 - c1
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_light, mean_chroma = (one[0] + other[0]) / 2, (c1 + c2) / 2
    mean_hue = _mean_hue(h1, h2) if c1 * c2 else h1 + h2
    weight = (
        1
        - 0.17 * _cos(mean_hue - 30)
        + 0.24 * _cos(2 * mean_hue)
        + 0.32 * _cos(3 * mean_hue + 6)
        - 0.20 * _cos(4 * mean_hue - 63)
    )
    for_light = 1 + 0.015 * (mean_light - 50) ** 2 / math.sqrt(20 + (mean_light - 50) ** 2)
    for_chroma = 1 + 0.045 * mean_chroma
    for_hue = 1 + 0.015 * mean_chroma * weight
    spin = 60 * math.exp(-(((mean_hue - 275) / 25) ** 2))
    turned = (
        -2 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7)) * math.sin(math.radians(spin))
    )
    parts = light / for_light, colour / for_chroma, hue / for_hue
    return math.sqrt(sum(part**2 for part in parts) + turned * parts[1] * parts[2])


def _polar(a: float, b: float) -> tuple[float, float]:
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _mean_hue(one: float, other: float) -> float:
    if abs(one - other) <= 180:
        return (one + other) / 2
    return (one + other + 360) / 2 if one + other < 360 else (one + other - 360) / 2


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
