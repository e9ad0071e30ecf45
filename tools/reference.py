"""docs/reference/commands.md, made from the commands themselves.

python -m tools.reference            write it anew
python -m tools.reference --check    say whether it is current
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

from tools import permission_table
from tools.scratch import settings
from tools.steps import CHECKOUT, say, stop

PAGE = CHECKOUT / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

Made by `make docs` from the commands themselves; edit their docstrings, not this page.

Every command is `sightline NOUN VERB`, takes `--format json` and `--help`, prints errors as one
message, and leaves with a status that says what kind of error it was:

| Status | Meaning |
| --- | --- |
"""
STATUSES = (
    (0, "done"),
    (1, "something else, with a traceback: please report it"),
    (2, "the words or options were not understood"),
    (3, "what was given cannot be used; nothing was kept"),
    (4, "a definition file cannot be used"),
    (5, "the settings are missing or odd"),
    (6, "not now: the message says why"),
    (7, "there is no such thing, or it is not yours"),
    (8, "you may see it but not do that"),
    (9, "something this needs is not installed"),
    (10, "the database cannot be used"),
)


def section(words: str, document: str) -> str:
    """One command's section: its name, and its docstring as the help shows it."""
    first, _, rest = cleandoc(document).partition("\n")
    body = f"\n```text\n{rest.strip()}\n```\n" if rest.strip() else ""
    return f"## sightline {words}\n\n{first}\n{body}"


def page(commands: Iterable[tuple[str, str]]) -> str:
    """The whole page from each command's words and docstring."""
    table = "".join(f"| {status} | {meaning} |\n" for status, meaning in STATUSES)
    sections = [section(words, document) for words, document in sorted(commands)]
    return "\n".join([HEAD + table, *sections])


def commands() -> list[tuple[str, str]]:
    """Every command of every context: the words typed, and its docstring."""
    import django
    from django.core.management import get_commands

    from sightline.cli.main import entries

    django.setup()
    found = []
    for entry in entries():
        home = get_commands()[entry.command]
        module = import_module(f"{home}.management.commands.{entry.command}")
        found.append((" ".join(entry.words), module.Command.__doc__ or ""))
    return found


def pages() -> dict[Path, str]:
    """Every generated page there should be, with its text."""
    from sightline.framework import schemas

    made = {PAGE: page(commands())}
    for kind in schemas.KINDS:
        made[PAGE.parent / "schemas" / f"{kind}.json"] = schemas.schema_of(kind)
    made[permission_table.PAGE] = permission_table.current()
    return made


def main() -> None:
    """Write the pages, or with --check compare them."""
    with tempfile.TemporaryDirectory(prefix="sightline-scratch-") as folder:
        os.environ.update(settings(Path(folder)))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
        made = pages()
    if "--check" in sys.argv[1:]:
        stale = [path for path, text in made.items() if _is_stale(path, text)]
        if stale:
            names = ", ".join(str(path.relative_to(CHECKOUT)) for path in stale)
            stop(f"Not current: {names}; run `make docs`.")
        return
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    say(f"{PAGE.parent.relative_to(CHECKOUT)}: {len(made)} pages")


def _is_stale(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    main()
