"""The demonstration's invented data, loaded while it is served already.

A process of its own: making a build of ten years and every indicator takes about a minute.
"""

import os
import sys

from tools.prepare import set_up
from tools.steps import Stop, stop


def main() -> None:
    """Load it, and say which build is shown."""
    os.environ["SIGHTLINE_JOBS"] = "immediate"
    set_up()
    from sightline.access.actors import acting_as, command_line
    from sightline.config.demonstration_data import load_demonstration_data

    actor = command_line()
    with acting_as(actor):
        done = load_demonstration_data(actor)
    print(f"build {done.build} of Strathgarry is shown, {sum(done.rows.values()):,} rows new")


if __name__ == "__main__":
    try:
        main()
    except Stop as fault:
        stop(str(fault))
    except KeyboardInterrupt:
        sys.exit(130)
