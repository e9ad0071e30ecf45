"""Disclosure control: an `Exact` table goes in, what may be shown of it comes out.

`protect` is the only maker of `Shown`, `protect_table` of `ShownTable`. Each hides small counts,
hides more where one could be worked out, and looks at what has been released before. Methods and
limits: `docs/methods/M-02-hiding-small-counts.md` for tables by one breakdown,
`docs/methods/M-13-protecting-tables.md` for those by several.
"""

from sightline.stats.disclosure.attacker import Attack, Told, attack, bounds
from sightline.stats.disclosure.attacker_model import Percentage
from sightline.stats.disclosure.choosing import Method
from sightline.stats.disclosure.derived import chart_values, mean, per_cent, ratio
from sightline.stats.disclosure.exact import Area, Count, Exact, ExactRefused, Population, spelled
from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.protecting import ReleaseRecord, protect
from sightline.stats.disclosure.protecting_tables import TableRecord, protect_table
from sightline.stats.disclosure.shown import Shown, ShownCell, ShownRow, as_data, from_data
from sightline.stats.disclosure.shown_series import (
    ShownPeriod,
    ShownSeries,
    period_of,
    series_as_data,
    series_from_data,
    series_shown,
    stands_as,
)
from sightline.stats.disclosure.shown_tables import (
    ShownTable,
    from_shown,
    table_as_data,
    table_from_data,
)
from sightline.stats.disclosure.tables import Category, Dimension, Key, Table, spelled_table
from sightline.stats.disclosure.together import (
    STANDS,
    Inside,
    Link,
    Member,
    Parts,
    Slice,
    Together,
    protect_together,
)

__all__ = [
    "STANDS",
    "Area",
    "Attack",
    "Category",
    "Count",
    "Dimension",
    "Exact",
    "ExactRefused",
    "Inside",
    "Key",
    "Link",
    "Member",
    "Method",
    "Parts",
    "Percentage",
    "Population",
    "Profile",
    "ReleaseRecord",
    "Shown",
    "ShownCell",
    "ShownPeriod",
    "ShownRow",
    "ShownSeries",
    "ShownTable",
    "Slice",
    "Table",
    "TableRecord",
    "Together",
    "Told",
    "Zeros",
    "as_data",
    "attack",
    "bounds",
    "chart_values",
    "from_data",
    "from_shown",
    "mean",
    "per_cent",
    "period_of",
    "protect",
    "protect_table",
    "protect_together",
    "ratio",
    "series_as_data",
    "series_from_data",
    "series_shown",
    "spelled",
    "spelled_table",
    "stands_as",
    "table_as_data",
    "table_from_data",
]
