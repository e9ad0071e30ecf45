"""Figures of outcomes in words: values, periods, sentences."""

import datetime as dt
from typing import Final

from sightline.framework.definitions import library
from sightline.kernel.measures import State
from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.reading import Reading, unit_of
from sightline.stats import quantity
from sightline.stats.disclosure import ShownPeriod
from sightline.stats.intervals import Interval
from sightline.stats.verdict import Better

THEMES: Final = {
    "protection": "Protecting children",
    "looked-after": "Children who are looked after",
    "leaving-care": "Young people leaving care",
    "health": "Health",
    "voice": "Voice and experience",
    "workforce": "Workforce and data",
}
KINDS: Final = {
    "process": "Process: whether something was done",
    "output": "Output: how much was done",
    "outcome": "Outcome: whether lives got better",
    "experience": "Experience: how it felt to those concerned",
    "quality": "Quality of the data",
}
BETTER: Final[dict[str, Better]] = {"up": "higher", "down": "lower", "context": "neither"}
DIRECTIONS: Final = {
    "up": "Higher is better",
    "down": "Lower is better",
    "context": "Neither higher nor lower is better by itself",
}
CALENDARS: Final = {
    "aug_jul": "August to July",
    "apr_mar": "April to March",
    "school": "the school year, August to July",
}
TAGS: Final = {
    "S": "seen in the source",
    "D": "worked out from the source",
    "K": "known, and not confirmed: check it against the source before relying on it",
    "L": "a local choice",
}
STATES: Final = {
    State.SUPPRESSED: "too few to show",
    State.NOT_AVAILABLE: "not available",
    State.NOT_SUBMITTED: "not submitted",
    State.NOT_APPLICABLE: "does not apply, for there was nobody to count among",
    State.NOT_ASKED: "not asked",
}
PROVISIONAL: Final = "[p]"
PROVISIONAL_WORDS: Final = "provisional: out of the people who lived here in an earlier year"
_ONE_PLACE: Final = 100


def state_words(state: State) -> str:
    """Why there is no figure, as a cell says it."""
    said = STATES.get(state, "not available")
    return f"{said[:1].upper()}{said[1:]}"


def day(date: dt.date) -> str:
    """`4 March 2026`."""
    return f"{date.day} {date:%B %Y}"


def period_label(key: str) -> str:
    """`2023/24`, `2023/24 Q3`."""
    return key.replace("-", "/", 1) if ".." not in key else key.replace("..", " to ")


def number(one: IndicatorDefinition, value: float) -> str:
    """A value with its unit: `71%`, `1.4 per 1,000`, `12 days`, `1,204`."""
    if one.unit == "per_cent":
        return f"{int(value + 0.5)}%"
    places = 0 if one.unit == "count" or value >= _ONE_PLACE else 1
    text = f"{value:,.{places}f}"
    if places and one.unit in {"days", "years"}:
        text = text.removesuffix(".0")
    return f"{text}{unit_of(one)}"


def value_words(one: IndicatorDefinition, found: Reading) -> str:
    """A figure with its base: `27 of 38 (71%)`; or why there is none."""
    if isinstance(found.value, State):
        return STATES.get(found.value, "not available")
    said = number(one, found.value)
    if one.unit == "per_cent" and found.count is not None and found.base is not None:
        return f"{found.count:,} of {found.base:,} ({said})"
    return said


def short_value(one: IndicatorDefinition, found: Reading, *, provisional: bool = False) -> str:
    """A figure as it stands in a cell."""
    if isinstance(found.value, State):
        return {State.SUPPRESSED: "[c]", State.NOT_APPLICABLE: "[z]"}.get(found.value, "[x]")
    return f"{number(one, found.value)}{f' {PROVISIONAL}' if provisional else ''}"


def range_words(one: IndicatorDefinition, interval: Interval | None) -> str:
    """How far chance alone could take a figure."""
    if interval is None:
        return ""
    low, high = (number(one, end) for end in (interval.low, interval.high))
    return f"By chance alone it could be anything from {low} to {high}."


def sentence(
    one: IndicatorDefinition,
    period: ShownPeriod,
    found: Reading,
    area: str,
    *,
    provisional: bool = False,
) -> str:
    """The figure in one sentence; a share with its word for how many; whether it is provisional."""
    said = _sentence(one, period, found, area)
    if provisional and found.number is not None:
        return f"{said} The figure is {PROVISIONAL_WORDS}."
    return said


def _sentence(one: IndicatorDefinition, period: ShownPeriod, found: Reading, area: str) -> str:
    counted = f"{one.counted[:1].upper()}{one.counted[1:]}"
    lead = f"{counted} in {area}, {period_label(period.key)}"
    if isinstance(found.value, State):
        return f"{lead}: {STATES.get(found.value, 'not available')}."
    said = number(one, found.value)
    if one.unit == "per_cent" and found.base and found.count is not None:
        word = quantity.in_words(found.count, found.base, library().terms.latest("quantity"))
        of_them = "" if word[:1].isdigit() else f", {word} of them"
        base = f"{found.base:,} {one.base_words}".strip()
        return f"{lead}: {found.count:,} of {base} ({said}){of_them}."
    if one.value:
        return f"{one.title} in {area}, {period_label(period.key)}: {said}."
    if one.unit == "count" and not found.value:
        return f"{lead}: none."
    count = f"{found.count:,}" if found.count else "none"
    base = f" ({count} of {found.base:,} people)" if found.base else ""
    return f"{lead}: {said}{base}."
