"""Done when 2: a dump of the database, the files and the logs holds no word of a planted concern.

The words go in by the pages, with a form that fails, a server that fails and a session that ends
while they are typed; then the concern is acted on, alarmed and closed by the pages as well.
"""

import base64
import logging
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.access.actors import acting_as, command_line
from sightline.access.models import AuditEvent, User
from sightline.concerns import queries, services
from sightline.concerns.models import Concern, Deed, Step
from sightline.jobs.actors import Clock
from sightline.jobs.services import start
from sightline.saving.models import Typed
from sightline.saving.sessions import SEEN
from tests.concerns.conftest import HERE, INSPECTION, People
from tests.concerns.looking import cells, dresses, files, leaks, words_in
from tests.concerns.test_services import do
from tests.factories.access import UserFactory, assign
from tests.factories.concerns import ConcernFactory

PLANTED = {
    "worry": "Xanthippe says the quillback behind Zorbonne Terrace frightens her",
    "where_seen": "Wexcombe-Ulthwaite clinic, reading Vaporetto seventeen",
    "told": "Told Dr Pfefferminz at half past nine",
    "about_whom": "Isolde Brackenmoor-Quigley, CHI 0101157777, 9 Mirabelle Gait",
}
NOTES = {
    Deed.PASSED_ON: "Reasoned by Kowalczyk",
    Deed.ASKED: "Which Jacaranda?",
    Deed.ANSWERED: "The Bougainvillea one",
    Deed.ACKNOWLEDGED: "Gesundheit noted",
    Deed.ACTED: "Visited with Thistlewood",
    Deed.CONCLUDED: "Moved to Auchterquhidder",
    Deed.CLOSED: "Agreed by Featherstonehaugh",
}
REFERENCE = "SWIS-QX-998877"
WORDS = [
    "Xanthippe", "quillback", "Zorbonne", "Wexcombe", "Vaporetto", "Pfefferminz", "Isolde",
    "Brackenmoor", "0101157777", "Mirabelle", "Kowalczyk", "Jacaranda", "Bougainvillea",
    "Gesundheit", "Thistlewood", "Auchterquhidder", "Featherstonehaugh", REFERENCE,
]  # fmt: skip
RAISE = reverse("concerns:raise")
CHOSEN = {"danger": "no", "partnership": HERE, "inspection": INSPECTION}


class Scribe(logging.Handler):
    """Writes down everything anybody logs, the argument and the traceback included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {record.args!r} {trace}")


@pytest.fixture
def scribe() -> Any:
    """Everything that is logged at any level, with every statement sent to the database."""
    handler, root = Scribe(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in ("django", "django.db.backends"))]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    connection.force_debug_cursor = True
    yield handler
    connection.force_debug_cursor = False
    root.removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_the_search_finds_a_word_in_each_dress() -> None:
    """Else the test below would prove nothing."""
    for word in WORDS:
        for data in (
            f"before {word} after".encode(),
            f"before {word} after".encode("utf-16"),
            f"before {word} after".encode("utf-16-be"),
            f"before {word} after".encode().hex().encode(),
            *(base64.b64encode(b"x" * n + f"{word} after".encode()) for n in range(5)),
            *(base64.b64encode(b"x" * n + word.encode("utf-16-le") + b"yy") for n in range(3)),
        ):
            assert words_in(data, [word]) == {word}
    assert not words_in(b"nothing of the kind " * 50, WORDS)
    assert all(len(dress) >= 6 for word in WORDS for dress in dresses(word))


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_planted_concern_is_kept_anywhere_in_the_clear(
    people: People, tmp_path: Path, scribe: Scribe, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    raiser = _signed_in(people.raiser)
    page = raiser.get(f"{RAISE}?from=/p/fife/").content.decode()
    marker = _marker(page)
    _form_that_fails(raiser, marker)
    _server_that_fails(raiser, marker, monkeypatch)
    raiser = _session_that_ends(raiser, people.raiser, marker)
    answer = raiser.post(RAISE, PLANTED | CHOSEN | {"sightline_typed": marker})
    assert answer.status_code == 302
    assert not any(word in answer["Location"] for word in WORDS)
    concern = Concern.objects.get()
    _on_to_the_end(concern, people)
    _alarmed(people)
    _looked_at_by_others(concern, people)

    shown = _signed_in(people.manager).get(reverse("concerns:concern", args=[concern.pk]))
    text = shown.content.decode()
    assert not [word for word in WORDS if word not in text]  # it is all there, for who may
    pieces = [
        *cells(),
        *files(Path(settings.SIGHTLINE_STATE), tmp_path),
        *(("a log", line.encode()) for line in scribe.lines),
        ("the cache", repr(getattr(cache, "_cache", {})).encode()),
    ]
    assert len(pieces) > 1000
    assert len(list((tmp_path / "mail").iterdir())) > 3
    assert len(scribe.lines) > 100
    assert leaks(pieces, WORDS) == []


def _signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def _marker(page: str) -> str:
    found = re.search(r'name="sightline_typed" value="([^"]+)"', page)
    assert found, "the form carries no marker, so nothing typed would outlive a session"
    return found[1]


def _form_that_fails(client: Client, marker: str) -> None:
    """The question about danger is left out: the words come back on the page."""
    text = client.post(RAISE, PLANTED | {"sightline_typed": marker}).content.decode()
    assert "Error: " in text
    assert "Xanthippe" in text


def _server_that_fails(client: Client, marker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with the words stored and undone, once refused by the database itself."""

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("Planted: it broke after the words were stored.")

    given = PLANTED | CHOSEN | {"sightline_typed": marker}
    with monkeypatch.context() as patch:
        patch.setattr("sightline.concerns.services.raising.tell", broken)
        assert client.post(RAISE, given).status_code == 500
    with monkeypatch.context() as patch:
        patch.setattr("sightline.concerns.services.raising.start_clock", lambda *given: None)
        assert client.post(RAISE, given).status_code == 500  # no clock: a constraint refuses
    assert not Concern.objects.exists()


