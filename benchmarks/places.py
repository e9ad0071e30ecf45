"""Reference data about places: how long loading and looking up take, on both databases.

    SIGHTLINE_SHARED=../shared python -m benchmarks.places

Bars: the published files of deprivation and population are loaded in under 10 seconds together;
looking up a data zone takes under 1 millisecond. Each database runs as it is deployed: SQLite in a
file, PostgreSQL waiting for the disk.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

from benchmarks._apart import on_both_databases

MOST_LOADING, MOST_LOOK_UP = 10.0, 1.0  # seconds; milliseconds
LOOK_UPS = 2000
FILES = (
    "simd/SIMD_2020v2_ranks.csv",
    "population/mid2020_datazone_single_year_age_sex.csv",
    "population/mid2021_datazone_total.csv",
    "population/mid2022_council_area_single_year_age_persons.csv",
)


def main() -> int:
    """Measure both databases; the status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--one", action="store_true", help="measure the database of the settings")
    if parser.parse_args().one:
        return measure()
    if not os.environ.get("SIGHTLINE_SHARED"):
        print("SIGHTLINE_SHARED is not set, so the published files are not at hand: not measured.")
        return 1
    return on_both_databases("places")


def measure() -> int:
    """Load the files once, look zones up, print both figures and say whether the bars hold."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    from sightline.access.actors import acting_as, command_line
    from sightline.partnerships import places, services
    from sightline.partnerships.models import DataZone

    folder = Path(os.environ["SIGHTLINE_SHARED"]) / "data"
    with acting_as("benchmark"):
        began = time.perf_counter()
        rows = sum(
            services.load_reference(actor=command_line(), file=folder / name).rows for name in FILES
        )
        loading = time.perf_counter() - began
    codes = list(DataZone.objects.order_by("intermediate_zone", "code")[:LOOK_UPS])
    taken = []
    for zone in codes:
        began = time.perf_counter()
        places.zone(zone.code)
        taken.append((time.perf_counter() - began) * 1000)
    look_up, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    began = time.perf_counter()
    places.bands("simd-2020v2", number=10)
    made = (time.perf_counter() - began) * 1000
    print(f"\n{connection.display_name}")
    print(
        f"  {len(FILES)} files, {rows:,} rows, loaded in {loading:.2f} s (bar {MOST_LOADING:.0f} s)"
    )
    print(
        f"  data zone looked up in {look_up:.3f} ms, 19 of 20 within {slow:.3f} ms "
        f"(bar {MOST_LOOK_UP:.0f} ms)"
    )
    print(f"  deciles of all data zones, first time: {made:.0f} ms")
    return 0 if loading < MOST_LOADING and look_up < MOST_LOOK_UP else 1


def _verdict(good: bool) -> str:
    return "holds" if good else "MISSED"


if __name__ == "__main__":
    sys.exit(main())
