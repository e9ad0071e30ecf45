"""The doors to surveys.

A survey belongs to an area, and may be run for one of its inspections. Whoever holds a permission
over the area, or over that inspection, has it over the survey. A page about all surveys of an area
is also open to whoever holds it over any of the area's inspections, and shows them those alone.
"""

from django.db.models import QuerySet

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.access.permissions import NATIONAL, Permission, Scope, holds, require, scopes_held
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import Measure
from sightline.partnerships import exercises
from sightline.partnerships.queries import Partnership, all_partnerships, partnership
from sightline.surveys import names, queries, results_queries
from sightline.surveys.models import Survey

SEE = Permission.SURVEY_VIEW
RUN = Permission.SURVEY_RUN
READ = Permission.SURVEY_READ
NO_SUCH = "There is no such survey, or it is not yours to see."


def get_area_for(actor: Actor, area: str, permission: Permission = SEE) -> Partnership:
    """The area, if `actor` holds `permission` over its surveys, or over those of an inspection.

    Raises:
        NotFound: there is none, or its surveys are not theirs to see.
        NotPermitted: they may see them and not do this.
    """
    found = partnership(area)
    whole = Scope("partnership", found.code)
    require(
        actor,
        permission,
        scope=whole,
        also=() if holds(actor, permission, scope=whole) else _inspections(found.code),
        seen_by=None if permission is SEE else SEE,
        thing=f"the surveys of {found.name}",
    )
    return found


def get_survey_for(actor: Actor, area: str, slug: str, permission: Permission = SEE) -> Survey:
    """One survey of an area, if `actor` holds `permission` over it.

    Raises:
        NotFound: there is no such survey, or it is not theirs to see (one answer for both).
        NotPermitted: they may see it and not do this.
    """
    found = partnership(area)
    survey = Survey.objects.filter(area=found.code, slug=slug).first()
    if survey is None:
        raise NotFound(NO_SUCH)
    require_survey(actor, survey, permission)
    return survey


def require_survey(actor: Actor, survey: Survey, permission: Permission) -> None:
    """Pass whoever holds `permission` over a survey.

    Raises:
        NotFound, NotPermitted: as `get_survey_for`.
    """
    if not may(actor, survey, SEE):
        raise NotFound(NO_SUCH)
    first, *more = _scopes(survey)
    require(
        actor,
        permission,
        scope=first,
        also=more,
        seen_by=None if permission is SEE else SEE,
        thing=f"the survey {survey.title}",
    )


def get_measure_for(actor: Actor, reference: str, profile: str = "") -> Measure:
    """What `actor` may be shown of one figure of a closed survey.

    Args:
        actor: who asks.
        reference: `area/survey/question:measure`, `…/question=answer` for one answer, and with
            `?grouping=group` of one group. With a questionnaire in the place of area and survey
            (`staff@1/…?agency=health`) the latest round of it that `actor` may see answers.
        profile: there is one, under which everybody sees the same.

    Raises:
        NotFound: the reference names nothing, or nothing of it is theirs to see.
    """
    if profile not in {"", names.PROFILE}:
        raise NotFound("Results of surveys are shown under one profile, the same to everybody.")
    first, _, rest = reference.partition("/")
    if "@" in first:
        areas = [area.code for area in areas_for(actor)]
        survey = next((s for s in queries.closed_rounds(first, areas) if may(actor, s, SEE)), None)
        if survey is None:
            raise NotFound(f"There is no closed round of {first} that is yours to see.")
        return results_queries.measure(actor, survey, rest)
    slug, _, named = rest.partition("/")
    return results_queries.measure(actor, get_survey_for(actor, first, slug), named)


def may(actor: Actor, survey: Survey, permission: Permission) -> bool:
    """Whether somebody holds a permission over a survey."""
    first, *more = _scopes(survey)
    return holds(actor, permission, scope=first, also=more)


def may_start(actor: Actor, area: str) -> bool:
    """Whether somebody may begin a survey in an area, or for an inspection of it."""
    whole = Scope("partnership", area)
    return holds(actor, RUN, scope=whole) or holds(actor, RUN, scope=whole, also=_inspections(area))


def inspections_to_run_for(actor: Actor, area: str) -> tuple[tuple[str, ...], bool]:
    """The inspections of an area somebody may run a survey for, and whether also for none.

    Nobody is told of an inspection that they hold nothing over: it may not be known of yet.
    """
    held = scopes_held(actor, RUN)
    there = exercises.inspections_of(area)
    if NATIONAL in held:
        return tuple(sorted(there)), True
    mine = {scope.key for scope in held if scope.kind == "inspection"}
    return tuple(sorted(there & mine)), Scope("partnership", area) in held


def surveys_for(actor: Actor, area: str) -> QuerySet[Survey]:
    """The surveys of an area that somebody may see, the newest first."""
    held = scopes_held(actor, SEE)
    if held & {NATIONAL, Scope("partnership", area)}:
        return queries.surveys_of(area)
    keys = {scope.key for scope in held if scope.kind == "inspection"}
    return queries.surveys_of(area, inspections=keys)


def areas_for(actor: Actor) -> list[Partnership]:
    """The areas whose surveys, all or those of an inspection, somebody may see."""
    held = scopes_held(actor, SEE)
    if NATIONAL in held:
        return list(all_partnerships())
    inspections = frozenset(scope.key for scope in held if scope.kind == "inspection")
    codes = {scope.key for scope in held if scope.kind == "partnership"}
    codes |= exercises.areas_of(inspections)
    return [found for found in all_partnerships() if found.code in codes]


def is_safety_reader(actor: Actor, survey: Survey) -> bool:
    """Whether somebody is named to read the free texts of a survey, and still may."""
    return (
        isinstance(actor, User)
        and may(actor, survey, READ)
        and queries.readers_of(survey).filter(reader=actor).exists()
    )


def may_read(person: User, survey: Survey) -> bool:
    """Whether somebody could be named to read the free texts of a survey."""
    return person.is_active and may(person, survey, READ)


def _scopes(survey: Survey) -> tuple[Scope, ...]:
    whole = Scope("partnership", survey.area)
    return (Scope("inspection", survey.inspection), whole) if survey.inspection else (whole,)


def _inspections(area: str) -> tuple[Scope, ...]:
    return tuple(Scope("inspection", reference) for reference in exercises.inspections_of(area))
