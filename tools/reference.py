"""docs/reference/commands.md, made from the commands themselves.

python -m tools.reference            write it anew
python -m tools.reference --check    say whether it is current
"""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from inspect import cleandoc

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


def main() -> None:
    """Write the page, or with --check compare it."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="sightline-scratch-") as folder:
        os.environ.update(settings(Path(folder)))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
        text = page(commands())
    if "--check" in sys.argv[1:]:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            stop(f"{PAGE.relative_to(CHECKOUT)} is not current; run `make docs`.")
        return
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    say(f"{PAGE.relative_to(CHECKOUT)}: {text.count('## sightline')} commands")


if __name__ == "__main__":
    main()
