"""Database, demonstration content and static files for `make demo`, in one start of Django.

One process for the three because each start costs a second, and a second `make demo` has five.
"""

import os
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from tools.demo import SIGN_INS
from tools.steps import VAR, Stamp, Stop, fingerprint, step, stop


def set_up() -> None:
    """Start Django with this checkout's settings.

    Raises:
        Stop: the settings are wrong; the message lists them.
    """
    import django

    from sightline.kernel.errors import SightlineError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    try:
        django.setup()
    except SightlineError as fault:
        raise Stop(str(fault)) from None


def database() -> str:
    """Bring the database up to date."""
    from django.core.management import call_command

    # Always, though a look at the plan would be quicker: it also puts the audit triggers back.
    call_command("migrate", verbosity=0, interactive=False)
    return ""


def content() -> str:
    """Put the demonstration content in, and keep what it says about signing in."""
    from django.core.management import call_command

    said = StringIO()
    call_command("demo", stdout=said)
    SIGN_INS.write_text(said.getvalue(), encoding="utf-8")
    SIGN_INS.chmod(0o600)
    return ""


def static_sources() -> Iterator[Path]:
    """Every static file of every context, in order."""
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for path, storage in finder.list(None):
            yield Path(storage.path(path))


def static() -> str:
    """Collect the static files when any of them changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    sources = sorted(static_sources())
    states = (f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sources)
    stamp = Stamp(VAR / "static.stamp", fingerprint([], *states))
    if stamp.fresh() and root.is_dir():
        return "unchanged"
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.set()
    return f"{len(sources)} files"


def main() -> None:
    """Do the three, a line each."""
    for name, part in (("database", database), ("content", content), ("static files", static)):
        with step(name) as notes:
            if part is database:
                set_up()
            note = part()
            if note:
                notes.append(note)


if __name__ == "__main__":
    try:
        main()
    except Stop as fault:
        stop(str(fault))
    except KeyboardInterrupt:
        sys.exit(130)
