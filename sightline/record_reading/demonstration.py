"""Record reading of the demonstration: an inspection's that is half read, and audits of an area.

`sightline demo` calls `begin` for the invented area. Its rounds are made by invented people who
lead them there, so that pages name somebody. Every child and every answer is made up, from a seed.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import RollingAudit, Round
from sightline.record_reading.services import auditing, publishing, rounds
from sightline.record_reading.services.auditing import ToDo

INSPECTED: Final = "reading-of-records"
OWN: Final = "plans-of-children-at-home"
MEETINGS: Final = "Planning meetings"
_WEEKS, _SIZE, _TURNS = 10, 20, 2
_SEED: Final = 7
_STRATA: Final = {
    "protection": 12, "at-home": 6, "kinship": 6, "foster": 6, "residential": 3, "aftercare": 3,
}  # fmt: skip


def begin(
    *, lead: Actor, auditor: Actor, area: str, inspection: str, inspectors: Sequence[User],
    local: Sequence[User], own: Sequence[User],
) -> None:  # fmt: skip
    """Everything of the demonstration; what is there already is left alone.

    Args:
        lead: who makes the round of the inspection.
        auditor: who makes the partnership's own, and locks them.
        area: a partnership.
        inspection: one of its inspections.
        inspectors: people who read for the inspection, each beside one of `local`; where these are
            fewer, beside somebody made up.
        local: people of the partnership who read in the inspection.
        own: people of the partnership who read in its own audits.
    """
    pairs = [
        person
        for both in itertools.zip_longest(inspectors, local[: len(inspectors)])
        for person in both
        if person is not None
    ]
    if not _there(area, INSPECTED):
        make_round(
            actor=lead, area=area, slug=INSPECTED, title="Reading of records",
            template="care-and-protection@1", inspection=inspection, size=sum(_STRATA.values()),
            strata=_STRATA, seed=_SEED, twice_share=30, readers=pairs,
            how=How(pairs=len(inspectors), read=0.5, settled=0.6, entries=True),
        )  # fmt: skip
    if not _there(area, OWN):
        make_round(
            actor=auditor, area=area, slug=OWN, title="Plans of children at home",
            template="local-audit@1", size=24, seed=_SEED, twice_share=25, readers=own,
            how=How(pairs=_pairs(own), read=0.5, settled=0.3, entries=True),
        )  # fmt: skip
    if not RollingAudit.objects.filter(area=area, title=MEETINGS).exists():
        _meetings(auditor, area, own)


def _pairs(readers: Sequence[User]) -> int:
    return max(1, (len(readers) + 1) // 2)


def _there(area: str, slug: str) -> bool:
    return Round.objects.filter(area=area, slug=slug).exists()


def _meetings(actor: Actor, area: str, readers: Sequence[User]) -> None:
    """A rolling audit of which two turns are locked, and the third is to be prepared."""
    today = timezone.localdate()
    starts = today - _TURNS * dt.timedelta(weeks=_WEEKS)
    audit = RollingAudit.objects.create(
        area=area, slug="planning-meetings", title=MEETINGS, template="local-audit@1",
        topic="Child protection planning meetings", every_weeks=_WEEKS, size=_SIZE,
        starts_on=starts, made_at=timezone.now(), made_by=actor.audit_name,
    )  # fmt: skip
    for turn in range(1, _TURNS + 1):
        made = make_round(
            actor=actor, area=area, slug=f"planning-meetings-turn-{turn}",
            title=f"{MEETINGS}, turn {turn}", template=audit.template, size=_SIZE,
            seed=_SEED + turn, twice_share=30, readers=readers,
            how=How(pairs=_pairs(readers), settled=1.0, audit=audit, turn=turn,
                    first_day=auditing.first_day(audit, turn)),
        )  # fmt: skip
        _locked(actor, made)
    last = audit.rounds.get(turn=_TURNS)
    auditing.note_action(
        actor=actor, round=last,
        to_do=ToDo("Plans say who does what, and by when.", "Service manager",
                  due_on=today + dt.timedelta(weeks=8), item="plan-quality"),
    )  # fmt: skip
    auditing.begin_turn(actor=actor, audit=audit, turn=_TURNS + 1)


def _locked(actor: Actor, round: Round) -> Round:
    """The round locked and counted; where jobs wait for a worker it is counted here."""
    rounds.lock_round(actor=actor, round=round, leave_two_views=True)
    round.refresh_from_db()
    if not round.results.get("counted"):
        publishing.count_round(actor=actor, key=round.pk)
    return round
