"""Scripts for developers: set-up, tests, checks, generated pages. Never imported by sightline.

`bootstrap` and `demo` run before anything is installed, so they use the standard library alone.
"""

import sys

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "Sightline needs Python 3.11 or newer and this is "
        + ".".join(str(part) for part in sys.version_info[:3])
        + "; install one and name it: make PYTHON=python3.11 demo."
    )
