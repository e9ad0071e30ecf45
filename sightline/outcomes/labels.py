"""Breakdowns and categories as people read them, and the order they are shown in."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sightline.children.definitions import code_list, datasets

BREAKDOWNS: Final = {
    "": "All",
    "placement": "Care setting",
    "age": "Age",
    "sex": "Sex",
    "simd": "Deprivation of the home area",
    "locality": "Locality",
    "concern": "Area of concern",
    "placement_type": "Type of placement",
    "ethnicity": "Ethnic group",
    "disability": "Disability",
    "destination": "Where they went",
    "home": "Home or away from home",
    "meeting_type": "Type of meeting",
    "hours": "In or out of hours",
}
_CATEGORIES: Final = {
    "home": "At home with parents",
    "kinship": "Kinship care",
    "foster": "Foster care",
    "other-community": "Other community placement",
    "residential": "Residential care",
    "not-known": "Not known",
    "none": "None recorded",
    "unborn": "Unborn",
    "disabled": "Disabled",
    "female": "Female",
    "male": "Male",
}
_SIMD: Final = {"1": "1 (most deprived)", "5": "5 (least deprived)"}
_PATHWAY: Final = ("home", "kinship", "foster", "other-community", "residential")
_LAST: Final = ("none", "not-known")


def breakdown_title(breakdown: str) -> str:
    """A breakdown as a heading."""
    return BREAKDOWNS.get(breakdown) or breakdown.replace("_", " ").capitalize()


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """Labels of codes that stand for one thing in every list that has them."""
    found: dict[str, set[str]] = {}
    lists = {column.codes for one in datasets() for column in one.columns if column.codes}
    for name in sorted(lists):
        for entry in code_list(name).codes:
            found.setdefault(entry.code, set()).add(entry.label)
    return {code: labels.pop() for code, labels in found.items() if len(labels) == 1}


def category_label(breakdown: str, category: str) -> str:
    """A category as its row is headed."""
    if not category or category == "all":
        return "All"
    if breakdown == "simd":
        return _SIMD.get(category, _CATEGORIES.get(category, category))
    if breakdown == "age":
        return category.replace("-", " to ").replace("not to known", "Not known").capitalize()
    if breakdown == "locality" and category not in _CATEGORIES:
        return category
    if category in _CATEGORIES:
        return _CATEGORIES[category]
    return _listed().get(category) or re.sub("[-_]", " ", category).capitalize()


def in_order(breakdown: str, categories: Iterable[str]) -> list[str]:
    """The categories in a meaningful order: as given, the care pathway, what is not known last."""
    listed = list(dict.fromkeys(categories))
    if breakdown == "placement":
        known = [one for one in _PATHWAY if one in listed]
        listed = [*known, *(one for one in listed if one not in known)]
    if breakdown == "age" and "unborn" in listed:
        listed = ["unborn", *(one for one in listed if one != "unborn")]
    return [*(o for o in listed if o not in _LAST), *(o for o in _LAST if o in listed)]
