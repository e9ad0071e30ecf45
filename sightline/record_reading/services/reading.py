"""Writing a reading: sections as they are typed, two versions of one, handing in, opening again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, Fault, Faults, NotAllowed, NotFound
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import (
    FLAGS,
    LONGEST,
    Answers,
    Gap,
    gaps,
    template,
    tidy,
)
from sightline.record_reading.models import Reading, SectionEntry
from sightline.record_reading.permissions import Deed, is_closed_to_person, require_round
from sightline.record_reading.reading_answers import joined, normal
from sightline.record_reading.reading_names import named
from sightline.record_reading.reading_permissions import (
    NOT_YOURS,
    check_is_no_other_reader,
    is_readers_own,
    require_writer,
)
from sightline.record_reading.reading_policies import check_can_reopen, check_can_write
from sightline.saving.durable import durably

SITTING: Final = dt.timedelta(minutes=30)
"""Saves of one writer with no longer gap than this make one line in the audit trail."""

Keep = Literal["in-use", "beside", "joined"]


@dataclass(frozen=True)
class Saved:
    """The section is stored and in use, as this version."""

    version: int
    at: dt.datetime


@dataclass(frozen=True)
class Beside:
    """The section had moved on: `theirs` is in use, and `mine` is kept beside it."""

    theirs: SectionEntry
    mine: SectionEntry


def save_section(
    *,
    actor: Actor,
    reading: Reading,
    section: str,
    answers: Mapping[str, Any],
    based_on: int,
    token: UUID,
) -> Saved | Beside:
    """Store a section as a further version; when this returns it is on the disk.

    Nothing is overwritten: where the section has moved on since `based_on`, what was sent is kept
    beside. Answers equal to those in use are not stored a second time.

    Args:
        actor: the reader, or whoever types in a form that was filled in on paper.
        reading: whose section it is.
        section: its code in the template of the reading.
        answers: all of the section, in the shape of `templates.Answers`.
        based_on: the version the writer saw, 0 for none. Whoever writes on from a version that was
            kept beside names that one.
        token: chosen by the sender; sent again, it stores nothing and is answered the same.

    Raises:
        NotFound: the reading is not theirs to write.
        NotAllowed: it is over or handed in, or the round is not being read.
        BadInput: no such section or question, a text over 10,000 characters, a version that is not
            there, or a token that was used for something else.
    """
    require_writer(actor, reading)
    mine = _of_section(reading, section, answers)
    with durably():
        held = _locked(reading)
        require_writer(actor, held)  # it may have been given to another reader meanwhile
        before = SectionEntry.objects.filter(token=token).first()
        if before is not None:
            return _same_again(before, held, section, actor, mine)
        check_can_write(held)
        done = _store(actor, held, section, mine, based_on, token)
    reading.state, reading.started_at = held.state, held.started_at
    reading.started_by = held.started_by
    return done


def _locked(reading: Reading) -> Reading:
    """The reading, held still, with its round and record as they are once it is.

    Two questions: whoever locks the round holds its readings first, and a row that is joined to
    one that was waited for would be as it was before. No deadlock: the round itself is not held.
    """
    Reading.objects.select_for_update().values_list("pk").get(pk=reading.pk)
    return Reading.objects.select_related("round", "record").get(pk=reading.pk)


def _of_section(reading: Reading, section: str, answers: Mapping[str, Any]) -> Answers:
    """What was sent, if it speaks of this section alone and can be kept."""
    try:
        codes = {item.code for item in template(reading.template).section(section).items}
    except KeyError:
        raise BadInput(f"This form has no section “{section}”.") from None
    mine = normal(answers)
    named_here = set(mine["values"]) | set(mine["whys"])
    if not named_here <= codes or not set(mine["flags"]) <= set(FLAGS):
        raise BadInput("Some of this was not asked in this section. Load the page again.")
    written = [*mine["values"].values(), *mine["whys"].values(), *mine["flags"].values()]
    longest = max((len(text) for text in written if isinstance(text, str)), default=0)
    if longest > LONGEST:
        raise BadInput(f"Keep each text to {LONGEST:,} characters. One has {longest:,}.")
    return mine


def _store(
    actor: Actor, reading: Reading, section: str, mine: Answers, based_on: int, token: UUID
) -> Saved | Beside:
    """As `save_section`, in its transaction."""
    last = queries.stored(reading, section)
    current = queries.entry_in_use(reading, section)
    if not 0 <= based_on <= last:
        raise BadInput(f"There is no version {based_on} of this section. Load the page again.")
    number = current.version if current else 0
    if current is not None and normal(current.answers) == mine:
        return Saved(current.version, current.entered_at)
    if current is None and not any(mine.values()):
        return Saved(0, timezone.now())
    if current is None or number == based_on:
        made = _add(actor, reading, section, mine, based_on, token, last + 1, beside=False)
        return Saved(made.version, made.entered_at)
    kept = reading.entries.filter(section=section, version=based_on).first()
    if kept is not None and kept.beside and normal(kept.answers) == mine:
        return Beside(theirs=current, mine=kept)
    made = _add(actor, reading, section, mine, based_on, token, last + 1, beside=True)
    return Beside(theirs=current, mine=made)


def _same_again(
    before: SectionEntry, reading: Reading, section: str, actor: Actor, mine: Answers
) -> Saved | Beside:
    """The answer that was given before, or would have been had it arrived."""
    same = (reading.pk, section, actor.audit_name) == (
        before.reading_id,
        before.section,
        before.entered_by,
    )
    if not same or normal(before.answers) != mine:
        raise BadInput("This token was used for something else. Load the page again.")
    current = queries.entry_in_use(reading, section)
    if before.beside and current is not None:
        return Beside(theirs=current, mine=before)
    return Saved(before.version, before.entered_at)


def _add(
    actor: Actor,
    reading: Reading,
    section: str,
    answers: Answers,
    based_on: int,
    token: UUID,
    version: int,
    *,
    beside: bool,
) -> SectionEntry:
    """Store one version, begin the reading with the first, and note the deed once in a sitting."""
    now, by = timezone.now(), actor.audit_name
    since = now - SITTING
    goes_on = reading.entries.filter(entered_by=by, entered_at__gte=since).exists()
    made = SectionEntry.objects.create(
        reading=reading,
        section=section,
        version=version,
        based_on=based_on,
        beside=beside,
        answers=answers,
        token=token,
        entered_at=now,
        entered_by=by,
    )
    if reading.state == Reading.State.ASSIGNED:
        reading.state = Reading.State.IN_PROGRESS
        reading.started_at, reading.started_by = now, by
        reading.save(update_fields=["state", "started_at", "started_by"])
    if beside or not goes_on:
        target, after = f"reading:{reading.pk}", {"section": section}
        if beside:
            audit.record(actor, "reading.kept-beside", target, after=after)
        else:
            audit.record(actor, "reading.written", target, after=after)
    return made


def settle_section(
    *,
    actor: Actor,
    reading: Reading,
    section: str,
    in_use: int,
    beside: int,
    keep: Keep,
    token: UUID,
) -> Saved:
    """Make one version of two: either, or both joined so that no text is lost. Both are kept.

    Args:
        actor: the reader, or whoever types in a form that was filled in on paper.
        reading: whose section it is.
        section: its code.
        in_use: the version in use that they saw.
        beside: the version beside it that they saw.
        keep: which becomes the section.
        token: as in `save_section`.

    Raises:
        NotFound, NotAllowed: as `save_section`; and it was saved again meanwhile, or is settled.
        BadInput: a token that was used for something else.
    """
    require_writer(actor, reading)
    with durably():
        held = _locked(reading)
        require_writer(actor, held)  # it may have been given to another reader meanwhile
        before = SectionEntry.objects.filter(token=token).first()
        if before is not None and (before.reading_id, before.based_on) == (held.pk, beside):
            return Saved(before.version, before.entered_at)
        check_can_write(held)
        mine = next(
            (one for one in queries.open_besides(held, section) if one.version == beside), None
        )
        if mine is None:
            raise NotAllowed("This was settled already. Both versions are kept.")
        current = queries.entry_in_use(held, section)
        if current is None or current.version != in_use:
            raise NotAllowed("This section was saved again meanwhile. Look at both versions anew.")
        answers = _kept(held, current, mine, keep)
        version = queries.stored(held, section) + 1
        made = _add(actor, held, section, answers, beside, token, version, beside=False)
        audit.record(
            actor, "reading.settled", f"reading:{held.pk}", after={"section": section, "keep": keep}
        )
    return Saved(made.version, made.entered_at)


def _kept(reading: Reading, current: SectionEntry, mine: SectionEntry, keep: Keep) -> Answers:
    if keep == "in-use":
        return normal(current.answers)
    if keep == "beside":
        return normal(mine.answers)
    return joined(template(reading.template), current.answers, mine.answers)


def hand_in(*, actor: Actor, reading: Reading, names_looked_at: bool = False) -> Reading:
    """Hand a reading in: from now on it is only looked at, and is shown once all of the record's
    are in.

    What is not asked of this child is left out; the versions of the sections keep it.

    Args:
        actor: the reader, or whoever types in a form that was filled in on paper.
        reading: whose answers are complete.
        names_looked_at: somebody looked at the words that may name a person, and lets them stand.

    Raises:
        NotFound, NotAllowed: as `save_section`; and a section has two versions.
        Faults (BadInput): what is missing, each question by itself, or words that may be names.
    """
    require_writer(actor, reading)
    with durably():
        held = _locked(reading)
        require_writer(actor, held)  # it may have been given to another reader meanwhile
        check_can_write(held)
        if queries.open_besides(held):
            raise NotAllowed("A section has two versions. Choose what stands first.")
        made, facts = template(held.template), held.record.facts
        answers = queries.answers_so_far(held)
        _check_complete(held, gaps(made, facts, answers))
        tidied = tidy(made, facts, answers)
        seen = named(made, tidied)
        if seen and not names_looked_at:
            raise Faults(f"Reading {held.record.label}", (Fault("", one.sentence) for one in seen))
        now, by = timezone.now(), actor.audit_name
        if held.started_at is None:
            held.started_at, held.started_by = now, by
        held.state, held.answers = Reading.State.COMPLETE, tidied
        held.submitted_at, held.submitted_by = now, by
        held.save(
            update_fields=[
                "state", "answers", "started_at", "started_by", "submitted_at", "submitted_by",
            ]
        )  # fmt: skip
        after = {"names_looked_at": len(seen)} if seen else None
        audit.record(actor, "reading.handed-in", f"reading:{held.pk}", after=after)
    return held


def _check_complete(reading: Reading, missing: tuple[Gap, ...]) -> None:
    if missing:
        made = template(reading.template)
        faults = (Fault(made.item(gap.item).short, gap.what) for gap in missing)
        raise Faults(f"Reading {reading.record.label}", faults)


def reopen_reading(*, actor: Actor, reading: Reading, reason: str) -> Reading:
    """Open a reading that was handed in, so that it can be written in again.

    Its reader may until somebody else may have seen it; after that whoever leads the reading.

    Raises:
        NotFound, NotPermitted: it is not theirs to open.
        NotAllowed: it is not handed in, others may have seen it, or the round is locked.
        BadInput: no reason.
    """
    own = is_readers_own(actor, reading)
    if not own:
        require_round(actor, reading.round, Deed.MODERATE)
    if not reason.strip():
        raise BadInput("Say why it is opened again.")
    with transaction.atomic():
        held = _locked(reading)
        check_can_reopen(held, by_reader=own)
        held.state, held.answers = Reading.State.IN_PROGRESS, None
        held.submitted_at, held.submitted_by = None, ""
        held.reopened_at, held.reopened_by = timezone.now(), actor.audit_name
        held.reopened_reason = reason.strip()
        held.save(
            update_fields=[
                "state", "answers", "submitted_at", "submitted_by", "reopened_at", "reopened_by",
                "reopened_reason",
            ]
        )  # fmt: skip
        target = f"reading:{held.pk}"
        audit.record(actor, "reading.reopened", target, reason=reason.strip())
    return held


def put_on_paper(*, actor: Actor, reading: Reading) -> Reading:
    """Say that a reading is made on paper, so that whoever runs the round may type it in.

    Whoever has opened or typed in another's reading reads the record no more themselves.

    Raises:
        NotFound, NotPermitted: neither its reader nor whoever runs the round, or the record is
            closed to them.
        NotAllowed: it is begun on the screen, or they read the same record themselves.
    """
    with transaction.atomic():
        held = _locked(reading)  # first, so that it is asked of whoever has it now
        if not is_readers_own(actor, held):
            require_round(actor, held.round, Deed.RUN)
            if is_closed_to_person(actor, held.round, held.record):
                raise NotFound(NOT_YOURS)
            check_is_no_other_reader(actor, held)
        check_can_write(held)
        begun = held.state != Reading.State.ASSIGNED or held.entries.exists()
        if begun and not held.on_paper:
            raise NotAllowed(
                f"{held.record.label} was begun on the screen, so only its reader goes on with it."
            )
        if not held.on_paper:
            held.on_paper = True
            held.save(update_fields=["on_paper"])
            audit.record(actor, "reading.put-on-paper", f"reading:{held.pk}")
    return held
