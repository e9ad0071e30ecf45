"""Series as readers see them, made from invented counts without a database."""

from collections.abc import Mapping

from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.measures.publishing import published
from sightline.releases.definitions import profile
from sightline.stats.disclosure import ShownSeries, period_of, protect
from tests.factories.outcomes import row_of

Counts = Mapping[str, tuple[int, int] | str]
"""By category ("": everybody), how many of how many; or the state that says why there is none."""


def rows(
    one: IndicatorDefinition, breakdown: str, years: Mapping[str, Counts], **more: object
) -> list[dict[str, object]]:
    """The results of an indicator by one breakdown; `more` is set in every row that has counts."""
    found = []
    for key, counts in years.items():
        for category, told in counts.items():
            row = row_of(one, key, breakdown if category else "", category, None)
            if isinstance(told, str):
                row["state"] = told
            else:
                count, of = told
                row |= {
                    "people": count, "counted": count, "of": of, "unknown": 0, "families": None,
                    "value": count * one.multiplier / of if of else None, "state": "observed",
                }  # fmt: skip
                row |= more
            found.append(row)
    return found


def seen(
    code: str, years: Mapping[str, Counts], *, by: str = "", reader: str = "operational",
    **more: object,
) -> dict[str, ShownSeries]:  # fmt: skip
    """By code, the series of an indicator as a kind of reader sees them."""
    one, rules = indicator(code), profile(reader).profile()
    declared = published(rows(one, by, years, **more), {one.key: one}, area="fife", vintage="1")
    return {
        held.code: ShownSeries(
            held.code, held.title, reader,
            tuple(
                period_of(
                    key, protect(table, rules)[0], values=beside.values,
                    populations=beside.populations, unknown=beside.unknown,
                    smallest=None if beside.published else rules.minimum_base,
                )
                for key, table, beside in zip(held.periods, held.tables, held.beside, strict=True)
            ),
        )
        for held in declared.series
    }  # fmt: skip
