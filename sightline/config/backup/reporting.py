"""What is said of a restore."""

from collections.abc import Mapping
from typing import Any

from sightline.design.console import columns


def report(restored: Mapping[str, Any]) -> str:
    """A restore, as a person reads it: what was put back, and each check."""
    rows = [
        (check["what"], "good" if check["good"] else "NOT GOOD", check["found"])
        for check in restored["checks"]
    ]
    said = [
        f"Put back: {restored['rows']:,} rows of {restored['tables']} tables and "
        f"{restored['files']:,} files, as they were on {restored['made_at']} "
        f"(release {restored['release']}).",
        columns(("Checked", "", "Found"), rows),
    ]
    if restored["brought_up_to_date"]:
        said.insert(1, "The tables were of an older release, and have been brought up to date.")
    good = all(check["good"] for check in restored["checks"])
    said.append("Every check passed." if good else "Not every check passed: do not rely on it.")
    return "\n".join(said)
