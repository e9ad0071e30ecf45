"""docs/reference/permissions.md: roles × permissions, and what each address asks for.

python -m tools.permission_table            write it anew
python -m tools.permission_table --check    say whether it is current

Made from the role file and from the declarations of the addresses. That the addresses keep to it is
tested by tests/access/test_addresses.py.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tools.scratch import scratch
from tools.steps import CHECKOUT, say, stop

if TYPE_CHECKING:
    from sightline.access.addresses import Address, Declaration
    from sightline.access.roles import Role

PAGE = CHECKOUT / "docs" / "reference" / "permissions.md"
HEAD = """\
# Who may do what

Made by `make docs` from `definitions/access` and from what each address declares; edit those, not
this page. `tests/access/test_addresses.py` tries every address in every role, near and far, against
the same two sources.

A role is given in a scope: all of Scotland, one partnership or one inspection. What
`framework.view`, `partnership.view` and `published.view` show is the same for everybody, so held
anywhere they are held everywhere; every other permission reaches as far as the assignment does.
"""
GROUP = re.compile(r"\(\?P<(\w+)>.*?\)")  # a pattern written as a regular expression
OPEN = {"framework.view", "partnership.view", "published.view"}
REACH = {
    "public": "anybody",
    "signed-in": "anybody signed in",
    "national": "for all of Scotland",
    "partnership": "over the partnership",
    "inspection": "over the inspection",
}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def who(role: "Role") -> list[str]:
    """A role in words: what it is called, where it may be given, what it is for."""
    return [role.title, ", ".join(role.scopes), role.sentence]


def grid(roles: Sequence["Role"], permissions: Sequence[str]) -> str:
    """Roles down, permissions across; a word in each cell, so that it can be read aloud."""
    rows = [
        [role.title, *("yes" if name in role.permissions else "" for name in permissions)]
        for role in roles
    ]
    return table(["Role", *(f"`{name}`" for name in permissions)], rows)


def shown(item: "Address") -> str:
    """An address with the names in its brackets."""
    return "`/" + GROUP.sub(r"<str:\1>", item.pattern) + "`"


def asks(declared: "Declaration | None") -> list[str]:
    """What an address needs, where, and what those without it meet."""
    if declared is None:
        return ["", "declares nothing", ""]
    if declared.needs is None:
        return ["", REACH[declared.scope], ""]
    anywhere = declared.scope == "signed-in" or declared.needs in OPEN
    where = "anywhere" if anywhere else REACH[declared.scope]
    if declared.seen_by is None:
        refused = "404"
    elif declared.seen_by == "everyone":
        refused = "403"
    else:
        refused = f"403 with {_or(declared.seen_with)}, otherwise 404"
    return [_or(declared.wanted), where, refused]


def _or(permissions: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(permissions))


def page(roles: Sequence["Role"], permissions: Sequence[str], found: Iterable["Address"]) -> str:
    """The whole page."""
    rows = [[shown(item), *asks(item.declared)] for item in found]
    return "\n".join([
        HEAD,
        "## Roles\n",
        table(["Role", "Given for", "What for"], map(who, roles)),
        "## What each role permits\n",
        grid(roles, permissions),
        "## What each address asks for\n",
        "A draft is further than its address says: whoever does not hold `inspection.view` over it",
        "meets 404 at each of its addresses.\n",
        table(["Address", "Needs", "Held", "Those without meet"], sorted(rows)),
    ])  # fmt: skip


def current() -> str:
    """The page as it should be now."""
    import django

    django.setup()
    from sightline.access.addresses import addresses
    from sightline.access.enums import Permission
    from sightline.access.roles import roles

    return page(roles(), list(Permission), addresses())


def main() -> None:
    """Write the page, or with --check compare it."""
    with scratch() as settings:
        os.environ.update(settings)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
        text = current()
    where = PAGE.relative_to(CHECKOUT)
    if "--check" not in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        say(f"{where} is written.")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        stop(f"{where} is not current; run `make docs`.")


if __name__ == "__main__":
    main()
