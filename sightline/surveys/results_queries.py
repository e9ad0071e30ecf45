"""What a closed survey shows: the series it declared, as somebody may see them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sightline.access.actors import Actor
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import Measure
from sightline.releases import queries as releases
from sightline.stats.disclosure import ShownSeries
from sightline.surveys.definitions import Item, QuestionnaireDefinition, said
from sightline.surveys.models import Survey
from sightline.surveys.names import (
    MEASURE,
    PEOPLE,
    PROFILE,
    RESPONDENTS,
    SPLIT,
    VINTAGE,
    series_code,
    source_of,
)
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.results import Share, as_measure, measured, shares

CLOSED = frozenset({Survey.State.CLOSED, Survey.State.DESTROYED})


@dataclass(frozen=True)
class Results:
    """What a survey shows.

    Attributes:
        asked: the questionnaire.
        listed: the code and title of every series that was declared; empty where too few answered.
        series: those that were opened, by code.
        waits: it is closed, and its answers are still being counted.
    """

    survey: Survey
    asked: QuestionnaireDefinition
    listed: tuple[tuple[str, str], ...] = ()
    series: Mapping[str, ShownSeries] = field(default_factory=dict)
    waits: bool = False

    @property
    def answered(self) -> int | None:
        """How many people answered, or None where that is not said."""
        found = self.series.get(RESPONDENTS)
        return found.shown.total.count.value if found else None

    @property
    def who(self) -> str:
        """Who was asked, in words: "children"."""
        return PEOPLE[self.survey.audience]

    def number(self, item: Item) -> int:
        """The place of a question among those that are counted, from 1."""
        codes = [one.code for one in counted_items(self.asked)]
        return codes.index(item.code) + 1 if item.code in codes else 0

    def code(self, item: Item, measure: str = "", grouping: str = "") -> str:
        """The code of a question's series: of everybody, or of a measure by a grouping."""
        return series_code(item.code, measure, grouping, number=self.number(item))

    def everybody(self, item: Item) -> ShownSeries | None:
        """What everybody said to a question, if it was opened and declared."""
        return self.series.get(self.code(item))

    def by(self, item: Item, measure: str, grouping: str) -> ShownSeries | None:
        """A named measure by a grouping, if it was opened and declared."""
        return self.series.get(self.code(item, measure, grouping))

    def splits(self, item: Item) -> list[tuple[str, str]]:
        """The measures and groupings that were declared of a question."""
        codes = {code for code, _ in self.listed}
        return [
            (name, grouping)
            for grouping in self.survey.groupings
            for name in (*item.measures, "dont-know")
            if series_code(item.code, name, grouping, number=self.number(item)) in codes
        ]


def counted_items(asked: QuestionnaireDefinition) -> list[Item]:
    """The questions that are counted, in order; the same as `measures` counts."""
    from sightline.surveys.counting import COUNTED

    return [item for item in asked.items() if item.kind in COUNTED and not item.identifies]


def of_everybody(code: str) -> bool:
    """Whether a series is of everybody, and not by group."""
    return SPLIT not in code


def every(code: str) -> bool:
    """Whichever it is."""
    return bool(code)


def results(actor: Actor, survey: Survey, wanted: Callable[[str], bool] = of_everybody) -> Results:
    """The results of a survey that has come through its door.

    Args:
        actor: who looks.
        survey: which.
        wanted: by its code, whether a series is opened.

    Raises:
        NotFound: it is not closed, or its figures are not theirs to see.
    """
    if survey.state not in CLOSED:
        raise NotFound("There are no results before a survey is closed.")
    asked = questionnaire(survey.questionnaire)
    declared = releases.latest(source_of(survey), VINTAGE)
    if declared is None:
        return Results(survey, asked, waits=not survey.results.get("counted"))
    listed = tuple(releases.series_listed(declared, PROFILE))
    codes = [code for code, _ in listed if code == RESPONDENTS or wanted(code)]
    opened = releases.open_series(
        actor, source_of(survey), codes, vintage=VINTAGE, wanted=PROFILE
    )  # fmt: skip
    return Results(survey, asked, listed, opened.series)


def measure(actor: Actor, survey: Survey, named: str) -> Measure:
    """One figure of a survey that has come through its door; see `permissions.get_measure_for`.

    `named`: `confident-recognise:agree` for a named measure, `confident-recognise=agree` for one
    answer, `confident-recognise:agree?agency=health` for a measure of a group.

    Raises:
        NotFound: the name is of nothing that was declared, or it is not theirs to see.
    """
    about, _, group = named.partition("?")
    answer = "=" in about
    code, _, name = about.partition("=" if answer else MEASURE)
    grouping, _, category = group.partition("=")
    asked = questionnaire(survey.questionnaire)
    items = counted_items(asked)
    item = next((one for one in items if one.code == code), None)
    missing = NotFound(f"There is no figure {survey.area}/{survey.slug}/{named}.")
    if item is None or (not answer and name not in {*item.measures, "dont-know"}):
        raise missing
    split = (name, grouping) if grouping else ("", "")
    wanted = series_code(code, *split, number=items.index(item) + 1)
    found = results(actor, survey, lambda one: one == wanted)
    series = found.series.get(wanted)
    if series is None or (answer and grouping):
        raise missing
    if answer or grouping:
        share = next((o for o in shares(series.shown) if o.code == (category or name)), None)
    else:
        share = measured(item, name, series.shown)
    if share is None:
        raise missing
    return as_measure(
        share,
        counted=f"{found.who} who said “{share.label if answer else name.replace('-', ' ')}” to "
        f"“{said(item.text, asked.languages[0])}”",
        base_words=series.shown.base_words, definition=survey.questionnaire,
        source=f"{survey.area}/{survey.slug}",
    )  # fmt: skip


MOST_ROUNDS = 8


def other_rounds(
    actor: Actor, survey: Survey, item: Item, areas: Collection[str]
) -> list[tuple[Survey, Share]]:
    """The first measure of a question in other rounds and areas, the latest first.

    Only where the question has the same code and the same version of its wording: other words are
    another question.

    Args:
        actor: who looks.
        survey: the round they are looking at.
        item: the question.
        areas: those whose surveys they may see.
    """
    name = next(iter(item.measures), "")
    code = survey.questionnaire.partition("@")[0]
    near = Survey.objects.filter(
        area__in=areas, state__in=CLOSED, questionnaire__startswith=f"{code}@"
    ).exclude(pk=survey.pk)
    found = []
    for other in near.order_by("-closed_at")[:MOST_ROUNDS] if name else ():
        share = _in_round(actor, other, item, name)
        if share is not None:
            found.append((other, share))
    return found


def _in_round(actor: Actor, other: Survey, item: Item, name: str) -> Share | None:
    items = counted_items(questionnaire(other.questionnaire))
    same = next(
        (one for one in items if (one.code, one.wording) == (item.code, item.wording)), None
    )
    if same is None or same.measures.get(name) != item.measures[name]:
        return None
    wanted = series_code(same.code, number=items.index(same) + 1)
    try:
        series = results(actor, other, lambda one: one == wanted).series.get(wanted)
    except NotFound:  # of an inspection that is not theirs
        return None
    return measured(same, name, series.shown) if series is not None else None
