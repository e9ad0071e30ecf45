"""What the database refuses of jobs."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access.sentences import names_of_things
from sightline.jobs.models import Job
from tests.factories.jobs import JobFactory, ScheduleFactory, WorkerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "odd", "ended": timezone.now()}, "job_state_is_known"),
        ({"asked_by": ""}, "job_is_asked_by_somebody"),
        ({"done": 4, "total": 3}, "job_is_done_at_most_in_whole"),
        ({"state": "done"}, "job_ended_when_it_is_over"),
        ({"ended": timezone.now()}, "job_ended_when_it_is_over"),
        ({"state": "running"}, "job_under_way_has_begun"),
        ({"state": "failed", "ended": timezone.now()}, "job_failed_says_why"),
    ],
)
def test_the_database_refuses(change: dict[str, Any], constraint: str) -> None:
    JobFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.update(**change)


def test_rows_say_what_they_are() -> None:
    assert str(JobFactory(title="Count")) == "Count (waiting)"
    assert str(WorkerFactory(name="machine/1")) == "machine/1"
    assert str(ScheduleFactory(code="a.b")).startswith("a.b at 2")


def test_the_trail_calls_jobs_by_their_titles() -> None:
    job = JobFactory(title="Check holidays")
    gone = "00000000-0000-0000-0000-000000000000"
    assert names_of_things([f"job:{job.pk}", f"job:{gone}"]) == {
        f"job:{job.pk}": "the job “Check holidays”",
        f"job:{gone}": f"job {gone}",
    }
    assert names_of_things(["job:old"]) == {"job:old": "job old"}
