"""Pages of inspections: who sees them, what they say, and how many queries they take."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sightline.access.models import AuditEvent
from sightline.inspections import history, import_views, models, queries
from sightline.inspections.published import load_published
from sightline.inspections.services import Basis, correct_evaluation
from tests.factories.access import UserFactory, assign
from tests.factories.inspections import ACTOR, document_data, draft, imported
from tests.inspections.test_queries import many

pytestmark = pytest.mark.django_db
AT = {"partnership": "falkirk", "reference": "falkirk-2021"}
LIST = "/national/exercises/"
IMPORT = "/national/exercises/import/"


@pytest.fixture
def lead():
    """An inspection lead for all of Scotland."""
    return assign(UserFactory(name="L. Lead"), "inspection-lead")


@pytest.fixture
def officer():
    """A chief officer of Falkirk."""
    return assign(UserFactory(), "chief-officer", "partnership", "falkirk")


def at(name: str, **more: str) -> str:
    return reverse(f"inspections:{name}", kwargs={**AT, **more})


def page(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:500]
    return " ".join(response.content.decode().split())


# The list


def test_the_list_shows_published_inspections_and_narrows(client_for, officer):
    load_published(ACTOR)
    client = client_for(officer)
    text = page(client, LIST)
    assert text.index("East Lothian 2024") < text.index("South Lanarkshire 2020")
    assert "Findings across inspections" in text
    assert "Import an inspection" not in text
    text = page(client, f"{LIST}?programme=P2")
    assert "North Lanarkshire 2023" in text
    assert "South Lanarkshire 2020" not in text
    text = page(client, f"{LIST}?partnership=orkney-islands&kind=progress-review")
    assert "Orkney Islands 2021, progress review" in text
    assert "Orkney Islands 2020" not in text
    text = page(client, f"{LIST}?partnership=angus")
    assert "No inspection matches." in text
    assert "Select programme from the list" in page(client, f"{LIST}?programme=P8")


def test_the_list_says_when_there_is_nothing(client_for, officer):
    assert "No inspections yet." in page(client_for(officer), LIST)


def test_a_draft_is_listed_for_its_team_without_its_evaluations(client_for, lead, officer):
    draft()
    text = page(client_for(lead), LIST)
    assert "Falkirk, not yet published" in text
    assert "Open the draft to see them" in text
    assert "Adequate" not in text
    assert "not yet published" not in page(client_for(officer), LIST)


def test_the_list_takes_the_same_queries_whatever_its_length(client_for, officer):
    client = client_for(officer)

    def counted(address: str) -> int:
        page(client, address)
        with CaptureQueriesContext(connection) as caught:
            page(client, address)
        return len(caught)

    many(2)
    few = counted(LIST)
    many(60)
    assert counted(LIST) == few <= 6
    assert counted(f"{LIST}?page=2") == few
    assert "26 to 50 of 62" in page(client, f"{LIST}?page=2")
    one = models.Inspection.objects.first()
    address = reverse("inspections:inspection", args=["fife", one.reference])
    single = counted(address)
    many(30)
    assert counted(address) == single <= 14


# One inspection


def test_the_conflict_of_south_lanarkshire_is_visible(client_for, officer):
    load_published(ACTOR)
    text = page(client_for(officer), "/p/south-lanarkshire/exercises/south-lanarkshire-2020/")
    assert "<li>Staff survey response rate: 89%; 91%</li>" in text
    assert "<strong>89%</strong>" in text
    assert "<strong>91%</strong>" in text
    assert "Sources differ" in text
    assert "Another source says" in text
    for words in (
        "2.1 Impact on children and young people",
        "16 June 2020",
        "23 March 2020 to 16 June 2020",
        "over 350",
        "No earlier inspection of South Lanarkshire is held.",
        "Record last changed",
        "by the command line (account tester)",
        "Elected members met",
    ):
        assert words in text


def test_each_part_says_what_is_not_known(client_for, officer):
    imported(
        evidence=[], strengths=[], areas_for_improvement=[], key_messages=[], good_practice=[],
        conclusion=None, pauses=[], evaluations=[],
    )  # fmt: skip
    text = page(client_for(officer), at("inspection"))
    for words in (
        "No count of evidence is known",
        "No strengths are held",
        "No areas for improvement are held",
        "No key message is held for this question.",
        "No conclusion about the capacity to improve is held",
        "No pause is known.",
        "No value of this inspection has been replaced.",
        "Not known",
    ):
        assert words in text
    imported(areas_for_improvement=[], improvement_note="None were named.")
    assert "None were named." in page(client_for(officer), at("inspection"))


def test_inspections_of_one_partnership_lead_to_each_other(client_for, officer):
    load_published(ACTOR)
    client = client_for(officer)
    text = page(client, "/p/orkney-islands/exercises/orkney-islands-2021-review/")
    assert 'rel="prev">Orkney Islands 2020</a>' in text
    assert 'rel="next">Orkney Islands 2022, progress review</a>' in text
    assert "Not given: progress review" in text
    text = page(client, "/p/orkney-islands/exercises/orkney-islands-2020/")
    assert "Followed by" in text


def test_who_may_open_an_inspection(client_for, lead, officer):
    imported()
    draft()
    own = assign(UserFactory(), "inspector", "inspection", "falkirk-2026")
    elsewhere = assign(UserFactory(), "inspector", "inspection", "moray-2021")
    stranger = UserFactory()
    published, hidden = at("inspection"), at("inspection", reference="falkirk-2026")
    for person in (lead, officer, own, elsewhere):
        page(client_for(person), published)
    page(client_for(stranger), published, 404)
    for person in (lead, own):
        assert "This is a draft" in page(client_for(person), hidden)
    reads = AuditEvent.objects.filter(verb="inspection.read").values_list("actor", flat=True)
    assert set(reads) == {lead.audit_name, own.audit_name}
    for person in (officer, elsewhere, stranger):
        page(client_for(person), hidden, 404)
    page(client_for(lead), at("inspection", partnership="moray"), 404)
    page(client_for(lead), at("inspection", reference="falkirk-1900"), 404)


def test_somebody_who_has_not_signed_in_is_asked_to(client):
    imported()
    for address in (LIST, IMPORT, at("inspection"), at("evaluation", judgement="2-1")):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


# One evaluation


def test_an_evaluation_shows_every_source_why_and_history(client_for, lead, officer):
    load_published(ACTOR)
    address = "/p/south-lanarkshire/exercises/south-lanarkshire-2020/evaluations/2-1/"
    text = page(client_for(officer), address)
    for words in (
        "Strengths just outweigh weaknesses",
        "Review of findings from inspection programme 2018 - 2020",
        "South Lanarkshire Council Executive Committee",
        "Appendix 1, 2.1, paragraph 1",
        "This evaluation has not been corrected or replaced.",
    ):
        assert words in text
    assert "Correct this evaluation" not in text
    assert "Correct this evaluation" in page(client_for(lead), address)
    suite = address.replace("2-1", "9")
    assert "9.1, 9.2, 9.3, 9.4" in page(client_for(officer), suite)


def test_an_evaluation_that_is_not_known_says_so(client_for, officer):
    imported()
    client = client_for(officer)
    text = page(client, at("evaluation", judgement="1-1"))
    assert "The evaluation of 1.1 is not known. Not found in what could be read." in text
    assert "No source that was read gives it." in text
    page(client, at("evaluation", judgement="5-3"), 404)
    page(client, at("evaluation", judgement="nonsense"), 404)
    imported(kind="interim", evaluations=[])
    text = page(client, at("evaluation", judgement="1-1"))
    assert "This interim report gives no evaluation of 1.1." in text


# Correcting


def sent(about: str, subject: str, **more) -> dict:
    given = {
        "source": "paper-b",
        "confidence": "high",
        "place": "Paragraph 4",
        "note": "",
        "reason": "Typed wrongly",
        "shown": history.key_in_use("falkirk-2021", about, subject) or "",
    }
    return {**given, **more}


def test_an_evaluation_is_corrected_on_its_page(client_for, lead):
    imported()
    client = client_for(lead)
    address = at("correct-evaluation", judgement="2-1")
    text = page(client, address)
    assert "checked" not in text
    assert "6 Excellent" in text
    response = client.post(address, sent("evaluation", "2.1", value="4"), follow=True)
    text = " ".join(response.content.decode().split())
    assert response.redirect_chain == [(at("evaluation", judgement="2-1"), 302)]
    assert "corrected. The old value was kept." in text
    assert "Typed wrongly" in text
    assert "by L. Lead" in text
    assert queries.document("falkirk-2021").evaluations[0].stated.value == 4


def test_a_correction_of_what_somebody_else_has_just_corrected_is_refused(client_for, lead):
    imported()
    opened = sent("evaluation", "2.1", value="5")
    correct_evaluation(
        actor=ACTOR, reference="falkirk-2021", judgement="2.1", value=4,
        basis=Basis(sources=("paper-b",), confidence="high"), reason="First",
        as_shown=opened["shown"],
    )  # fmt: skip
    response = client_for(lead).post(at("correct-evaluation", judgement="2-1"), opened)
    assert response.status_code == 200
    text = response.content.decode()
    assert "evaluation 2.1 has changed since you opened it" in text
    assert "Typed wrongly" in text  # what was typed is still there
    assert queries.document("falkirk-2021").evaluations[0].stated.value == 4


def test_a_correction_without_reason_source_or_value_says_what_to_enter(client_for, lead):
    imported()
    response = client_for(lead).post(at("correct-evaluation", judgement="2-1"), {})
    text = response.content.decode()
    for words in (
        "Select the evaluation the source gives",
        "Enter why the value is corrected",
        "Select how sure it is",
        "Error:",
    ):
        assert words in text


def test_a_count_and_a_date_are_corrected_on_their_pages(client_for, lead):
    imported()
    client = client_for(lead)
    address = at("correct-count", channel="records-read")
    assert "109" in page(client, address)
    given = sent("count", "records-read", count="110", qualifier="exactly", printed="")
    assert client.post(address, given).status_code == 302
    address = at("correct-count", channel="staff-survey-rate")
    given = sent("count", "staff-survey-rate", count="101", qualifier="exactly", printed="")
    assert "must be 100 or less" in client.post(address, given).content.decode()
    address = at("correct-date", what="published")
    given = sent("date", "published", value="soon")
    assert "is not a date" in client.post(address, given).content.decode()
    assert client.post(address, {**given, "value": "2021-04"}).status_code == 302
    found = queries.document("falkirk-2021")
    assert (found.evidence[0].count, found.dates.published.value) == (110, "2021-04")
    text = page(client, at("inspection"))
    assert "16 March 2021" in text
    assert "109" in text
    page(client, at("correct-date", what="planned-inspected"))
    page(client, at("correct-date", what="begun"), 404)
    page(client, at("correct-count", channel="dreams"), 404)


def test_who_may_correct(client_for, lead, officer):
    imported()
    draft()
    address = at("correct-evaluation", judgement="2-1")
    inspector = assign(UserFactory(), "inspector", "inspection", "falkirk-2021")
    page(client_for(lead), address)
    for person in (officer, inspector):
        text = page(client_for(person), address, 403)
        assert "inspection lead" in text.lower()
    page(client_for(UserFactory()), address, 404)
    hidden = at("correct-evaluation", judgement="2-1", reference="falkirk-2026")
    page(client_for(officer), hidden, 404)
    assert "is a draft" in page(client_for(lead), hidden, 409)


# Import and export


def upload(data, name: str = "falkirk.json") -> dict:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return {"document": SimpleUploadedFile(name, content, "application/json")}


def checked_in(response) -> str:
    return response.context["confirm"].initial["checked"]


def test_a_file_is_checked_and_then_imported(client_for, lead):
    client = client_for(lead)
    assert "Choose the file that holds the inspection" in client.post(IMPORT, {}).content.decode()
    response = client.post(IMPORT, upload(document_data()))
    assert "falkirk.json has no faults" in response.content.decode()
    assert not models.Inspection.objects.exists()
    done = client.post(IMPORT, {"checked": checked_in(response)}, follow=True)
    assert "falkirk-2021: imported." in done.content.decode()
    assert queries.document("falkirk-2021").title == "A joint inspection in Falkirk"
    again = client.post(IMPORT, upload(document_data()))
    assert "Importing it changes nothing." in again.content.decode()
    done = client.post(IMPORT, {"checked": checked_in(again)}, follow=True)
    assert "nothing was changed" in done.content.decode()


def test_the_check_says_what_would_change(client_for, lead):
    imported()
    data = document_data(title="New title", strengths=[])
    data["evaluations"][0]["stated"]["value"] = 5
    data["evidence"] = data["evidence"][1:]
    data["dates"]["published"]["value"] = "2021-03-20"
    response = client_for(lead).post(IMPORT, upload(data))
    changes = [(c.what, c.before, c.after) for c in response.context["changes"]]
    assert changes == [
        ("Date: Published", "16 March 2021", "20 March 2021"),
        ("Evaluation of 2.1", "Adequate", "Very Good"),
        ("Count of records-read", "109", ""),
        ("Title", "A joint inspection in Falkirk", "New title"),
        ("Strengths", "1 held", ""),
    ]
    data = document_data()
    data["evaluations"][0]["rationale"] = []
    response = client_for(lead).post(IMPORT, upload(data))
    assert [c.what for c in response.context["changes"]] == ["Sources, places, notes or rationales"]


def test_every_fault_of_a_file_is_in_a_table_and_nothing_is_saved(client_for, lead):
    data = document_data(kind="rapid", partnership="atlantis")
    data["evaluations"][0]["stated"]["value"] = 3.5
    response = client_for(lead).post(IMPORT, upload(data))
    assert response.status_code == 422
    text = " ".join(response.content.decode().split())
    assert "3 things to mend. Nothing was imported." in text
    for where in ("kind", "partnership", "evaluations[0].stated.value"):
        assert f"<code>{where}</code>" in text
    assert "the scale has no half points" in text
    assert not models.Inspection.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"schema": 1,}', "line 1, column"),
        ("Café".encode("latin-1"), "is not UTF-8"),
        (b" " * 5_000_001, "is 5.0 MB. One inspection is at most 5 MB"),
        (b" ", "is empty"),
        (b"<script>alert(1)</script>", "This is not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(client_for, lead, content, words):
    response = client_for(lead).post(IMPORT, upload(content))
    assert response.status_code == 422
    text = response.content.decode()
    assert words in text
    assert "<script>alert" not in text


def test_what_was_checked_is_imported_only_as_it_was(client_for, lead):
    client = client_for(lead)
    response = client.post(IMPORT, upload(document_data()))
    token = checked_in(response)
    for changed in (token[:-2], "nonsense", ""):
        done = client.post(IMPORT, {"checked": changed}, follow=True)
        assert "has not come back whole" in done.content.decode()
    imported(title="Theirs")
    done = client.post(IMPORT, {"checked": token}, follow=True)
    assert "has changed since you checked" in done.content.decode()
    assert queries.document("falkirk-2021").title == "Theirs"


def test_a_file_that_has_a_fault_by_the_time_it_is_imported_is_refused(client_for, lead):
    """Another inspection of the partnership with its date came in between."""
    client = client_for(lead)
    response = client.post(IMPORT, upload(document_data()))
    imported(reference="falkirk-2021-b")
    done = client.post(IMPORT, {"checked": checked_in(response)})
    assert done.status_code == 422
    assert (
        "Another inspection of the partnership, falkirk-2021-b, was published"
        in done.content.decode()
    )


def test_an_import_names_the_corrected_values_it_keeps(client_for, lead):
    imported()
    correct_evaluation(
        actor=ACTOR, reference="falkirk-2021", judgement="2.1", value=4,
        basis=Basis(sources=("paper-b",), confidence="high"), reason="Mended",
        as_shown=history.key_in_use("falkirk-2021", "evaluation", "2.1"),
    )  # fmt: skip
    client = client_for(lead)
    response = client.post(IMPORT, upload(document_data(title="New")))
    done = client.post(IMPORT, {"checked": checked_in(response)}, follow=True)
    assert "The corrected value of evaluation 2.1 was kept." in done.content.decode()


def test_a_document_too_large_for_the_page_is_sent_to_the_command_line(
    client_for, lead, monkeypatch
):
    monkeypatch.setattr("sightline.inspections.import_views.LARGEST_FIELD", 100)
    response = client_for(lead).post(IMPORT, upload(document_data()))
    assert "sightline inspection import falkirk.json" in response.content.decode()


def test_who_may_import(client_for, lead, officer):
    page(client_for(lead), IMPORT)
    assert "Inspection lead" in page(client_for(officer), IMPORT, 403).replace(
        "inspection lead", "Inspection lead"
    )
    page(client_for(UserFactory()), IMPORT, 404)
    own = assign(UserFactory(), "inspection-lead", "inspection", "falkirk-2021")
    other = document_data(reference="falkirk-2029")
    assert client_for(own).post(IMPORT, upload(other)).status_code == 403


def test_an_inspection_is_downloaded_as_json(client_for, lead, officer):
    document = imported()
    response = client_for(lead).get(at("export"))
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="falkirk-2021.json"'
    assert json.loads(response.content)["reference"] == document.reference
    page(client_for(officer), at("export"), 403)
    analyst = assign(UserFactory(), "partnership-analyst", "partnership", "falkirk")
    assert client_for(analyst).get(at("export")).status_code == 200
    assert at("export") in page(client_for(lead), at("inspection"))
    assert at("export") not in page(client_for(officer), at("inspection"))


def test_the_schema_is_public(client):
    response = client.get("/schemas/inspection.json")
    assert response.status_code == 200
    assert response.json()["$id"] == "/schemas/inspection.json"


def test_after_an_import_comes_the_inspection_or_the_list_for_who_may_not_open_it(
    client_for, lead, monkeypatch
):
    imported(reference="angus-2020", partnership="angus")
    client = client_for(lead)
    token = checked_in(client.post(IMPORT, upload(document_data())))
    done = client.post(IMPORT, {"checked": token})
    assert (done.status_code, done.url) == (302, at("inspection"))
    monkeypatch.setattr(import_views, "visible_documents", lambda *_, **__: ())
    token = checked_in(client.post(IMPORT, upload(document_data(title="Another"))))
    assert client.post(IMPORT, {"checked": token}).url == LIST
