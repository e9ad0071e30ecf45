"""Disclosure control: an `Exact` table goes in, what may be shown of it comes out.

`protect` is the only maker of `Shown`. It hides small counts, hides more where one could be
worked out, and looks at what has been released before. Method and limits:
`docs/methods/M-02-hiding-small-counts.md`. Two-way tables, hierarchies and an optimal choice come
later behind the same names.
"""

from sightline.stats.disclosure.exact import Area, Count, Exact, ExactRefused, Population, spelled
from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.protecting import ReleaseRecord, protect
from sightline.stats.disclosure.shown import Shown, ShownCell, ShownRow, as_data, from_data

__all__ = [
    "Area",
    "Count",
    "Exact",
    "ExactRefused",
    "Population",
    "Profile",
    "ReleaseRecord",
    "Shown",
    "ShownCell",
    "ShownRow",
    "Zeros",
    "as_data",
    "from_data",
    "protect",
    "spelled",
]
