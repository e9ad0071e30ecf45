"""Makes everything a checkout needs, from a bare Python and make. Standard library alone.

    python3 -m tools.bootstrap venv                  the virtual environment, .venv
    python3 -m tools.bootstrap install core dev      hashed requirements into it
    python3 -m tools.bootstrap assets                stylesheets, fonts and scripts
    python3 -m tools.bootstrap system                programs the tests use (as root: installs)
    python3 -m tools.bootstrap env                   the first three, for developers
    python3 -m tools.bootstrap demo [--no-serve|--once] [--port N]

Every step is remembered by a hash of what it read, so a second run does nothing. uv fetches the
requirements when it can be had; pip does when uv cannot be had or its install fails, because uv
reads none of pip's configuration and some networks name their index only there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from typing import TYPE_CHECKING

from tools.steps import (
    CACHE,
    CHECKOUT,
    PYTHON,
    VENV,
    Stamp,
    Stop,
    fingerprint,
    run,
    say,
    step,
    stop,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

UV = "uv==0.13.8"
# For networks and measurements in which uv is of no use.
WITHOUT_UV = "SIGHTLINE_SETUP_WITHOUT_UV"
GROUPS = ("core", "analytics", "reports", "dev", "spark")
PROGRAMS = {
    "chromium": "chromium",
    "pdftoppm": "poppler-utils",
    "postgres": "postgresql",
    "fc-match": "fontconfig",
    "java": "openjdk-17-jre-headless",
}
FONTS = "fonts-liberation"
NO_VENV = (
    "Sightline needs a virtual environment and this Python can make none: run "
    "`apt-get install python3-venv` as root (or put uv or virtualenv on the path), then try again."
)
COMMAND = """\
#!/bin/sh
# The `sightline` command of this checkout.
exec "$(dirname "$(readlink -f "$0")")/python" -m sightline.cli "$@"
"""


def makers() -> Iterator[list[str]]:
    """The ways to make a virtual environment here, best first."""
    yield [sys.executable, "-m", "venv"]
    if shutil.which("uv"):
        yield ["uv", "venv", "--seed", "--python", sys.executable]
    if shutil.which("virtualenv"):
        yield ["virtualenv", "--python", sys.executable]
    yield [sys.executable, "-m", "virtualenv"]


def make_venv() -> None:
    """Make `.venv` if there is none for this checkout, by whichever way works.

    Raises:
        Stop: no way works here.
    """
    stamp = Stamp(VENV / ".made", f"{CHECKOUT} {sys.version_info[:2]}")
    if stamp.fresh() and PYTHON.exists():
        return
    for maker in makers():
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            run([*maker, VENV], why="Making a virtual environment")
            run([PYTHON, "-m", "pip", "--version"], why="Asking for pip")
        except Stop:
            continue
        stamp.set()
        return
    shutil.rmtree(VENV, ignore_errors=True)
    raise Stop(NO_VENV)


def requirement_files(groups: Sequence[str]) -> list[Path]:
    """The lock files of these groups."""
    return [CHECKOUT / "requirements" / f"{group}.txt" for group in groups]


def installers() -> Iterator[tuple[str, list[str | Path], dict[str, str]]]:
    """The ways to install hashed requirements, best first: name, command, environment."""
    uv = VENV / "bin" / "uv"
    # A checkout on another disk than the cache cannot hold links to it; copying then is no fault.
    environment = {**os.environ, "UV_CACHE_DIR": str(CACHE / "uv"), "UV_LINK_MODE": "copy"}
    try:
        if os.environ.get(WITHOUT_UV) == "true":
            raise Stop("uv is not wanted.")
        if not uv.exists():
            run([PYTHON, "-m", "pip", "install", "--quiet", UV], why="Installing uv")
        yield "uv", [uv, "pip", "install", "--python", PYTHON], environment
    except Stop:
        say("uv cannot be had here; pip takes its place.")
    yield "pip", [PYTHON, "-m", "pip", "install", "--quiet"], dict(os.environ)


def install(groups: Sequence[str]) -> str:
    """Install the groups of requirements that changed since they were last installed.

    Returns:
        What installed them: uv, pip, or `` when there was nothing to do.

    Raises:
        Stop: neither uv nor pip could; the message is pip's.
    """
    stamps = [
        Stamp(VENV / f".installed-{group}", fingerprint([file]))
        for group, file in zip(groups, requirement_files(groups), strict=True)
    ]
    put_command()
    if all(stamp.fresh() for stamp in stamps):
        return ""
    files = [word for file in requirement_files(groups) for word in ("-r", str(file))]
    failure = Stop("Nothing could install the requirements.")
    for name, command, environment in installers():
        try:
            run([*command, "--require-hashes", *files], why="Installing", env=environment)
        except Stop as fault:
            failure = fault
            if name == "uv":
                say("uv could not install the requirements; trying pip.")
            continue
        for stamp in stamps:
            stamp.set()
        return name
    raise failure


def put_command() -> None:
    """Put the `sightline` command in the environment, and this checkout on its path."""
    command = VENV / "bin" / "sightline"
    if command.is_file() and command.read_text(encoding="utf-8") == COMMAND:
        return
    for packages in VENV.glob("lib/python3*/site-packages"):
        (packages / "sightline.pth").write_text(f"{CHECKOUT}\n", encoding="utf-8")
    command.write_text(COMMAND, encoding="utf-8")
    command.chmod(0o755)


def assets() -> None:
    """Put stylesheets, fonts and scripts in place (they are fetched, never committed)."""
    run([PYTHON, "-m", "tools.assets"], why="Fetching stylesheets and fonts")


def found(program: str) -> bool:
    """Whether a program the tests use is here."""
    if program == "postgres":
        from tools.postgres import binaries

        return binaries() is not None
    return shutil.which(program) is not None


def missing() -> list[str]:
    """The programs the tests use that are not here, by name."""
    return [program for program in PROGRAMS if not found(program)]


def system() -> list[str]:
    """Install what the tests use, when this is root on a Debian; what is still missing after."""
    lacking = missing()
    if lacking and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = [*(PROGRAMS[program] for program in lacking), FONTS]
        say(f"installing   {' '.join(packages)}")
        try:
            run(["apt-get", "update", "-qq"], why="apt-get update", env=quiet)
            run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
                why="Installing programs the tests use",
                env=quiet,
            )
        except Stop as fault:
            say(str(fault))
        lacking = missing()
    for program in lacking:
        say(f"{program} is not here (package {PROGRAMS[program]}); tests that use it are skipped.")
    return lacking


def environment(groups: Sequence[str]) -> None:
    """The virtual environment with these groups of requirements, and the assets."""
    with step("environment"):
        make_venv()
    with step("requirements") as notes:
        notes.append(" and ".join([", ".join(groups[:-1]), groups[-1]] if groups[1:] else groups))
        by = install(groups)
        if by:
            notes.append(f"by {by}")
    with step("assets"):
        assets()


def parser() -> argparse.ArgumentParser:
    """How this script is called."""
    whole = argparse.ArgumentParser(prog="bootstrap", description="Sets a checkout up.")
    steps = whole.add_subparsers(dest="step", required=True)
    for name in ("venv", "assets", "system", "env"):
        steps.add_parser(name)
    steps.add_parser("install").add_argument("groups", nargs="+", choices=GROUPS)
    demo = steps.add_parser("demo")
    demo.add_argument("--no-serve", action="store_true", help="prepare everything, do not serve")
    demo.add_argument("--once", action="store_true", help="serve, ask for the first page, stop")
    demo.add_argument("--port", type=int, default=0, help="default: 8000 if free, else any")
    return whole


def main(argv: Sequence[str] | None = None) -> None:
    """Do one step."""
    wanted = parser().parse_args(argv)
    try:
        if wanted.step == "venv":
            make_venv()
        elif wanted.step == "install":
            make_venv()
            install(wanted.groups)
        elif wanted.step == "assets":
            assets()
        elif wanted.step == "system":
            with step("programs"):
                system()
        elif wanted.step == "env":
            environment(GROUPS)
        else:
            from tools import demo

            demo.demo(serve=not wanted.no_serve, once=wanted.once, port=wanted.port)
    except Stop as fault:
        stop(str(fault))
    except KeyboardInterrupt:
        stop("Stopped.")


if __name__ == "__main__":
    main()
