"""What commands print: text or the same as JSON, and an exit status per kind of error.

A command lives in its context as `management/commands/<noun>_<verb>.py`; `sightline NOUN VERB`
finds it by that name. It parses, calls a service or query, and returns plain data.
"""

import dataclasses
import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser, OutputWrapper
from django.db import DatabaseError
from pydantic import BaseModel

from sightline.kernel.errors import BadInput, SightlineError

DATABASE_STATUS = 10
CLOSED_PIPE_STATUS = 141


def plain(value: Any) -> Any:
    """The value as JSON can hold it: dataclasses and definitions as objects, dates as text."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date | dt.datetime | Path):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def columns(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under a header, each column as wide as its widest cell."""
    table = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in table]
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(line.rstrip() for line in lines)


class SightlineCommand(BaseCommand):
    """Base of every `sightline NOUN VERB`.

    Subclasses write `run(actor, **options)` giving plain data, and `text(result)` saying it to a
    person. The class docstring is the help: first line short, the rest teaches, with an example.
    `formats` are what `--format` takes; `text` is the default.
    """

    formats: ClassVar[tuple[str, ...]] = ("text", "json")
    requires_system_checks = ()
    # Set when the contexts are put together (`config.apps`): who acts on the command line, and how.
    # `design` lies below `access`, so it can not ask itself.
    make_actor: ClassVar[Callable[[], Any]]
    acting: ClassVar[Callable[[Any], AbstractContextManager[None]]] = lambda _: nullcontext()

    @property
    def help(self) -> str:  # type: ignore[override]
        """The help, from the docstring."""
        return cleandoc(self.__doc__ or "")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the line ends of the help, and name the command as people type it."""
        import argparse

        words = subcommand.replace("_", " ", 1).replace("_", "-")
        parser = super().create_parser(
            prog_name, subcommand, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )
        if Path(prog_name).name == "sightline":
            parser.prog = f"sightline {words}"
        parser.add_argument(
            "--format",
            dest="output_format",
            choices=self.formats,
            default=self.formats[0],
            help="how to print the answer (default: %(default)s)",
        )
        return parser

    def run(self, actor: Any, **options: Any) -> Any:
        """Do it, and return plain data."""
        raise NotImplementedError(f"{type(self).__module__} has no run()")

    def text(self, result: Any) -> str:
        """The result as a person reads it."""
        return json.dumps(plain(result), indent=2, ensure_ascii=False)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the person at the keyboard, print, and turn errors into a message and a status."""
        actor = type(self).make_actor()
        try:
            with type(self).acting(actor):
                result = self.run(actor, **options)
            self.show(result, str(options["output_format"]))
        except SightlineError as error:
            self.fail(str(error), error.status)
        except DatabaseError as error:
            self.fail(
                f"The database cannot be used: {error}\n"
                "`make demo` sets one up; `python manage.py migrate` brings it up to date.",
                DATABASE_STATUS,
            )
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(CLOSED_PIPE_STATUS) from None

    def show(self, result: Any, output_format: str) -> None:
        """Print the result in the wanted format. Commands with further formats extend this."""
        if output_format == "json":
            self.stdout.write(json.dumps(plain(result), indent=2, ensure_ascii=False))
        else:
            self.stdout.write(self.text(result))

    def fail(self, message: str, status: int) -> None:
        """Say what is wrong on the error stream and leave with the status of its kind."""
        OutputWrapper(sys.stderr).write(message)
        raise SystemExit(status)

    @staticmethod
    def write_file(path: str, content: bytes) -> Path:
        """Write a file that was asked for; refuses a folder that is not there."""
        target = Path(path)
        if not target.parent.is_dir():
            raise BadInput(f"{target.parent} is not a folder; make it, or name another.")
        target.write_bytes(content)
        return target
