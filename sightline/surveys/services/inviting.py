"""Who is asked: waves, groups, codes, lists of people; letters to them, and reminders.

Nothing here looks at who has answered but `mailing_jobs`, and nothing that it finds there is kept,
shown or counted.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import AuditEvent
from sightline.jobs import services as jobs
from sightline.jobs.models import Job
from sightline.jobs.progress import Progress
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.surveys import inviting_queries as queries
from sightline.surveys import policies, stores
from sightline.surveys.definitions import said
from sightline.surveys.invitations import AT_ONCE, BY_PERSON, Person
from sightline.surveys.models import Group, Invitation, Survey, Wave
from sightline.surveys.permissions import RUN, require_survey
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.services.building import held, target
from sightline.uploads import files

LETTERS: Final = "surveys.letters"
REMINDERS: Final = "surveys.reminders"
LISTS: Final = "surveys.invite"
BATCH: Final = 500
LONGEST_LABEL: Final = 120


# Waves and groups.


@transaction.atomic
def add_wave(
    *, actor: Actor, survey: Survey, title: str, opens_on: dt.date, closes_on: dt.date
) -> Wave:
    """Add a part of the round that is asked at its own time.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed.
        BadInput: the days are in the wrong order, or outside the survey's.
    """
    survey = held(actor, survey)
    policies.check_can_set(survey)
    title = " ".join(title.split())
    if not title:
        raise BadInput("Enter what the wave is called.")
    if opens_on > closes_on:
        raise BadInput("The last day of a wave is its first day or later.")
    if (survey.opens_on and opens_on < survey.opens_on) or (
        survey.closes_on and closes_on > survey.closes_on
    ):
        raise BadInput("A wave lies between the first and the last day of the survey.")
    last = queries.waves_of(survey).last()
    wave = Wave.objects.create(
        survey=survey, number=last.number + 1 if last else 1, title=title[:LONGEST_LABEL],
        opens_on=opens_on, closes_on=closes_on,
    )  # fmt: skip
    audit.record(actor, "survey.wave-added", target(survey), after={"wave": wave.title})
    return wave


def label_of(agency: str, locality: str) -> str:
    """What a group is called after its agency and locality."""
    return ", ".join(filter(None, (agency, locality)))[:LONGEST_LABEL]


@transaction.atomic
def add_group(
    *, actor: Actor, survey: Survey, agency: str, locality: str, invited: int | None = None
) -> Group:
    """Add a group that is asked. `invited` None: nobody has said how many, which is never nought.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed.
        BadInput: it is called nothing, or as another.
    """
    survey = held(actor, survey)
    policies.check_can_set(survey)
    label = label_of(agency, locality)
    if not label:
        raise BadInput("Enter an agency, a locality, or both.")
    if queries.groups_of(survey).filter(label__iexact=label).exists():
        raise BadInput(f"There is a group “{label}” already.")
    group = _groups(survey, [(agency, locality)])[label.casefold()]
    if invited is not None:
        group.invited = invited
        group.save(update_fields=["invited"])
    audit.record(actor, "survey.group-added", target(survey), after={"group": label})
    return group


@transaction.atomic
def count_group(*, actor: Actor, survey: Survey, group: Group, invited: int | None) -> Group:
    """Say how many of a group were invited; None: not known.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or the group another's.
        NotAllowed: its answers were deleted, or each person was counted by a code.
    """
    survey = held(actor, survey)
    group = _own(survey, group)
    if survey.mode in BY_PERSON:
        raise NotAllowed("Those who are invited to this survey are counted by their codes.")
    if survey.state == Survey.State.DESTROYED:
        raise NotAllowed("The answers of this survey have been deleted.")
    group.invited = invited
    group.save(update_fields=["invited"])
    audit.record(
        actor, "survey.group-counted", target(survey),
        after={"group": group.label, "invited": "not known" if invited is None else invited},
    )  # fmt: skip
    return group


def _own(survey: Survey, group: Group) -> Group:
    found = queries.groups_of(survey).filter(pk=group.pk).first()
    if found is None:
        raise NotFound("There is no such group in this survey.")
    return found


def _groups(survey: Survey, wanted: Iterable[tuple[str, str]]) -> dict[str, Group]:
    """The groups of agencies and localities, made where they are not there; by label, folded."""
    there = {group.label.casefold(): group for group in queries.groups_of(survey)}
    choices = _choices(survey)
    made = []
    for agency, locality in wanted:
        label = label_of(agency, locality)
        if label and label.casefold() not in there:
            choice = choices.get(agency.casefold(), choices.get(locality.casefold(), ""))
            group = Group(
                survey=survey, code=stores.new_code(), label=label, agency=agency,
                locality=locality, choice=choice,
            )  # fmt: skip
            there[label.casefold()] = group
            made.append(group)
    for group in made:
        group.save(force_insert=True)
    return there


def _choices(survey: Survey) -> dict[str, str]:
    """The options of the question that results are first split by, by code and by label."""
    if not survey.groupings:
        return {}
    asked = questionnaire(survey.questionnaire)
    found = {item.code: item for item in asked.items()}.get(survey.groupings[0])
    options = asked.choices.get(found.choices, ()) if found else ()
    named = {said(option.label, asked.languages[0]).casefold(): option.code for option in options}
    return named | {option.code.casefold(): option.code for option in options}


# Codes and people.


@transaction.atomic
@sensitive_variables()
def make_codes(
    *, actor: Actor, survey: Survey, group: Group, count: int, wave: Wave | None = None
) -> int:
    """Make codes of one person each for a group, to be printed once and handed out.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or the group another's.
        NotAllowed: it has closed, or does not work by codes of one person.
        BadInput: none, or too many at once.
    """
    survey = held(actor, survey)
    policies.check_can_set(survey)
    if survey.mode != Survey.Mode.SINGLE_USE:
        raise NotAllowed("This survey does not work with a code for each person.")
    if not 1 <= count <= AT_ONCE:
        raise BadInput(f"Make between 1 and {AT_ONCE:,} codes at once.")
    group = _own(survey, group)
    Invitation.objects.bulk_create(
        (_invitation(survey, group, wave) for _ in range(count)), batch_size=BATCH
    )
    audit.record(
        actor, "survey.codes-made", target(survey), after={"group": group.label, "count": count}
    )
    return count


@sensitive_variables()
def _invitation(
    survey: Survey,
    group: Group | None,
    wave: Wave | None,
    person: Person | None = None,
    code: str = "",
) -> Invitation:
    code = code or stores.new_code()
    address = person.address if person else ""
    return Invitation(
        survey=survey, group=group, wave=wave, code=code, code_index=stores.code_index(code),
        address=address, address_index=stores.address_index(address) if address else "",
        name=person.name if person and survey.mode == Survey.Mode.NAMED else "",
    )  # fmt: skip


@transaction.atomic
@sensitive_variables()
def print_codes(*, actor: Actor, survey: Survey, group: Group) -> list[str]:
    """The codes of a group that were not printed yet, as they are printed; they are given once.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or the group another's.
        NotAllowed: there are none left to print.
    """
    survey = held(actor, survey)
    policies.check_can_set(survey)
    group = _own(survey, group)
    rows = list(queries.to_print(survey, group).select_for_update()[:AT_ONCE])
    if not rows:
        raise NotAllowed("Every code of this group was printed. Make more if some were lost.")
    keys = [row.pk for row in rows]
    for start in range(0, len(keys), BATCH):
        Invitation.objects.filter(pk__in=keys[start : start + BATCH]).update(
            state=Invitation.State.SENT, sent_on=timezone.localdate()
        )
    audit.record(
        actor, "survey.codes-printed", target(survey),
        after={"group": group.label, "count": len(rows)},
    )  # fmt: skip
    return [row.code for row in rows]


@sensitive_variables()
def invite(
    *, actor: Actor, survey: Survey, people: Sequence[Person], wave: Wave | None = None
) -> Job | tuple[int, int]:
    """Add those of a list; whoever is there already is not asked twice.

    Returns:
        how many were added and how many were there already; or the job that adds them, where they
        are more than `AT_ONCE`.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_set(survey)
        if len(people) <= AT_ONCE:
            found = _add(survey, people, wave)
            audit.record(actor, "survey.list-added", target(survey), after={"added": found[0]})
            return found
        key = _put_by(people, wave)
        audit.record(actor, "survey.list-sent", target(survey), after={"rows": len(people)})
        return jobs.start(
            actor=actor, code=LISTS, about=target(survey),
            title=f"Add a list to “{survey.title}”"[:200], survey=str(survey.pk), listed=str(key),
        )  # fmt: skip


