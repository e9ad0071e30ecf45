"""Pages of an area's data: who may open them, what they say, what they record."""

import json

import pytest
from django.urls import reverse

from sightline.access.models import AuditEvent
from sightline.children import queries, services
from sightline.children.models import Build, ColumnMap
from tests.children.conftest import CHILDREN, ENTRIES
from tests.factories.access import UserFactory, assign
from tests.factories.children import BuildFactory, ExtractFactory

A = {"area": "fife"}
SET = {**A, "dataset": "register-entries"}


@pytest.fixture
def analyst(sender, client_for):
    return client_for(sender)


@pytest.fixture
def made(load, sender, finds, django_capture_on_commit_callbacks):
    """Build 1 of Fife, with a fault."""
    load("children", CHILDREN)
    load("register-entries", ENTRIES)
    finds(("register-entries", 3, "registered_on", "V-020", "E", "It overlaps another"))
    with django_capture_on_commit_callbacks(execute=True):
        begun = services.start_build(actor=sender, area="fife")
    begun.build.refresh_from_db()
    return begun.build


def get(client, name, kwargs=A, **query):
    return client.get(reverse(f"children:{name}", kwargs=kwargs), query)


def test_what_is_supplied_and_what_is_not(analyst, load):
    assert reverse("children:data", kwargs=A) in get(analyst, "areas", {}).content.decode()
    page = get(analyst, "data").content.decode()
    assert "What is supplied (0)" in page
    assert "No build is published" in page
    load("register-entries", ENTRIES)
    page = get(analyst, "data").content.decode()
    assert "What is supplied (1)" in page
    assert "1 August 2023 to 31 May 2024" in page
    assert "never shown as nought" in page
    assert get(analyst, "datasets").status_code == 200


def test_a_dataset_its_templates_and_its_versions(analyst, load):
    page = get(analyst, "dataset", SET).content.decode()
    assert "Not supplied: no file of this has been sent" in page
    load("register-entries", ENTRIES)
    page = get(analyst, "dataset", SET).content.decode()
    assert "worked out from its dates" in page
    found = get(analyst, "schema", SET)
    schema = json.loads(found.content)
    assert schema["primaryKey"] == ["child", "registered_on"]
    assert {"name": "temporary", "type": "boolean"}.items() <= schema["fields"][4].items()
    assert get(analyst, "template", SET).content[:2] == b"PK"


def test_the_days_a_file_answers_for(analyst, load):
    load("register-entries", ENTRIES)
    address = reverse("children:days", kwargs={**SET, "vintage": 1})
    assert analyst.get(address).status_code == 200
    said = {
        "first_day": 1,
        "first_month": 8,
        "first_year": 2014,
        "last_day": 31,
        "last_month": 7,
        "last_year": 2024,
    }
    wrong = analyst.post(address, said | {"last_year": 2012})
    assert "before the first" in wrong.content.decode()
    assert analyst.post(address, said).status_code == 302
    extract = queries.latest_extract("fife", "register-entries")
    assert (str(extract.covers_from), extract.covers_said) == ("2014-08-01", True)


def test_columns_of_their_own_are_said_once(analyst, send, load):
    own = b"Child,CP start,Taken off the register,Why taken off\nC1,2024-01-02,,Better at home\n"
    upload = send("register-entries", own)
    assert upload.state == "refused"
    page = get(analyst, "columns", SET).content.decode()
    assert "Your column “CP start”" in page
    address = reverse("children:columns", kwargs=SET)
    assert analyst.post(address, {"heading-0": "registered_on"}).status_code == 302
    upload = send("register-entries", own)
    assert (upload.good, upload.held_back) == (0, 1)
    assert "Your “Better at home” in" in get(analyst, "columns", SET).content.decode()
    assert analyst.post(address, {"code-reason-0": "improved-home"}).status_code == 302
    upload = load("register-entries", own)
    assert (upload.good, ColumnMap.objects.count()) == (1, 2)
    assert "Nothing waits to be said" in get(analyst, "columns", SET).content.decode()


def test_a_build_from_beginning_to_undoing(
    analyst, made, sender, django_capture_on_commit_callbacks
):
    number = {**A, "number": made.number}
    page = get(analyst, "build", number).content.decode()
    assert "It overlaps another" in page
    assert "100.0% (2 by the council’s number)" in page
    assert get(analyst, "builds").status_code == 200
    assert get(analyst, "publish", number).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(reverse("children:publish", kwargs=number))
    assert queries.current_build("fife") == made
    assert "This is what pages show now" in get(analyst, "build", number).content.decode()
    assert get(analyst, "data").context["current"] == made
    undo = reverse("children:undo", kwargs=number)
    assert analyst.get(undo).status_code == 200
    assert "Enter" in analyst.post(undo, {"reason": ""}).content.decode()
    assert analyst.post(undo, {"reason": "Sent by mistake"}).status_code == 302
    assert queries.current_build("fife") is None
    assert "Sent by mistake" in get(analyst, "build", number).content.decode()
    assert get(analyst, "publish", number).status_code == 409


def test_a_build_is_begun_on_its_page(analyst, load, finds, django_capture_on_commit_callbacks):
    page = get(analyst, "new-build")
    assert "Nothing has been sent yet" in page.content.decode()
    assert (
        "nothing to build from"
        in analyst.post(reverse("children:new-build", kwargs=A)).content.decode()
    )
    load("children", CHILDREN)
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(reverse("children:new-build", kwargs=A))
    assert Build.objects.get().state == "checked"
    analyst.post(reverse("children:new-build", kwargs=A))
    assert Build.objects.count() == 1


def test_faults_are_listed_without_values_and_their_reading_recorded(analyst, made):
    number = {**A, "number": made.number}
    page = get(analyst, "faults", number).content.decode()
    assert "It overlaps another" in page
    assert "C002" not in page
    assert get(analyst, "faults", number, rule="V-020", page="9").status_code == 200
    assert get(analyst, "faults", number, rule="nonsense").status_code == 200
    csv = get(analyst, "faults-csv", number, rule="V-020").content.decode()
    assert "Entries on the child protection register,3,Placed on the register,V-020" in csv
    assert AuditEvent.objects.filter(verb="faults.read", target="faults:fife/1").count() >= 2


def test_a_build_being_made_and_one_that_could_not_be(analyst):
    build = BuildFactory(number=4)
    page = get(analyst, "build", {**A, "number": 4}).content.decode()
    assert "could not be made" in page
    assert "Could not be made" in get(analyst, "builds").content.decode()
    assert build.state == "staged"


def test_erasing_is_for_those_who_may(client_for, made, analyst):
    assert get(analyst, "erase").status_code == 403
    officer = client_for(
        assign(UserFactory(), "information-governance-officer", "partnership", "fife")
    )
    address = reverse("children:erase", kwargs=A)
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"child": "C001", "reason": "Asked for"}).status_code == 302
    assert "Asked for" in officer.get(address).content.decode()


def test_strangers_meet_nothing(client_for, made):
    ExtractFactory(dataset="irds", vintage=1)
    stranger = client_for(assign(UserFactory(), "partnership-analyst", "partnership", "angus"))
    for name in ("data", "datasets", "builds", "new-build", "erase", "waivers"):
        assert get(stranger, name).status_code == 404
    for name in ("build", "publish", "undo", "faults", "faults-csv"):
        assert get(stranger, name, {**A, "number": 1}).status_code == 404
    for name in ("dataset", "template", "schema", "columns"):
        assert get(stranger, name, SET).status_code == 404