def _session_that_ends(client: Client, person: User, marker: str) -> Client:
    """The words are sent after the session is over, kept, and there after signing in again."""
    session = client.session
    session[SEEN] = int(time.time()) - 24 * 60 * 60
    session.save()
    answer = client.post(RAISE, PLANTED | {"sightline_typed": marker})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    assert Typed.objects.exists()
    assert leaks(cells(), WORDS) == []
    again = _signed_in(person)
    assert "Xanthippe" in again.get(RAISE).content.decode()
    other = _signed_in(UserFactory())
    assert "Xanthippe" not in other.get(RAISE).content.decode()
    return again


def _on_to_the_end(concern: Concern, people: People) -> None:
    who = {
        Deed.PASSED_ON: people.lead, Deed.ASKED: people.local_lead, Deed.ANSWERED: people.raiser,
        Deed.ACKNOWLEDGED: people.local_lead, Deed.ACTED: people.local_lead,
        Deed.CONCLUDED: people.local_lead, Deed.CLOSED: people.manager,
    }  # fmt: skip
    for deed, note in NOTES.items():
        url = reverse("concerns:step", args=[concern.pk, deed.value])
        turn = str(queries.turn_of(concern))
        client = _signed_in(who[deed])
        given = {"turn": turn, "note": note, "local_reference": REFERENCE}
        client.post(url, given | {"turn": "none"})  # fails, and shows the words again
        assert client.post(url, given).status_code == 302, deed


def _alarmed(people: People) -> None:
    """A second concern nobody acts on; its alarm goes by the clock's own job."""
    told = services.Told(worry=PLANTED["worry"], danger="yes", about_whom=PLANTED["about_whom"])
    with acting_as(people.raiser):
        late = services.raise_concern(actor=people.raiser, told=told, partnership=HERE)
        Concern.objects.filter(pk=late.pk).update(next_alarm="2020-01-01T00:00Z")
    clock = Clock("concerns.alarm")
    with acting_as(clock):
        job = start(actor=clock, code="concerns.alarm")
    job.refresh_from_db()
    assert AuditEvent.objects.filter(verb="concern.alarmed").count() == 1, job.told


def _looked_at_by_others(concern: Concern, people: People) -> None:
    """Who reads trails, lists people and jobs, or searches, finds nothing of it."""
    officer = assign(UserFactory(), "information-governance-officer")
    administrator = assign(UserFactory(), "system-administrator")
    for person in (officer, administrator, people.depute):
        client = _signed_in(person)
        for url in (
            f"/admin/audit/?thing=concern:{concern.label}", "/admin/audit/?rows=on",
            "/admin/audit/download/", "/admin/people/", "/admin/jobs/", "/jobs/", "/home/",
            reverse("concerns:concerns"), reverse("concerns:concern", args=[concern.pk]),
        ):  # fmt: skip
            answer = client.get(url)
            data = (
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]
                if answer.streaming
                else answer.content
            )
            assert not words_in(data, WORDS), url


@pytest.mark.django_db
def test_the_database_refuses_without_repeating_the_words(people: People) -> None:
    """PostgreSQL quotes the failing row in its error; what it quotes is sealed."""
    with pytest.raises(IntegrityError) as refusal:
        ConcernFactory(worry=PLANTED["worry"], partnership="")
    assert not words_in(str(refusal.value).encode(), WORDS)


words = st.text(st.characters(categories=("L", "N")), min_size=8, max_size=40)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(worry=words, note=words)
def test_whatever_is_written_the_trail_holds_none_of_it(
    people: People, worry: str, note: str
) -> None:
    """Of any text: neither deeds nor rows of the trail carry it, nor a column of the vault."""
    told = services.Told(worry=worry, danger="yes", about_whom=note)
    concern = services.raise_concern(actor=people.raiser, told=told, partnership=HERE)
    do(Deed.ACKNOWLEDGED, people.local_lead, concern, note=note)
    fresh = Concern.objects.get(pk=concern.pk)
    assert (fresh.worry, fresh.about_whom) == (worry, note)
    trail = "".join(
        f"{line.target}{line.reason}{line.before}{line.after}"
        for line in AuditEvent.objects.filter(target__icontains="concern")
    )
    assert trail
    assert worry not in trail
    assert note not in trail
    vault = [*Concern.objects.values_list(), *Step.objects.values_list()]
    assert worry not in repr(vault)
    assert command_line().audit_name not in trail
