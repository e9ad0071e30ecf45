"""Pages about jobs: whose they are, what they show, what a script is told."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.access.models import User
from sightline.jobs.models import Job
from sightline.jobs.presenters import NOBODY_WORKS
from sightline.saving import idle
from sightline.saving.sessions import SEEN
from tests.factories.access import UserFactory, assign
from tests.factories.jobs import JobFactory, WorkerFactory

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def person() -> User:
    return UserFactory(name="Anna Adeyemi")


@pytest.fixture
def administrator() -> User:
    found: User = UserFactory()
    assign(found, "system-administrator", "national", "scotland")
    return found


def mine(person: User, **more: Any) -> Job:
    job: Job = JobFactory(asked_by=person.audit_name, title="Check holidays", **more)
    return job


def under_way(person: User, **more: Any) -> Job:
    now = timezone.now()
    return mine(person, state="running", began=now, heard=now, attempts=1, **more)


def over(person: User, state: str = "done", **more: Any) -> Job:
    return mine(person, state=state, ended=timezone.now(), **more)


def page(client: Client, name: str, job: Job | None = None, **query: str) -> Any:
    return client.get(reverse(f"jobs:{name}", args=[job.pk] if job else []), query)


def test_my_jobs_are_mine(client_for: ClientFor, person: User) -> None:
    mine(person)
    JobFactory(title="Somebody else's")
    said = page(client_for(person), "jobs").content.decode()
    assert "Check holidays" in said
    assert "Somebody else" not in said
    assert "What ran" not in said


def test_no_jobs_yet(client_for: ClientFor, person: User) -> None:
    assert "You have started none" in page(client_for(person), "jobs").content.decode()


@pytest.mark.parametrize("name", ["job", "watch", "cancel"])
@pytest.mark.parametrize(
    ("who", "status"), [("mine", 200), ("administrator", 200), ("colleague", 404), ("nobody", 302)]
)
def test_a_job_is_seen_by_whoever_started_it_and_the_administrator(
    client_for: ClientFor, person: User, administrator: User, name: str, who: str, status: int
) -> None:
    job = mine(person)
    colleague = UserFactory()
    people = {"mine": person, "administrator": administrator, "colleague": colleague}
    client = client_for(people[who]) if who in people else Client()
    assert page(client, name, job).status_code == status


def test_the_page_shows_how_far_it_is_and_looks_again_by_itself(
    client_for: ClientFor, person: User
) -> None:
    job = under_way(person, done=4_000, total=20_000, saying="Row 4,000")
    said = page(client_for(person), "job", job).content.decode()
    assert '<progress id="job-progress" value="4000" max="20000"' in said
    assert "4,000 of 20,000" in said
    assert "Row 4,000" in said
    assert 'hx-trigger="every 2s"' in said
    assert """hx-headers='{"Sightline-Background": "yes"}'""" in said
    assert "Look again" in said
    assert "Anna Adeyemi" in said
    assert "Cancel this job" in said
    assert "Try again" not in said


def test_without_a_whole_it_says_what_is_done(client_for: ClientFor, person: User) -> None:
    said = page(client_for(person), "job", under_way(person, done=1_234)).content.decode()
    assert "1,234 done" in said
    assert "<progress" not in said


def test_what_is_over_says_what_it_came_to_and_looks_no_more(
    client_for: ClientFor, person: User
) -> None:
    job = over(person, result={"rows_added": 7}, done=9, total=9, attempts=2)
    said = page(client_for(person), "job", job).content.decode()
    assert re.search(r"<dt>Rows added</dt><dd>7</dd>", said)
    assert "hx-get" not in said
    assert "htmx" not in said
    assert "2 times" in said
    assert "Cancel this job" not in said


def test_what_failed_says_why_and_can_be_tried_again(client_for: ClientFor, person: User) -> None:
    job = over(person, "failed", told="Line 3 has no <date>.\nAdd one.")
    said = page(client_for(person), "job", job).content.decode()
    assert "Line 3 has no &lt;date&gt;.<br>Add one." in said
    assert reverse("jobs:retry", args=[job.pk]) in said


def test_a_script_is_told_only_what_is_new_and_when_to_stop(
    client_for: ClientFor, person: User
) -> None:
    client = client_for(person)
    job = under_way(person, done=1, total=3)
    first = page(client, "watch", job)
    assert first.status_code == 200
    assert 'hx-swap-oob="true"' in first.content.decode()
    seen = first.context["job"].seen
    assert page(client, "watch", job, seen=seen).status_code == 204
    Job.objects.update(done=2)
    assert page(client, "watch", job, seen=seen).status_code == 200
    Job.objects.update(state="done", ended=timezone.now())
    last = page(client, "watch", job, seen=seen)
    assert last.status_code == 286
    assert "Done" in last.content.decode()


def test_watching_does_not_keep_an_idle_session_alive(client_for: ClientFor, person: User) -> None:
    client, job = client_for(person), under_way(person)
    page(client, "job", job)
    session = client.session
    session[SEEN] = long_ago = int(time.time()) - 600
    session.save()
    url = reverse("jobs:watch", args=[job.pk])
    assert client.get(url, headers={idle.BACKGROUND: "yes"}).status_code == 200
    assert client.session[SEEN] == long_ago
    page(client, "job", job)
    assert client.session[SEEN] > long_ago


def test_that_nobody_works_is_said(
    client_for: ClientFor, person: User, administrator: User, queue: None
) -> None:
    job = mine(person)
    client = client_for(person)
    start = "Nothing is carrying out jobs at the moment."
    assert NOBODY_WORKS.startswith(start)
    everywhere = [(client, "job", job), (client, "watch", job), (client, "jobs", None)]
    everywhere.append((client_for(administrator), "all", None))
    for who, name, about in everywhere:
        assert start in page(who, name, about).content.decode()
    WorkerFactory()
    for who, name, about in everywhere:
        assert start not in page(who, name, about).content.decode()
    WorkerFactory._meta.model.objects.update(heard="2026-01-01T00:00Z")
    assert start in page(client, "job", job).content.decode()
    Job.objects.update(state="done", ended=timezone.now())
    assert start not in page(client, "job", job).content.decode()


def test_cancelling_is_asked_then_done(client_for: ClientFor, person: User) -> None:
    client, job = client_for(person), mine(person)
    url = reverse("jobs:cancel", args=[job.pk])
    assert "Let it go on" in client.get(url).content.decode()
    said = client.post(url, follow=True).content.decode()
    assert "“Check holidays” is cancelled." in said
    assert Job.objects.get().state == "cancelled"
    assert client.get(url).status_code == 409
    Job.objects.update(state="running", ended=None, began=timezone.now(), heard=timezone.now(),
                       cancel_by="")  # fmt: skip
    assert "“Check holidays” is being cancelled." in client.post(url, follow=True).content.decode()


def test_trying_again_is_asked_then_done(client_for: ClientFor, person: User) -> None:
    client, job = client_for(person), over(person, "failed", told="why")
    url = reverse("jobs:retry", args=[job.pk])
    assert "for Anna Adeyemi, who started it" in client.get(url).content.decode()
    assert "is tried again" in client.post(url, follow=True).content.decode()
    assert Job.objects.get().state == "waiting"
    assert client.get(url).status_code == 409


def test_what_ran_is_for_whoever_keeps_the_service_running(
    client_for: ClientFor, person: User, administrator: User
) -> None:
    over(person, "failed", told="why")
    JobFactory(asked_by="schedule:jobs.remove-old", code="jobs.remove-old", title="Remove")
    client = client_for(administrator)
    said = page(client, "all").content.decode()
    for words in ("Check holidays", "Anna Adeyemi", "The clock", "Remove"):
        assert words in said
    assert "What ran" in page(client, "jobs").content.decode()
    said = page(client, "all", state="failed").content.decode()
    assert "Check holidays" in said
    assert "The clock" not in said
    said = page(client, "all", code="jobs.remove-old").content.decode()
    assert "Check holidays" not in said
    assert "Nothing matches" in page(client, "all", state="running").content.decode()
    assert "Check holidays" in page(client, "all", state="nonsense").content.decode()
    for stranger in (person, UserFactory()):
        assert page(client_for(stranger), "all").status_code == 404


@pytest.mark.parametrize("jobs", [3, 60])
def test_the_number_of_questions_does_not_grow(
    client_for: ClientFor, administrator: User, django_assert_num_queries: Any, jobs: int
) -> None:
    for _ in range(jobs):
        mine(UserFactory())
    client = client_for(administrator)
    page(client, "all")
    with django_assert_num_queries(6):
        said = page(client, "all").content.decode()
    assert said.count("<tr>") == 1 + min(jobs, 50)
    assert ("page=2" in said) is (jobs > 50)


def test_the_administrator_has_everything_sealed_opened(
    client_for: ClientFor, administrator: User, person: User,
    django_capture_on_commit_callbacks: Any, settings: Any, tmp_path: Path,
) -> None:  # fmt: skip
    settings.SIGHTLINE_STATE = tmp_path  # files that other tests sealed are not of this copy
    url = reverse("jobs:check-sealed")
    assert client_for(person).get(url).status_code == 404
    client = client_for(administrator)
    assert "Nothing of it is kept or shown" in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url)
    job = Job.objects.get()
    assert answer.url == reverse("jobs:job", args=[job.pk])
    assert (job.state, job.code, job.result) == ("done", "jobs.check-sealed", {"opened": 0})
