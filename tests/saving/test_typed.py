"""What was typed and not sent: kept for one person, put back, forgotten when it was sent."""

import datetime as dt
import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from sightline.access.models import AuditEvent, Organisation, User
from sightline.design.forms import PutBack, SightlineForm, keeping_with
from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotAvailable
from sightline.saving import jobs, queries, services
from sightline.saving.models import Typed
from sightline.saving.sheets import PageKeeper, late_form, read_marker, sent_form
from tests.factories.access import UserFactory, assign
from tests.factories.saving import TypedFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/people/add/"
NOTES = "/partnerships/fife/localities/add/"
TYPED = "/saving/typed/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def person() -> User:
    return assign(UserFactory(name="A. Person"), "partnership-co-ordinator", "partnership", "fife")


@pytest.fixture
def client(person: User, client_for: Any) -> Client:
    return client_for(person)


def marker(client: Client, page: str = NOTES) -> str:
    found = re.search(r'name="sightline_typed" value="([^"]+)"', client.get(page).content.decode())
    assert found, "no marker on the page"
    return html.unescape(found[1])


def shown(client: Client, page: str = NOTES) -> str:
    return client.get(page).content.decode()


def end(client: Client) -> None:
    """Time passes: the session was last used long ago."""
    session = client.session
    session["sightline_seen"] = session["sightline_seen"] - 31 * 60
    session.save()


def test_what_is_typed_is_put_back_for_its_person_alone(
    person: User, client: Client, client_for: Any
) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby <b>", "source": "A lett"}
    assert client.post(TYPED, sent, headers=SCRIPT).json() == {"kept": True}
    page = shown(client)
    assert "We put back what you typed at" in page
    assert 'value="Kirkby &lt;b&gt;"' in page
    other = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    assert "Kirkby" not in shown(client_for(other))
    assert "Kirkby" not in shown(client, "/partnerships/fife/groups/add/")


