"""Pages of a survey for children on a slow line: what they weigh, and how long they take.

    python -m benchmarks.surveys_pages

Bars: the first visit is under 60 kB on the wire and there in 3 seconds; later pages are under 15 kB
and there in 1.5 seconds, on a line of 400 kbit/s with 150 ms to the server and back, in Chromium.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BYTES_A_SECOND = 400_000 / 8
LATENCY = 150  # milliseconds
FIRST_KB, LATER_KB, FIRST_SECONDS, LATER_SECONDS = 60.0, 15.0, 3.0, 1.5


def main() -> int:
    """Visit the small survey as a child does; the status is 1 when a bar is missed."""
    from playwright.sync_api import sync_playwright

    from tests.journeys.respondents_made import CHILD
    from tests.journeys.serving import keep_moulds, serving

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if chromium is None:
        print("Chromium is not here: not measured.")
        return 1
    os.environ.setdefault("SIGHTLINE_DATA_KEYS", "bench:" + "A" * 43 + "=")
    os.environ.setdefault("SIGHTLINE_CONCERNS_KEYS", "bench:" + "B" * 42 + "A=")
    with tempfile.TemporaryDirectory() as moulds:
        keep_moulds(Path(moulds))
        return _told(_visited(chromium, sync_playwright, serving, CHILD))


def _visited(
    chromium: str, sync_playwright: Any, serving: Any, code: str
) -> list[tuple[float, float]]:
    """Kilobytes and seconds of each page from the first to the notice before hard questions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), ("-m", "tests.journeys.respondents_made"), "") as copy,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 720})
        line = Line(page)
        weighed = [line.load(lambda: page.goto(f"{copy.url}/s/{code}/"))]
        for press in ("a.go", "a.go", "button.go", *["button.go:visible"] * 7):
            weighed.append(line.load(lambda press=press: _pressed(page, press)))
        browser.close()
    return weighed


class Line:
    """A slow line, and what went over it."""

    def __init__(self, page: Any) -> None:
        self.page, self.bytes = page, 0.0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY,
                "downloadThroughput": BYTES_A_SECOND,
                "uploadThroughput": BYTES_A_SECOND,
            },
        )
        session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]

    def load(self, go: Any) -> tuple[float, float]:
        """Kilobytes and seconds until the page is there."""
        before, began = self.bytes, time.perf_counter()
        go()
        took = time.perf_counter() - began
        self.page.wait_for_timeout(200)
        return (self.bytes - before) / 1000, took


def _pressed(page: Any, what: str) -> None:
    before = page.url
    page.locator(what).first.click()
    page.wait_for_url(lambda url: url != before)


def _told(weighed: list[tuple[float, float]]) -> int:
    (first_kb, first_seconds), later = weighed[0], weighed[1:]
    worst_kb, worst_seconds = (max(one) for one in zip(*later, strict=True))
    middle = statistics.median(seconds for _, seconds in later)
    print(f"First visit: {first_kb:.1f} kB (under {FIRST_KB:.0f}), {first_seconds:.2f} s (in 3)")
    print(
        f"Later pages, {len(later)}: {worst_kb:.1f} kB at most (under {LATER_KB:.0f}), "
        f"{worst_seconds:.2f} s at most, {middle:.2f} s in the middle (in 1.5)"
    )
    kept = first_kb < FIRST_KB and worst_kb < LATER_KB
    return 0 if kept and first_seconds < FIRST_SECONDS and worst_seconds < LATER_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
