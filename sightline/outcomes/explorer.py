"""What each tab of the explorer shows. Pure: takes what was read, gives what is drawn."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.urls import reverse

from sightline.children.definitions import dataset
from sightline.outcomes.definitions import IndicatorDefinition, indicator, versions
from sightline.outcomes.examples import example_of
from sightline.outcomes.families import family_of
from sightline.outcomes.labels import breakdown_title, category_label
from sightline.outcomes.models import Annotation
from sightline.outcomes.presenters import category_rows
from sightline.outcomes.presenters_charts import by_category, gap_by_year, over_time
from sightline.outcomes.presenters_compare import compared, published_rows
from sightline.outcomes.presenters_gap import Gap, by_deprivation, by_setting, points_of_gap
from sightline.outcomes.publishing import QUARTER, YEAR
from sightline.outcomes.queries import Figures, PublishedFigure
from sightline.outcomes.reading import MISSING, OF_NOBODY, Reading, interval_of, latest, reading
from sightline.outcomes.wording import (
    CALENDARS,
    DIRECTIONS,
    KINDS,
    PROVISIONAL,
    PROVISIONAL_WORDS,
    TAGS,
    number,
    period_label,
    range_words,
    sentence,
    value_words,
)
from sightline.partnerships.queries import Partnership
from sightline.stats.disclosure import ShownPeriod, ShownSeries

_ENOUGH_QUARTERS = 12


@dataclass(frozen=True)
class Explored:
    """Everything a tab may need, read once."""

    area: Partnership
    one: IndicatorDefinition
    by: str
    grid: str
    figures: Figures
    quarters: Figures | None
    notes: Sequence[Annotation]
    published: Sequence[PublishedFigure]
    key: str
    sees_children: bool
    may_annotate: bool
    needs: Sequence[tuple[str, bool]] = ()
    provisional: Collection[str] = ()

    @property
    def series(self) -> ShownSeries | None:
        """The indicator's own series, of everybody."""
        return self.figures.series.get(self.one.code)

    def by_series(self, breakdown: str) -> ShownSeries | None:
        """Its series by a breakdown."""
        return self.figures.series.get(f"{self.one.code}.{breakdown}") if breakdown else None

    def said(self, held: tuple[ShownPeriod, Reading] | None) -> str:
        """A period's figure in a sentence, or that nothing was submitted."""
        if held is None:
            return _not_submitted(self)
        return sentence(
            self.one, *held, self.area.name, provisional=held[0].key in self.provisional
        )

    def chosen(self) -> tuple[ShownPeriod, Reading] | None:
        """The period asked for, or the latest that was submitted."""
        if self.series is None:
            return None
        period = self.series.at(self.key) if self.key else None
        if period is not None:
            return period, reading(self.one, period)
        return latest(self.one, self.series)


def now(x: Explored) -> dict[str, Any]:
    """The latest value in a sentence, and by a breakdown."""
    if x.one.shape == "gap":
        return _gap_now(x)
    held = x.chosen()
    if held is None:
        return {"sentence": _not_submitted(x), "chart": None}
    period, found = held
    series = x.by_series(x.by)
    own = series.at(period.key) if series is not None else None
    chart = None
    if series is not None and own is not None:
        chart = by_category(
            x.one, series, own, breakdown=x.by, area=x.area.name, overall=found,
            provisional=period.key in x.provisional,
        )  # fmt: skip
    behind = ""
    if x.sees_children and x.one.view:
        behind = reverse("outcomes:behind", args=[x.area.code, x.one.code])
    shown = (own or period).shown
    rows = category_rows(
        x.one, series or x.series, period.key, breakdown=x.by if series else "",
        behind=behind, overall=period, provisional=period.key in x.provisional,
    ) if x.series else ()  # fmt: skip
    return {
        "sentence": x.said(held),
        "range": range_words(x.one, interval_of(x.one, found)),
        "unknown": period.unknown,
        "chart": chart,
        "by_title": breakdown_title(x.by) if series is not None else "",
        "rows": rows,
        "links_behind": bool(behind),
        "notes": () if x.one.shape in OF_NOBODY else shown.notes,
        "withheld": shown.withheld if own is not None else "",
        "key": () if x.one.shape in OF_NOBODY else _key(x, period),
        "periods": _periods(x, period.key),
        "period": period_label(period.key),
    }  # fmt: skip


