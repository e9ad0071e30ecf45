"""Database, demonstration content and static files for `make demo`, in one start of Django.

One process for the three, because each start costs a second.
"""

import os
import sys
from io import StringIO

from tools.demo import SIGN_INS
from tools.steps import Stop, step, stop


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


def database() -> None:
    """Bring the database up to date."""
    from django.core.management import call_command

    # Always, though a look at the plan would be quicker: it also puts the audit triggers back.
    call_command("migrate", verbosity=0, interactive=False)


def content() -> None:
    """Put the demonstration content in, and keep what it says about signing in."""
    from django.core.management import call_command

    said = StringIO()
    call_command("demo", stdout=said)
    SIGN_INS.write_text(said.getvalue(), encoding="utf-8")
    SIGN_INS.chmod(0o600)


def static() -> None:
    """Collect the static files, named and packed as in production."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def main() -> None:
    """Do the three, a line each."""
    with step("database"):
        set_up()
        database()
    with step("content"):
        content()
    with step("static files"):
        static()


if __name__ == "__main__":
    try:
        main()
    except Stop as fault:
        stop(str(fault))
    except KeyboardInterrupt:
        sys.exit(130)
