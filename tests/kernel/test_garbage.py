"""The collector is told to look seldom, and is put back as it was."""

import gc

from sightline.kernel.garbage import seldom_collected


def test_threshold_is_raised_and_put_back() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
