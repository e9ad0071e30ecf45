"""Import: all or nothing, the same again changes nothing, what changes keeps its history."""

import json

import pytest

from sightline.access.models import AuditEvent
from sightline.framework.definitions import library
from sightline.inspections import models, queries
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.exporting import as_data, as_json
from sightline.inspections.published import load_published
from sightline.inspections.services import check_import, import_document
from sightline.kernel.errors import BadInput, Faults, NotAllowed
from tests.factories.framework import fourth_programme
from tests.factories.inspections import ACTOR, document_data, draft, imported

pytestmark = pytest.mark.django_db


def put(**changes):
    return import_document(actor=ACTOR, data=document_data(**changes), name="test.json")


def rows() -> int:
    """How many rows this context holds, whatever of."""
    return sum(
        getattr(models, name).objects.count() for name in models.__all__ if name != "Statement"
    )


def test_a_document_is_held_as_it_was_given():
    found = imported()
    given = InspectionDocument.model_validate(document_data())
    assert found == given
    row = models.Inspection.objects.get()
    assert (row.published_earliest.isoformat(), row.changed_by) == ("2021-03-16", "command:tester")


def test_the_same_document_again_changes_nothing():
    assert put().changed is True
    before = (AuditEvent.objects.count(), rows(), queries.data_version())
    again = put()
    assert (again.changed, again.new) == (False, False)
    as_text = import_document(actor=ACTOR, text=as_json(queries.document("falkirk-2021")))
    assert as_text.changed is False
    assert (AuditEvent.objects.count(), rows(), queries.data_version()) == before


def test_text_from_a_definition_file_says_the_same_as_json():
    put()
    as_words = json.loads(json.dumps(document_data()), parse_int=str)
    assert import_document(actor=ACTOR, data=as_words).changed is False


def test_a_changed_value_supersedes_the_old_one_and_keeps_it():
    put()
    changed = document_data()
    changed["evaluations"][0]["stated"]["value"] = 4
    changed["evidence"] = changed["evidence"][1:]
    changed["dates"]["published"]["value"] = "2021-03-17"
    done = import_document(actor=ACTOR, data=changed, name="second.json")
    assert (done.changed, done.new) == (True, False)
    assert queries.document("falkirk-2021") == InspectionDocument.model_validate(changed)
    old = models.StatedEvaluation.objects.get(superseded_at__isnull=False)
    assert (old.value, old.in_use, old.superseded_reason) == (3, False, "Import of second.json")
    assert models.StatedCount.objects.get(superseded_at__isnull=False).count == 109
    assert models.StatedDate.objects.filter(what="published").count() == 2
    assert str(models.Inspection.objects.get().published_latest) == "2021-03-17"
    event = AuditEvent.objects.filter(verb="inspection.imported").latest("pk")
    assert (event.target, event.reason) == ("inspection:falkirk-2021", "Import of second.json")


def test_a_judgement_that_is_no_longer_listed_is_withdrawn_and_may_come_back():
    put()
    fewer = document_data()
    fewer["evaluations"] = fewer["evaluations"][1:]
    import_document(actor=ACTOR, data=fewer)
    assert [e.judgement for e in queries.document("falkirk-2021").evaluations] == ["2.2", "1.1"]
    row = models.Evaluation.objects.get(judgement="2.1")
    assert row.withdrawn_by == "command:tester"
    assert not row.rationale.exists()
    put()
    assert queries.document("falkirk-2021").evaluations[0].stated.value == 3


def test_a_text_that_stays_keeps_its_row():
    put(strengths=[{"text": t, **CITED} for t in ("One.", "Two.", "Three.")])
    keys = dict(models.Point.objects.filter(kind="strength").values_list("text", "pk"))
    put(strengths=[{"text": t, **CITED} for t in ("Three.", "New.", "One.")])
    after = dict(models.Point.objects.filter(kind="strength").values_list("text", "pk"))
    assert (after["Three."], after["One."]) == (keys["Three."], keys["One."])
    assert [p.text for p in queries.document("falkirk-2021").strengths] == [
        "Three.",
        "New.",
        "One.",
    ]


BELOW = (
    models.StatedDate,
    models.StatedCount,
    models.StatedEvaluation,
    models.RationaleParagraph,
    models.Pause,
    models.Point,
    models.KeyMessage,
    models.GoodPractice,
    models.Conclusion,
)
CITED = {"sources": ["report-a"], "confidence": "high"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Another title"),
        ("kind", "interim"),
        ("improvement_note", "None were named."),
        ("areas_for_improvement", []),
        ("pauses", []),
        ("key_messages", []),
        ("good_practice", []),
        ("conclusion", None),
        ("evaluations", []),
        ("evidence", []),
        ("evidence", list(reversed(document_data()["evidence"]))),
    ],
)
def test_every_part_follows_the_document(field, value):
    put()
    changed = document_data(**{field: value})
    assert import_document(actor=ACTOR, data=changed).changed
    assert as_data(queries.document("falkirk-2021")) == as_data(whole(changed))
    assert not import_document(actor=ACTOR, data=changed).changed


def whole(data) -> InspectionDocument:
    """The document as it comes back: only sources that are named are described."""
    found = InspectionDocument.model_validate(data)
    cited = {key for key in ("paper-b", "report-a") if f'["{key}"]' in json.dumps(data)}
    return found.model_copy(update={"sources": tuple(s for s in found.sources if s.key in cited)})