@sensitive_variables()
def _put_by(people: Sequence[Person], wave: Wave | None) -> UUID:
    """Seal a list for the job that adds it; the sweep of uploads takes what no job fetched."""
    incoming = files.Incoming()
    try:
        rows = [{**asdict(person), "code": stores.new_code()} for person in people]
        incoming.write(json.dumps({"wave": wave.number if wave else 0, "rows": rows}).encode())
        incoming.finish()
        incoming.keep()
    except BaseException:
        incoming.discard()
        raise
    return incoming.id


@sensitive_variables()
def finish_list(*, actor: Actor, key: UUID, listed: UUID, progress: Progress) -> dict[str, int]:
    """What the job of a long list does; harmless to do twice, and may be stopped anywhere.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has closed.
        NotAvailable: the list is no longer here.
    """
    survey = Survey.objects.get(pk=key)
    require_survey(actor, survey, RUN)
    with files.open_upload(listed) as file:
        sent: dict[str, Any] = json.load(file)
    codes = [row.pop("code") for row in sent["rows"]]
    people = [Person(**row) for row in sent["rows"]]
    progress.of(len(people))
    added = before = 0
    for start in range(0, len(people), BATCH):
        with transaction.atomic():
            survey = held(actor, survey)
            policies.check_can_set(survey)
            wave = queries.waves_of(survey).filter(number=sent["wave"]).first()
            some = slice(start, start + BATCH)
            new, there = _add(survey, people[some], wave, codes[some])
        added, before = added + new, before + there
        progress.at(min(start + BATCH, len(people)))
    audit.record(actor, "survey.list-added", target(survey), after={"added": added})
    files.destroy(listed)
    return {"added": added, "there already": before}


