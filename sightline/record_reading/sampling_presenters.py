"""A sample as its pages show it, the record of a draw as a document, the list of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.design.charts import Chart, Point, bars
from sightline.design.documents import Document, Heading, Paragraph, Table
from sightline.record_reading import returning, sampling_plans
from sightline.record_reading.models import Round, Sample, SampledRecord
from sightline.record_reading.sampling_plans import Preview
from sightline.record_reading.sampling_queries import StratumProgress
from sightline.stats.sampling import Draw, Plan

_STATES: Final[Mapping[str, tuple[str, str]]] = {
    SampledRecord.State.DRAWN: ("To be read", "neutral"),
    SampledRecord.State.RESERVE: ("In reserve", "quiet"),
    SampledRecord.State.WITHDRAWN: ("Withdrawn", "attention"),
}
TO_BRING: Final = (
    "Reading number", "Your reference", "Stratum", "Lead agency", "Agencies", "State",
)  # fmt: skip


def chart(round: Round, strata: Sequence[StratumProgress]) -> Chart | None:
    """How far reading is in each stratum; None before there is a record to read."""
    drawn, read = sum(one.drawn for one in strata), sum(one.read for one in strata)
    if not drawn:
        return None
    return bars(
        headline=f"{read:,} of {drawn:,} records are read",
        subtitle="Records of which every reading is in, per cent of those to be read, by stratum",
        points=[
            Point(
                one.label,
                round_half(100 * one.read / one.drawn) if one.drawn else None,
                count=one.read if one.drawn else None,
                base=one.drawn if one.drawn else None,
            )
            for one in strata
        ],
        measure="Read",
        unit="%",
        row_name="Stratum",
        source=f"The readings of “{round.title}”",
    )


def round_half(number: float) -> int:
    """A whole number; a half goes up."""
    return int(number + 0.5)


def per_cent(margin: float) -> str:
    """A margin in words: percentage points, to one decimal."""
    return f"{100 * margin:.1f}".removesuffix(".0")


def margin_words(found: Preview) -> str:
    """How well a share would be known, in a sentence."""
    if not found.margin:
        return "Every child in scope is drawn, so nothing is left to chance."
    return (
        f"A figure of about half of all records would be known to within "
        f"{per_cent(found.margin)} percentage points on either side, 19 times in 20. Figures of a "
        f"stratum are known less well."
    )


def sizes_words(found: Preview) -> str:
    """What other sizes would give."""
    said = [f"{size:,} for {per_cent(margin)} points" for margin, size in found.sizes.items()]
    return f"Of {found.frame:,} children it would take {' and '.join(said)}."


def asked(plan: Plan | Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """A plan in words, a line for each thing that was asked."""
    held = plan if isinstance(plan, Mapping) else vars(plan)
    said = [f"{held['size']:,} records in all"] if "size" in held else []
    if held.get("minimum"):
        said.append(f"At least {held['minimum']} from each stratum")
    said += [
        f"At least {least} from “{labels.get(code, code)}”"
        for code, least in (held.get("minimums") or {}).items()
    ]
    if "reserves" in held:
        several = "" if held["reserves"] == 1 else "s"
        said.append(f"{held['reserves']} reserve{several} in each stratum")
    if "one_of_a_family" in held:
        apart = held["one_of_a_family"]
        said.append("One child of a sibling group" if apart else "Siblings are not kept apart")
    if held.get("short"):
        said.append("All of a stratum that holds fewer than its minimum")
    return said


@dataclass(frozen=True)
class RecordRow:
    """A record of the sample in a list; `note` says who stepped in for whom."""

    number: int
    label: str
    stratum: str
    state: str
    kind: str
    twice: bool
    note: str
    reason: str
    withdrawn: bool


def rows(
    round: Round, records: Sequence[SampledRecord], read: Mapping[Any, bool]
) -> list[RecordRow]:
    """Records of a sample by reading number; `read` holds those of which all readings are in."""
    labels = returning.strata(round)
    found = []
    for one in records:
        words, kind = _STATES[one.state]
        if one.state == SampledRecord.State.DRAWN and read.get(one.pk):
            words, kind = "Read", "good"
        withdrawn = one.state == SampledRecord.State.WITHDRAWN
        found.append(
            RecordRow(
                one.number, one.label, labels.get(one.stratum, one.stratum), words, kind, one.twice,
                _note(one), one.reason if withdrawn else "", withdrawn,
            )
        )  # fmt: skip
    return found


def _note(one: SampledRecord) -> str:
    after: SampledRecord | None = getattr(one, "replaced_by", None)
    said = [f"In place of {one.replaces.label}"] if one.replaces is not None else []
    if after is not None:
        said.append(f"{after.label} stepped in")
    return ". ".join(said)


@dataclass(frozen=True)
class ToBring:
    """A record on the list that its holder brings records by."""

    label: str
    reference: str
    stratum: str
    lead: str
    agencies: str
    state: str
    is_read: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file, under `TO_BRING`."""
        return (self.label, self.reference, self.stratum, self.lead, self.agencies, self.state)


