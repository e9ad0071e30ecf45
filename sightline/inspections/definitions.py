"""The schema of one whole inspection as a document: what is imported, exported and published.

The same document is a definition file (`definitions/inspections/…yaml`, facts of a published
inspection) and a JSON file people exchange. A value carries its sources; when sources disagree, the
one in use stands in the value and the others under `also`, and both are shown.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.config import JsonDict

from sightline.kernel.definitions import Closed, Code, Words, WrittenDate

SCHEMA = "sightline-inspection"
SCHEMA_VERSION = 1
LARGEST_COUNT = 1_000_000_000
LONGEST_TEXT = 20_000
LONGEST_TITLE = 300
WHOLE = re.compile(r"-?[0-9]{1,18}")

Confidence = Literal["high", "medium", "low"]
"""high: stated by a regulator, a council or a published report; medium: stated by press, or
inferred as noted; low: approximate or doubtful."""

Kind = Literal["full", "interim", "progress-review"]
Status = Literal["draft", "published"]
Qualifier = Literal["exactly", "about", "almost", "over", "at least"]
Confident = Literal["confident", "confident-with-conditions", "not-yet-confident"]
Reference = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,79}$")]


def _whole(value: Any) -> Any:
    """A whole number or its digits; "3.5", 3.5, True and "" are refused in plain words."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and WHOLE.fullmatch(value.strip()):
        return int(value)
    raise ValueError(f"{value!r} is not a whole number.")


def _on_the_scale(value: int) -> int:
    if not 1 <= value <= 6:  # noqa: PLR2004 - the scale
        raise ValueError(f"{value} is not on the scale; give a whole point from 1 to 6.")
    return value


def _not_below_zero(value: int) -> int:
    if value < 0:
        raise ValueError(f"{value} is below zero; a count is 0 or more.")
    if value > LARGEST_COUNT:
        raise ValueError(f"{value} is more than anybody counted; check the digits.")
    return value


_SCALE: JsonDict = {"minimum": 1, "maximum": 6}
_COUNT: JsonDict = {"minimum": 0, "maximum": LARGEST_COUNT}
Evaluated = Annotated[
    int,
    BeforeValidator(_whole),
    AfterValidator(_on_the_scale),
    Field(json_schema_extra=_SCALE),
]
Count = Annotated[
    int,
    BeforeValidator(_whole),
    AfterValidator(_not_below_zero),
    Field(json_schema_extra=_COUNT),
]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
LongWords = Annotated[Words, Field(max_length=LONGEST_TEXT)]
TitleWords = Annotated[Words, Field(max_length=LONGEST_TITLE)]


class Source(Closed):
    """A publication that states facts about inspections."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,79}$")]
    kind: LongWords  # report, overview, regulator news, council news, council paper, press, …
    title: TitleWords
    address: Text = ""


class Sourced(Closed):
    """What stands behind a fact: which sources, how sure, where in them."""

    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence
    place: Text = Field(default="", description="Section or paragraph of the source.")
    note: Text = ""


class StatedDate(Sourced):
    """A date as one source gives it."""

    value: WrittenDate


class DateValue(StatedDate):
    """The date in use, and what other sources say."""

    also: tuple[StatedDate, ...] = ()


class StatedCount(Sourced):
    """A count (or whole per cent) as one source gives it; `printed` when not just the digits."""

    count: Count
    qualifier: Qualifier = "exactly"
    printed: Text = ""


class EvidenceCount(StatedCount):
    """How much evidence one channel gave, and what other sources say."""

    channel: Code
    also: tuple[StatedCount, ...] = ()


class StatedEvaluation(Sourced):
    """An evaluation as one source gives it."""

    value: Evaluated


class Paragraph(Closed):
    """A paragraph in our own words, with its place in the source."""

    text: LongWords
    place: LongWords


class EvaluationValue(Closed):
    """The evaluation of one judgement. Without `stated` it is not known, and `note` may say why."""

    judgement: Text
    stated: StatedEvaluation | None = None
    also: tuple[StatedEvaluation, ...] = ()
    note: Text = ""
    scope: Text = Field(
        default="", description="What the evaluation covers, where it is restricted."
    )
    rationale: tuple[Paragraph, ...] = ()


class Point(Sourced):
    """A strength or an area for improvement, in our own words."""

    text: LongWords


class KeyMessage(Sourced):
    """A key message of one frame item; without `frame_item` it is of the whole inspection."""

    text: LongWords
    frame_item: Text = ""


class GoodPractice(Sourced):
    """An example of good practice, in our own words."""

    title: TitleWords
    text: LongWords
    frame_item: Text = ""


class Conclusion(Sourced):
    """The statement about capacity to improve, and what it rests on."""

    statement: Confident
    text: LongWords
    basis: tuple[LongWords, ...] = ()


class Pause(Sourced):
    """A stretch in which the inspection stood still."""

    starts: WrittenDate
    ends: WrittenDate | Literal[""] = ""
    reason: LongWords


class Dates(Closed):
    """Planned and actual dates; one that is not known is left out."""

    notified: DateValue | None = None
    planned_inspected: DateValue | None = None
    inspected: DateValue | None = None
    planned_published: DateValue | None = None
    published: DateValue | None = None


class InspectionDocument(Closed):
    """One whole inspection."""

    schema_name: Literal["sightline-inspection"] = Field(alias="schema")
    schema_version: Literal[1, "1"]
    reference: Reference
    programme: Text = Field(description="`code@version` of the programme definition.")
    partnership: Code
    kind: Kind
    status: Status
    follows: Text = Field(default="", description="Reference of the inspection a review follows.")
    title: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    dates: Dates = Dates()
    pauses: tuple[Pause, ...] = ()
    evidence: tuple[EvidenceCount, ...] = ()
    evaluations: tuple[EvaluationValue, ...] = ()
    strengths: tuple[Point, ...] = ()
    areas_for_improvement: tuple[Point, ...] = ()
    improvement_note: Text = Field(
        default="", description="Why there are no areas for improvement, when a source says so."
    )
    key_messages: tuple[KeyMessage, ...] = ()
    good_practice: tuple[GoodPractice, ...] = ()
    conclusion: Conclusion | None = None
    sources: tuple[Source, ...] = Field(
        default=(), description="Sources not already known to this installation."
    )