@sensitive_variables()
def _add(
    survey: Survey, people: Sequence[Person], wave: Wave | None, codes: Sequence[str] = ()
) -> tuple[int, int]:
    """Add people under codes, which say on a second try who was added on the first."""
    groups = _groups(survey, dict.fromkeys((one.agency, one.locality) for one in people))
    codes = codes or [stores.new_code() for _ in people]
    indexes = [stores.address_index(one.address) if one.address else "" for one in people]
    there = _there(survey, "address_index", [index for index in indexes if index])
    made = _there(survey, "code_index", [stores.code_index(code) for code in codes])
    new: list[Invitation] = []
    before = 0
    for person, index, code in zip(people, indexes, codes, strict=True):
        group = groups.get(label_of(person.agency, person.locality).casefold())
        if person.invited is not None and group is not None:
            Group.objects.filter(pk=group.pk).update(invited=person.invited)
        if index in there or stores.code_index(code) in made:
            before += 1
        elif index or survey.mode == Survey.Mode.NAMED:
            new.append(_invitation(survey, group, wave, person, code))
    Invitation.objects.bulk_create(new, batch_size=BATCH)
    return len(new), before


@sensitive_variables()
def _there(survey: Survey, field: str, wanted: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        some = {f"{field}__in": wanted[start : start + BATCH]}
        rows = Invitation.objects.filter(survey=survey, **some)
        found.update(rows.values_list(field, flat=True))
    return found


# Letters.


@transaction.atomic
def send_letters(*, actor: Actor, survey: Survey) -> Job:
    """Have every letter sent that was not sent yet.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not open, nothing waits, or they are being sent.
    """
    survey = held(actor, survey)
    policies.check_is_open(survey)
    _check_idle(LETTERS, survey)
    if not queries.letters(survey).new:
        raise NotAllowed("There is no letter that was not sent yet.")
    audit.record(actor, "survey.letters-sent", target(survey))
    return jobs.start(
        actor=actor, code=LETTERS, about=target(survey),
        title=f"Send letters of “{survey.title}”"[:200], survey=str(survey.pk),
    )  # fmt: skip


@transaction.atomic
def remind(*, actor: Actor, survey: Survey) -> Job:
    """Have a reminder sent to those who were written to and have not answered.

    Nobody learns who they are, or how many: not from a page, the trail, the job or a row.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not open, there was one today, or too few were written to for a round
            not to tell about one of them.
    """
    survey = held(actor, survey)
    policies.check_is_open(survey)
    _check_idle(LETTERS, survey)
    _check_idle(REMINDERS, survey)
    today = AuditEvent.objects.filter(
        verb="survey.reminded", target=target(survey), at__date=timezone.localdate()
    )
    if today.exists():
        raise NotAllowed("A reminder round was sent today. Wait until another day.")
    if queries.letters(survey).sent < survey.base:
        raise NotAllowed(
            f"Reminders go out once {survey.base} people or more have had a letter. With fewer, "
            "they would tell who has answered."
        )
    audit.record(actor, "survey.reminded", target(survey))
    return jobs.start(
        actor=actor, code=REMINDERS, about=target(survey), title="A reminder round",
        survey=str(survey.pk), round=queries.round_of_reminders(survey) + 1,
    )  # fmt: skip


def _check_idle(code: str, survey: Survey) -> None:
    if queries.work_under_way(code, target(survey)):
        raise NotAllowed("Letters of this survey are being sent. Wait until that is done.")


@transaction.atomic
def send_again(*, actor: Actor, survey: Survey) -> int:
    """Put letters back to be sent of which nobody knows whether they went.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not open, or letters are being sent.
    """
    survey = held(actor, survey)
    policies.check_is_open(survey)
    _check_idle(LETTERS, survey)
    unsure = queries.asked(survey).filter(bounce=queries.UNSURE, state=Invitation.State.SENT)
    count = unsure.update(state=Invitation.State.NEW, bounce="")
    audit.record(actor, "survey.letters-put-back", target(survey), after={"count": count})
    return count
