"""Published figures that go with an invented partnership.

Those of Scotland are as published, each with its source. Those of the two areas beside it are
invented, like the areas.
"""

import datetime as dt
from typing import Final

from sightline.outcomes.generating.drawing import Draw
from sightline.outcomes.generating.lives import Event, Setting

CSWS: Final = "Children's Social Work Statistics Scotland"
SCOTLAND: Final = (
    ("cl01", "2022-23", "", 29.0), ("cl02", "2023-24", "", 22.0), ("cl04", "2022-23", "", 49.0),
    ("cl05", "2017-18", "", 72.0), ("cl06", "2017-18", "", 70.0), ("cl09", "2023-24", "", 55.0),
    ("cp07", "2023-24", "", 4.0), ("cp16", "2023-24", "", 48.0), ("cp28", "2023-24", "", 48.0),
    ("cp20", "2023-24", "domestic-abuse", 45.0), ("cp20", "2023-24", "neglect", 42.0),
    ("cp20", "2023-24", "parental-substance-use", 39.0),
    ("cp20", "2023-24", "parental-mental-health", 37.0),
    ("cp20", "2023-24", "emotional-abuse", 33.0), ("la02", "2022-23", "", 9.7),
    ("la05", "2018-19", "", 90.0), ("la05", "2017-18", "", 90.0), ("la05", "2016-17", "", 90.0),
)  # fmt: skip
BESIDE: Final = {"Glen Orrin (invented)": 1.06, "Eilean Dubh (invented)": 0.93}
LEVELS: Final = {
    "cl01": 27.0, "cl02": 20.0, "cl04": 50.0, "cl05": 70.0, "cl06": 68.0, "cl09": 50.0, "cp07": 4.2,
    "cp13": 2.1, "cp16": 47.0, "cp28": 46.0, "la01": 11.6, "la02": 9.4, "la05": 89.0,
}  # fmt: skip
PUBLISHED_AFTER_DAYS: Final = 240


def published_rows(setting: Setting) -> list[Event]:
    """Figures that had been published by the last day of a setting."""
    found = [
        _row(measure, "Scotland", period, category, value, "as first published", CSWS)
        for measure, period, category, value in SCOTLAND
    ]
    for area, level in BESIDE.items():
        draw = Draw(setting.seed, "published", area)
        for measure, value in LEVELS.items():
            for year in range(setting.first.year, setting.until.year):
                key = f"{year}-{(year + 1) % 100:02d}"
                drawn = round(value * level * (0.93 + 0.14 * draw.share()), 1)
                found.append(_row(measure, area, key, "", drawn, "invented", "Made up"))
    return [row for row in found if row["published_on"] <= setting.until]


def _row(
    measure: str, area: str, period: str, category: str, value: float, vintage: str, source: str
) -> Event:
    end = dt.date(int(period[:4]) + 1, 7, 31)
    return {
        "measure": measure,
        "area": area,
        "period": period,
        "period_end": end,
        "category": category or None,
        "value": value,
        "marker": "observed",
        "vintage": vintage,
        "published_on": end + dt.timedelta(days=PUBLISHED_AFTER_DAYS),
        "source": source,
    }
