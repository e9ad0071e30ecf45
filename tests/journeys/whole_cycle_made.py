"""The demonstration with an invented partnership's extracts beside it, and one build published.

Run as `python -m tests.journeys.whole_cycle_made` with the settings of the copy to fill. The
children themselves are in the build; the files about their care wait to be sent, by the pages.
"""

import os
import shutil
from pathlib import Path

AREA = "strathgarry"
SIZE = ("--children", "800", "--years", "6", "--seed", "7")
SENT, TRUE, LOADED = "extracts", "true", "loaded"


def fill() -> None:
    """Generate it twice, with planted faults and without; load and publish its children."""
    from django.conf import settings
    from django.core.management import call_command

    state = Path(settings.SIGHTLINE_STATE)
    call_command("demo")
    call_command("generate", str(state / SENT), "--partnership", AREA, *SIZE, "--faults")
    call_command("generate", str(state / TRUE), "--partnership", AREA, *SIZE)
    (state / LOADED).mkdir()
    shutil.copy(state / SENT / "children.csv", state / LOADED)
    call_command("load", str(state / LOADED), "--partnership", AREA, "--publish")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    fill()
