"""Beginning a survey and setting it up: what it asks, how people get in, what they are told."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.access.permissions import Permission
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.surveys import drafting, policies, promise, queries, questionnaires, stores
from sightline.surveys.definitions import AUDIENCES, QuestionnaireDefinition
from sightline.surveys.models import Questionnaire, SafetyReader, Survey
from sightline.surveys.permissions import (
    RUN,
    get_area_for,
    inspections_to_run_for,
    may_read,
    require_survey,
)

RESERVED: Final = frozenset({"new"})
"""What no survey's address may be: pages about all of them have it."""
LONGEST_SLUG: Final = 50


def target(survey: Survey) -> str:
    """How the audit trail names a survey."""
    return f"survey:{survey.area}/{survey.slug}"


@dataclass(frozen=True)
class Start:
    """Where the questions of a survey come from.

    `key` names a questionnaire. `own` makes a copy whose words the area may change; otherwise it is
    run as it is. Without a key the questions are `content`, or begin empty for `audience`;
    `unsupported` lists what a form made elsewhere asked for and is not kept.
    """

    key: str = ""
    own: bool = False
    audience: str = "staff"
    content: Mapping[str, Any] | None = None
    unsupported: Sequence[Mapping[str, Any]] = ()


@transaction.atomic
def start_survey(
    *, actor: Actor, area: str, title: str, start: Start, inspection: str = ""
) -> Survey:
    """Begin a survey, as a draft that nobody can answer.

    Raises:
        NotFound, NotPermitted: the area's surveys are not theirs to run, or the inspection's.
        NotFound: there is no such questionnaire.
        BadInput: the title is empty, or claims what only the privacy promise may.
    """
    found = get_area_for(actor, area, RUN)
    _check_inspection(actor, found.code, inspection)
    title = " ".join(title.split())
    if not title:
        raise BadInput("Enter what the survey is called.")
    _refuse_claims([("The title", title)])
    now = timezone.now()
    key, definition = _questions(actor, found.code, title, start)
    survey = Survey.objects.create(
        area=found.code,
        inspection=inspection,
        slug=_free_slug(found.code, title),
        title=title,
        questionnaire=key,
        audience=definition.audience,
        link=stores.new_code(),
        languages=list(definition.languages[:1]),
        logs_drop_addresses=settings.SIGHTLINE_RESPONDENT_LOGS_DROP,
        groupings=[item.code for item in policies.groupable(definition)],
        made_at=now,
        made_by=actor.audit_name,
    )
    audit.record(actor, "survey.started", target(survey), after={"questions": key})
    return survey


def _check_inspection(actor: Actor, area: str, inspection: str) -> None:
    inspections, for_itself = inspections_to_run_for(actor, area)
    if inspection:
        if inspection not in inspections:
            raise NotFound("There is no such inspection of this area, or it is not yours.")
    elif not for_itself:
        raise NotPermitted(
            "You run surveys for your inspection alone. Say which it is.", permission=RUN
        )


def _free_slug(area: str, title: str) -> str:
    taken = set(Survey.objects.filter(area=area).values_list("slug", flat=True)) | RESERVED
    year = timezone.localdate().year
    return drafting.code_from(f"{title[: LONGEST_SLUG - 5]} {year}", taken)[:60]


def _questions(
    actor: Actor, area: str, title: str, start: Start
) -> tuple[str, QuestionnaireDefinition]:
    """The key and the questions a survey begins with, of which a draft is kept where it is ours."""
    if start.key:
        base = questionnaire_for(area, start.key)
        if not start.own:
            return start.key, base
        row = _kept(actor, area, base.code, partial(drafting.copied, base, key=start.key), start)
    elif start.content is not None:
        made = dict(start.content)
        row = _kept(actor, area, str(made["code"]), lambda **is_: {**made, **is_}, start)
    else:
        if start.audience not in AUDIENCES:
            raise BadInput("Say who the survey is for.")
        code = drafting.code_from(title, ())

        def empty(*, code: str, version: int) -> drafting.Content:
            return drafting.blank(code=code, title=title, audience=start.audience) | {
                "version": version
            }

        row = _kept(actor, area, code, empty, start)
    return row.key, questionnaires.questionnaire(row.key)


