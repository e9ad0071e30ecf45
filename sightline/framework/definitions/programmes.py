"""A programme of inspections: whom, framed how, which judgements evaluated, printed how."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from sightline.framework.definitions.frameworks import IndicatorCode, Source
from sightline.kernel.definitions import Closed, Code, Definition, Words, WrittenDate
from sightline.kernel.errors import NotFound

GAP = re.compile(r"\{[^{}]*\}")


class FrameItem(Closed):
    """One question, statement or key line of enquiry. `official` is false when paraphrased."""

    code: Code
    number: int = Field(ge=1)
    short: Words
    long: Words
    official: bool
    also_printed: tuple[Words, ...] = Field(
        default=(), description="Other wordings of it seen in published reports."
    )
    indicators: tuple[IndicatorCode, ...] = Field(
        default=(), description="Indicators that mainly bear on it (our reading)."
    )


class Frame(Closed):
    """What a programme's findings are organised by, and what that is called."""

    word: Words  # "question"
    plural: Words  # "questions"
    heading: Words  # "The five inspection questions"
    source: Source
    items: tuple[FrameItem, ...] = Field(min_length=1)


class Judgement(Closed):
    """Something the programme gives one evaluation to: an indicator, or a suite of them as one."""

    code: Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$")]
    title: Words
    indicators: tuple[IndicatorCode, ...] = Field(min_length=1)
    question: str = Field(default="", description="The domain question it is printed under.")
    note: str = ""

    @property
    def is_suite(self) -> bool:
        """One evaluation for several indicators together."""
        return len(self.indicators) > 1


class Channel(Closed):
    """A way evidence was gathered, and how this programme counts and words it.

    `sentence` is printed with `{count}` (already "109" or "over 350"). `pooled` joins channels
    across programmes in the overview ("records-read"); two with one name are added up.
    """

    code: Code
    label: Words
    sentence: Words
    unit: Words
    pooled: Code
    per_cent: bool = False


class Section(StrEnum):
    """The parts a report of one inspection may have, which a programme puts in its own order."""

    EVIDENCE = "evidence"
    SUMMARY = "summary"
    STRENGTHS = "strengths"
    IMPROVEMENTS = "improvements"
    KEY_MESSAGES = "key-messages"
    FRAME = "frame"
    PRACTICE = "practice"
    EVALUATIONS = "evaluations"
    CONCLUSION = "conclusion"
    NEXT = "next"
    FRAMEWORK = "framework"
    TERMS = "terms"


class ReportSection(Closed):
    """One section of the printed report, with its heading in the programme's words."""

    section: Section
    heading: Words


class TermUsed(Closed):
    """A word this programme defines for its reports, in our words."""

    term: Words
    meaning: Words


class Phase(Closed):
    """A stretch of the timetable, in counted weeks (school holidays are not counted)."""

    name: Words
    first_week: int = Field(ge=1)
    last_week: int = Field(ge=1)
    events: tuple["PhaseEvent", ...] = ()


class PhaseEvent(Closed):
    """Something expected in a week of the template; `last_week` when it lasts longer."""

    week: int = Field(ge=1)
    last_week: int | None = None
    what: Words
    owner: str = ""
    indicative: bool = True


class Programme(Definition):
    """A programme of joint inspections: who, framed how, which judgements graded, printed how."""

    short: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,5}$")]
    title: Words
    years: WrittenDate
    framework: str
    scale: str
    terms: str
    population: Words
    about: Words
    source: Source
    frame: Frame
    graded: tuple[Judgement, ...] = Field(min_length=1)
    indicators_printed: int = Field(ge=1, description="How many indicators its reports say it has.")
    indicators_note: str = ""
    channels: tuple[Channel, ...] = Field(min_length=1)
    report: tuple[ReportSection, ...] = Field(min_length=1)
    practice_word: Words  # "example of good practice", "practice example"
    sample_caveat: Words  # with {area}
    next_steps: Words
    definitions: tuple[TermUsed, ...] = ()
    glossary: tuple[TermUsed, ...] = ()
    phases: tuple[Phase, ...] = ()
    phases_note: str = Field(default="", description="How sure the weeks are.")

    @model_validator(mode="after")
    def nothing_is_given_twice(self) -> "Programme":
        """Codes, sections and terms each stand once; frame items are numbered from 1."""
        for thing, names in self._named().items():
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{thing}: {', '.join(twice)} is given twice; keep one.")
        numbers = [item.number for item in self.frame.items]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"frame.items are numbered {numbers}; number them 1, 2, 3 in order.")
        return self

    def _named(self) -> dict[str, list[str]]:
        return {
            "frame.items": [item.code for item in self.frame.items],
            "graded": [judgement.code for judgement in self.graded],
            "channels": [channel.code for channel in self.channels],
            "report": [part.section for part in self.report],
            "definitions": [used.term for used in self.definitions],
            "glossary": [used.term for used in self.glossary],
        }

    @model_validator(mode="after")
    def sentences_have_their_gaps(self) -> "Programme":
        """A channel's sentence has `{count}` and the caveat has `{area}`, and no other gap."""
        gaps = {f"channels.{channel.code}.sentence": channel.sentence for channel in self.channels}
        for where, sentence in gaps.items():
            if GAP.findall(sentence) != ["{count}"]:
                raise ValueError(f"{where} must have {{count}} once and no other gap: {sentence}")
        if set(GAP.findall(self.sample_caveat)) != {"{area}"}:
            raise ValueError("sample_caveat must have {area} and no other gap.")
        return self

    @model_validator(mode="after")
    def weeks_follow_each_other(self) -> "Programme":
        """Phases run one after another from week 1, and each event starts in its own phase."""
        expected = 1
        for phase in self.phases:
            if phase.first_week != expected or phase.last_week < phase.first_week:
                raise ValueError(
                    f"phase {phase.name} runs from week {phase.first_week} to {phase.last_week}; "
                    f"it must start in week {expected} and not end before that."
                )
            for event in phase.events:
                last = event.week if event.last_week is None else event.last_week
                if not phase.first_week <= event.week <= phase.last_week or last < event.week:
                    raise ValueError(
                        f"{event.what!r} is in week {event.week} to {last}, which does not start "
                        f"in its phase, {phase.name} ({phase.first_week} to {phase.last_week})."
                    )
            expected = phase.last_week + 1
        return self

    @property
    def weeks(self) -> int:
        """How many counted weeks the template runs, 0 when there is no template."""
        return self.phases[-1].last_week if self.phases else 0

    def judgement(self, code: str) -> Judgement:
        """The graded judgement with this code, or `NotFound` saying what the programme grades."""
        for judgement in self.graded:
            if judgement.code == code:
                return judgement
        graded = ", ".join(judgement.code for judgement in self.graded)
        raise NotFound(f"{self.short} gives no evaluation of {code}; it evaluates {graded}.")

    def frame_item(self, code: str) -> FrameItem:
        """The frame item with this code."""
        for item in self.frame.items:
            if item.code == code:
                return item
        known = ", ".join(item.code for item in self.frame.items)
        raise NotFound(f"{self.short} has no {self.frame.word} {code}; it has {known}.")

    def channel(self, code: str) -> Channel:
        """The channel of evidence with this code."""
        for channel in self.channels:
            if channel.code == code:
                return channel
        known = ", ".join(channel.code for channel in self.channels)
        raise NotFound(f"{self.short} counts no {code}; it counts {known}.")
