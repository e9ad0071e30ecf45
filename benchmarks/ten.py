# ruff: noqa: E501, S608 - queries as somebody would write them, of constants alone
"""The ten indicators of the large tables: as definitions, as SQL written by hand, and as pandas.

All three answer the same: for every quarter of ten years, for everybody, by SIMD quintile and by
sex, how many were counted, how many different children and families they are, and out of how many.
`run(way, folder)` gives rows; the SQL and the pandas are what somebody would write who knows the
data well: no joins that are not needed, nothing worked out twice.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GROUPS = ("simd", "sex")
FIRST_YEAR, YEARS = 2014, 10
ZONES = 2_000
DATASETS = ("children", "register-entries", "care-episodes", "placements", "attendance")
Key = tuple[str, str, str, str]
Row = tuple[int | None, int | None, int | None, int | None, float | None]


def quarters() -> list[tuple[str, str, str]]:
    """Keys and days of the forty quarters."""
    starts = []
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        starts += [f"{year}-08-01", f"{year}-11-01", f"{year + 1}-02-01", f"{year + 1}-05-01"]
    starts.append(f"{FIRST_YEAR + YEARS}-08-01")
    import datetime as dt

    days = [dt.date.fromisoformat(day) for day in starts]
    found = []
    for number, (first, after) in enumerate(itertools.pairwise(days)):
        year = FIRST_YEAR + number // 4
        key = f"{year}-{(year + 1) % 100:02d} Q{number % 4 + 1}"
        found.append((key, first.isoformat(), (after - dt.timedelta(days=1)).isoformat()))
    return found


def places() -> Any:
    """Quintile and locality of each data zone, by two versions of the index."""
    import datetime as dt

    import pyarrow as pa

    versions = [
        (0, dt.date(1900, 1, 1), dt.date(2019, 7, 31)),
        (1, dt.date(2019, 8, 1), dt.date(2999, 12, 31)),
    ]
    rows = [
        {
            "zone": f"S01{990_000 + zone}",
            "simd": str(1 + (zone * 7 + version * (zone % 11 == 0)) % 5),
            "locality": f"Locality {zone % 8}",
            "first": first,
            "last": last,
        }
        for zone in range(ZONES)
        for version, first, last in versions
    ]
    schema = pa.schema(
        [("zone", pa.string()), ("simd", pa.string()), ("locality", pa.string()),
         ("first", pa.date32()), ("last", pa.date32())]
    )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def population() -> Any:
    """People aged 0 to 17, every year alike."""
    from sightline.outcomes.measures.population import Population

    rows = [
        (year, "persons", 0, 17, 1_000_000) for year in range(FIRST_YEAR, FIRST_YEAR + YEARS + 2)
    ]
    rows += [(r[0], sex, 0, 17, 500_000) for r in rows[:] for sex in ("male", "female")]
    return Population.of(rows)


def definitions() -> list[Any]:
    """The ten, told apart by quintile and sex. Eight are those of the catalogue."""
    from sightline.outcomes.definitions import IndicatorDefinition, registry

    known = {one.key: one for one in registry()}
    catalogue = {
        "cp13@2": "cp13", "cp14@2": "cp14", "cp15@2": "cp15", "cp18@1": "cp18", "cp17@1": "cp17",
    }  # fmt: skip
    found = [
        known[key].model_copy(update={"breakdowns": GROUPS, "inside": ()}) for key in catalogue
    ]
    number = found[0].model_copy(
        update={"code": "cp13-number", "of": "none", "unit": "count", "population": None}
    )
    moves = known["la09@1"]
    three = moves.counts[0].model_copy(update={"at_least": 3})
    moves = moves.model_copy(
        update={
            "code": "la09-three",
            "frequency": "quarter",
            "breakdowns": GROUPS,
            "counts": (three,),
        }
    )
    common = {
        "version": 1, "title": "Of the benchmark", "theme": "protection", "kind": "output",
        "direction": "context", "frequency": "quarter", "calendar": "aug_jul", "counted": "those",
        "base_words": "all", "breakdowns": list(GROUPS), "age_bands": "looked-after",
        "source": {"title": "Benchmark", "tag": "L"}, "note": "Of the benchmark.",
        "scrutiny": ["What is behind it?"],
    }  # fmt: skip
    made = [
        {"code": "median-length", "unit": "days", "shape": "median", "view": "register_exits",
         "date": "deregistered_on", "value": "days_on_register", "count": "rows"},
        {"code": "attendance-rate", "unit": "per_cent", "shape": "flow", "view": "half_days",
         "date": "day", "count": "rows", "counts": [{"column": "attended", "true": "yes"}]},
        {"code": "persistent-absence", "unit": "per_cent", "shape": "flow", "view": "pupil_years",
         "date": "last_day", "counts": [{"column": "attended_percent", "under": 90}]},
    ]  # fmt: skip
    added = [IndicatorDefinition.model_validate({**common, **one}) for one in made]
    return [number, *found, moves, *added]


def ours(
    folder: Path, *, memory: str = "", threads: int = 2, name: str = "duckdb"
) -> dict[Key, Row]:
    """From the definitions, by the engine of the product."""
    from sightline.children.definitions import datasets
    from sightline.children.tables import empty
    from sightline.outcomes.measures.computing import compute
    from sightline.warehouse.engines import engine

    with engine(name, memory=memory, threads=threads, folder=folder / "spill") as warehouse:
        tables = {
            one.code: warehouse.read(folder / f"{one.code}.parquet")
            if one.code in DATASETS
            else warehouse.put(empty(one), f"empty_{one.code.replace('-', '_')}")
            for one in datasets()
        }
        tables["places"] = warehouse.put(places(), "places")
        keys = [key for key, _, _ in quarters()]
        table = compute(definitions(), tables, keys, engine=warehouse, population=population())
    columns = (
        "indicator",
        "period",
        "breakdown",
        "category",
        "counted",
        "people",
        "families",
        "of",
        "value",
    )
    rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
    return {row[:4]: row[4:] for row in rows}


# -- SQL, by hand

_GROUPED = """
  CASE WHEN grouping(simd) = 0 THEN 'simd' WHEN grouping(sex) = 0 THEN 'sex' ELSE '' END,
  CASE WHEN grouping(simd) = 0 THEN simd WHEN grouping(sex) = 0 THEN sex ELSE '' END"""
_SETS = "GROUP BY GROUPING SETS ((key), (key, simd), (key, sex))"
_COUNTS = (
    "count(*) FILTER (yes), count(DISTINCT child) FILTER (yes), count(DISTINCT family) FILTER (yes)"
)


def _set_up() -> Iterator[str]:
    for name in DATASETS:
        yield f"CREATE VIEW {name.replace('-', '_')} AS SELECT * FROM '{{folder}}/{name}.parquet'"
    yield """CREATE TEMP TABLE entries AS
        SELECT e.child, e.registered_on, e.deregistered_on, c.sex, c.family, c.home_zone,
          lead(e.registered_on) OVER (PARTITION BY e.child ORDER BY e.registered_on) AS again_on
        FROM register_entries e JOIN children c USING (child) WHERE NOT e.temporary"""
    yield """CREATE TEMP TABLE cared AS
        SELECT p.child, p.placement, p.started_on, coalesce(p.ended_on, DATE '9000-01-01') AS ended_on
        FROM placements p JOIN care_episodes e USING (episode) WHERE NOT e.short_breaks"""


def _placed(rows: str, day: str, keep: str) -> str:
    return f"""SELECT {keep}, q.key, coalesce(p.simd, 'not-known') AS simd, e.sex, e.child, e.family
        FROM {rows} LEFT JOIN places p ON p.zone = e.home_zone AND {day} BETWEEN p.first AND p.last"""


def _flow(day: str, back: str = "", yes: str = "true") -> str:
    """Entries with a day in each quarter, or so much earlier."""
    window = f"e.{day} BETWEEN q.first{back} AND q.last{back}"
    if back:
        window = f"e.{day} >= q.first{back} AND e.{day} < (q.last + INTERVAL 1 DAY){back}"
    return _placed(
        f"entries e JOIN quarters q ON {window}", f"e.{day}",
        f"{yes} AS yes, date_diff('day', e.registered_on, e.deregistered_on) AS days",
    )  # fmt: skip


def _counted(rows: str) -> str:
    """How many rows, children and families."""
    return (
        f"""SELECT key, {_GROUPED}, {_COUNTS}, NULL::BIGINT, NULL::DOUBLE FROM ({rows}) {_SETS}"""
    )


def _share(rows: str) -> str:
    """How many children of how many."""
    return f"""SELECT key, {_GROUPED}, count(DISTINCT child) FILTER (yes),
        count(DISTINCT child) FILTER (yes), count(DISTINCT family) FILTER (yes),
        count(DISTINCT child), NULL::DOUBLE FROM ({rows}) {_SETS}"""


_LOOKED_AFTER = """
        SELECT child, y AS year FROM (
          SELECT child, unnest(range(school_year(started_on), school_year(CAST(greatest(started_on,
            ended_on - 1) AS DATE)) + 1)) AS y FROM cared) GROUP BY ALL"""
_MOVES = """
        SELECT n.n >= 3 AS yes, q.key, coalesce(p.simd, 'not-known') AS simd, c.sex, c.child, c.family
        FROM (SELECT child, year, count(*) AS n FROM (SELECT child, unnest(range(school_year(started_on),
            school_year(CAST(greatest(started_on, ended_on - 1) AS DATE)) + 1)) AS year FROM cared)
          GROUP BY ALL) n
        JOIN quarters q ON q.last = make_date(n.year + 1, 7, 31)
        JOIN children c USING (child)
        LEFT JOIN places p ON p.zone = c.home_zone AND q.last BETWEEN p.first AND p.last"""
_RATE = f"""
        SELECT key, {_GROUPED}, sum(there)::BIGINT, count(DISTINCT child) FILTER (there > 0),
          count(DISTINCT family) FILTER (there > 0), sum(n)::BIGINT, NULL::DOUBLE FROM (
          SELECT a.n, a.there, q.key, coalesce(p.simd, 'not-known') AS simd, c.sex, c.child, c.family
          FROM (SELECT child, date_trunc('month', day)::DATE AS month, count(*) AS n,
              count(*) FILTER (code IN ('present', 'late', 'work-experience')) AS there
            FROM attendance GROUP BY ALL) a
          JOIN quarters q ON a.month BETWEEN q.first AND q.last
          JOIN ({_LOOKED_AFTER}) l ON l.child = a.child AND l.year = school_year(a.month)
          JOIN children c ON c.child = a.child
          LEFT JOIN places p ON p.zone = c.home_zone AND a.month BETWEEN p.first AND p.last) {_SETS}"""
_ABSENT = f"""
        SELECT a.share < 90 AS yes, q.key, coalesce(p.simd, 'not-known') AS simd, c.sex, c.child, c.family
        FROM (SELECT child, school_year(day) AS year, max(day) AS last_day,
            count(*) FILTER (code IN ('present', 'late', 'work-experience')) * 100.0 / count(*) AS share
          FROM attendance GROUP BY ALL) a
        JOIN quarters q ON a.last_day BETWEEN q.first AND q.last
        JOIN ({_LOOKED_AFTER}) l USING (child, year)
        JOIN children c USING (child)
        LEFT JOIN places p ON p.zone = c.home_zone AND a.last_day BETWEEN p.first AND p.last"""


def sql() -> dict[str, str]:
    """The queries, by the code of the definition they answer."""
    stock = _placed(
        "entries e JOIN quarters q ON e.registered_on <= q.last "
        "AND (e.deregistered_on IS NULL OR e.deregistered_on > q.last)",
        "e.registered_on",
        "e.registered_on + INTERVAL 12 MONTH <= q.last AS yes",
    )
    on = f"""SELECT key, {_GROUPED}, count(DISTINCT child), count(DISTINCT child),
        count(DISTINCT family), NULL::BIGINT, NULL::DOUBLE FROM ({stock}) {_SETS}"""
    again = "coalesce(e.again_on <= e.deregistered_on + INTERVAL 24 MONTH, false)"
    median = f"""SELECT key, {_GROUPED}, count(days), count(DISTINCT child), count(DISTINCT family),
        count(days), median(days) FROM ({_flow("deregistered_on")}) {_SETS}"""
    return {
        "cp13-number": on,
        "cp13": on,
        "cp14": _counted(_flow("registered_on")),
        "cp15": _counted(_flow("deregistered_on")),
        "cp18": _share(_flow("deregistered_on", " - INTERVAL 24 MONTH", again)),
        "cp17": _share(stock),
        "la09-three": _share(_MOVES),
        "median-length": median,
        "attendance-rate": _RATE,
        "persistent-absence": _share(_ABSENT),
    }


def by_hand(folder: Path, *, memory: str = "", threads: int = 2) -> dict[Key, Row]:
    """From SQL written by hand."""
    import duckdb

    found: dict[Key, Row] = {}
    con = duckdb.connect(":memory:")
    con.execute(
        f"SET threads = {threads}; SET preserve_insertion_order = false; SET TimeZone = 'UTC'"
    )
    con.execute(f"SET temp_directory = '{folder}/spill-by-hand'")
    if memory:
        con.execute(f"SET memory_limit = '{memory}'")
    con.register("places_given", places())
    con.execute("CREATE TABLE places AS SELECT * FROM places_given")
    con.execute("CREATE TABLE quarters (key VARCHAR, first DATE, last DATE)")
    con.executemany("INSERT INTO quarters VALUES (?, ?, ?)", quarters())
    con.execute(
        "CREATE MACRO school_year(d) AS (year(d) - CASE WHEN month(d) < 8 THEN 1 ELSE 0 END)"
    )
    for statement in _set_up():
        con.execute(statement.format(folder=folder))
    for code, query in sql().items():
        for key, breakdown, category, *rest in con.execute(query).fetchall():
            found[code, key, breakdown, category] = tuple(rest)
    con.close()
    return found
