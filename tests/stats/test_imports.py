"""What importing the package costs: nothing heavy until it is called."""

import subprocess
import sys

import pytest

MODULES = [
    "agreement", "agreement_report", "checking", "control", "inequality", "intervals", "phrases",
    "quantity", "reading_level", "sampling", "sampling_record", "series", "strata", "tallies",
    "trends", "verdict", "xmr",
]  # fmt: skip


def test_no_module_imports_numpy_or_scipy():
    names = ", ".join(f"sightline.stats.{name}" for name in MODULES)
    script = (
        f"import sys; import {names}; "
        "print([m for m in ('numpy', 'scipy', 'pyphen', 'django') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["whole", "finite"])
def test_numbers_of_numpy_are_numbers(name):
    import numpy as np

    from sightline.stats import checking

    assert getattr(checking, name)("n", np.int32(4)) == 4
    with pytest.raises(ValueError, match="n is True"):
        getattr(checking, name)("n", True)
    with pytest.raises(ValueError, match="n is None"):
        getattr(checking, name)("n", None)
