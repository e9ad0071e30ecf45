"""What the page of one inspection shows: labels, order, sources by number, what is not known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sightline.framework.definitions import Channel, Judgement, Library, Programme, Scale
from sightline.inspections.definitions import (
    EvaluationValue,
    EvidenceCount,
    InspectionDocument,
    Source,
    Sourced,
    StatedDate,
)
from sightline.inspections.history import Replaced
from sightline.inspections.overview_parts import (
    KIND_WORDS,
    QUALIFIED,
    count_words,
    differs,
    published_year,
)
from sightline.kernel.periods import ImpreciseDate

DATE_LABELS = {
    "notified": "Notified",
    "planned_inspected": "Inspection planned",
    "inspected": "Inspected",
    "planned_published": "Publication planned",
    "published": "Published",
}
CONFIDENT = {
    "confident": "Confident",
    "confident-with-conditions": "Confident, with conditions",
    "not-yet-confident": "Not yet confident",
}
_SURE = {
    "high": "",
    "medium": "stated by the press, or inferred",
    "low": "approximate or doubtful",
}


@dataclass(frozen=True)
class Cite:
    """What stands behind a fact: sources, where in them, and how sure when not fully.

    A source is its number on the page, its kind in words ("Council paper") and its title.
    """

    sources: tuple[tuple[int, str, str], ...]
    place: str
    note: str
    sure: str


@dataclass(frozen=True)
class Said:
    """One value as its sources give it; `value` is the point on the scale, for an evaluation."""

    words: str
    cite: Cite
    value: int | None = None


@dataclass(frozen=True)
class Fact:
    """A value that several sources may give. `said` is the one in use, None when not known."""

    code: str
    label: str
    said: Said | None
    others: tuple[Said, ...] = ()
    conflict: bool = False
    note: str = ""
    scope: str = ""
    expected: bool = True

    @property
    def address(self) -> str:
        """Its code as it stands in an address: `2-1`."""
        return self.code.replace(".", "-").replace("_", "-")

    @property
    def sayings(self) -> tuple[Said, ...]:
        """The one in use and then the others, side by side."""
        return (*([self.said] if self.said else []), *self.others)


@dataclass(frozen=True)
class Text:
    """Something the inspection found, in words."""

    text: str
    cite: Cite
    title: str = ""


@dataclass(frozen=True)
class Group:
    """Key messages and good practice of one frame item, or of the whole inspection."""

    heading: str
    long: str
    messages: tuple[Text, ...]
    practice: tuple[Text, ...]


class Shown:
    """One inspection as its page shows it; each part is worked out when the page asks for it."""

    def __init__(
        self, document: InspectionDocument, *, library: Library, names: Mapping[str, str]
    ) -> None:
        self.document = document
        self.programme: Programme = library.programmes.get(document.programme)
        self.scale: Scale = library.scales.get(self.programme.scale)
        self.partnership = names.get(document.partnership, document.partnership)
        self.kind = KIND_WORDS[document.kind]
        self.is_draft = document.status != "published"
        self.sources: tuple[tuple[int, Source], ...] = tuple(enumerate(document.sources, start=1))

    @property
    def name(self) -> str:
        """How the inspection is called in links: "Orkney Islands 2021, progress review"."""
        return name_of(self.document, self.partnership)

    def cite(self, item: Sourced) -> Cite:
        """What stands behind a fact."""
        sources = (source for source in self.sources if source[1].key in item.sources)
        cited = tuple((at, _capital(source.kind), source.title) for at, source in sources)
        return Cite(cited, item.place, item.note, _SURE[item.confidence])

    def _dated(self, date: StatedDate) -> Said:
        return Said(str(ImpreciseDate(date.value)), self.cite(date))

    def date(self, what: str) -> Fact:
        """One of the five dates."""
        value = getattr(self.document.dates, what)
        label = DATE_LABELS[what]
        if value is None:
            return Fact(what, label, None)
        return Fact(
            what,
            label,
            self._dated(value),
            tuple(self._dated(other) for other in value.also),
            conflict=any(other.value != value.value for other in value.also),
        )

    @property
    def dates(self) -> tuple[Fact, ...]:
        """All dates, known or not, in the order they come about."""
        return tuple(self.date(what) for what in DATE_LABELS)

    @property
    def pauses(self) -> tuple[tuple[str, str, Cite], ...]:
        """When it stood still, why, and what says so."""
        return tuple(
            (
                f"{ImpreciseDate(pause.starts)} to {ImpreciseDate(pause.ends)}"
                if pause.ends
                else f"From {ImpreciseDate(pause.starts)}; the end is not known",
                pause.reason,
                self.cite(pause),
            )
            for pause in self.document.pauses
        )

    @property
    def evidence(self) -> tuple[Fact, ...]:
        """Every channel that is known, in the programme's order and words."""
        given = {count.channel: count for count in self.document.evidence}
        return tuple(
            self._counted(channel, given[channel.code])
            for channel in self.programme.channels
            if channel.code in given
        )

    @property
    def evidence_not_known(self) -> tuple[Channel, ...]:
        """Channels the programme counts and this inspection's sources do not."""
        given = {count.channel for count in self.document.evidence}
        return tuple(c for c in self.programme.channels if c.code not in given)

    def _counted(self, channel: Channel, value: EvidenceCount) -> Fact:
        def said(count: EvidenceCount | object) -> Said:
            words = count_words(count, per_cent=channel.per_cent)  # type: ignore[arg-type]
            return Said(words, self.cite(count))  # type: ignore[arg-type]

        return Fact(
            channel.code,
            channel.label,
            said(value),
            tuple(said(other) for other in value.also),
            conflict=any(differs(value, other) for other in value.also),
        )

    def evidence_of(self, code: str) -> Fact:
        """One channel, known or not."""
        channel = self.programme.channel(code)
        given = next((c for c in self.document.evidence if c.channel == code), None)
        return self._counted(channel, given) if given else Fact(code, channel.label, None)

    @property
    def evaluations(self) -> tuple[Fact, ...]:
        """Every judgement the programme evaluates, in its order, known or not."""
        return tuple(self.evaluation(judgement) for judgement in self.programme.graded)

    def evaluation(self, judgement: Judgement) -> Fact:
        """One judgement: the evaluation in use, what others say, or that it is not known."""
        value = self.evaluation_value(judgement.code)
        label = f"{judgement.code} {judgement.title}"
        if value is None:
            expected = self.document.kind == "full"
            return Fact(judgement.code, label, None, expected=expected)
        others = tuple(self._evaluated(other) for other in value.also)
        stated = self._evaluated(value.stated) if value.stated else None
        points = {said.value for said in (stated, *others) if said}
        return Fact(
            judgement.code,
            label,
            stated,
            others,
            conflict=len(points) > 1,
            note=value.note,
            scope=value.scope,
        )

    def evaluation_value(self, code: str) -> EvaluationValue | None:
        """What the document holds of one judgement, if it lists it."""
        return next((e for e in self.document.evaluations if e.judgement == code), None)

    def _evaluated(self, stated: Sourced) -> Said:
        value: int = stated.value  # type: ignore[attr-defined]
        return Said(self.scale.point(value).word, self.cite(stated), value)

    @property
    def strengths(self) -> tuple[Text, ...]:
        """Strengths, as the report has them."""
        return self._texts(self.document.strengths)

    @property
    def improvements(self) -> tuple[Text, ...]:
        """Areas for improvement."""
        return self._texts(self.document.areas_for_improvement)

    def _texts(self, items: Iterable[Sourced]) -> tuple[Text, ...]:
        return tuple(
            Text(item.text, self.cite(item), getattr(item, "title", ""))  # type: ignore[attr-defined]
            for item in items
        )

    @property
    def whole(self) -> Group:
        """Key messages and good practice that belong to no single frame item."""
        return self._group("The whole inspection", "", "")

    @property
    def frame(self) -> tuple[Group, ...]:
        """Key messages and good practice of each question, statement or line of enquiry."""
        word = self.programme.frame.word
        return tuple(
            self._group(f"{_capital(word)} {item.number}", item.long, item.code)
            for item in self.programme.frame.items
        )

    def _group(self, heading: str, long: str, code: str) -> Group:
        return Group(
            heading,
            long,
            self._texts([m for m in self.document.key_messages if m.frame_item == code]),
            self._texts([p for p in self.document.good_practice if p.frame_item == code]),
        )

    @property
    def conclusion(self) -> tuple[str, Text, tuple[str, ...]] | None:
        """How confident the inspecting bodies were, their words in ours, and what it rests on."""
        held = self.document.conclusion
        if held is None:
            return None
        return CONFIDENT[held.statement], Text(held.text, self.cite(held)), held.basis

    def replaced_words(self, entry: Replaced) -> dict[str, str]:
        """What a replaced value was about, and what it was, in words."""
        said = "; ".join(entry.sources)
        if entry.about == "date":
            return {
                "what": DATE_LABELS[entry.subject],
                "words": str(ImpreciseDate(entry.value)),
                "said": said,
            }
        if entry.about == "count":
            channel = next((c for c in self.programme.channels if c.code == entry.subject), None)
            words = entry.printed or QUALIFIED[entry.qualifier].format(entry.value)
            suffix = "%" if channel and channel.per_cent and not entry.printed else ""
            label = channel.label if channel else entry.subject
            return {"what": label, "words": f"{words}{suffix}", "said": said}
        word = self.scale.point(int(entry.value)).word
        return {"what": f"Evaluation of {entry.subject}", "words": word, "said": said}

    @property
    def conflicts(self) -> Sequence[Fact]:
        """Every value about which sources differ."""
        return [f for f in (*self.dates, *self.evaluations, *self.evidence) if f.conflict]


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def name_of(document: InspectionDocument, partnership: str) -> str:
    """How an inspection is called: partnership, year, and what kind when not a full one."""
    year = published_year(document)
    words = f"{partnership} {year}" if year else f"{partnership}, not yet published"
    if document.kind == "full":
        return words
    return f"{words}, {KIND_WORDS[document.kind].lower()}"
