"""Makes the event log of an invented partnership."""

import datetime as dt

from sightline.outcomes.generating.care import look_after
from sightline.outcomes.generating.drawing import DAY, Draw
from sightline.outcomes.generating.leaving import after_care
from sightline.outcomes.generating.lives import Life, Log, Setting, family
from sightline.outcomes.generating.protection import Making, concern
from sightline.outcomes.generating.wider import around, no_childs

AGAIN = 0.42
MONTHS_APART = 560
OLDEST = 30
"""Records of people older than this are gone by the last day."""
DIRECTLY = 0.27
"""Share of concerns after which a family's children become looked after without registration."""
AFTER_REGISTRATION = 0.26
LOOKED_AFTER_WITHIN = 30
"""Days between leaving the register for care and care, either way."""


def make_log(setting: Setting) -> Log:
    """The lives of a partnership; the same setting gives the same lives."""
    make = Making(setting, Draw(setting.seed, setting.area, "partnership"))
    log = Log(setting)
    made = 0
    while len(log.lives) < setting.children:
        # Each family has chance of its own, so that a change to one leaves the others alone.
        make.draw = Draw(setting.seed, setting.area, made)
        lives = _family(make, made)
        made += 1
        kept = [life for life in lives if _seen(life, setting)]
        log.lives.extend(kept[: setting.children - len(log.lives)])
    make.draw = Draw(setting.seed, setting.area, "wider")
    no_childs(make, log)
    return log


def _family(make: Making, number: int) -> list[Life]:
    draw, setting = make.draw, make.setting
    day = draw.between(setting.early, setting.until)
    lives = family(setting, draw, f"F{number:06d}", number * 10, day)
    while True:
        if draw.yes(DIRECTLY):
            look_after(make, lives[:1] if draw.yes(0.5) else lives, day)
        else:
            registered = concern(make, lives, day)
            if registered and draw.yes(AFTER_REGISTRATION):
                entry = registered[0].of("register-entries")[-1]
                look_after(make, registered, entry["registered_on"] + DAY * draw.whole(5, 150))
        day += DAY * draw.wait(MONTHS_APART)
        if not draw.yes(AGAIN) or day > setting.until:
            break
    for life in lives:
        _left_home(life)
        after_care(make, life)
        around(make, life)
    return lives


def _left_home(life: Life) -> None:
    """A name comes off because the child left home only where the child was looked after then."""
    for entry in life.of("register-entries"):
        off = entry["deregistered_on"]
        away = any(
            episode["started_on"] <= off + DAY * LOOKED_AFTER_WITHIN
            and episode["ended_on"] >= off - DAY * LOOKED_AFTER_WITHIN
            for episode in life.of("care-episodes")
        )
        if entry["reason"] == "removed-from-home" and not away:
            entry["reason"] = "other-carers"


def _seen(life: Life, setting: Setting) -> bool:
    """Whether anything of a life falls in the days shown, of somebody not long grown up."""
    if life.age(setting.until) > OLDEST:
        return False
    return any(
        isinstance(value, dt.date) and setting.first <= plain(value) <= setting.until
        for events in life.events.values()
        for event in events
        for value in event.values()
    ) or any(
        episode["started_on"] <= setting.first and episode["ended_on"] >= setting.until
        for episode in life.of("care-episodes")
    )


def plain(value: dt.date) -> dt.date:
    """The day of a day or of a time."""
    return value.date() if isinstance(value, dt.datetime) else value
