"""How long files take: a report like the overview as PDF, Word and HTML, and charts a second.

    python -m benchmarks.documents

Bars: the PDF of an overview (32 areas, six charts, ten pages or more) under 2 s, in a process that
has just started; a chart under 5 ms.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
AREAS = 32
RUNS = 5
MOST_PDF, MOST_CHART = 2.0, 0.005


def main() -> int:
    """Measure in a fresh process; the status is 1 when a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        settings = {
            **os.environ,
            "SIGHTLINE_ENV_FILE": f"{state}/none.env",
            "SIGHTLINE_SECRET_KEY": "only-to-measure-with-" * 3,
            "SIGHTLINE_DATA_KEYS": "look:" + "A" * 43 + "=",
            "SIGHTLINE_CONCERNS_KEYS": "look:" + "B" * 42 + "A=",
            "SIGHTLINE_HTTPS": "false",
            "SIGHTLINE_STATE": state,
            "SIGHTLINE_DATABASE": f"sqlite:///{state}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "sightline.config.settings",
        }
        command = [sys.executable, "-c", "from benchmarks.documents import measure; measure()"]
        return subprocess.run(command, env=settings, cwd=CHECKOUT, check=False).returncode


def measure() -> None:
    """Time each format, print the times, and leave with an error when a bar is missed."""
    import django

    django.setup()
    from sightline.design.charts import examples
    from sightline.design.documents import to_docx, to_html, to_pdf

    document = overview_like()
    first = _seconds(lambda: to_pdf(document))
    again = _median(lambda: to_pdf(document))
    print(f"PDF of {_pages(to_pdf(document))} pages: first {first:.2f} s, then {again:.2f} s")
    print(f"  bar {MOST_PDF:.0f} s: {'holds' if first < MOST_PDF else 'MISSED'}")
    print(f"Word: {_median(lambda: to_docx(document)):.2f} s")
    print(f"HTML: {_median(lambda: to_html(document)):.3f} s")
    slowest = 0.0
    for name, chart in examples():
        taken = statistics.median(_seconds(chart.svg) for _ in range(200))
        slowest = max(slowest, taken)
        print(f"Chart, {name.lower()}: {taken * 1000:.2f} ms ({1 / taken:,.0f} a second)")
    print(f"  bar {MOST_CHART * 1000:.0f} ms: {'holds' if slowest < MOST_CHART else 'MISSED'}")
    if first >= MOST_PDF or slowest >= MOST_CHART:
        sys.exit(1)


def overview_like():  # type: ignore[no-untyped-def]  # the type needs Django's settings
    """A document of the size of a national overview: 32 areas, six charts, long tables, text."""
    from sightline.design.charts import examples
    from sightline.design.documents import Contents, Document, Figure, Heading, Paragraph, Table

    names = tuple(f"Area number {number}" for number in range(1, AREAS + 1))
    words = "What was found is set out with its evidence, and with what is not known. " * 6
    blocks = [Contents()]
    for place, (_, chart) in enumerate(examples()[:6], start=1):
        blocks += [Heading(1, f"Part {place}"), Paragraph(words), Figure(chart), Paragraph(words)]
        header = ("Area", "Outcomes", "Impact", "Leadership", "Planning", "Records read")
        rows = tuple((name, "Good", "Very Good", "Adequate", "Good", "96") for name in names)
        blocks.append(Table(f"Evaluations by area, part {place}", header, rows))
    return Document(title="An overview of 32 areas", date="1 May 2024", blocks=tuple(blocks))


def _pages(made: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(made))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_seconds(work) for _ in range(RUNS))


if __name__ == "__main__":
    sys.exit(main())
