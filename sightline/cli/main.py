"""`sightline NOUN VERB`: finds the management command `noun_verb` of whichever context has it.

The short forms `overview`, `load`, `generate`, `demo`, `backup` and `restore` have no verb.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from inspect import getdoc

from sightline.kernel.errors import SightlineError

SHORT_FORMS = ("overview", "load", "generate", "demo", "backup", "restore")
USAGE_STATUS = 2
INTRODUCTION = """\
sightline: joint inspection, self-evaluation and improvement of services for children.

  sightline NOUN VERB [options]      for example: sightline inspection list
  sightline NOUN                     what can be done with that noun
  sightline NOUN VERB --help         how, with an example

Every command takes --format json. Exit status: 0 done, 2 not understood, 3 input cannot be used,
4 a definition cannot be used, 5 settings, 6 not now, 7 not found, 8 not permitted,
9 something is not installed, 10 database.
"""


@dataclass(frozen=True)
class Entry:
    """One command: how people type it, the management command behind it, its first help line."""

    words: tuple[str, ...]
    command: str
    summary: str


def entries() -> tuple[Entry, ...]:
    """Every command of every context, by the words typed."""
    from django.core.management import get_commands

    from sightline.design.console import SightlineCommand

    found = []
    for name, app in get_commands().items():
        if not app.startswith("sightline."):
            continue
        command = import_module(f"{app}.management.commands.{name}").Command
        if not issubclass(command, SightlineCommand):
            continue
        summary = (getdoc(command) or "").splitlines()[0]
        noun, _, verb = name.partition("_")
        words = (name,) if name in SHORT_FORMS else (noun, verb.replace("_", "-"))
        found.append(Entry(words, name, summary))
    return tuple(sorted(found, key=lambda entry: entry.words))


def listing(found: Sequence[Entry]) -> str:
    """The commands, one line each."""
    width = max((len(" ".join(entry.words)) for entry in found), default=0)
    return "\n".join(f"  {' '.join(entry.words).ljust(width)}   {entry.summary}" for entry in found)


def find(arguments: Sequence[str], known: Sequence[Entry]) -> tuple[Entry, list[str]] | None:
    """The command these words name, and what follows them."""
    for size in (2, 1):
        for entry in known:
            if entry.words == tuple(arguments[:size]):
                return entry, list(arguments[size:])
    return None


def misunderstood(arguments: Sequence[str], known: Sequence[Entry]) -> str:
    """What to say when no command has these words: those of the noun, or the nearest."""
    noun = arguments[0]
    of_noun = [entry for entry in known if entry.words[0] == noun]
    if of_noun:
        return f"sightline {noun} can:\n{listing(of_noun)}"
    nouns = sorted({entry.words[0] for entry in known})
    near = get_close_matches(noun, nouns, n=1)
    guess = f" Did you mean {near[0]}?" if near else ""
    return f"There is no sightline {noun}.{guess} There are: {', '.join(nouns)}."


def set_up() -> None:
    """Load the settings and the contexts."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the `sightline` command."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        set_up()
    except SightlineError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.status) from None
    known = entries()
    if not arguments or arguments[0] in {"help", "--help", "-h"}:
        print(f"{INTRODUCTION}\n{listing(known)}")
        return
    found = find(arguments, known)
    if found is None:
        print(misunderstood(arguments, known), file=sys.stderr)
        raise SystemExit(USAGE_STATUS)
    from django.core.management import ManagementUtility

    entry, rest = found
    ManagementUtility(["sightline", entry.command, *rest]).execute()
