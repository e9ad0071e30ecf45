"""`make check`: every check that changes nothing, a line each, all of them even when one fails."""

import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from subprocess import PIPE, STDOUT, run

from tools.scratch import scratch
from tools.steps import CHECKOUT, say

AT_ONCE = 2


@dataclass(frozen=True)
class Check:
    """One check: its name, and the arguments of Python that run it."""

    name: str
    arguments: tuple[str, ...]


# ruff looks for the same (S308, S310, S314, S506, S608) and wants a reason on the line.
BY_RUFF = "B308,B310,B314,B506,B608,B703"
CHECKS = (
    Check("types", ("-m", "mypy")),
    Check("style", ("-m", "ruff", "check", "--quiet", ".")),
    Check("format", ("-m", "ruff", "format", "--quiet", "--check", ".")),
    Check("imports", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    Check("django", ("manage.py", "check", "--deploy", "--fail-level", "WARNING")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("definitions", ("-m", "tools.release_definitions", "--check")),
    Check("reference", ("-m", "tools.reference", "--check")),
    Check("permissions", ("-m", "tools.permission_table", "--check")),
    Check("lock files", ("-m", "tools.lock", "--check")),
    Check("security", ("-m", "bandit", "-q", "-r", "sightline", "tools", "-ll", "-s", BY_RUFF)),
)


@dataclass(frozen=True)
class Outcome:
    """How one check went."""

    check: Check
    passed: bool
    seconds: float
    said: str


def carry_out(check: Check, environment: Mapping[str, str]) -> Outcome:
    """Run one check and print its line."""
    started = time.monotonic()
    command = [sys.executable, *check.arguments]
    done = run(
        command,
        cwd=CHECKOUT,
        env=dict(environment),
        stdout=PIPE,
        stderr=STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    passed = done.returncode == 0
    say(f"{check.name:<14}{seconds:6.1f} s   {'ok' if passed else 'FAILED'}")
    return Outcome(check, passed, seconds, done.stdout)


def main() -> None:
    """Run every check, then show what those that failed said."""
    with scratch() as environment, ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda check: carry_out(check, environment), CHECKS))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        command = " ".join(outcome.check.arguments)
        say(f"\n{outcome.check.name}: python {command}\n{outcome.said.rstrip()}")
    if failed:
        names = ", ".join(outcome.check.name for outcome in failed)
        sys.exit(f"\n{len(failed)} of {len(CHECKS)} checks failed: {names}.")
    say(f"All {len(CHECKS)} checks passed.")


if __name__ == "__main__":
    main()