def questionnaire_for(area: str, key: str) -> QuestionnaireDefinition:
    """A questionnaire that an area may run: a shipped one, or a released one of its own.

    Raises:
        NotFound: there is no such questionnaire, it is a draft, or another area's.
    """
    row = queries.questionnaire_row(key)
    if "/" in key and (
        row is None or row.area != area or row.state != Questionnaire.State.RELEASED
    ):
        raise NotFound("There is no such questionnaire here.")
    return questionnaires.questionnaire(key)


def _kept(
    actor: Actor, area: str, code: str, make: Callable[..., drafting.Content], start: Start
) -> Questionnaire:
    """The next version of a code, as a draft."""
    last = Questionnaire.objects.filter(area=area, code=code).order_by("-version").first()
    version = last.version + 1 if last else 1
    content = make(code=code, version=version)
    questionnaires.parse(content, code)
    return Questionnaire.objects.create(
        area=area,
        code=code,
        version=version,
        content=content,
        based_on=start.key,
        unsupported=list(start.unsupported),
        made_at=timezone.now(),
        made_by=actor.audit_name,
    )


def own_copy(*, actor: Actor, survey: Survey, locked: bool = False) -> Survey:
    """Make the questions of a draft the area's own: to be reworded, or (locked) translated alone.

    What is a draft of the area's already stays as it is.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has been opened.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_build(survey)
        row = queries.questionnaire_row(survey.questionnaire)
        if row is not None and row.state == Questionnaire.State.DRAFT:
            if row.content.get("locked", True) and not locked:
                row.content = {**row.content, "locked": False}
                row.save(update_fields=["content"])
                audit.record(actor, "survey.copied", target(survey), after={"questions": row.key})
            return survey
        base = questionnaires.questionnaire(survey.questionnaire)
        make = partial(drafting.copied, base, key=survey.questionnaire, locked=locked)
        made = _kept(actor, survey.area, base.code, make, Start(key=survey.questionnaire))
        survey.questionnaire = made.key
        survey.save()
        audit.record(actor, "survey.copied", target(survey), after={"questions": made.key})
        return survey


def held(actor: Actor, survey: Survey, permission: Permission = RUN) -> Survey:
    """The survey as it is now, locked until the transaction ends, if it is theirs to run."""
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    require_survey(actor, fresh, permission)
    return fresh


def _without(done: Iterable[str], *gone: str) -> list[str]:
    return [one for one in done if one not in gone]


def _refuse_claims(texts: Iterable[tuple[str, str]]) -> None:
    if faults := promise.claims_of(texts):
        raise BadInput(" ".join(str(fault) for fault in faults))


# Settings.

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "access": ("mode", "logs_drop_addresses", "opens_on", "closes_on"),
    "languages": ("languages", "paper", "shared_device"),
    "help": ("local_help", "handout_note", "parents_told"),
    "results": ("base", "groupings", "heard_by", "destroy_on"),
}
"""What each task of setting up sets."""


def set_up(*, actor: Actor, survey: Survey, task: str, values: Mapping[str, Any]) -> Survey:
    """Keep what a task of setting up says, and count the task as completed.

    Of a survey that runs, a change of what people were promised pauses it: nobody answers under a
    promise that no longer holds. It is opened again under the next one.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed; the base would fall below what was promised.
        BadInput: a text claims what only the promise may, or days are in the wrong order.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_set(survey)
        allowed = {name: values[name] for name in SETTINGS[task] if name in values}
        before = {name: getattr(survey, name) for name in allowed}
        for name, value in allowed.items():
            setattr(survey, name, value)
        policies.check_base(survey, survey.base)
        _check_days(survey)
        _refuse_claims(policies.local_texts(survey, [*policies.LOCAL.get(task, ())]))
        survey.done = [*_without(survey.done, task), task]
        audit.record(
            actor, "survey.set-up", target(survey),
            before=_plain(before), after={"task": task, **_plain(allowed)},
        )  # fmt: skip
        pause_if_promise_broken(actor, survey)
        survey.save()
    return survey


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
    }


