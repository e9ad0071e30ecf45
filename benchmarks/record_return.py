"""What checking a large return costs: 20,000 children as a workbook and as CSV.

    python -m benchmarks.record_return

Bars: checked whole (types, rules, identifiers, totals, and the import carried out and rolled back)
in under 5 s and 300 MB. The import and a draw from it are timed beside it. Each file is checked in
a process of its own, whose peak of memory is what is printed; what the process had before it began
is part of that.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._apart import CHECKOUT, settings

CHILDREN, AREA, TEMPLATE = 20_000, "fife", "care-and-protection@1"
BARS = (5.0, 300)
TITLES = (
    "Reference", "Population", "Stratum", "Age band", "Care type", "Child protection register",
    "Disability recorded", "Locality", "Lead agency", "Agencies that hold records",
    "Date of the concern", "Sibling group", "Teams that worked with the child",
)  # fmt: skip
AGES = ("Under 1", "1 to 4", "5 to 10", "11 to 15", "16 to 17")
CARE = ("Looked after at home", "Kinship care", "Foster care", "Residential care", "secure")
AGENCIES = ("social-work", "health", "education", "police", "reporter")


def rows(strata: list[tuple[str, str]]) -> Iterator[list[str]]:
    """Children as a partnership sends them: codes and words, dates, sibling groups, teams."""
    chance = random.Random(7)
    for number in range(1, CHILDREN + 1):
        stratum, population = chance.choice(strata)
        held = ["social-work", *chance.sample(AGENCIES[1:], chance.randint(0, 4))]
        month, day = chance.randint(1, 9), chance.randint(1, 28)
        yield [
            f"FC-{number:06d}", population, stratum, chance.choice(AGES), chance.choice(CARE),
            chance.choice(("yes", "recent", "no")), chance.choice(("yes", "no", "not known")),
            chance.choice(("Kirkcaldy", "Levenmouth", "Dunfermline", "Glenrothes")),
            "social-work", "; ".join(held),
            f"2026-{month:02d}-{day:02d}" if chance.random() < 0.6 else "",
            f"F{chance.randint(1, 4000)}" if chance.random() < 0.3 else "",
            chance.choice(("Children and families team East", "Intake; Hospital team", "")),
        ]  # fmt: skip


def write(path: Path, strata: list[tuple[str, str]]) -> None:
    """Write the file as its name says."""
    if path.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Rows")
        for line in (list(TITLES), *rows(strata)):
            sheet.append(line)
        book.save(path)
        return
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows((list(TITLES), *rows(strata)))


def begin(folder: str) -> None:
    """A database with one round and its totals, and the two files."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    from collections import Counter

    from django.utils import timezone

    from sightline.access.actors import acting_as, command_line
    from sightline.record_reading import returning
    from sightline.record_reading.models import Round
    from sightline.record_reading.services.returning import give_totals

    with acting_as(command_line()):
        round = Round.objects.create(
            area=AREA, slug="bench", title="Bench", template=TEMPLATE, inspection="fife-2030",
            made_at=timezone.now(), made_by=command_line().audit_name,
        )  # fmt: skip
        lies_in = returning.population_of(round)
        strata = sorted(lies_in.items())
        by_stratum = Counter(row[2] for row in rows(strata))
        parts: Counter[str] = Counter()
        for stratum, number in by_stratum.items():
            parts[lies_in[stratum]] += number
        give_totals(
            actor=command_line(), round=round, strata={one: by_stratum[one] for one in lies_in},
            populations={one: parts[one] for one in returning.populations(round)},
        )  # fmt: skip
    for name in ("return.xlsx", "return.csv"):
        write(Path(folder) / name, strata)


def measure(path: Path) -> None:
    """Send one file, have it checked, import it, draw: seconds of each, and the peak of memory."""
    import django

    django.setup()
    from sightline.access.actors import acting_as, command_line
    from sightline.record_reading import return_uploads
    from sightline.record_reading.models import Round
    from sightline.record_reading.services.sampling import draw_sample
    from sightline.stats.sampling import Plan
    from sightline.uploads import services
    from sightline.uploads.files import Incoming

    actor = command_line()
    told: list[int] = []
    with acting_as(actor):
        round = Round.objects.get(slug="bench")
        incoming = Incoming()
        with path.open("rb") as file:
            while chunk := file.read(1 << 16):
                incoming.write(chunk)
        incoming.finish()
        sent = services.receive(
            actor=actor, kind=return_uploads.CODE, scope=return_uploads.scope_of(round),
            name=path.name, incoming=incoming, queue=False,
        )  # fmt: skip
        at = time.perf_counter()
        upload = services.check(
            actor=actor, key=sent.upload.pk, tell=lambda read, total: told.append(read)
        )
        checked = time.perf_counter() - at
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert (upload.state, upload.good) == ("checked", CHILDREN), upload.result
        assert len(told) > 1, "nobody was told how far it was"
        at = time.perf_counter()
        services.commit(actor=actor, key=upload.pk, good=upload.good)
        imported = time.perf_counter() - at
        at = time.perf_counter()
        reason = "measured" if round.samples.exists() else ""
        draw_sample(
            actor=actor, round=round, plan=Plan(size=110, minimum=5, reserves=3), seed=path.name,
            reason=reason,
        )  # fmt: skip
        drawn = time.perf_counter() - at
    print(f"{checked:.2f} {peak:.0f} {imported:.2f} {drawn:.2f}")


def main() -> int:
    """Measure both; the status is 1 when a bar is missed."""
    if len(sys.argv) > 1:
        path = Path(sys.argv[1])
        begin(sys.argv[1]) if path.is_dir() else measure(path)
        return 0
    missed = 0
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        environment = settings(state, f"sqlite:///{state}/bench.sqlite3")
        environment = os.environ | environment
        _run(environment, state)
        for name in ("return.xlsx", "return.csv"):
            said = _run(environment, f"{state}/{name}").split()
            checked, peak, imported, drawn = map(float, said[-4:])
            missed |= int(checked >= BARS[0] or peak >= BARS[1])
            print(
                f"{name:12} {CHILDREN:,} children  checked {checked:5.2f} s, {peak:4.0f} MB  "
                f"(bars {BARS[0]:.0f} s, {BARS[1]} MB)  imported {imported:.2f} s, sample drawn "
                f"{drawn:.2f} s",
                flush=True,
            )
    return missed


def _run(environment: dict[str, str], argument: str) -> str:
    command = [sys.executable, "-m", "benchmarks.record_return", argument]
    done = subprocess.run(
        command, env=environment, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