def _key(x: Explored, period: ShownPeriod) -> tuple[tuple[str, str], ...]:
    own = x.by_series(x.by)
    shown = (own.at(period.key) if own else None) or period
    said = (PROVISIONAL, PROVISIONAL_WORDS)
    return (*shown.shown.key, said) if period.key in x.provisional else shown.shown.key


def _gap_trend(x: Explored) -> dict[str, Any]:
    """Both ends of a gap, year by year."""
    share = indicator(x.one.of_indicator)
    series = x.figures.series.get(f"{share.code}.{x.one.breakdown}")
    said = _gap_now(x)["sentence"]
    chart = None
    if series is not None:
        chart = gap_by_year(
            share, series, ends=(x.one.second, x.one.first), breakdown=x.one.breakdown,
            area=x.area.name, headline=said,
        )  # fmt: skip
    return {"sentence": said, "chart": chart}


def _periods(x: Explored, current: str) -> list[tuple[str, str, bool]]:
    keys = [p.key for p in x.series.periods] if x.series else []
    by = f"&by={x.by}" if x.by else ""
    return [(period_label(k), f"?tab=now&period={k}{by}", k == current) for k in reversed(keys)]


def _gap_now(x: Explored) -> dict[str, Any]:
    share = indicator(x.one.of_indicator)
    series = x.figures.series.get(f"{share.code}.{x.one.breakdown}")
    points = points_of_gap(x.one, share, series) if series is not None else []
    known = [(p, got) for p, got in points if got.value not in MISSING]
    if series is None or not known:
        return {"sentence": _not_submitted(x), "chart": None}
    period, got = known[-1]
    said = "too few to show"
    if got.number is not None:
        ends = [
            f"{category_label(x.one.breakdown, end).lower()} {value_words(share, held)}"
            for end in (x.one.first, x.one.second)
            if (held := reading(share, period, end))
        ]
        way = "lower" if got.number < 0 else "higher"
        said = f"{ends[0]}, {ends[1]}: {number(x.one, abs(got.number))} {way}"
    where = f"{x.one.title} in {x.area.name}, {period_label(period.key)}"
    chart = by_category(
        share, series, period, breakdown=x.one.breakdown, area=x.area.name, overall=None
    )
    return {
        "sentence": f"{where}: {said}.",
        "chart": chart,
        "notes": period.shown.notes,
        "key": period.shown.key,
        "rows": category_rows(share, series, period.key, breakdown=x.one.breakdown),
        "by_title": breakdown_title(x.one.breakdown),
        "period": period_label(period.key),
    }


def _not_submitted(x: Explored) -> str:
    said = f"{x.one.title} in {x.area.name}: not submitted. That is no zero: "
    lacking = [dataset(code).title for code, supplied in x.needs if not supplied]
    if lacking:
        return f"{said}not supplied {'is' if len(lacking) == 1 else 'are'} {' and '.join(lacking)}."
    return f"{said}what it is worked out from was not supplied for a whole period."


def compare(x: Explored) -> dict[str, Any]:
    """This area beside what others have published."""
    family = family_of(x.area.name)
    found = compared(
        x.one, x.series, x.published, area=x.area.name, family=family, provisional=x.provisional
    )
    return {
        "sentence": x.said(x.chosen()),
        "chart": found.chart,
        "family": found.family,
        "published": published_rows(x.one, x.published, family),
        "versions": told_of_versions(x.one),
    }


