"""What our forms hold beside what an XLSForm has columns for: one column of JSON."""

import json
import re
import unicodedata
from typing import Any, Final

from sightline.surveys.xlsform.sheets import Row

COLUMN: Final = "sightline"
ITEM: Final = (
    "wording", "kind", "dont_know", "prefer_not", "sensitive", "groups", "identifies", "lines",
    "whole", "links", "measures", "media", "choices", "choice_filter", "text",
)  # fmt: skip
SECTION: Final = ("repeat", "repeat_most")
WHOLE: Final = ("audience", "minutes", "comparable", "locked", "source")


def of(row: Row) -> dict[str, Any]:
    """What the column of a row holds; nothing where it is not ours or broken."""
    said = row.get(COLUMN)
    if not said.startswith("{"):
        return {}
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def only(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The fields that a row of its kind may hold."""
    return {name: found[name] for name in names if name in found}


def written(values: dict[str, Any]) -> str:
    """As the column holds it; empty for nothing."""
    return json.dumps(values, ensure_ascii=True, sort_keys=True) if values else ""


def slug(text: str, otherwise: str) -> str:
    """A code of small letters, digits and hyphens, from any text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return found[:60].strip("-") if found[:1].isalpha() else f"{otherwise}-{found}".strip("-")[:60]