def test_an_export_is_accepted_elsewhere(db):
    """Export describes its sources, so that an empty installation can take it."""
    data = as_data(imported())
    for kind in (*BELOW, models.Evaluation, models.Inspection, models.Source):
        kind.objects.all().delete()
    assert import_document(actor=ACTOR, data=data).new
    assert as_data(queries.fresh_document("falkirk-2021")) == data


def test_a_fourth_programme_goes_in_and_out():
    """Another number of items, another word, another suite: a file and no code."""
    more = library().with_programmes([fourth_programme()])
    data = document_data(
        programme="fourth-programme@1",
        evidence=[{"channel": "records-read", "count": 40, **CITED}],
        evaluations=[
            {"judgement": "6", "stated": {"value": 5, **CITED}},
            {"judgement": "5.1", "stated": {"value": 2, **CITED}},
        ],
        key_messages=[{"text": "Heard.", "frame_item": "t6", **CITED}],
        good_practice=[],
        sources=document_data()["sources"][1:],
    )
    assert import_document(actor=ACTOR, data=data, library=more).new
    found = queries.fresh_document("falkirk-2021")
    assert found == InspectionDocument.model_validate(data)
    assert not import_document(actor=ACTOR, data=as_data(found), library=more).changed
    data["evaluations"][0]["judgement"] = "9"
    with pytest.raises(Faults, match=r"P9 gives no evaluation of 9; it evaluates 6, 5\.1\. Take"):
        import_document(actor=ACTOR, data=data, library=more)
    with pytest.raises(Faults, match="there is no programme 'fourth-programme@1'"):
        import_document(actor=ACTOR, data=data)


def test_a_fault_in_the_last_field_leaves_nothing_behind():
    put()
    before = (rows(), AuditEvent.objects.count())
    bad = document_data(title="Changed", strengths=[])
    bad["conclusion"]["sources"] = ["nowhere"]
    with pytest.raises(Faults):
        import_document(actor=ACTOR, data=bad)
    new = document_data(reference="falkirk-2022")
    new["dates"]["published"]["value"] = "2022-01-01"
    new["sources"] = [{"key": "report-z", "kind": "report", "title": "Z"}]
    with pytest.raises(Faults):
        import_document(actor=ACTOR, data={**new, "kind": "rapid"})
    assert (rows(), AuditEvent.objects.count()) == before
    assert queries.document("falkirk-2021").title == "A joint inspection in Falkirk"


def test_a_failure_while_writing_leaves_nothing_behind(monkeypatch):
    """Broken at the last step, after every row has been written."""
    before = rows()
    monkeypatch.setattr("sightline.inspections.services.importing.bump", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put()
    assert rows() == before


def test_what_changed_since_it_was_checked_is_not_imported_over():
    put()
    changed = document_data(title="Mine")
    checked = check_import(actor=ACTOR, data=changed)
    assert checked.changes
    put(title="Theirs")
    with pytest.raises(NotAllowed, match="has changed since you checked"):
        import_document(actor=ACTOR, data=changed, as_shown=checked.as_held)
    assert queries.document("falkirk-2021").title == "Theirs"
    fresh = check_import(actor=ACTOR, data=changed)
    assert import_document(actor=ACTOR, data=changed, as_shown=fresh.as_held).changed


def test_what_was_new_when_checked_and_is_there_now_is_not_imported_over():
    checked = check_import(actor=ACTOR, data=document_data())
    assert (checked.held, checked.as_held) == (None, "new")
    put()
    other = document_data(title="Other")
    with pytest.raises(NotAllowed, match="has changed since you checked"):
        import_document(actor=ACTOR, data=other, as_shown=checked.as_held)


def test_a_rule_only_the_database_sees_becomes_a_refusal(monkeypatch):
    """Somebody else imports the same day between the check and the write."""
    put()
    empty = queries.Known(inspections={}, sources=queries.sources())
    monkeypatch.setattr("sightline.inspections.queries.known", lambda: empty)
    with pytest.raises(NotAllowed, match="somebody else at the same moment"):
        put(reference="falkirk-2021-b")
    assert models.Inspection.objects.count() == 1


def test_a_description_of_a_source_is_kept_even_when_nothing_names_it():
    put()
    more = document_data()
    more["sources"].append({"key": "paper-c", "kind": "council paper", "title": "Paper C"})
    assert import_document(actor=ACTOR, data=more).changed
    assert "paper-c" in queries.sources()
    assert not import_document(actor=ACTOR, data=more).changed


def test_a_published_inspection_is_not_counted_twice_under_another_reference():
    load_published(ACTOR)
    before = rows()
    data = as_data(queries.document("south-lanarkshire-2020"))
    data["reference"] = "south-lanarkshire-again"
    data["dates"]["published"]["value"] = "2020-06"
    with pytest.raises(Faults, match=r"south-lanarkshire-2020, was published 16 June 2020, and"):
        import_document(actor=ACTOR, data=data)
    assert rows() == before


def test_a_draft_becomes_published_by_import_and_never_goes_back():
    draft()
    published = document_data(reference="falkirk-2026")
    import_document(actor=ACTOR, data=published)
    assert queries.document("falkirk-2026").status == "published"
    with pytest.raises(Faults, match="it cannot become a draft again"):
        import_document(actor=ACTOR, data={**published, "status": "draft"})


@pytest.mark.parametrize("text", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(text):
    with pytest.raises(BadInput, match=r"is empty\. Choose the file"):
        import_document(actor=ACTOR, text=text, name="empty.json")


def test_a_mark_at_the_start_of_the_file_is_no_fault():
    text = b"\xef\xbb\xbf" + json.dumps(document_data()).encode()
    assert import_document(actor=ACTOR, text=text).new