def trend(x: Explored) -> dict[str, Any]:
    """The series over time, with its plain verdict, and what happened."""
    series, grid = x.series, YEAR
    offered = x.quarters.series.get(x.one.code) if x.quarters else None
    enough = offered is not None and len(offered.periods) >= _ENOUGH_QUARTERS
    if enough and x.grid == QUARTER:
        series, grid = offered, QUARTER
    context: dict[str, Any] = {
        "annotations": x.notes,
        "may_annotate": x.may_annotate,
        "better": DIRECTIONS[x.one.direction],
        "grids": [("By year", YEAR, grid == YEAR), ("By quarter", QUARTER, grid == QUARTER)]
        if enough
        else [],
    }
    if x.one.shape == "gap":
        return {**context, **_gap_trend(x)}
    if series is None:
        return {**context, "sentence": _not_submitted(x), "chart": None}
    found = over_time(
        x.one, series, grid=grid, area=x.area.name, notes=x.notes, published=x.published,
        provisional=x.provisional if grid == YEAR else (),
    )  # fmt: skip
    held = latest(x.one, series)
    return {
        **context,
        "sentence": f"{x.said(held)} {found.verdict.text}" if held else _not_submitted(x),
        "versions": told_of_versions(x.one),
        "chart": found.chart,
        "judged_by": found.judged_by,
        "stands": any(period.stands for period in series.periods),
    }


def gap(x: Explored) -> dict[str, Any]:
    """The gap by deprivation, and between care settings."""
    gaps: list[Gap] = []
    simd = x.by_series("simd")
    if simd is not None:
        gaps.append(by_deprivation(x.one, simd, area=x.area.name))
    placement = x.by_series("placement")
    if placement is not None and (found := by_setting(x.one, placement, area=x.area.name)):
        gaps.append(found)
    said = [text for one in gaps for text in one.sentences]
    if x.one.shape == "gap":
        own = _gap_trend(x)
        title = breakdown_title(x.one.breakdown)
        charts = (own["chart"],) if own["chart"] else ()
        return {"gaps": [Gap(title, (), (), charts)], "sentence": own["sentence"]}
    none = (
        f"{x.one.title} is not told apart by deprivation or care setting, or nothing of it was "
        "submitted."
    )
    if said:
        first = next(place for place, one in enumerate(gaps) if one.sentences)
        gaps[first] = replace(gaps[first], sentences=gaps[first].sentences[1:])
    few = (
        f"{x.one.title} in {x.area.name}: too few people can be shown in each part to tell of a "
        "gap. Nothing is wrong."
    )
    submitted = x.chosen() is not None
    return {
        "gaps": gaps,
        "sentence": said[0] if said else few if gaps and submitted else none,
        "provisional": _provisional_years(x),
    }


def _provisional_years(x: Explored) -> str:
    """The years of a rate that are out of the people of an earlier one, where there are any."""
    if not x.provisional or x.one.out_of != "population":
        return ""
    years = ", ".join(period_label(key) for key in sorted(x.provisional))
    return f"{years}: {PROVISIONAL_WORDS}."


def told_of_versions(one: IndicatorDefinition) -> tuple[str, ...]:
    """For an indicator whose definition has changed: since when each version holds, and how."""
    held = versions(one.code)
    if len(held) < 2:  # noqa: PLR2004 - a change lies between two
        return ()
    said = [f"Every figure here is counted by version {one.version}, whatever its period."]
    said += [
        f"Version {later.version} holds from {period_label(later.since)}. {later.differs} Figures "
        f"that others published of periods before are by version {earlier.version}: they are not "
        "laid beside these."
        for later, earlier in pairwise(held)
    ]
    return tuple(said)


def definition(x: Explored) -> dict[str, Any]:
    """What is counted, on whose authority, and what it takes."""
    one = x.one
    return {
        "sentence": f"{one.title}: {one.counted}"
        + (f", out of {one.base_words}." if one.base_words else "."),
        "kind": KINDS[one.kind],
        "direction": DIRECTIONS[one.direction],
        "calendar": CALENDARS[one.calendar],
        "tag": TAGS[one.source.tag],
        "unverified": one.source.tag in {"K", "L"},
        "told_apart": [breakdown_title(name) for name in one.breakdowns],
        "inside": [indicator(code).title for code in one.inside],
        "example": example_of(one.key),
        "needs": [
            dataset(code).title + ("" if supplied else " (not supplied)")
            for code, supplied in x.needs
        ],
        "vintage": x.figures.build,
        "versions": told_of_versions(one),
    }


TAB_MAKERS: dict[str, Callable[[Explored], dict[str, Any]]] = {
    "now": now,
    "compare": compare,
    "over-time": trend,
    "gap": gap,
    "definition": definition,
}
