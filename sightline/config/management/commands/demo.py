"""`sightline demo`: the demonstration's content."""

from typing import Any

from sightline.access.actors import CommandLine
from sightline.config.demonstration import SignIn, load_demonstration
from sightline.design.console import SightlineCommand, columns


class Command(SightlineCommand):
    """Load the demonstration and print its sign-ins.

    Puts in the published inspections and one invented partnership, Strathgarry, with a person in
    every role. `make demo` runs it; running it again changes nothing:

      sightline demo
      sightline demo --format json
    """

    def run(self, actor: CommandLine, **options: Any) -> tuple[SignIn, ...]:
        return load_demonstration(actor)

    def text(self, result: tuple[SignIn, ...]) -> str:
        rows = [(sign_in.email, sign_in.role, sign_in.where) for sign_in in result]
        table = columns(("Sign in as", "Role", "Where"), rows)
        return f"{table}\n\nThe password of all of them: {result[0].password}"
