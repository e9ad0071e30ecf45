"""Charts of an overview: how evaluations are spread, and how many are good or better."""

from sightline.design.charts import Chart, Point, StackedRow, dots, stacked_scale
from sightline.inspections.overview_parts import plural, series
from sightline.inspections.overview_shapes import Group, JudgementView
from sightline.inspections.overview_words import BAND, n_of_n, together_in_words
from sightline.stats import quantity

SOURCE = "published inspections held in Sightline"


def _label(view: JudgementView) -> str:
    return f"{view.code} {view.title}"


def spread(group: Group) -> Chart | None:
    """One stacked bar per judgement over the words of the scale; None when nothing is known."""
    views = [view for view in group.judgements if view.known]
    if not views:
        return None
    return stacked_scale(
        headline=_headline(group),
        subtitle=(
            f"Inspections by evaluation, {group.short}, {plural(len(group.rows), 'inspection')}; "
            "not known shown apart"
        ),
        steps=tuple(count.word for count in views[0].counts),
        rows=[
            StackedRow(_label(view), tuple(count.count for count in view.counts), len(view.unknown))
            for view in views
        ],
        counted="inspections",
        row_name="Indicator",
        source=SOURCE,
    )


def _headline(group: Group) -> str:
    if group.together and group.together.good_or_better.base:
        return together_in_words(group.together)
    view = max(group.judgements, key=lambda view: view.known)
    known = n_of_n(view.good_or_better)
    return f"{view.code} was {BAND} in {known} inspections whose evaluation is known"


def good_or_better(group: Group) -> Chart | None:
    """One dot per judgement: the share of known evaluations that are good or better.

    None when there are not two judgements to lay side by side.
    """
    views = [view for view in group.judgements if view.known]
    if len(views) <= 1:
        return None
    return dots(
        headline=_most(views),
        subtitle=(
            f"Evaluations that are {BAND}, per cent of those known, {group.short}, "
            f"{plural(len(group.rows), 'inspection')}"
        ),
        points=[
            Point(
                _label(view),
                quantity.whole_per_cent(int(view.good_or_better.value or 0), view.known),
                count=int(view.good_or_better.value or 0),
                base=view.known,
            )
            for view in views
        ],
        measure=f"{BAND.capitalize()}, per cent of known",
        unit="%",
        row_name="Judgement",
        source=SOURCE,
        notes=tuple(
            f"{view.code} is not known for {len(view.unknown):,} of {view.expected:,} inspections."
            for view in views
            if view.unknown
        ),
    )


def _most(views: list[JudgementView]) -> str:
    """The judgement most often good or better; those that share the place are named together."""
    shares = {
        view.code: quantity.whole_per_cent(int(view.good_or_better.value or 0), view.known)
        for view in views
    }
    top = max(shares.values())
    best = [view for view in views if shares[view.code] == top]
    if len(best) == len(views):
        return f"{series(shares)} were {BAND} equally often"
    verb = "was" if len(best) == 1 else "were"
    return f"{series(view.code for view in best)} {verb} most often {BAND}"
