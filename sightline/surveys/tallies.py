"""How many were asked, have begun, are part of the way and have sent: exact, for the server alone.

Whoever shows any of these protects them first. Rows are opened in memory where what is counted is
sealed, each once in a process.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.views.decorators.debug import sensitive_variables

from sightline.surveys.models import Answer, Group, Invitation, Part, SentAnswer, Survey

MOST_SURVEYS: Final = 8
AT_A_TIME: Final = 500
KEPT_AS: Final = "tally"
"""Under which name `Survey.results` keeps the totals of closing."""


@dataclass(frozen=True)
class GroupCount:
    """One group: how many were asked (None: nobody has said) and how many have sent."""

    invited: int | None
    complete: int


@dataclass(frozen=True)
class Tally:
    """A survey's exact counts.

    Attributes:
        invited: None where nobody has said it of every group.
        started: `part` and `complete` together; what was deleted or grew old is not counted.
        part: begun and not sent; after closing, as it was then.
        complete: sent.
        by_page: of `part`, how many stand at each page.
        by_group: by the group's label; "" for answers of no group, where there are any. Empty once
            the answers were deleted.
    """

    invited: int | None
    started: int
    part: int
    complete: int
    by_page: dict[int, int]
    by_group: dict[str, GroupCount]


def counts(survey: Survey) -> Tally:
    """The counts of a survey as things stand."""
    kept = survey.results.get(KEPT_AS, {})
    if kept:
        by_page = {int(page): count for page, count in kept["by_page"]}
        complete, invited = kept["complete"], kept["invited"]
    else:
        found = Part.objects.filter(survey=survey).values_list("page").annotate(n=Count("pk"))
        by_page = dict(found.order_by("page"))
        complete = SentAnswer.objects.filter(survey=survey).count()
        invited = _invited(survey)
    part = sum(by_page.values())
    destroyed = survey.state == Survey.State.DESTROYED
    return Tally(
        invited=invited,
        started=part + complete,
        part=part,
        complete=complete,
        by_page=by_page,
        by_group={} if destroyed else _by_group(survey),
    )


def keep(survey: Survey) -> None:
    """Keep the totals at closing, before what they are counted from is rewritten; once."""
    if KEPT_AS in survey.results:
        return
    tally = counts(survey)
    survey.results = {
        **survey.results,
        KEPT_AS: {
            "invited": tally.invited,
            "complete": tally.complete,
            "by_page": sorted(tally.by_page.items()),
        },
    }
    survey.save(update_fields=["results"])


def _by_person(survey: Survey) -> bool:
    return survey.mode in {Survey.Mode.SINGLE_USE, Survey.Mode.NAMED}


def _asked(survey: Survey) -> Any:
    there = Invitation.objects.filter(survey=survey)
    return there.exclude(state=Invitation.State.WITHDRAWN)


def _invited(survey: Survey) -> int | None:
    if _by_person(survey):
        return int(_asked(survey).count())
    said = list(Group.objects.filter(survey=survey).values_list("invited", flat=True))
    known = [number for number in said if number is not None]
    return sum(known) if said and len(known) == len(said) else None


def _by_group(survey: Survey) -> dict[str, GroupCount]:
    groups = list(Group.objects.filter(survey=survey).order_by("label"))
    invited: dict[str, int | None] = {group.label: group.invited for group in groups}
    if _by_person(survey):
        asked = _asked(survey).values_list("group__label").annotate(n=Count("pk"))
        invited = {**dict.fromkeys(invited, 0), **{label or "": n for label, n in asked}}
    complete = Counter(_groups_of_answers(survey, groups))
    labels = [*invited, *sorted(set(complete) - set(invited))]
    return {label: GroupCount(invited.get(label), complete[label]) for label in labels}


_opened: Final[OrderedDict[UUID, dict[UUID, str]]] = OrderedDict()


@sensitive_variables()
def _groups_of_answers(survey: Survey, groups: list[Group]) -> list[str]:
    """The group of each answer: of its code, else of what was answered to the first grouping."""
    closed = survey.state == Survey.State.CLOSED and KEPT_AS in survey.results
    model = Answer if closed else SentAnswer
    rows = model.objects.filter(survey=survey)
    known = _opened.pop(survey.pk, {})
    there = set(rows.values_list("pk", flat=True))
    known = {key: label for key, label in known.items() if key in there}
    new = [key for key in there if key not in known]
    labels = {group.choice: group.label for group in groups if group.choice}
    for start in range(0, len(new), AT_A_TIME):
        for row in rows.filter(pk__in=new[start : start + AT_A_TIME]):
            known[row.pk] = _group_of(row.content, survey, labels)
    _opened[survey.pk] = known
    while len(_opened) > MOST_SURVEYS:
        _opened.popitem(last=False)
    return list(known.values())


@sensitive_variables()
def _group_of(content: dict[str, Any], survey: Survey, labels: dict[str, str]) -> str:
    if content["group"] or not survey.groupings:
        return str(content["group"])
    said = content["answers"].get(survey.groupings[0])
    if not isinstance(said, str) or said.startswith("!"):
        return ""
    return labels.get(said, said)
