"""`sightline stats agreement`."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from sightline.access.actors import CommandLine
from sightline.config.tables_of_stats import need, number, rows_of, stop
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput, Fault
from sightline.stats.agreement import Scale, Statistic
from sightline.stats.agreement_report import (
    THRESHOLD,
    Answer,
    ItemScale,
    Report,
    Together,
    agreement_report,
)
from sightline.stats.intervals import Interval, Missing


class Command(SightlineCommand):
    """Say how far readers of the same records agree, beyond chance.

    The file has a line each answer, with columns record, reader, item and value, and if wanted
    agency (of an item asked of each) and period. An empty value is no answer. A second file says
    what the values of an item are to each other: columns item, scale (nominal, ordinal, interval)
    and values, in order and parted by semicolons; an item not in it is nominal:

      sightline stats agreement ratings.csv
      sightline stats agreement ratings.csv --scales scales.csv --threshold 0.6 --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV, XLSX or Parquet: record, reader, item, value, …")
        parser.add_argument("--scales", metavar="FILE", help="item, scale[, values]")
        parser.add_argument(
            "--threshold", type=float, default=THRESHOLD, help="list items under (%(default)s)"
        )
        parser.add_argument("--seed", type=int, default=1, help="of drawing anew (%(default)s)")
        parser.add_argument("--times", type=int, default=1000, help="how often (%(default)s)")

    def run(self, actor: CommandLine, **options: Any) -> Report:
        scales = _scales(options["scales"]) if options["scales"] else {}
        answers = _answers(options["file"], scales)
        try:
            return agreement_report(
                answers,
                scales,
                threshold=options["threshold"],
                seed=options["seed"],
                times=options["times"],
            )
        except ValueError as fault:
            raise BadInput(f"{options['file']}: {fault}") from None

    def text(self, result: Report) -> str:
        asked = (Statistic.PER_CENT, Statistic.KAPPA, Statistic.ALPHA)
        rows = [
            (i.item, i.records, *(_said(i.statistics[one]) for one in asked), _said(i.headline))
            for i in result.items
        ]
        header = ("Item", "Records", "Per cent", "Kappa", "Alpha", "AC1 or AC2")
        lines = [columns(header, rows)]
        for name, groups in (
            ("Readers", (result.overall, *result.pairs)),
            ("Agency", result.agencies),
            ("Period", result.periods),
        ):
            if groups:
                lines += ["", _groups(name, groups)]
        if result.drift:
            said = "differs from" if result.drift.differs else "does not clearly differ from"
            lines.append(f"\n{result.drift.last} {said} {result.drift.first}: "
                         f"{_said(result.drift.difference)}")  # fmt: skip
        under = ", ".join(result.under) or "none"
        lines.append(f"\nUnder {result.threshold:g}: {under}")
        if result.surely_under:
            lines.append(f"With their whole interval: {', '.join(result.surely_under)}")
        whys = {i.headline.why for i in result.items if isinstance(i.headline, Missing)}
        if whys:
            lines.append(f"Not known: {', '.join(result.unknown)} ({'; '.join(sorted(whys))})")
        return "\n".join(lines)


def _groups(name: str, groups: Iterable[Together]) -> str:
    rows = [
        (one.name, one.records, one.answers, _said(one.per_cent), _said(one.beyond_chance))
        for one in groups
    ]
    return columns((name, "Records", "Answers", "Per cent", "Beyond chance"), rows)


def _said(found: Interval | Missing) -> str:
    if isinstance(found, Missing):
        return "–"
    return f"{found.estimate:.2f} ({found.low:.2f} to {found.high:.2f})"


def _answers(path: str, scales: dict[str, ItemScale]) -> list[Answer]:
    needed = ("record", "reader", "item", "value")
    rows = rows_of(path, needed, ("agency", "period"))
    need(path, rows, needed[:3])
    found, faults = [], []
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        cells = row.cells
        agency, text = cells.get("agency", ""), cells["value"]
        key = (cells["record"], cells["reader"], cells["item"], agency)
        before = seen.setdefault(key, row.line)
        if before != row.line:
            what = f"{cells['reader']} answered {cells['item']} on line {before} already."
            faults.append(Fault(row.place("value"), what, "Keep one."))
        scale = scales.get(cells["item"], ItemScale())
        try:
            value = _value(text, scale) if text else None
        except ValueError:
            known = ", ".join(map(str, scale.values or ())) or "numbers"
            what = f"{text!r} is no value of {cells['item']}."
            faults.append(Fault(row.place("value"), what, f"It takes: {known}."))
            continue
        found.append(Answer(*key[:3], value, agency, cells.get("period", "")))
    stop(path, faults)
    return found


def _value(text: str, scale: ItemScale) -> str | float:
    """A value as its scale has it; numbers are told apart from words where order matters."""
    value: str | float = text
    if scale.scale is Scale.INTERVAL or (scale.scale is Scale.ORDINAL and not scale.values):
        value = number(text)
    if scale.values is not None and value not in scale.values:
        raise ValueError(f"{text} is not listed")
    return value


def _scales(path: str) -> dict[str, ItemScale]:
    rows = rows_of(path, ("item", "scale"), ("values",))
    need(path, rows, ("item", "scale"))
    found: dict[str, ItemScale] = {}
    faults = []
    for row in rows:
        item, listed = row.cells["item"], row.cells.get("values", "")
        texts = [text.strip() for text in listed.split(";") if text.strip()]
        try:
            scale = Scale(row.cells["scale"].casefold())
        except ValueError:
            mend = "Write nominal, ordinal or interval."
            faults.append(Fault(row.place("scale"), f"{row.cells['scale']!r} is no scale.", mend))
            continue
        try:
            numbered = scale is Scale.INTERVAL
            values = tuple(number(text) if numbered else text for text in texts)
        except ValueError:
            faults.append(
                Fault(row.place("values"), "an interval scale takes numbers.", "Mend the list.")
            )
            continue
        if item in found or len(set(values)) < len(values):
            what = f"{item}, or a value of it, is there twice."
            faults.append(Fault(row.place("item"), what, "Keep one."))
        found[item] = ItemScale(scale, values or None)
    stop(path, faults)
    return found
