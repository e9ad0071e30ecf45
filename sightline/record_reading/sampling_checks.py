"""Draws a sample again from its record, and compares everything that came of it."""

from dataclasses import dataclass

from sightline.record_reading import sampling_plans
from sightline.record_reading.models import Sample, SampledRecord
from sightline.stats.sampling import redraw
from sightline.stats.sampling_record import from_data


@dataclass(frozen=True)
class Check:
    """One thing that was compared: what, whether it is the same, and a sentence about it."""

    what: str
    same: bool
    words: str


def drawn_again(sample: Sample) -> tuple[Check, ...]:
    """The draw carried out anew from record and snapshot: the sample, then the reading numbers.

    Nothing is changed. Where the draw itself differs, numbers are not compared.
    """
    try:
        record = from_data(sample.record)
        found = redraw(sampling_plans.units(sample.snapshot.rows), record)
    except ValueError as fault:
        return (Check("Sample and reserves", same=False, words=f"Not the same: {fault}"),)
    drawn = len(found.drawn)
    reserves = sum(len(one.reserves) for one in found.strata)
    first = Check(
        "Sample and reserves", same=True,
        words=f"Identical: {drawn:,} records and {reserves:,} reserves, in the same order, from "
        f"the same {found.frame_size:,} children.",
    )  # fmt: skip
    numbers = sampling_plans.numbered(found)
    kept = {
        one.reference: one.number
        for one in SampledRecord.objects.filter(sample=sample).only("number", "reference")
    }
    same = kept == numbers
    words = (
        f"Identical: all {len(kept):,} records have the number that the seed gives them."
        if same
        else "Not the same: records have other numbers than the seed gives them."
    )
    return (first, Check("Reading numbers", same=same, words=words))
