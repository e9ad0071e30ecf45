"""What the address test opens of record reading: rounds of an inspection, and of an area's own.

The first have permissions of their own, and so have the others; all of Scotland counts for the
first alone. Importing this registers the builders.
"""

from collections.abc import Iterator

from sightline.access.enums import Permission
from sightline.access.scopes import NATIONAL, Scope
from sightline.record_reading.models import Round
from tests.access.objects import DRAFT, HERE, Builder, Thing, things
from tests.factories import record_reading as reading
from tests.record_reading.results_made import locked as counted_round

OVER_INSPECTION = {
    Permission.RECORDS_RETURN: frozenset(
        {Scope("inspection", DRAFT), Scope("partnership", HERE), NATIONAL}
    ),
    **dict.fromkeys(
        (Permission.RECORDS_RUN, Permission.RECORDS_MODERATE, Permission.RECORDS_RESULTS),
        frozenset({Scope("inspection", DRAFT), NATIONAL}),
    ),
}
OVER_AREA = dict.fromkeys(
    (Permission.OWN_RECORDS_RUN, Permission.OWN_RECORDS_RESULTS),
    frozenset({Scope("partnership", HERE)}),  # all of Scotland does not count
)
OF_AUDITS = frozenset({"record_reading:new-action", "record_reading:action-done"})
NOT_LOCKED = frozenset({"record_reading:reopen", "record_reading:share", "record_reading:destroy"})
NOT_WITHDRAWN = frozenset({"record_reading:sample-bring-back"})
NOT_HANDED_IN = frozenset({"record_reading:reading-reopen-as-lead"})


@things("record_reading", "area")
def _records_of_an_area() -> Iterator[Thing]:
    reading.RoundFactory(area=HERE)
    reading.RoundFactory(area=HERE, inspection=DRAFT)
    yield Thing("its record reading", {"area": HERE}, counts={**OVER_INSPECTION, **OVER_AREA})


@things("record_reading", "area", "audit")
def _rolling_audit() -> Iterator[Thing]:
    made = reading.RollingAuditFactory(area=HERE)
    yield Thing("a rolling audit", {"area": HERE, "audit": made.slug}, counts=OVER_AREA)


def _record_round(**kwargs: object) -> Builder:
    """Two rounds in which records are read: a turn of the area's own, and one of an inspection.

    Each has a return, a sample of one record, a reader of it, whom another record is closed to, and
    an action. `reader` and `conflict` are put in where they are asked for.
    """

    def build() -> Iterator[Thing]:
        for inspection in ("", DRAFT):
            audit = {} if inspection else {"audit": reading.RollingAuditFactory(area=HERE)}
            made = reading.OpenRoundFactory(
                area=HERE, inspection=inspection, turn=None if inspection else 1, **audit,
                # The sheet is shared, so that those who answer for the return may open it.
                shared_at=reading.NOW, shared_by="command:test",
            )  # fmt: skip
            snapshot = reading.SnapshotFactory(round=made, number=1)
            sample = reading.SampleFactory(round=made, number=1, snapshot=snapshot)
            record = reading.SampledRecordFactory(sample=sample, number=1)
            reader = reading.ReaderFactory(round=made)
            other = reading.SampledRecordFactory(sample=sample, number=2, place=2)
            conflict = reading.ConflictFactory(reader=reader, record=other)
            reading.ReadingFactory(reader=reader, record=record, on_paper=True)
            reading.AuditActionFactory(round=made, number=1)
            known = {"reader": reader.pk, "conflict": conflict.pk}
            given = {name: known.get(name, value) for name, value in kwargs.items()}
            not_now = (
                NOT_LOCKED
                | NOT_WITHDRAWN
                | NOT_HANDED_IN
                | (OF_AUDITS if inspection else frozenset())
            )
            yield Thing(
                f"a round of {inspection or 'the area'}",
                {"area": HERE, "slug": made.slug, **given},
                counts=OVER_INSPECTION if inspection else OVER_AREA,
                not_now=not_now,
            )

    return build


things("record_reading", "area", "slug")(_record_round())
things("record_reading", "area", "slug", "reader")(_record_round(reader=None))
things("record_reading", "area", "slug", "conflict")(_record_round(conflict=None))
things("record_reading", "area", "slug", "number")(_record_round(number=1))
things("record_reading", "area", "slug", "number", "section")(
    _record_round(number=1, section="plan")
)
things("record_reading", "area", "slug", "number", "part")(_record_round(number=1, part=1))
things("record_reading", "area", "slug", "number", "part", "section")(
    _record_round(number=1, part=1, section="plan")
)
things("record_reading", "area", "slug", "version")(_record_round(version=1))
things("record_reading", "area", "slug", "draw")(_record_round(draw=1))
things("record_reading", "area", "slug", "record")(_record_round(record=1))
things("record_reading", "area", "slug", "field")(_record_round(field="themes"))


def _moderated(**kwargs: object) -> Builder:
    """The same rounds, with a record two have read, and one drawn to be looked at again."""

    def build() -> Iterator[Thing]:
        for thing in _record_round(**kwargs)():
            made = Round.objects.get(area=HERE, slug=thing.kwargs["slug"])
            sample = made.samples.get()
            twice = reading.SampledRecordFactory(sample=sample, number=3, place=3, twice=True)
            for part, here in ((1, "yes"), (2, "no")):
                came = {"meeting-held": "yes", "meeting-attendance": {"police": here}}
                reading.CompleteReadingFactory(
                    reader=reading.ReaderFactory(round=made), record=twice, part=part,
                    answers={"values": {"plan-present": here, **came}, "whys": {}, "flags": {}},
                )  # fmt: skip
            once = reading.SampledRecordFactory(sample=sample, number=4, place=4)
            reader = reading.ReaderFactory(round=made)
            reading.DipCheckFactory(
                reading=reading.CompleteReadingFactory(reader=reader, record=once)
            )
            yield thing

    return build


things("record_reading", "area", "slug", "checked")(_moderated(checked=4))
things("record_reading", "area", "slug", "record", "item")(
    _moderated(record=3, item="plan-present")
)
things("record_reading", "area", "slug", "record", "item", "agency")(
    _moderated(record=3, item="meeting-attendance", agency="police")
)


def _counted(**kwargs: object) -> Builder:
    """Two rounds that were read, locked and counted: the area's own, and one of an inspection."""

    def build() -> Iterator[Thing]:
        for slug, inspection in (("counted", ""), ("counted-too", DRAFT)):
            held = Round.objects.filter(area=HERE, slug=slug).first()
            made = held or counted_round(HERE, slug, size=20, inspection=inspection)
            yield Thing(
                f"the results of {inspection or 'the area'}",
                {"area": HERE, "slug": made.slug, **kwargs},
                counts=OVER_INSPECTION if inspection else OVER_AREA,
            )

    return build


things("record_reading", "area", "slug", "item")(_counted(item="plan-quality"))
things("record_reading", "area", "slug", "kind")(_counted(kind="csv"))