def test_it_is_sealed_and_in_no_trail(person: User, client: Client) -> None:
    client.post(TYPED, {"sightline_typed": marker(client), "name": "Kirkby"}, headers=SCRIPT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM saving_typed")
        assert b"irkby" not in b"".join(
            bytes(cell) for cell in cursor.fetchone() if isinstance(cell, bytes | memoryview)
        )
    assert not AuditEvent.objects.filter(verb__startswith="row.", target__contains="typed")


def test_it_goes_when_the_form_was_sent_and_a_late_save_does_not_bring_it_back(
    client: Client,
) -> None:
    first = marker(client)
    client.post(TYPED, {"sightline_typed": first, "name": "Kirk"}, headers=SCRIPT)
    sent = {"sightline_typed": first, "name": "Kirkby", "source": "A letter"}
    assert client.post(NOTES, sent).status_code == 302
    assert "We put back" not in shown(client)
    late = client.post(TYPED, {"sightline_typed": first, "name": "Kirk"}, headers=SCRIPT)
    assert late.json() == {"kept": False}
    assert "We put back" not in shown(client)
    again = {"sightline_typed": marker(client), "name": "Newby"}
    assert client.post(TYPED, again, headers=SCRIPT).json() == {"kept": True}
    assert "Newby" in shown(client)


def test_it_goes_when_it_is_thrown_away(client: Client) -> None:
    kept = {"sightline_typed": marker(client), "name": "Kirkby"}
    client.post(TYPED, kept, headers=SCRIPT)
    thrown = client.post(
        TYPED, {"sightline_typed": marker(client), "throw-away": "yes"}, follow=True
    )
    assert thrown.redirect_chain == [(NOTES, 302)]
    assert "What you had typed was thrown away." in thrown.content.decode()
    assert "Kirkby" not in shown(client)


def test_a_form_with_faults_shows_what_was_sent_and_keeps_nothing(client: Client) -> None:
    page = client.post(NOTES, {"sightline_typed": marker(client), "name": ""})
    assert page.status_code == 200
    assert "We put back" not in page.content.decode()
    assert not Typed.objects.exists()


def test_a_session_that_timed_out_keeps_what_was_sent(person: User, client: Client) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby", "source": "A letter"}
    end(client)
    answer = client.post(NOTES, sent)
    assert answer.headers["Location"] == f"/accounts/login/?next={NOTES}"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "You were signed out after 30 minutes to protect the records." in page
    assert "What you typed is kept." in page
    client.force_login(person)
    assert "Kirkby" in shown(client)
    assert "sightline_locked" not in client.session


def test_somebody_else_who_signs_in_sees_nothing_of_it(person: User, client: Client) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby"}
    end(client)
    client.post(NOTES, sent)
    other = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    client.force_login(other)
    assert "Kirkby" not in shown(client)
    assert "We put back" not in shown(client)
    assert "sightline_locked" not in client.session
    client.force_login(person)
    assert "Kirkby" in shown(client)


def test_a_session_that_is_gone_altogether_keeps_it_by_the_signed_marker(
    person: User, client: Client, client_for: Any
) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby"}
    assert Client().post(NOTES, sent).headers["Location"].startswith("/accounts/login/")
    assert "Kirkby" in shown(client_for(person))


def test_the_script_is_told_where_to_sign_in(client: Client) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby"}
    end(client)
    answer = client.post(TYPED, sent, headers=SCRIPT)
    assert answer.status_code == 401
    assert answer.json() == {"signed_out": True, "sign_in": f"/accounts/login/?next={NOTES}"}
    assert Typed.objects.count() == 1


def test_a_page_of_somebody_before_does_nothing_for_somebody_else(
    person: User, client: Client, client_for: Any
) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby", "source": "A letter"}
    other = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    here = client_for(other)
    form = "application/x-www-form-urlencoded"
    answer = here.post(NOTES, urlencode(sent), content_type=form)
    assert answer.status_code == 403
    assert "kept for the person whose page it was" in answer.content.decode()
    assert "Kirkby" not in shown(here, "/partnerships/fife/")
    script = here.post(NOTES, urlencode(sent), content_type=form, headers=SCRIPT)
    assert script.status_code == 401
    assert "Kirkby" in shown(client)


def test_a_form_whose_token_is_old_keeps_it_and_says_so(person: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    sent = {"sightline_typed": marker(strict), "name": "Kirkby"}
    answer = strict.post(NOTES, sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "What you typed is kept for you." in page
    assert f'href="{NOTES}"' in page
    assert "Kirkby" in shown(strict)
    plain = strict.post(NOTES, {"name": "x"})
    assert "copy anything long" in plain.content.decode()


def test_a_form_that_is_refused_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(**given: object) -> None:
        raise NotAvailable("The disk is full.")

    monkeypatch.setattr("sightline.partnerships.views.services.add_detail", unavailable)
    sent = {"sightline_typed": marker(client), "name": "Kirkby", "source": "A letter"}
    assert client.post(NOTES, sent).status_code == 503
    assert "Kirkby" in shown(client)


def test_a_form_led_to_signing_in_again_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.http import HttpResponseRedirect

    from sightline.access import middleware

    sent = {"sightline_typed": marker(client), "name": "Kirkby", "source": "A letter"}

    def ask(self: object, request: object) -> HttpResponseRedirect:
        return HttpResponseRedirect("/accounts/login/?next=/x/")

    with monkeypatch.context() as patched:
        patched.setattr(middleware.RefusalMiddleware, "__call__", ask)
        form = "application/x-www-form-urlencoded"
        client.post(NOTES, urlencode(sent), content_type=form)
    assert "Kirkby" in shown(client)


@pytest.mark.parametrize("text", ["", "forged", "eyJhIjoxfQ:1:x"])
def test_a_marker_that_is_none_keeps_nothing(client: Client, text: str) -> None:
    assert read_marker({"sightline_typed": text}) is None
    sent = {"sightline_typed": text, "name": "x"}
    assert client.post(TYPED, sent, headers=SCRIPT).json() == {"kept": False}
    assert client.post(TYPED, sent).headers["Location"] == "/"
    assert Client().post(NOTES, sent).status_code == 302
    assert not Typed.objects.exists()


def test_a_marker_of_somebody_who_left_keeps_nothing(person: User, client: Client) -> None:
    sent = {"sightline_typed": marker(client), "name": "Kirkby"}
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().post(NOTES, sent).status_code == 302
    assert not Typed.objects.exists()


def test_only_the_fields_of_the_form_are_kept(person: User, client: Client) -> None:
    sent = {"sightline_typed": marker(client), "name": "K", "password": "p", "kind": "x"}
    client.post(TYPED, sent, headers=SCRIPT)
    assert Typed.objects.get().words == {"name": ["K"]}


def test_a_text_with_versions_is_put_back_with_the_version_it_was_based_on(
    client_for: Any,
) -> None:
    """Else it would silently overwrite what somebody wrote meanwhile."""
    from uuid import uuid4

    from tests.factories.inspections import draft

    draft(reference="fife-2026", partnership="fife")
    page = "/p/fife/exercises/fife-2026/notes/"
    lead = assign(UserFactory(), "inspection-lead", "inspection", "fife-2026")
    other = assign(UserFactory(name="O. Ther"), "inspection-lead", "inspection", "fife-2026")
    client, place = client_for(lead), "inspection:fife-2026/notes"
    sent = {"text": "Mine.", "based_on": 0, "token": str(uuid4())}
    sent["sightline_typed"] = marker(client, page)
    end(client)
    assert client.post(f"/saving/{place}/", sent).headers["Location"].endswith(page)
    services.save_text(actor=other, place=place, text="Theirs.", based_on=0, token=uuid4())
    client.force_login(lead)
    back = shown(client, page)
    assert "Mine." in back
    assert re.search(r'name="based_on" value="0"', back)
    sent["sightline_typed"] = marker(client, page)
    answer = client.post(f"/saving/{place}/", sent, headers=SCRIPT)
    assert "O. Ther changed this" in answer.json()["message"]
    assert "We put back" not in shown(client, page)


class TestTheKey:
    def test_a_matter_of_concern_is_sealed_with_its_own_key(self, person: User) -> None:
        sheet = services.Sheet("/concerns/raise/", "RaiseForm", "concerns", "s")
        services.keep_typed(actor=person, sheet=sheet, typed={"what": ["words"]})
        row = Typed.objects.get()
        assert row.words is None
        assert row.concern_words == {"what": ["words"]}

    def test_without_the_key_nothing_is_kept_and_the_page_opens(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept = {"sightline_typed": marker(client), "name": "Kirkby"}
        client.post(TYPED, kept, headers=SCRIPT)

        def missing(*given: object, **named: object) -> None:
            raise NotAvailable("The key is missing.")

        with monkeypatch.context() as patched:
            patched.setattr("sightline.secrets.fields.unseal", missing)
            assert "We put back" not in shown(client)
        sent = {"sightline_typed": marker(client), "name": "Newby", "source": ""}
        with monkeypatch.context() as patched:
            patched.setattr("sightline.secrets.fields.seal", missing)
            assert client.post(TYPED, sent, headers=SCRIPT).status_code == 503
            assert Client().post(NOTES, sent).status_code == 503
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = client.cookies
            assert "copy anything long" in strict.post(NOTES, sent).content.decode()
        assert "Kirkby" in shown(client)


def test_a_date_in_parts_a_choice_and_ticks_come_back_as_they_were(person: User) -> None:
    from sightline.design.gallery.examples import SailingForm

    typed = {
        "name": ["Ferry"],
        "kind": ["river"],
        "days": ["mon", "sat"],
        "first_day": ["31"],
        "first_month": ["2"],
        "first_year": [""],
        "passengers": ["many"],
    }
    sheet = services.Sheet("/x/", "SailingForm", "data", "s")
    services.keep_typed(actor=person, sheet=sheet, typed=typed)
    with keeping_with(PageKeeper(person, "/x/")):
        form = SailingForm(initial={"ready": True, "notes": "As before."})
        assert form["first"].value() == ["31", "2", ""]
        assert form["days"].value() == ["mon", "sat"]
        assert form["passengers"].value() == "many"
        assert form["notes"].value() == "As before."
        assert form["ready"].value() is False
        assert isinstance(form.typed_before, PutBack)
        assert SailingForm({"name": "x"}).typed_before is None
        assert SailingForm(prefix="two").kept_name == "SailingForm two"
        assert SailingForm(prefix="two").typed_before is None
    assert SailingForm().typed_before is None
    assert SailingForm().kept_marker == ""


def test_passwords_codes_files_and_hidden_fields_are_never_kept() -> None:
    class Secrets(SightlineForm):
        words = forms.CharField()
        word = forms.CharField(widget=forms.PasswordInput)
        code = forms.CharField(widget=forms.TextInput({"autocomplete": "one-time-code"}))
        file = forms.FileField()
        hidden = forms.CharField(widget=forms.HiddenInput)

    class Nothing(Secrets):
        keeps_typed = ""

    assert Secrets().kept_fields() == ["words"]
    with keeping_with(PageKeeper(UserFactory(), "/x/")):
        marked = read_marker({"sightline_typed": Secrets().kept_marker})
        assert marked is not None
        assert marked.names == {"words"}
        assert Nothing().kept_marker == ""
        assert Nothing().typed_before is None


def test_what_nobody_came_back_for_is_forgotten_after_14_days(person: User) -> None:
    now = timezone.now()
    TypedFactory(kept_at=now - dt.timedelta(days=15), form="Old")
    kept = TypedFactory(kept_at=now - dt.timedelta(days=13), form="New")
    progress = object.__new__(Progress)
    assert jobs.forget(progress) == {"forms": 1}
    assert list(Typed.objects.all()) == [kept]
    line = AuditEvent.objects.get(verb="typed.forgotten")
    assert line.after == {"forms": 1}
    assert jobs.forget(progress) == {"forms": 0}
    assert AuditEvent.objects.filter(verb="typed.forgotten").count() == 1


def test_whether_anything_is_kept(person: User) -> None:
    assert not queries.has_typed(person.pk)
    row = TypedFactory(kept_by=person)
    assert queries.has_typed(person.pk)
    assert str(row) == "NameForm on /somewhere/"
    row.words = None
    row.save()
    assert not queries.has_typed(person.pk)
    assert queries.typed(person, "/somewhere/", "NameForm") == row


def test_the_database_seals_it_with_one_key_and_keeps_it_once(person: User) -> None:
    row = TypedFactory(kept_by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        TypedFactory(kept_by=person)
    row.concern_words = {"a": ["b"]}
    with pytest.raises(IntegrityError, match="sealed_with_one_key"), transaction.atomic():
        row.save()
    assert not Organisation.objects.exists()


def test_what_is_no_form_is_not_read(rf: Any) -> None:
    assert sent_form(rf.get("/")) is None
    assert sent_form(rf.post("/", b"{}", content_type="application/json")) is None
    assert sent_form(rf.post("/", {"file": "x"})) is None  # multipart, and nobody has read it
    form = "application/x-www-form-urlencoded"
    assert sent_form(rf.post("/", "a=1", content_type=form))["a"] == "1"


def test_a_form_that_comes_too_late_is_read_without_its_files(rf: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import RequestFactory

    late = rf.post("/", {"words": "kept", "file": SimpleUploadedFile("a.csv", b"x" * 100_000)})
    assert late_form(late)["words"] == "kept"
    assert not late.FILES
    assert late_form(rf.get("/")) is None
    cut = RequestFactory().post("/", b"--x", content_type="multipart/form-data")
    assert late_form(cut) is None
