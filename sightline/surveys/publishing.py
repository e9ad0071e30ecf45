"""When a survey closes, its answers are counted once, protected as one set and declared.

The machine counts, so that nobody has to be shown exact figures: who closes a survey sees what the
profile `survey` lets everybody see, and nothing else is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sightline.access.actors import CommandLine
from sightline.access.permissions import Scope
from sightline.jobs.progress import Progress
from sightline.releases import services as releases
from sightline.releases.definitions import profile
from sightline.surveys.models import Group, Survey
from sightline.surveys.names import PEOPLE, PROFILE, VINTAGE, source_of
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.services.closing import register_closer

COUNTING: Final = CommandLine("survey-closing")
"""Who the trail names: the closing itself is the deed of a person, the counting of the machine."""

Tell = Callable[[int, int], None]


def scopes_of(survey: Survey) -> tuple[Scope, tuple[Scope, ...]]:
    """What the figures belong to, and what else they count for."""
    area = Scope("partnership", survey.area)
    return (Scope("inspection", survey.inspection), (area,)) if survey.inspection else (area, ())


def declare_results(
    survey: Survey, contents: Sequence[Mapping[str, Any]], tell: Tell = lambda done, of: None
) -> bool:
    """Count, protect and declare; false where too few answered for anything to be shown.

    `contents`: every answer as `models.Answer.content` holds it. The same again changes nothing.
    """
    from sightline.surveys.measures import Asked, declared, people_from

    if len(contents) < survey.base:
        return False
    asked_of = questionnaire(survey.questionnaire)
    ways = {
        group.label: {"agency": group.agency, "locality": group.locality}
        for group in Group.objects.filter(survey=survey)
    }
    found = profile(PROFILE).profile()
    rules = replace(found, minimum_base=max(found.minimum_base, survey.base))
    if survey.closes_on is None:  # pragma: no cover - a constraint of the table
        raise ValueError(f"{survey} was opened without a last day.")
    asked = Asked(
        key=source_of(survey), area=survey.area, first=survey.opens_on or survey.closes_on,
        last=survey.closes_on, vintage=VINTAGE, who=PEOPLE[survey.audience], base=survey.base,
        rules=rules,
    )  # fmt: skip
    made = declared(asked_of, people_from(contents, ways), asked, survey.groupings, tell)
    scope, also = scopes_of(survey)
    releases.declare(
        actor=COUNTING, source=source_of(survey), vintage=VINTAGE, title=f"Results: {survey.title}",
        series=made.series, links=made.links, scope=scope, also=also, use=[PROFILE],
    )  # fmt: skip
    return True


def count_results(
    survey: Survey, contents: Sequence[Mapping[str, Any]], progress: Progress
) -> None:
    """The step of closing: declare what may be shown, and note whether anything could be."""

    def tell(done: int, of: int) -> None:
        progress.of(of)
        progress.at(done, "counting the answers, question by question")

    shown = declare_results(survey, contents, tell)
    survey.results = {**survey.results, "counted": True, "shown": shown}
    survey.save(update_fields=["results"])


def registered() -> None:
    """Have answers counted when a survey closes."""
    register_closer(count_results)
