"""Which jobs there are."""

import pytest

from sightline.jobs import every, job, registry
from sightline.jobs.registry import all_registered, of_the_clock, registered
from tests.jobs.conftest import Plant


def test_a_job_is_registered_under_its_code(plant: Plant) -> None:
    plant(code="tests.one")
    plant(code="tests.two", hours=2)
    assert registered("tests.one").period is None
    assert registered("tests.two").period is not None
    assert {"tests.one", "tests.two"} <= {item.code for item in all_registered()}
    assert "tests.one" not in {item.code for item in of_the_clock()}
    assert "tests.two" in {item.code for item in of_the_clock()}


def test_two_jobs_do_not_share_a_code(plant: Plant) -> None:
    plant(code="tests.one")

    def another(progress: object) -> None:
        """Another job."""

    with pytest.raises(ValueError, match=r"Two jobs are called tests\.one"):
        job("tests.one", title="Another")(another)
    job("tests.three", title="Another")(another)
    job("tests.three", title="Another")(another)  # a module read twice
    assert registry._known["tests.three"].title == "Another"


def test_the_clock_needs_a_time(plant: Plant) -> None:
    with pytest.raises(ValueError, match="must say how many minutes"):
        every("tests.one", title="Never")
