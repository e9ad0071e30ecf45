"""The pages of saved texts: with the script, without it, and for those who may not."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.models import User
from sightline.saving.models import Version
from sightline.saving.moments import ago, clock
from sightline.saving.queries import text_of, versions_of
from sightline.saving.services import save_text
from tests.saving.conftest import PLACE, REFERENCE, Team

pytestmark = pytest.mark.django_db
AT = {"kind": "inspection", "key": REFERENCE, "field": "notes"}
NOTES = f"/p/fife/exercises/{REFERENCE}/notes/"
SCRIPT = {"Accept": "application/json"}


def url(page: str, **more: Any) -> str:
    return reverse(f"saving:{page}", kwargs=AT | more)


def fields(text: str, based_on: int = 0) -> dict[str, Any]:
    return {"text": text, "based_on": based_on, "token": str(uuid4())}


def put(who: User, text: str, based_on: int = 0) -> Any:
    return save_text(actor=who, place=PLACE, text=text, based_on=based_on, token=uuid4())


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def lead(team: Team, client_for: Any) -> Client:
    return client_for(team.lead)


@pytest.fixture
def reader(team: Team, client_for: Any) -> Client:
    return client_for(team.inspector)


def test_an_address_names_its_place() -> None:
    assert url("save") == f"/saving/inspection:{REFERENCE}/notes/"


def test_without_the_script_saving_leads_back_and_says_so(lead: Client) -> None:
    answer = lead.post(url("save"), fields("First."), follow=True)
    assert answer.redirect_chain == [(NOTES, 302)]
    assert "Done. Saved at " in words(answer)
    assert text_of(PLACE).words == "First."
    assert "First." in words(lead.get(NOTES))


def test_what_may_identify_somebody_is_said_and_stored_all_the_same(lead: Client) -> None:
    text = "A quiet line.\nBorn on 03/04/2011, rings from 07700 900123."
    answer = lead.post(url("save"), fields(text), follow=True)
    assert "Check this. Line 2 may hold a date of birth." in words(answer)
    assert text_of(PLACE).words == text
    said = lead.post(url("save"), fields(text, 1), headers=SCRIPT).json()
    assert any("Line 2 may hold a date of birth" in one for one in said["notices"])
    assert "2011" not in " ".join(said["notices"])
    assert "Line 2 may hold" in words(lead.get(url("version", number=1)))


def test_the_script_is_told_the_version_to_go_on_from(lead: Client) -> None:
    said = lead.post(url("save"), fields("First."), headers=SCRIPT).json()
    assert said == {"saved": 1, "at": clock(text_of(PLACE).stored_at), "notices": []}


def test_the_script_is_told_of_a_clash_with_who_and_where(team: Team, lead: Client) -> None:
    put(team.inspector, "Theirs.")
    said = lead.post(url("save"), fields("Mine."), headers=SCRIPT).json()
    assert said["message"] == "B. Reader changed this a moment ago."
    assert said["url"] == url("clash", number=2)
    assert "Two versions" in words(lead.get(NOTES))


def test_without_the_script_a_clash_leads_to_both_texts(
    team: Team, lead: Client, reader: Client
) -> None:
    put(team.lead, "Theirs.")
    answer = reader.post(url("save"), fields("Mine."), follow=True)
    assert answer.redirect_chain == [(url("clash", number=2), 302)]
    assert "A. Lead changed this a moment ago. Both texts are kept" in words(answer)
    assert "Theirs." in words(answer)
    assert "Mine." in words(answer)


@pytest.mark.parametrize(
    ("choice", "kept"), [("theirs", "Theirs."), ("mine", "Mine."), ("joined", "Both.")]
)
def test_three_ways_on_from_a_clash(team: Team, reader: Client, choice: str, kept: str) -> None:
    put(team.lead, "Theirs.")
    put(team.inspector, "Mine.")
    sent = {"choice": choice, "theirs": 1, "text": "Both.", "token": str(uuid4())}
    answer = reader.post(url("clash", number=2), sent, follow=True)
    assert "Settled, and saved" in words(answer)
    assert text_of(PLACE).words == kept
    assert "This was settled, as version 3" in words(reader.get(url("clash", number=2)))
    sent["token"] = str(uuid4())
    assert "settled already" in words(reader.post(url("clash", number=2), sent, follow=True))


def test_settling_over_a_third_text_shows_both_again(team: Team, reader: Client) -> None:
    put(team.lead, "Theirs.")
    put(team.inspector, "Mine.")
    put(team.lead, "Third.", 1)
    sent = {"choice": "joined", "theirs": 1, "text": "Both.", "token": str(uuid4())}
    answer = reader.post(url("clash", number=2), sent, follow=True)
    assert answer.redirect_chain == [(url("clash", number=4), 302)]
    assert "Somebody saved again meanwhile" in words(answer)
    assert reader.get(url("clash", number=2)).headers["Location"] == url("clash", number=4)


def test_a_choice_that_is_none_is_asked_for_again(team: Team, reader: Client) -> None:
    put(team.lead, "Theirs.")
    put(team.inspector, "Mine.")
    answer = reader.post(url("clash", number=2), {"text": "Both, half-written."})
    assert answer.status_code == 200
    assert "Both, half-written." in words(answer)
    assert len(versions_of(PLACE)) == 2


def test_what_is_no_clash_is_refused(team: Team, lead: Client) -> None:
    put(team.lead, "First.")
    assert lead.get(url("clash", number=1)).status_code == 400
    assert lead.get(url("clash", number=9)).status_code == 404


def test_the_versions_say_who_and_what_and_each_can_be_put_back(team: Team, lead: Client) -> None:
    assert "Nothing has been saved here yet." in words(lead.get(url("versions")))
    put(team.lead, "First.")
    put(team.inspector, "Second.", 1)
    shown = words(lead.get(url("versions")))
    assert shown.index("Version 2") < shown.index("Version 1")
    assert "B. Reader" in shown
    assert "In use" in shown
    page = lead.get(url("version", number=1))
    assert "Put version 1 back" in words(page)
    assert "This is the version in use." in words(lead.get(url("version", number=2)))
    sent = {"based_on": 2, "token": str(uuid4())}
    answer = lead.post(url("restore", number=1), sent, follow=True)
    assert "Version 1 was put back, as version 3." in words(answer)
    assert text_of(PLACE).words == "First."
    late = lead.post(url("restore", number=2), {"based_on": 2, "token": str(uuid4())})
    assert late.status_code == 409


def test_nothing_sent_is_nothing_saved(lead: Client) -> None:
    for page, more in (("save", {}), ("restore", {"number": 1})):
        assert "Nothing was sent" in words(lead.post(url(page, **more), follow=True))
    assert lead.post(url("save"), headers=SCRIPT).status_code == 400
    assert not Version.objects.exists()


def test_what_is_too_long_is_refused_in_the_form_of_who_asks(lead: Client) -> None:
    long = fields("x" * 200_001)
    assert lead.post(url("save"), long).status_code == 400
    said = lead.post(url("save"), long, headers=SCRIPT)
    assert said.status_code == 400
    assert "200,000 can be kept" in said.json()["message"]


def test_others_meet_nothing_at_all(team: Team, client_for: Any) -> None:
    put(team.lead, "First.")
    for outsider in team.outsiders:
        client = client_for(outsider)
        assert client.get(NOTES).status_code == 404
        for page in ("versions", "version", "clash"):
            more = {} if page == "versions" else {"number": 1}
            assert client.get(url(page, **more)).status_code == 404
        assert client.post(url("save"), fields("x")).status_code == 404
        assert client.post(url("save"), fields("x"), headers=SCRIPT).status_code == 404
    assert len(versions_of(PLACE)) == 1


def test_the_notes_are_linked_for_the_team_alone_and_are_in_no_export(
    team: Team, lead: Client
) -> None:
    from tests.factories.inspections import imported

    put(team.lead, "Heather and granite.")
    page = f"/p/fife/exercises/{REFERENCE}/"
    assert NOTES in lead.get(page).content.decode()
    for name in ("", "export/", "report/"):
        assert b"Heather and granite" not in lead.get(page + name).content
    imported(reference="fife-2021", partnership="fife")
    assert "fife-2021/notes/" not in lead.get("/p/fife/exercises/fife-2021/").content.decode()
    assert lead.get("/p/fife/exercises/fife-2021/notes/").status_code == 404
    assert lead.get(f"/p/angus/exercises/{REFERENCE}/notes/").status_code == 404


def test_the_page_asks_little_of_the_database(
    team: Team, lead: Client, django_assert_max_num_queries: Any
) -> None:
    put(team.lead, "First.")
    lead.get(NOTES)
    with django_assert_max_num_queries(14):
        lead.get(NOTES)
    with django_assert_max_num_queries(8):
        lead.get(url("versions"))


def test_moments_in_words() -> None:
    import datetime as dt

    from django.utils import timezone

    now = timezone.now()
    day = dt.datetime(2026, 3, 1, tzinfo=timezone.get_current_timezone())
    assert clock(day) == "12:00am on 1 March 2026"
    assert clock(day.replace(hour=16, minute=2)) == "4:02pm on 1 March 2026"
    assert clock(day.replace(hour=12)) == "12:00pm on 1 March 2026"
    assert ago(now) == "a moment ago"
    assert ago(now - dt.timedelta(minutes=2)) == "2 minutes ago"
    assert ago(day).startswith("at 12:00am on")
