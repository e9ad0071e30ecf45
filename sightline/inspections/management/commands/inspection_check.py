"""`sightline inspection check`."""

from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.framework.definitions import library
from sightline.inspections.history import unresolved
from sightline.kernel.errors import Fault, Faults
from sightline.partnerships.queries import names


class Command(SightlineCommand):
    """Look for codes stored with inspections that no longer name anything.

    The database holds codes of programmes, partnerships and sources, not copies of them. A schedule
    can run this every night; it leaves with status 3 when it finds one:

      sightline inspection check
    """

    def run(self, actor: CommandLine, **options: Any) -> dict[str, int]:
        found = unresolved(programmes=library().programmes.items, partnerships=names())
        if found:
            mend = "Put the definition back, or import the inspection again with a code there is."
            raise Faults("What is stored", [Fault("", one, mend) for one in found])
        return {"unresolved": 0}

    def text(self, result: dict[str, int]) -> str:
        return "Every code stored with an inspection names something."
