"""What every build gets of indicators: readings of the clocks, views, figures, who is behind them.

Written into the build's own folder, beside its tables, so that each figure can be worked out again
from what lies there:

    places.parquet          fifth of deprivation and locality of each data zone
    population.parquet      people by year, sex and age
    clock-readings.parquet  how every case stands by the rules of time
    results-year.parquet, results-quarter.parquet, members.parquet, journeys.parquet
    overview.json           what is overdue and due; what each indicator needs; provisional rates
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sightline.children.building import BuildContext, register_step
from sightline.kernel.errors import BadInput
from sightline.kernel.garbage import seldom_collected
from sightline.outcomes import surroundings
from sightline.outcomes.clocks import TABLE, Working, datasets_read, forecast, readings, rulebook
from sightline.outcomes.definitions import IndicatorDefinition, indicators
from sightline.partnerships import queries
from sightline.partnerships.localities import calendar_of, guidance_taken_up
from sightline.warehouse import parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from sightline.kernel.clocks import Calendar
    from sightline.outcomes.measures.population import Population

YEARS: Final = 10
"""How many whole years back figures are worked out."""
GRIDS: Final = ("year", "quarter")
OVERVIEW: Final = "overview.json"


def step(context: BuildContext) -> None:
    """Work out everything indicators have to say of a build."""
    from sightline.outcomes.measures import computing
    from sightline.outcomes.measures.population import Population
    from sightline.outcomes.measures.shared import Shared

    places, population = _around(context)
    read = _clocks(context)
    tables = Shared(
        {
            **context.tables,
            "places": context.engine.put(places, "places"),
            TABLE: context.engine.put(read, "clock_readings_of_build"),
        },
        context.engine,
    )
    chosen = indicators()
    with seldom_collected():
        views = computing.materialise(chosen, tables, context.engine)
        _figures(context, chosen, tables, views, Population.of(population))
        _behind(context, chosen, tables, views)
    _overview(context, read, chosen)


def _figures(
    context: BuildContext,
    chosen: Sequence[IndicatorDefinition],
    tables: Mapping[str, Any],
    views: Mapping[str, Any],
    population: "Population",
) -> None:
    from sightline.outcomes.measures import computing

    area = queries.find(context.area)
    for grid in GRIDS:
        asked = [one for one in chosen if grid == "year" or one.frequency != "year"]
        figures = computing.compute(
            asked, tables, periods(context, asked, grid),
            engine=context.engine,
            population=population,
            supplied=context.supplied,
            views=views,
            areas=(area.code, area.name, area.council_code),
            reported=chosen,
        )  # fmt: skip
        parquet.write_table(figures, context.folder / f"results-{grid}.parquet")


def periods(
    context: BuildContext, asked: Sequence[IndicatorDefinition], grid: str
) -> tuple[str, ...]:
    """The keys of the periods of a grid that are over, the last ten years, in order.

    Calendars differ in which days a key stands for. One that is over in some calendar is asked of
    all indicators; where it is not over yet, `compute` says that nothing was submitted.
    """
    from sightline.outcomes.measures.periods import between

    if not context.supplied:
        return ()
    last = min(max(one.last for one in context.supplied.values()), context.today)
    first = dt.date(last.year - YEARS, 1, 1)
    found: dict[str, None] = {}
    for calendar in sorted({one.calendar for one in asked}):
        found.update(dict.fromkeys(between(first, last, grid, calendar)))  # type: ignore[arg-type]
    most = YEARS if grid == "year" else YEARS * 4
    return tuple(sorted(found))[-most:]


def _around(context: BuildContext) -> "tuple[pa.Table, list[tuple[Any, ...]]]":
    import pyarrow as pa

    zones = context.engine.fetch(context.tables["children"].select("home_zone").distinct())
    known = [zone for zone in zones["home_zone"].to_pylist() if zone]
    places = surroundings.places_table(known, today=context.today)
    years = range(context.today.year - YEARS - 1, context.today.year + 1)
    rows = list(surroundings.population_rows(context.area, years))
    names = ("year", "sex", "from_age", "to_age", "people", "simd")
    kinds = (pa.int64(), pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.string())
    schema = pa.schema(list(zip(names, kinds, strict=True)))
    made = [dict(zip(names, row, strict=True)) for row in rows]
    parquet.write_table(places, context.folder / "places.parquet")
    people = pa.Table.from_pylist(made, schema=schema)
    parquet.write_table(people, context.folder / "population.parquet")
    return places, rows


def _calendar(area: str) -> "Calendar | None":
    """The working days of an area; None where its holidays are not held."""
    try:
        return calendar_of(area)
    except BadInput:
        return None


def _clocks(context: BuildContext) -> "pa.Table":
    given = {
        code: context.engine.fetch(context.tables[code])
        for code in datasets_read()
        if code in context.supplied
    }
    working = Working(
        rules=rulebook(),
        today=context.today,
        calendar=_calendar(context.area),
        taken_up=guidance_taken_up(queries.find(context.area)),
    )
    made = readings(given, working)
    parquet.write_table(made, context.folder / f"{TABLE}.parquet")
    return made


def _behind(
    context: BuildContext,
    chosen: Sequence[IndicatorDefinition],
    tables: Mapping[str, Any],
    views: Mapping[str, Any],
) -> None:
    from sightline.outcomes.measures import computing, journeys

    members = computing.members(
        chosen, tables, periods(context, chosen, "year"), engine=context.engine, views=views
    )
    order = [("indicator", "ascending"), ("period", "ascending"), ("child", "ascending")]
    parquet.write_table(members.sort_by(order), context.folder / "members.parquet")
    steps = journeys.journeys(tables, engine=context.engine, today=context.today)
    parquet.write_table(steps, context.folder / "journeys.parquet")


def _overview(
    context: BuildContext, read: "pa.Table", chosen: Sequence[IndicatorDefinition]
) -> None:
    from sightline.outcomes.measures.computing import needs_of

    expected = forecast(read.to_pylist(), today=context.today)
    said = {
        "today": f"{context.today}",
        "supplied": {
            code: [f"{one.first}", f"{one.last}"] for code, one in context.supplied.items()
        },
        "needs": {one.code: sorted(needs_of(one)) for one in chosen if one.view},
        "provisional": _provisional(context.folder / "results-year.parquet"),
        "clocks": [
            {
                "rule": one.rule, "overdue": one.overdue, "this_week": one.this_week,
                "soon": one.soon, "judged": one.judged, "late": one.late,
                "expected_late": one.expected_late,
            }
            for one in expected
        ],
    }  # fmt: skip
    path = context.folder / OVERVIEW
    path.write_text(json.dumps(said, sort_keys=True), encoding="utf-8")
    path.chmod(0o600)


def _provisional(results: Path) -> dict[str, list[str]]:
    """By indicator, the years whose rate is out of the people of an earlier year."""
    found: dict[str, list[str]] = {}
    columns = ("indicator", "period", "breakdown", "provisional")
    for batch in parquet.batches(results, columns):
        for row in batch.to_pylist():
            if row["provisional"] and not row["breakdown"]:
                found.setdefault(row["indicator"], []).append(row["period"])
    return found


def registered() -> None:
    """Have every build work out its indicators."""
    register_step("indicators", step)
