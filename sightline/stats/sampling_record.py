"""The record of a draw: as data to keep, as text to print, and read back again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sightline.stats.sampling import Draw, Plan, StratumDraw


def as_data(drawn: Draw) -> dict[str, Any]:
    """The record as JSON can hold it; `from_data` gives the same draw back."""
    return {**asdict(drawn), "plan": {**asdict(drawn.plan), "minimums": _sorted(drawn.plan)}}


def _sorted(plan: Plan) -> dict[str, int]:
    return dict(sorted((plan.minimums or {}).items()))


def from_data(data: Mapping[str, Any]) -> Draw:
    """The draw a record describes.

    Raises:
        ValueError: something is missing from it, or is not of its kind.
    """
    try:
        plan = Plan(**{**data["plan"], "minimums": data["plan"]["minimums"] or None})
        strata = tuple(
            StratumDraw(
                **{
                    **one,
                    "drawn": tuple(one["drawn"]),
                    "reserves": tuple(one["reserves"]),
                    "passed_over": tuple((lost, by) for lost, by in one["passed_over"]),
                }
            )
            for one in data["strata"]
        )
        rest = {name: data[name] for name in ("method", "seed", "frame_size", "frame_hash")}
        return Draw(plan=plan, strata=strata, **rest)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise ValueError(
            f"this is no record of a draw ({fault}); give the file as written."
        ) from fault


def printed(drawn: Draw) -> str:
    """The record as a person keeps it: enough to draw again by hand."""
    plan = drawn.plan
    asked = [f"{plan.size} in all", f"at least {plan.minimum} of each stratum"]
    asked += [f"at least {least} of {name}" for name, least in _sorted(plan).items()]
    asked.append(f"{plan.reserves} reserves a stratum")
    asked.append("one of a family" if plan.one_of_a_family else "families not kept apart")
    lines = [
        f"Drawn by {drawn.method}, seed {drawn.seed!r}, from {drawn.frame_size:,} records.",
        f"Frame: SHA-256 {drawn.frame_hash}",
        f"Asked: {'; '.join(asked)}.",
    ]
    for one in drawn.strata:
        lines.append("")
        lines.append(
            f"{one.stratum}: {len(one.drawn)} of {one.held}, each standing for {one.weight:.2f}"
        )
        lines.append(f"  Drawn: {', '.join(one.drawn) or 'none'}")
        if one.reserves:
            lines.append(f"  Reserves, in order: {', '.join(one.reserves)}")
        lines += [f"  {lost} gave way to {by} of its family" for lost, by in one.passed_over]
    return "\n".join(lines)