def _check_days(survey: Survey) -> None:
    opens, closes, destroyed = survey.opens_on, survey.closes_on, survey.destroy_on
    if opens and closes and opens > closes:
        raise BadInput("The last day must be the first day or later.")
    if closes and destroyed and destroyed <= closes:
        raise BadInput("Answers are deleted after the last day, so choose a later day for that.")
    if survey.opened_at and not (closes and destroyed):
        raise BadInput("A survey that has been opened keeps its last day and its day of deletion.")


def pause_if_promise_broken(actor: Actor, survey: Survey) -> bool:
    """Pause a survey that is open if what people were told no longer holds; whether it was.

    The caller saves the survey.
    """
    given = promise.kept(survey)
    if survey.state != Survey.State.OPEN or given is None:
        return False
    now = promise.promise_of(survey, questionnaires.questionnaire(survey.questionnaire))
    confirmed = all(policies.is_confirmed(survey, code) for code in survey.languages)
    if now.says_the_same(given) and given.speaks(survey.languages) and confirmed:
        return False
    survey.state = Survey.State.PAUSED
    audit.record(
        actor, "survey.paused", target(survey),
        reason="What people were told about privacy no longer holds.",
    )  # fmt: skip
    return True


def confirm(*, actor: Actor, survey: Survey, what: str) -> Survey:
    """Keep that somebody has read the promise (`privacy`), or had a language confirmed.

    Args:
        actor: who looked.
        survey: of which survey.
        what: `privacy`, or `language:<code>` for the words of the pages in that language.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed.
        BadInput: there is nothing of that name to confirm.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_set(survey)
        stands = policies.ready(survey, 1)
        mark = what
        if what == "privacy" and stands.questionnaire is not None:
            mark = policies.privacy_mark(survey, stands.questionnaire)
            survey.done = [one for one in survey.done if not one.startswith("privacy:")]
        elif what not in {policies.confirmed_language(one) for one in survey.languages}:
            raise BadInput("There is nothing of that name to confirm.")
        survey.done = [*_without(survey.done, mark), mark]
        survey.save()
        audit.record(actor, "survey.confirmed", target(survey), after={"what": what})
    return survey


# Safety readers.


def name_reader(*, actor: Actor, survey: Survey, person: User, trained_on: dt.date) -> SafetyReader:
    """Name somebody trained, who reads every free text before anybody else.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: its answers are deleted, they may not read, or are named already.
        BadInput: the training is in the future.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_has_words(survey)
        if not may_read(person, survey):
            raise NotAllowed(
                f"{person.name} cannot read the free texts of this survey. Somebody who manages "
                "people can give them the role of safety reader here."
            )
        if trained_on > timezone.localdate():
            raise BadInput("The training must be today or earlier.")
        if queries.readers_of(survey).filter(reader=person).exists():
            raise NotAllowed(f"{person.name} is named already.")
        made = SafetyReader.objects.create(
            survey=survey, reader=person, trained_on=trained_on,
            named_at=timezone.now(), named_by=actor.audit_name,
        )  # fmt: skip
        audit.record(
            actor, "survey.reader-named", target(survey),
            after={"reader": person.audit_name, "trained": trained_on.isoformat()},
        )  # fmt: skip
    return made


def end_reader(*, actor: Actor, survey: Survey, reader: SafetyReader) -> None:
    """Let somebody read the free texts no more.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or there is no such reader.
        NotAllowed: people are writing, and nobody else would read it.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        named = queries.readers_of(survey)
        found = named.filter(pk=reader.pk).first()
        if found is None:
            raise NotFound("There is no such safety reader of this survey.")
        holds_words = survey.state not in {Survey.State.DRAFT, Survey.State.DESTROYED}
        if holds_words and named.count() == 1 and policies.ready(survey, 1).free_text:
            raise NotAllowed("Name another safety reader first: somebody must read what comes in.")
        found.ended_at, found.ended_by = timezone.now(), actor.audit_name
        found.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            actor, "survey.reader-ended", target(survey), after={"reader": found.reader.audit_name}
        )


__all__ = [
    "Start", "confirm", "end_reader", "held", "name_reader", "own_copy", "pause_if_promise_broken",
    "questionnaire_for", "set_up", "start_survey", "target",
]  # fmt: skip