def to_bring(round: Round, records: Sequence[SampledRecord]) -> list[ToBring]:
    """Reading number beside the sender's own reference, and whose records are read of the child."""
    labels, agencies = returning.strata(round), returning.agencies()
    found = []
    for one in records:
        facts = one.facts
        named = [agencies.get(code, code) for code in facts.get("agencies") or ()]
        wanted = one.state == SampledRecord.State.DRAWN
        found.append(
            ToBring(
                one.label, one.reference, labels.get(one.stratum, one.stratum),
                agencies.get(facts.get("lead_agency") or "", "Not given"),
                "; ".join(named) or "Not given",
                "To be read" if wanted else "Withdrawn, not needed", wanted,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class StratumRecord:
    """One stratum of the record of a draw, with the numbers that its references were given."""

    label: str
    held: int
    wanted: int
    weight: str
    drawn: tuple[tuple[str, str], ...]
    reserves: tuple[tuple[str, str], ...]
    passed_over: tuple[tuple[str, str], ...]


def drawn_strata(round: Round, found: Draw) -> list[StratumRecord]:
    """The record of a draw by stratum, in the template's order."""
    numbers = sampling_plans.numbered(found)
    labels = returning.strata(round)
    order = {code: place for place, code in enumerate(labels)}

    def numbered(references: Sequence[str]) -> tuple[tuple[str, str], ...]:
        return tuple((reference, f"R-{numbers[reference]:03d}") for reference in references)

    return [
        StratumRecord(
            labels.get(one.stratum, one.stratum), one.held, one.wanted, f"{one.weight:.2f}",
            numbered(one.drawn), numbered(one.reserves), one.passed_over,
        )
        for one in sorted(found.strata, key=lambda one: (order.get(one.stratum, len(order)),))
    ]  # fmt: skip


def document(round: Round, sample: Sample, found: Draw, area: str, printed: str) -> Document:
    """The record of a draw as a document: what was asked, what was drawn, and the text of it."""
    strata = drawn_strata(round, found)
    on = sample.drawn_at
    blocks: list[Any] = [
        Paragraph(f"Sample {sample.number} of “{round.title}”, {area}, drawn from version "
                  f"{sample.snapshot.number} of the return."),
        Heading(1, "How to draw it again"),
        Paragraph(f"Method: {found.method}. Seed: {found.seed}. Children in scope: "
                  f"{found.frame_size:,}."),
        Paragraph(f"SHA-256 of the children in scope: {found.frame_hash}"),
        Paragraph("; ".join(asked(found.plan, returning.strata(round))) + "."),
        Heading(1, "Strata"),
        Table(
            "What came of each stratum",
            ("Stratum", "In scope", "Drawn", "Each stands for", "Reserves"),
            tuple(
                (one.label, f"{one.held:,}", str(len(one.drawn)), one.weight,
                 str(len(one.reserves)))
                for one in strata
            ),
        ),
    ]  # fmt: skip
    for one in strata:
        blocks.append(Heading(2, one.label))
        named = [(label, reference, "Drawn") for reference, label in one.drawn]
        named += [(label, reference, "In reserve") for reference, label in one.reserves]
        if named:
            header = ("Reading number", "Reference", "State")
            blocks.append(Table(f"{one.label}, in the order of the draw", header, tuple(named)))
        blocks += [
            Paragraph(f"{lost} gave way to {by} of its sibling group.")
            for lost, by in one.passed_over
        ]
    blocks += [Heading(1, "The record as text")]
    blocks += [Paragraph(line.strip()) for line in printed.splitlines() if line.strip()]
    return Document(
        title="Record of a draw", subtitle=round.title,
        date=f"{on.day} {on:%B %Y}", blocks=tuple(blocks),
    )  # fmt: skip
