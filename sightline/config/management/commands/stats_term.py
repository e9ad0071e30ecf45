"""`sightline stats term`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.framework.definitions import library
from sightline.kernel.errors import BadInput
from sightline.stats import phrases, quantity
from sightline.stats.intervals import proportion


class Command(SightlineCommand):
    """Put a count out of a base into a word, as reports do.

    Gives the word (or the counts, where the base is too small for one), the fraction where there is
    one, what to call the rest, the interval, and whether the word would survive it:

      sightline stats term 27 38
      sightline stats term 27 38 --frame 120 --format json
      sightline stats term 6 8 --partnerships
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("n", type=int, help="how many")
        parser.add_argument("base", type=int, help="out of how many")
        parser.add_argument("--frame", type=int, help="how many the base was drawn from, if known")
        parser.add_argument("--partnerships", action="store_true", help="the base is partnerships")
        parser.add_argument("--terms", default="quantity@1", help="which terms (%(default)s)")
        parser.add_argument("--fractions", default="fractions@1", help="which (%(default)s)")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        terms = library().terms.get(options["terms"])
        known = library().fractions.get(options["fractions"]).phrases
        n, base = options["n"], options["base"]
        try:
            found = proportion(n, base, frame=options["frame"])
            stable = phrases.stability(n, base, found, terms)
            rest = phrases.with_complement(n, base, known, terms)
            words = quantity.in_words(n, base, terms, partnerships=options["partnerships"])
            fraction = phrases.fraction(n, base, known, terms)
        except ValueError as fault:
            raise BadInput(str(fault)) from None
        return {
            "n": n,
            "base": base,
            "per_cent": quantity.whole_per_cent(n, base),
            "words": words,
            "term": stable.word,
            "fraction": fraction,
            "rest": rest.rest,
            "interval": found,
            "possible": stable.possible,
            "stable": stable.stable,
            "stability": stable.text,
        }

    def text(self, result: dict[str, Any]) -> str:
        found = result["interval"].times(100)
        lines = [
            f"{result['n']:,} of {result['base']:,} ({result['per_cent']}%): {result['words']}",
            f"95% interval: {found.low:.1f}% to {found.high:.1f}% ({found.method})",
            f"As a sample: {result['stability']}",
            f"The rest: {result['rest']}",
        ]
        if result["fraction"]:
            lines.insert(1, f"As a fraction: {result['fraction']}")
        return "\n".join(lines)
