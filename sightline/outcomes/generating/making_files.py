"""Everything `sightline generate` writes: extracts, what was planted, what indicators come to."""

import csv
import datetime as dt
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sightline.design.console import plain
from sightline.kernel.errors import BadInput
from sightline.outcomes.generating.answers import Answer, answers
from sightline.outcomes.generating.drawing import birthday
from sightline.outcomes.generating.extracts import extract
from sightline.outcomes.generating.faults import Planted, plant
from sightline.outcomes.generating.files import (
    Style,
    Written,
    as_sent,
    table,
    write_csv,
    write_parquet,
)
from sightline.outcomes.generating.lives import Log, Setting
from sightline.outcomes.generating.making import make_log
from sightline.outcomes.generating.published import published_rows
from sightline.outcomes.generating.variants import Variant, write_variants

ABOUT: Final = "about.json"
ANSWERS: Final = "answers.csv"
PLANTED: Final = "planted.json"


@dataclass(frozen=True)
class Generated:
    """What was written.

    Attributes:
        area, first, until, seed: what it is of.
        files: each file, with its rows.
        planted: faults, if any were asked for.
        variants: whole files that are wrong, if any were asked for.
        answers: how many answers of indicators are beside them.
    """

    area: str
    first: dt.date
    until: dt.date
    seed: int
    files: tuple[Written, ...]
    planted: tuple[Planted, ...] = ()
    variants: tuple[Variant, ...] = ()
    answers: int = 0


def generate(
    folder: Path,
    setting: Setting,
    *,
    faults: bool = False,
    variants: bool = False,
    parquet: bool = False,
    known: bool = True,
    style: Style = "template",
) -> Generated:
    """Make the lives of a setting and write them down.

    Args:
        folder: a new one.
        setting: whose lives.
        faults: plant one of each.
        variants: write files that are wrong as a whole, in `variants/`.
        parquet: typed tables rather than files as a council sends them.
        known: work out what indicators come to, and write that beside.
        style: headings and codes of the template, or of one supplier.

    Raises:
        BadInput: the folder holds something already.
    """
    empty_folder(folder)
    log = make_log(setting)
    rows = extract(log)
    found_answers = answers(log) if known else []
    sent = as_sent(rows, setting.seed) | {"published-figures": published_rows(setting)}
    planted: list[Planted] = []
    wrong: list[Variant] = []
    if parquet:
        files = write_parquet(folder, rows | {"published-figures": sent["published-figures"]})
    else:
        tables = {code: table(code, those, style) for code, those in sent.items()}
        if variants:
            wrong = write_variants(folder / "variants", tables, _a_year_ago(log), setting.seed)
        if faults:
            planted = plant(tables, setting.seed, setting.until)
        files = write_csv(folder, tables)
    found = Generated(
        setting.area, setting.first, setting.until, setting.seed,
        tuple(files), tuple(planted), tuple(wrong), len(found_answers),
    )  # fmt: skip
    _write_beside(folder, found, found_answers)
    return found


def empty_folder(folder: Path) -> None:
    """Make a folder; refuses one that holds something.

    Raises:
        BadInput: it is a file, or holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} holds something already; name a new folder.")
    folder.mkdir(parents=True, exist_ok=True)


def _a_year_ago(log: Log) -> dict[str, list[list[str]]]:
    rows = extract(log, birthday(log.setting.until, -1))
    return {"register-entries": table("register-entries", rows["register-entries"])}


def _write_beside(folder: Path, found: Generated, known: list[Answer]) -> None:
    beside = folder / "beside"
    beside.mkdir()
    (beside / ABOUT).write_text(json.dumps(plain(found), indent=2), encoding="utf-8")
    if found.planted:
        text = json.dumps([asdict(one) for one in found.planted], indent=2)
        (beside / PLANTED).write_text(text, encoding="utf-8")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["indicator", "period", "breakdown", "category", "people", "of", "unknown"])
    writer.writerows([*asdict(answer).values()] for answer in known)
    (beside / ANSWERS).write_text(out.getvalue(), encoding="utf-8", newline="")
