"""Agreement as its page shows it: in words first, figures in details."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.dateparse import parse_date

from sightline.record_reading.agreement import FEWEST, Agreement, ItemSteps, Leaning, readers_in
from sightline.record_reading.asking import agency_label
from sightline.record_reading.definitions import Item
from sightline.record_reading.models import Round
from sightline.record_reading.presenters import counted, day
from sightline.stats.agreement import Statistic
from sightline.stats.agreement_report import Drift, Together
from sightline.stats.intervals import Interval, Missing

CLOSE: Final = 0.8
"""From here on agreement beyond chance is called close."""

TOO_FEW: Final = f"Too few to say: fewer than {FEWEST} pairs of answers"
TOO_FEW_RECORDS: Final = f"Too few to say: fewer than {FEWEST} records read twice"
_IN_STEP: Final = 0.25
_HALF: Final = 0.75
_ONE: Final = 1.25
_SHOWN: Final = (
    Statistic.PER_CENT, Statistic.AC1, Statistic.AC2, Statistic.KAPPA, Statistic.WEIGHTED_KAPPA,
    Statistic.ALPHA,
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """A record to talk through, and where."""

    label: str
    href: str


@dataclass(frozen=True)
class ItemRow:
    """One question: how often both said the same, and what that comes to, in words.

    `links` are records about which they differ; `more` says how many are left out of them, and
    `all` leads to them.
    """

    text: str
    same: int
    one: int
    more_steps: int
    words: str
    kind: str
    links: tuple[Link, ...]
    more: int
    all: str


@dataclass(frozen=True)
class StatisticsRow:
    """The figures of one question, each with its interval."""

    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class GroupRow:
    """All questions of a pair, an agency or a day."""

    label: str
    records: int
    answers: int
    alike: str
    words: str
    beyond: str


MOST_LINKS: Final = 6


def item_rows(round: Round, found: Agreement) -> tuple[ItemRow, ...]:
    """Every question, in the order of the form."""
    return tuple(_item_row(round, one, found.threshold) for one in found.items)


def _item_row(round: Round, one: ItemSteps, threshold: float) -> ItemRow:
    words, kind = item_words(one, threshold)
    return ItemRow(
        text=one.item.short,
        same=one.same,
        one=one.one,
        more_steps=one.more,
        words=words,
        kind=kind,
        links=tuple(_link(round, one.item, number) for number in one.apart[:MOST_LINKS]),
        more=max(0, len(one.apart) - MOST_LINKS),
        all=_all(round, one.item),
    )


def _link(round: Round, item: Item, number: int) -> Link:
    kept = {"area": round.area, "slug": round.slug, "record": number, "item": item.code}
    if item.kind == "by-agency":
        return Link(f"R-{number:03d}", _all(round, item))
    return Link(f"R-{number:03d}", reverse("record_reading:difference", kwargs=kept))


def _all(round: Round, item: Item) -> str:
    """Every difference about an item."""
    here = reverse("record_reading:moderation", args=[round.area, round.slug])
    return f"{here}?show=all&item={item.code}"


def item_words(one: ItemSteps, threshold: float) -> tuple[str, str]:
    """How far readers agree about a question, and the kind of its tag (empty for none)."""
    if not one.enough:
        return TOO_FEW, ""
    headline = one.found.headline if one.found else Missing("nothing could be worked out")
    if isinstance(headline, Missing):
        return f"Cannot be worked out: {headline.why}", ""
    if headline.estimate < threshold:
        sure = headline.high < threshold
        return ("Low: talk it through" if sure else "May be low: talk it through"), "attention"
    return ("Close" if headline.estimate >= CLOSE else "Fair"), ""


def statistics_rows(found: Agreement) -> tuple[StatisticsRow, ...]:
    """The figures of every question with enough pairs of answers."""
    return tuple(
        StatisticsRow(one.item.short, tuple(_cell(one, statistic) for statistic in _SHOWN))
        for one in found.items
        if one.enough and one.found
    )


def statistics_names() -> tuple[str, ...]:
    """The heads of their columns."""
    return ("Alike", "AC1", "AC2", "Kappa", "Weighted kappa", "Alpha")


def _cell(one: ItemSteps, statistic: Statistic) -> str:
    value = one.found.statistics[statistic] if one.found else Missing("")
    if isinstance(value, Missing):
        return "none"
    return per_cent(value) if statistic is Statistic.PER_CENT else figure(value)


def per_cent(value: Interval) -> str:
    """A share with its interval: `82% (70% to 90%)`."""
    low, high = (round(100 * end) for end in (value.low, value.high))
    return f"{round(100 * value.estimate)}% ({low}% to {high}%)"


def figure(value: Interval) -> str:
    """A statistic with its interval: `0.71 (0.52 to 0.86)`."""
    return f"{_plain(value.estimate)} ({_plain(value.low)} to {_plain(value.high)})"


def _plain(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def group_rows(
    groups: Sequence[Together], labels: Mapping[str, str], threshold: float
) -> tuple[GroupRow, ...]:
    """All questions of each group; one with too few pairs of answers has no figures."""
    return tuple(_group_row(one, labels[one.name], threshold) for one in groups if one.answers)


def _group_row(one: Together, label: str, threshold: float) -> GroupRow:
    alike, beyond = one.per_cent, one.beyond_chance
    if one.answers < FEWEST:
        return GroupRow(label, one.records, one.answers, "", TOO_FEW, "")
    if isinstance(alike, Missing) or isinstance(beyond, Missing):
        why = beyond.why if isinstance(beyond, Missing) else ""
        return GroupRow(label, one.records, one.answers, "", f"Cannot be worked out: {why}", "")
    if one.records < FEWEST:  # answers about one record hang together, so few records say little
        alone = f"{round(100 * alike.estimate)}%"
        return GroupRow(label, one.records, one.answers, alone, TOO_FEW_RECORDS, "")
    words = (
        "Low" if beyond.estimate < threshold else "Close" if beyond.estimate >= CLOSE else "Fair"
    )
    return GroupRow(label, one.records, one.answers, per_cent(alike), words, figure(beyond))


def pair_labels(pairs: Sequence[Together], names: Mapping[str, str]) -> dict[str, str]:
    """Pairs by the names of both."""
    return {one.name: " and ".join(sorted(names[key] for key in readers_in(one))) for one in pairs}


def agency_labels(agencies: Sequence[Together]) -> dict[str, str]:
    """Agencies by their names."""
    return {one.name: agency_label(one.name) for one in agencies}


def day_labels(days: Sequence[Together]) -> dict[str, str]:
    """Days as they are written."""
    return {one.name: day(parse_date(one.name)) for one in days}


def overall_words(found: Agreement) -> str:
    """Everything in a sentence; empty where there is too little."""
    one = found.overall
    if one is None or found.answers < FEWEST or isinstance(one.per_cent, Missing):
        return ""
    same = f"Two readers gave the same answer {round(100 * one.per_cent.estimate)}% of the time"
    if one.records < FEWEST:
        return f"{same}. That is of too few records to say how far it holds for others."
    low, high = (round(100 * end) for end in (one.per_cent.low, one.per_cent.high))
    return f"{same} (between {low}% and {high}% allows for chance)."


def drift_words(drift: Drift | None, days: Sequence[Together]) -> str:
    """Whether agreement changed from the first day to the last, in a sentence."""
    told = {one.name: one for one in days if one.answers >= FEWEST}
    if drift is None or drift.first not in told or drift.last not in told:
        return "Too little was read twice on different days to say whether agreement changed."
    first, last = (day(parse_date(name)) for name in (drift.first, drift.last))
    if not drift.differs:
        return (
            f"No sign that agreement changed between {first} and {last}: the difference is within "
            "what chance alone brings."
        )
    moved = "fell" if drift.difference.estimate < 0 else "rose"
    return (
        f"Agreement {moved} between {first} and {last}, by more than chance alone brings. Talk "
        "about what has changed in how answers are chosen."
    )


def leaning_words(one: Leaning) -> str:
    """Whether a reader is out of step, in a sentence without a name."""
    mean = abs(one.mean)
    if mean < _IN_STEP:
        words = "in step with those who read the same records"
    else:
        which = "higher" if one.mean > 0 else "lower"
        words = f"{_steps(mean)} {which} than those who read the same records"
    few = "only " if not one.enough else ""
    care = ", so read with care" if not one.enough else ""
    return f"{words} ({few}{counted(one.pairs, 'pair')} of answers{care})"


def _steps(mean: float) -> str:
    if mean < _HALF:
        return "about half a step"
    if mean < _ONE:
        return "about a step"
    return f"about {mean:.1f} steps"


def leanings(found: Agreement, names: Mapping[str, str]) -> list[str]:
    """Every reader in a sentence, those furthest out of step first."""
    return [f"{names[one.reader]} is {leaning_words(one)}." for one in found.leanings]
