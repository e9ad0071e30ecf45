"""Rounds of reading as pages show them."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from sightline.access.scopes import Wording
from sightline.access.trail import Search, events, in_words
from sightline.kernel.errors import NotFound
from sightline.record_reading import asking, policies
from sightline.record_reading.models import RollingAudit, Round
from sightline.record_reading.permissions import Deed
from sightline.record_reading.policies import Missing, Ready
from sightline.saving.queries import names_of_writers

STATE_TAGS: Final = {
    "preparing": "neutral",
    "reading": "good",
    "locked": "neutral",
    "destroyed": "neutral",
}


def day(date: dt.date | None) -> str:
    """A day as it is written; empty for none."""
    return f"{date.day} {date:%B %Y}" if date else ""


def days(first: dt.date | None, last: dt.date | None) -> str:
    """A stretch of days as it is written; empty where one is not known."""
    if not (first and last):
        return ""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {day(last)}"
    return f"{day(first)} to {day(last)}"


@dataclass(frozen=True)
class Row:
    """One round of a list. `whose` says what it is read for, `when` its days."""

    round: Round
    whose: str
    when: str
    state: str
    tag: str


def row(round: Round, where: Wording | None = None) -> Row:
    """One round as a list shows it. `where` is the list's own, so that names are asked for once."""
    return Row(
        round,
        whose=whose(round, where or Wording()),
        when=_when(round),
        state=Round.State(round.state).label,
        tag=STATE_TAGS[round.state],
    )


def rows(rounds: Iterable[Round]) -> tuple[Row, ...]:
    """The rows of a list."""
    where = Wording()
    return tuple(row(round, where) for round in rounds)


def whose(round: Round, where: Wording) -> str:
    """What a round is read for, in words."""
    if round.inspection:
        area, year = where.of("partnership", round.area), round.inspection.rpartition("-")[2]
        inspection = f"The inspection of {area}"
        return f"{inspection}, {year}" if year.isdecimal() else inspection
    if round.audit is not None:
        return f"The rolling audit “{round.audit.title}”"
    return "The partnership itself"


def _when(round: Round) -> str:
    if round.state == Round.State.DESTROYED:
        return "What was read has been deleted"
    return days(round.reads_from, round.reads_until) or "No days yet"


# Preparing.


@dataclass(frozen=True)
class Task:
    """One task: where it is done, and how far it is. `missing` says what is not there yet."""

    number: int
    title: str
    href: str
    status: str
    kind: str
    done: bool
    hint: str


_TASK_PAGES: Final = {
    "set-up": "set-up", "return": "return", "sample": "sample", "readers": "readers",
    "allocation": "allocation", "support": "support", "destruction": "destruction",
}  # fmt: skip
_WAITS_FOR: Final = {"sample": "return", "allocation": "sample"}


def url(round: Round, page: str, *more: object) -> str:
    """The address of a page of a round."""
    return reverse(f"record_reading:{page}", args=[round.area, round.slug, *more])


def tasks(held: Ready, today: dt.date) -> tuple[Task, ...]:
    """The tasks of preparing a round with their states, and opening it as the last."""
    found = policies.missing(held, today)
    lacking = {one.task for one in found}
    listed = [
        _task(held, number, code, found, lacking) for number, code in enumerate(policies.TASKS, 1)
    ]
    opening = Task(
        len(listed) + 1,
        "Check and open",
        url(held.round, "open"),
        "Cannot start yet" if found else "Ready",
        "neutral" if found else "good",
        done=held.round.state != Round.State.PREPARING,
        hint="",
    )
    return (*listed, opening)


def _task(
    held: Ready, number: int, code: str, found: tuple[Missing, ...], lacking: Collection[str]
) -> Task:
    waits = _WAITS_FOR.get(code, "") in lacking
    missing = " ".join(one.what for one in found if one.task == code)
    begun = code == "allocation" and 0 < held.allotted < (held.drawn or 0)
    return Task(
        number,
        policies.TASKS[code],
        url(held.round, _TASK_PAGES[code]),
        "Cannot start yet" if waits else "In progress" if begun else "Not started",
        "neutral" if waits else "info",
        done=code not in lacking and not waits,
        hint=missing or _hint(held, code),
    )


