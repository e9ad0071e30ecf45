"""`sightline secrets status`."""

from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.jobs import upkeep


class Command(SightlineCommand):
    """Say which keys are held, and how many things are sealed with each.

    sightline secrets status
    sightline secrets status --format json
    """

    def run(self, actor: CommandLine, **options: Any) -> tuple[upkeep.Stock, ...]:
        return upkeep.stock()

    def text(self, result: tuple[upkeep.Stock, ...]) -> str:
        return "\n\n".join(_said(stock) for stock in result)


def _said(stock: upkeep.Stock) -> str:
    keys = ", ".join([f"{stock.current} (current)", *stock.older])
    rows = [
        (place.name, key or "not sealed", f"{count:,}")
        for place in stock.places
        for key, count in sorted(place.by_key.items())
    ]
    table = columns(("What", "Key", "How many"), rows) if rows else "Nothing is sealed yet."
    return "\n".join([f"Purpose {stock.purpose}. Keys held: {keys}.", table, *_next(stock)])


def _next(stock: upkeep.Stock) -> list[str]:
    said = []
    if stock.lost:
        said.append(
            f"{stock.lost:,} cannot be opened: their keys are not held here. "
            f"Put them back into SIGHTLINE_{stock.purpose.upper()}_KEYS, after the current one."
        )
    if stock.to_do:
        said.append(f"{stock.to_do:,} are under older keys. Run: sightline secrets reseal")
    elif stock.older:
        said.append(f"Nothing is under {', '.join(stock.older)} any more, so it may be taken out.")
    return said
