"""`sightline stats trend`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.config.tables_of_stats import Row, number, rows_of, stop
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput, Fault
from sightline.stats import trends, verdict, xmr
from sightline.stats.series import ControlChart, Convention
from sightline.stats.trends import RunChart

HIDDEN = frozenset({"", "[c]", "[x]", "[z]", "*", "-", "..", "n/a"})


class Command(SightlineCommand):
    """Judge a series: has it changed, or does it only go up and down?

    The file has a line each point, in order, with columns label and value. A value that is empty,
    [c], [x] or * is hidden or was not supplied. The chart is chosen by the unit and the length, or
    named with --chart; the verdict is one of five fixed sentences:

      sightline stats trend referrals.csv --better lower --unit months
      sightline stats trend referrals.csv --better higher --chart run --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV, XLSX or Parquet with columns label and value")
        parser.add_argument(
            "--better", choices=("higher", "lower", "neither"), default="neither",
            help="which way is better (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument(
            "--unit", choices=("months", "quarters", "years", "points"), default="points",
            help="what the points are (default: %(default)s)",
        )  # fmt: skip
        parser.add_argument("--chart", choices=("auto", "run", "xmr"), default="auto")
        parser.add_argument("--baseline", type=int, help="points that make the median (run chart)")
        parser.add_argument(
            "--break", dest="breaks", action="append", default=[], metavar="LABEL",
            help="the first point that is not comparable with those before; may be repeated",
        )  # fmt: skip
        parser.add_argument("--code", action="store_true", help="ties break a run (PHS's script)")
        parser.add_argument("--trends", action="store_true", help="look for trends too (run chart)")
        parser.add_argument("--screened", action="store_true", help="drop wild moving ranges (XmR)")
        parser.add_argument("--floor", type=float, help="what no value can be below")
        parser.add_argument("--ceiling", type=float, help="what no value can be above")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        rows = rows_of(options["file"], ("label", "value"))
        values = _values(options["file"], rows)
        labels = [row.cells["label"] for row in rows]
        strange = [label for label in options["breaks"] if label not in labels]
        if strange:
            raise BadInput(f"--break {strange[0]} is no label of {options['file']}; mend one.")
        breaks = [labels.index(label) for label in options["breaks"]]
        try:
            chart, said = _judged(values, labels, breaks, options)
        except ValueError as fault:
            raise BadInput(f"{options['file']}: {fault}") from None
        return {
            "file": options["file"],
            "points": len(values),
            "known": sum(value is not None for value in values),
            "chart": chart,
            "verdict": said.kind,
            "text": said.text,
            "signals": [
                {"rule": s.rule, "side": s.side, "points": [labels[i] for i in s.points]}
                for s in _signals(chart, labels)
            ],
        }

    def text(self, result: dict[str, Any]) -> str:
        lines = [result["text"], *_described(result["chart"])]
        if result["signals"]:
            rows = [
                (one["rule"], {1: "up", -1: "down", 0: ""}[one["side"]], ", ".join(one["points"]))
                for one in result["signals"]
            ]
            lines.append(columns(("Signal", "Side", "Points"), rows))
        return "\n".join(lines)


def _values(path: str, rows: list[Row]) -> list[float | None]:
    values: list[float | None] = []
    faults = []
    for row in rows:
        cell = row.cells["value"]
        try:
            values.append(None if cell.casefold() in HIDDEN else number(cell))
        except ValueError:
            mend = "Give a number, or [c] where it is hidden and [x] where it was not supplied."
            faults.append(Fault(row.place("value"), f"{cell!r} is no number.", mend))
    faults += [
        Fault(row.place("label"), "it is empty.", "Name the point.")
        for row in rows
        if not row.cells["label"]
    ]
    stop(path, faults)
    return values


def _judged(
    values: list[float | None], labels: list[str], breaks: list[int], options: dict[str, Any]
) -> tuple[verdict.Chart | None, verdict.Verdict]:
    unit, better = options["unit"], options["better"]
    bounds = {"floor": options["floor"], "ceiling": options["ceiling"]}
    if options["chart"] == "auto":
        return verdict.judge(values, labels, better=better, unit=unit, breaks=breaks, **bounds)
    rebases = [(at, "a break: figures before it are not comparable") for at in breaks if at]
    chart: verdict.Chart
    if options["chart"] == "xmr":
        chart = xmr.xmr(values, screened=options["screened"], rebases=rebases, **bounds)
    else:
        convention = Convention.CODE if options["code"] else Convention.WORDING
        chart = trends.run_chart(
            values, baseline=options["baseline"], convention=convention,
            trend_rule=options["trends"], rebases=rebases,
        )  # fmt: skip
    return chart, verdict.verdict(chart, labels, better=better, unit=unit, breaks=breaks)


def _signals(chart: verdict.Chart | None, labels: list[str]) -> list[Any]:
    return list(chart.signals) if chart and len(chart.values) == len(labels) else []


def _described(chart: verdict.Chart | None) -> list[str]:
    if isinstance(chart, RunChart):
        return [
            f"Run chart, median {phase.centre:g}" + (f" ({phase.reason})" if phase.reason else "")
            for phase in chart.phases
        ]
    if isinstance(chart, ControlChart):
        return [
            f"XmR chart, mean {span.centre:.4g}, limits {span.low:.4g} to {span.high:.4g}"
            + (", trial limits: fewer than 12 values" if span.trial else "")
            for span in chart.limits
        ]
    return []
