"""Moments and clashes in words, for the pages of every context whose texts are saved."""

import datetime as dt

from django.utils import timezone

JUST_NOW = 90
HOUR = 60 * 60


def clock(at: dt.datetime) -> str:
    """The time of day, and the day where it is not today: "4:02pm", "4:02pm on 3 May 2026"."""
    local = timezone.localtime(at)
    time = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004
    if local.date() == timezone.localdate():
        return time
    return f"{time} on {local.day} {local:%B %Y}"


def ago(at: dt.datetime) -> str:
    """How long ago: "a moment ago", "2 minutes ago", else when."""
    seconds = (timezone.now() - at).total_seconds()
    if seconds < JUST_NOW:
        return "a moment ago"
    if seconds < HOUR:
        return f"{round(seconds / 60)} minutes ago"
    return f"at {clock(at)}"


def clash_words(who: str, at: dt.datetime) -> str:
    """What somebody is told whose text came second."""
    return f"{who} changed this {ago(at)}."
