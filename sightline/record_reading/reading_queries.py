"""Reading what readers wrote, section by section. Who may is asked at the doors."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from sightline.access.models import User
from sightline.kernel.errors import NotFound
from sightline.record_reading.asking import Answers, asked, gaps, template
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.differences import differences_of, read_twice
from sightline.record_reading.models import Reader, Reading, Round, SectionEntry
from sightline.record_reading.reading_answers import merged

State = Literal["nothing", "not-begun", "in-progress", "complete", "two-versions"]


class SectionState(NamedTuple):
    """How far a section of a reading is. `nothing`: none of it is asked of this child."""

    code: str
    letter: str
    title: str
    state: State


def entries_in_use(reading: Reading) -> dict[str, SectionEntry]:
    """The entry in use of each section that has one, by section."""
    latest = (
        SectionEntry.objects.filter(
            reading=OuterRef("reading"), section=OuterRef("section"), beside=False
        )
        .order_by("-version")
        .values("version")[:1]
    )
    rows = SectionEntry.objects.filter(reading=reading, beside=False, version=Subquery(latest))
    return {row.section: row for row in rows}


def entry_in_use(reading: Reading, section: str) -> SectionEntry | None:
    """The entry in use of one section; None where nothing has been saved."""
    rows = SectionEntry.objects.filter(reading=reading, section=section, beside=False)
    return rows.order_by("-version").first()


def stored(reading: Reading, section: str) -> int:
    """How many versions of a section there are, those beside among them."""
    rows = SectionEntry.objects.filter(reading=reading, section=section)
    return int(rows.aggregate(most=Max("version"))["most"] or 0)


def open_besides(reading: Reading, section: str = "") -> list[SectionEntry]:
    """What stands beside and is not settled, the oldest first; of one section or of all.

    Whatever is based on an entry beside, goes on from it or settles it.
    """
    rows = SectionEntry.objects.filter(reading=reading)
    if section:
        rows = rows.filter(section=section)
    followed = set(rows.filter(based_on__gt=0).values_list("section", "based_on"))
    return [
        row
        for row in rows.filter(beside=True).order_by("section", "version")
        if (row.section, row.version) not in followed
    ]


def history(reading: Reading, section: str) -> list[SectionEntry]:
    """Every version of a section, the newest first."""
    rows = SectionEntry.objects.filter(reading=reading, section=section)
    return list(rows.order_by("-version"))


def in_order(template: TemplateDefinition, entries: dict[str, SectionEntry]) -> list[SectionEntry]:
    """Entries in the order of their sections in the template."""
    return [entries[one.code] for one in template.sections if one.code in entries]


def answers_so_far(reading: Reading) -> Answers:
    """What a reading answers now: the entries in use, one after the other, as they were typed.

    Nothing is left out of it yet; `asking.tidy` does that.
    """
    found = in_order(template(reading.template), entries_in_use(reading))
    return merged(entry.answers for entry in found)


def sections(reading: Reading) -> list[SectionState]:
    """Each section of a reading with its state."""
    entries = entries_in_use(reading)
    made = template(reading.template)
    answers = merged(entry.answers for entry in in_order(made, entries))
    besides = {entry.section for entry in open_besides(reading)} if entries else set()
    return states(reading, made, answers, set(entries), besides)


def states(
    reading: Reading,
    made: TemplateDefinition,
    answers: Answers,
    begun: Iterable[str],
    besides: Iterable[str],
) -> list[SectionState]:
    """As `sections`, of what was read already."""
    facts = reading.record.facts
    on_page = set(asked(made, facts, answers["values"]))
    missing = {gap.item for gap in gaps(made, facts, answers)}
    begun, besides = set(begun), set(besides)

    def state(code: str) -> State:
        items = {item.code for item in made.section(code).items} & on_page
        if code in besides:
            return "two-versions"
        if not items:
            return "nothing"
        if code not in begun:
            return "not-begun"
        return "in-progress" if items & missing else "complete"

    return [SectionState(one.code, one.letter, one.title, state(one.code)) for one in made.sections]


def pair_of(reader: Reader) -> list[str]:
    """Names of those who read beside a reader; none where there is no pair."""
    if reader.pair is None:
        return []
    rows = Reader.objects.filter(round=reader.round_id, pair=reader.pair, ended_at__isnull=True)
    return list(
        rows.exclude(pk=reader.pk).order_by("person__name").values_list("person__name", flat=True)
    )


def has_begun(reader: Reader) -> bool:
    """Whether a reader has begun any reading of the round: they know what it is like."""
    return Reading.objects.filter(reader=reader, started_at__isnull=False).exists()


def ended_of(person: User) -> QuerySet[Reading]:
    """Readings that were somebody's and are no more: withdrawn, or given to somebody else."""
    return (
        Reading.objects.filter(
            reader__person=person,
            state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN],
            started_at__isnull=False,
            round__state__in=[Round.State.READING, Round.State.LOCKED],
        )
        .select_related("round", "record")
        .order_by("round_id", "record__number")
    )


def ended(person: User, area: str, slug: str, number: int) -> Reading | None:
    """A reading that was somebody's and is no more, by its number; None where there is none."""
    return (
        ended_of(person).filter(round__area=area, round__slug=slug, record__number=number).first()
    )


def open_differences(round: Round, own: Iterable[Reading]) -> int:
    """Differences nobody has settled between readings that are in and others of the same records.

    Args:
        round: of all of them.
        own: readings of one person that are handed in.
    """
    records = {one.record_id for one in own if one.state == Reading.State.COMPLETE}
    if not records:
        return 0
    twice = Reading.objects.filter(record__in=records, state=Reading.State.COMPLETE)
    both = [row["record"] for row in twice.values("record").annotate(n=Count("pk")) if row["n"] > 1]
    if not both:
        return 0
    pairs = read_twice(round, both)
    return sum(one.settlement is None for pair in pairs for one in differences_of(pair))


def others_in(reading: Reading) -> bool:
    """Whether another reading of the record was handed in: it may be seen beside this one."""
    rows = Reading.objects.filter(record=reading.record_id, state=Reading.State.COMPLETE)
    return rows.exclude(pk=reading.pk).exists()


def was_looked_at(reading: Reading) -> bool:
    """Whether a lead drew it to look at, or a difference of its record is settled."""
    return reading.dip_checks.exists() or reading.record.settlements.exists()


def reading_in(round: Round, number: int, part: int) -> Reading:
    """A reading of a round by its number and which of its record's it is.

    Raises:
        NotFound: there is none, or it is over.
    """
    found = paper_of(round).filter(record__number=number, part=part).first()
    if found is None:
        raise NotFound("There is no such reading in this round.")
    return found


def paper_of(round: Round) -> QuerySet[Reading]:
    """Readings of a round as the page of paper lists them, those that are over left out."""
    return (
        Reading.objects.filter(round=round, record__sample__set_aside_at__isnull=True)
        .exclude(state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN])
        .select_related("record", "reader__person", "round")
        .annotate(saved=Count("entries", filter=Q(entries__beside=False)))
        .order_by("record__number", "part")
    )
