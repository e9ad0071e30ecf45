"""A small log that the tests here share: made once, changed by none."""

import datetime as dt
from functools import lru_cache

from sightline.outcomes.generating.areas import setting
from sightline.outcomes.generating.lives import Log
from sightline.outcomes.generating.making import make_log

UNTIL = dt.date(2026, 7, 31)


@lru_cache(maxsize=4)
def a_log(children: int = 900, years: int = 6, seed: int = 7) -> Log:
    return make_log(setting("strathgarry", children=children, years=years, seed=seed, until=UNTIL))
