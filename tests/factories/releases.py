"""Declared tables, protected results, lines of the ledger, thresholds."""

import datetime as dt

import factory

from sightline.access.actors import Actor, command_line
from sightline.access.permissions import Scope
from sightline.releases import models, services
from sightline.stats.disclosure import Exact
from tests.stats.disclosing import table

NOON = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)


class TableSetFactory(factory.django.DjangoModelFactory):
    """A set of Fife, with no table in it."""

    source = factory.Sequence(lambda n: f"round:staff-{n}")
    vintage = "1"
    title = "What staff said"
    scope_kind = "partnership"
    scope_key = "fife"
    declared_at = NOON
    declared_by = "test"

    class Meta:
        model = models.TableSet


class ProtectedTableFactory(factory.django.DjangoModelFactory):
    """A row without a table; `declared` gives real ones."""

    table_set = factory.SubFactory(TableSetFactory)
    code = "age"
    position = 0
    title = "By age"
    profile = "public"
    who = "staff"
    content: dict[str, object] = {}

    class Meta:
        model = models.ProtectedTable


class LedgerEntryFactory(factory.django.DjangoModelFactory):
    """A line that says a table was released."""

    kind = "released"
    table_set = factory.SubFactory(TableSetFactory)
    table = "age"
    sdc_profile = "public"
    sdc_version = 1
    threshold = 5
    finding = "Nothing is hidden."
    written_at = NOON
    written_by = "test"

    class Meta:
        model = models.LedgerEntry


class StricterThresholdFactory(factory.django.DjangoModelFactory):
    """Fife hides public counts under 8."""

    partnership = "fife"
    profile = "public"
    threshold = 8
    reason = "Small islands"
    set_at = NOON
    set_by = "test"

    class Meta:
        model = models.StricterThreshold


def declared(
    *tables: Exact,
    actor: Actor | None = None,
    source: str = "round:staff-2026",
    vintage: str = "1",
    scope: Scope | None = None,
    **more: object,
) -> models.TableSet:
    """Declare tables of Fife as the machine (3, 7, 12 by age if none are given)."""
    return services.declare(
        actor=actor or command_line(),
        source=source,
        vintage=vintage,
        title="What staff said",
        tables=[services.DeclaredTable(one) for one in tables or (table(3, 7, 12, code="age"),)],
        scope=scope or Scope("partnership", "fife"),
        **more,  # type: ignore[arg-type]
    )