def _hint(held: Ready, code: str) -> str:
    """What is there, in a few words."""
    round = held.round
    match code:
        case "set-up":
            return days(round.reads_from, round.reads_until)
        case "sample":
            return f"{held.drawn} records"
        case "readers":
            return counted(len(held.readers), "reader")
        case "allocation" if held.drawn is not None:
            return f"{held.allotted} of {held.drawn} records have a reader"
        case "destruction":
            return day(round.destroy_on)
    return ""


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: `1 reader`, `2 readers`."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"


# Links.

_PAGES: Final = (
    ("return", "The return", {"reading", "locked"}, {Deed.RETURN}),
    ("sample", "The sample", {"reading", "locked"}, {Deed.RUN}),
    ("readers", "Readers and conflicts of interest", {"reading", "locked"}, {Deed.RUN}),
    ("allocation", "Who reads which record", {"reading", "locked"}, {Deed.RUN}),
    ("paper", "Printed forms", {"reading"}, {Deed.RUN}),
    ("moderation", "Moderation", {"reading", "locked"}, {Deed.MODERATE}),
    ("agreement", "Agreement between readers", {"reading", "locked"}, {Deed.MODERATE}),
    ("dip", "Dip sample", {"reading", "locked"}, {Deed.MODERATE}),
    ("results", "Results", {"locked", "destroyed"}, {Deed.RESULTS}),
    ("feedback", "Feedback sheet", {"reading", "locked", "destroyed"},
     {Deed.RUN, Deed.MODERATE, Deed.RESULTS}),
)  # fmt: skip


def links(round: Round, deeds: Collection[Deed]) -> list[tuple[str, str]]:
    """The pages of a round that somebody's deeds open now, with their words."""
    found = [
        (url(round, page), words)
        for page, words, states, needs in _PAGES
        if round.state in states and needs & set(deeds)
    ]
    sheet = url(round, "feedback")
    if round.shared_at and Deed.RETURN in deeds and sheet not in dict(found):
        found.append((sheet, "Feedback sheet"))
    return found


# Hand-over.


def titles(model: type[Round] | type[RollingAudit], what: str) -> Callable[[Collection[str]], Any]:
    """What the trail calls rounds or audits, known to it as `area/slug`: by their titles."""

    def namer(keys: Collection[str]) -> dict[str, str]:
        slugs = {key.partition("/")[2] for key in keys}
        found = model.objects.filter(slug__in=slugs).values_list("area", "slug", "title")
        return {f"{area}/{slug}": f"{what} “{title}”" for area, slug, title in found}

    return namer


@dataclass(frozen=True)
class Changed:
    """Who did what last to a round, when, and why."""

    who: str
    did: str
    at: dt.datetime
    reason: str


def last_change(target: str, template: str) -> Changed | None:
    """The last deed done to what is read by a template (`kind:key`); None where nothing was."""
    found = list(events(Search(thing=target))[:1])
    for event in found:
        event.after = _worded(event.after, template)
    for line in in_words(found):
        return Changed(line.who, line.did, line.at, line.reason)
    return None


def _worded(details: Any, template: str) -> Any:
    """What the trail keeps as codes, as pages call it: a reader, a template, a question."""
    if not isinstance(details, dict):
        return details
    worded = dict(details)
    if "reader" in worded:
        worded["reader"] = names_of_writers([worded["reader"]])[worded["reader"]]
    with suppress(NotFound, KeyError):  # where it is known no longer, its code is better than none
        if "template" in worded:
            worded["template"] = asking.template(worded["template"]).title
        if "item" in worded:
            worded["item"] = asking.template(template).item(worded["item"]).short
    return worded
