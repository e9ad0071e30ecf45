"""Waivers: a rule that need not hold, for a reason, until a day.

One person asks, another approves.

A fault that a waiver covers is kept and shown as waived; a waiver takes nothing out of sight.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.models import User
from sightline.access.permissions import Permission
from sightline.children.definitions import dataset as dataset_of
from sightline.children.models import Waiver
from sightline.children.permissions import get_area_for, get_waiver_for
from sightline.children.rules.definitions import EVERY, Rule, rules
from sightline.children.rules.waived import Waived
from sightline.kernel.errors import BadInput, NotAllowed

LONGEST_DAYS = 731
"""No waiver holds longer than two years: what is so for ever is a change of the rule."""


@transaction.atomic
def request_waiver(
    *,
    actor: User,
    area: str,
    rule: str,
    dataset: str,
    reason: str,
    valid_from: dt.date,
    valid_until: dt.date,
    keys: Sequence[Sequence[str]] = (),
) -> Waiver:
    """Ask that a rule need not hold of a dataset, or of some rows of it.

    Raises:
        NotFound, NotPermitted: as `get_area_for`, or there is no such dataset.
        BadInput: there is no such rule, it is not about the dataset, the keys are not of the
            dataset's key, or the days are not right.
    """
    found = get_area_for(actor, area, Permission.DATA_LOAD)
    _check_rule(_rule(rule), dataset)
    _check_keys(dataset, keys)
    _check_days(valid_from, valid_until)
    if not reason.strip():
        raise BadInput("Say why the rule need not hold.")
    waiver = Waiver.objects.create(
        area=found.code,
        rule=rule,
        dataset=dataset,
        keys=[list(key) for key in keys],
        reason=reason.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    audit.record(actor, "waiver.requested", f"waiver:{waiver.pk}", reason=waiver.reason)
    return waiver


@transaction.atomic
def approve_waiver(*, actor: User, area: str, key: UUID) -> Waiver:
    """Approve what somebody else asked for. It counts in the next build.

    Raises:
        NotFound, NotPermitted: as `get_waiver_for`.
        NotAllowed: the person asked for it, or it was approved or withdrawn already.
    """
    _, waiver = get_waiver_for(actor, area, key, Permission.RULE_WAIVE)
    if waiver.asked_by_id == actor.pk:
        raise NotAllowed("You asked for this waiver, so somebody else approves it.")
    if waiver.withdrawn_at is not None:
        raise NotAllowed("This waiver was withdrawn. Ask for a new one.")
    if waiver.approved_at is not None:
        raise NotAllowed("This waiver is approved already.")
    waiver.approved_by, waiver.approved_at = actor, timezone.now()
    waiver.save(update_fields=["approved_by", "approved_at"])
    audit.record(actor, "waiver.approved", f"waiver:{waiver.pk}")
    return waiver


@transaction.atomic
def withdraw_waiver(*, actor: User, area: str, key: UUID) -> Waiver:
    """End a waiver before its day. What it covered counts again in the next build.

    Raises:
        NotFound, NotPermitted: as `get_waiver_for`.
        NotAllowed: it was withdrawn already.
    """
    _, waiver = get_waiver_for(actor, area, key, Permission.DATA_LOAD)
    if waiver.withdrawn_at is not None:
        raise NotAllowed("This waiver was withdrawn already.")
    waiver.withdrawn_by, waiver.withdrawn_at = actor, timezone.now()
    waiver.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.record(actor, "waiver.withdrawn", f"waiver:{waiver.pk}")
    return waiver


def waived_on(area: str, day: dt.date) -> tuple[Waived, ...]:
    """The approved waivers of an area that hold on a day, those asked for first before others."""
    held = Waiver.objects.filter(
        area=area, approved_at__isnull=False, withdrawn_at__isnull=True,
        valid_from__lte=day, valid_until__gte=day,
    ).order_by("asked_at", "pk")  # fmt: skip
    return tuple(
        Waived(str(one.pk), one.rule, one.dataset, tuple(tuple(map(str, key)) for key in one.keys))
        for one in held
    )


def _rule(id_: str) -> Rule:
    if id_ not in rules():
        raise BadInput(f"There is no rule {id_}. `sightline rules list` names those there are.")
    return rules()[id_]


def _check_rule(rule: Rule, dataset: str) -> None:
    if rule.severity == "Q":
        raise BadInput(
            f"{rule.id} gives a figure and holds nothing back, so there is nothing to waive."
        )
    if rule.dataset not in {dataset, EVERY}:
        title = dataset_of(rule.dataset).title
        raise BadInput(f"{rule.id} is about {title.lower()}. Choose that dataset.")


def _check_keys(dataset: str, keys: Sequence[Sequence[str]]) -> None:
    names = dataset_of(dataset).key_columns
    if any(len(key) != len(names) for key in keys):
        raise BadInput(f"A row of this dataset is named by {', '.join(names)}; give each of them.")


def _check_days(first: dt.date, last: dt.date) -> None:
    if last < first:
        raise BadInput("The waiver ends before it begins; swap the days.")
    if (last - first).days > LONGEST_DAYS:
        raise BadInput("A waiver holds for two years at most. Give an earlier last day.")
