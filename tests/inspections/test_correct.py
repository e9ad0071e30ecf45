"""Correcting a published value: by whom, over what they saw, keeping what was."""

import pytest

from sightline.access.models import AuditEvent
from sightline.inspections import history, models, queries
from sightline.inspections.exporting import as_data
from sightline.inspections.services import (
    Basis,
    correct_count,
    correct_date,
    correct_evaluation,
    correcting,
    create_inspection,
    import_document,
    lifecycle,
    publish,
)
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound, NotPermitted
from tests.factories.access import UserFactory, assign
from tests.factories.inspections import ACTOR, SOURCED, document_data, draft, imported

pytestmark = pytest.mark.django_db
REFERENCE = "falkirk-2021"
BASIS = Basis(sources=("paper-b",), confidence="medium", place="Paragraph 4")


def shown(about: str, subject: str) -> int | None:
    return history.key_in_use(REFERENCE, about, subject)


def evaluate(value: int, actor=ACTOR, **changes) -> None:
    given = {
        "reference": REFERENCE,
        "judgement": "2.1",
        "basis": BASIS,
        "reason": "Typed wrongly",
        "as_shown": shown("evaluation", "2.1"),
    }
    correct_evaluation(actor=actor, value=value, **{**given, **changes})


def stated(judgement: str = "2.1"):
    found = queries.document(REFERENCE).evaluations
    return next(e.stated for e in found if e.judgement == judgement)


def test_the_right_person_corrects_and_everybody_else_is_refused_for_the_right_reason():
    imported()
    lead = assign(UserFactory(), "inspection-lead")
    own = assign(UserFactory(), "inspection-lead", "inspection", REFERENCE)
    reader = assign(UserFactory(), "inspector", "inspection", REFERENCE)
    elsewhere = assign(UserFactory(), "inspection-lead", "inspection", "moray-2021")
    officer = assign(UserFactory(), "chief-officer", "partnership", "falkirk")
    administrator = assign(UserFactory(), "system-administrator")
    stranger = UserFactory()

    for outsider in (stranger, administrator):
        with pytest.raises(NotFound):
            evaluate(4, actor=outsider)
    for seer in (reader, elsewhere, officer):
        with pytest.raises(NotPermitted, match="inspection lead or depute lead"):
            evaluate(4, actor=seer)
    assert not AuditEvent.objects.filter(verb="evaluation.corrected").exists()
    assert stated().value == 3

    evaluate(4, actor=lead)
    evaluate(5, actor=own)
    assert stated().value == 5
    verbs = AuditEvent.objects.filter(verb="evaluation.corrected").order_by("pk")
    assert [(e.actor, e.target, e.reason) for e in verbs] == [
        (lead.audit_name, f"inspection:{REFERENCE}", "Typed wrongly"),
        (own.audit_name, f"inspection:{REFERENCE}", "Typed wrongly"),
    ]
    assert verbs[0].after == {"what": "evaluation 2.1", "value": 4}


def test_the_old_value_is_kept_with_when_who_and_why():
    imported()
    lead = assign(UserFactory(name="L. Lead"), "inspection-lead")
    before = queries.data_version()
    evaluate(4, actor=lead)
    assert queries.data_version() != before
    new = stated()
    assert (new.value, new.sources, new.confidence, new.place) == (
        4,
        ("paper-b",),
        "medium",
        "Paragraph 4",
    )
    (old,) = history.replaced(REFERENCE)
    assert (old.about, old.subject, old.value, old.sources) == (
        "evaluation",
        "2.1",
        "3",
        ("Report A",),
    )
    assert (old.by, old.reason, old.corrected) == ("L. Lead", "Typed wrongly", True)
    assert history.last_change(REFERENCE).by == "L. Lead"
    row = models.StatedEvaluation.objects.get(in_use=True, evaluation__judgement="2.1")
    assert (row.corrects.value, row.stated_by) == (3, lead.audit_name)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"reason": "  "}, BadInput, "Say why"),
        ({"basis": Basis(sources=(), confidence="high")}, BadInput, "Name the source"),
        ({"basis": Basis(sources=("rumour",), confidence="high")}, BadInput, "no source rumour"),
        ({"value": 7}, BadInput, "7 is not on the scale"),
        ({"value": 0}, BadInput, "0 is not on the scale"),
        ({"value": 3}, NotAllowed, "evaluation 2.1 is 3 already"),
        ({"judgement": "5.3"}, NotFound, "P1 gives no evaluation of 5.3"),
        ({"reference": "falkirk-1999"}, NotFound, "no such inspection"),
        ({"as_shown": None}, NotAllowed, "has changed since you opened it"),
        ({"as_shown": 999_999}, NotAllowed, "has changed since you opened it"),
        ({"basis": Basis(sources=("paper-b",), confidence="sure")}, NotAllowed, "confidence"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_is_kept(changes, kind, words):
    imported()
    before = models.StatedEvaluation.objects.count()
    value = changes.pop("value", 4)
    with pytest.raises(kind, match=words):
        evaluate(value, **changes)
    assert models.StatedEvaluation.objects.count() == before
    assert stated().value == 3
    assert not AuditEvent.objects.filter(verb="evaluation.corrected").exists()


def test_a_value_corrected_since_it_was_shown_is_not_corrected_over():
    imported()
    opened = shown("evaluation", "2.1")
    evaluate(4)
    with pytest.raises(NotAllowed, match=r"evaluation 2\.1 has changed since you opened it"):
        evaluate(5, as_shown=opened)
    assert stated().value == 4


def test_two_people_correcting_at_one_moment_do_not_both_succeed():
    """The other one's update comes between reading the statement and superseding it."""
    imported()
    row = models.StatedEvaluation.objects.get(evaluation__judgement="2.1")
    correction = correcting._Correction("evaluation 2.1", models.StatedEvaluation, {}, {})
    nobody = models.StatedEvaluation.objects.none()
    with pytest.raises(NotAllowed, match="has changed since you opened it"):
        correcting._supersede(nobody, row, correction, by="x", at=row.stated_at, reason="y")


def test_a_value_that_was_not_known_can_be_given():
    imported()
    evaluate(2, judgement="1.1", as_shown=None)
    evaluate(4, judgement="9", as_shown=None)
    assert (stated("1.1").value, stated("9").value) == (2, 4)
    with pytest.raises(NotAllowed, match="has changed since"):
        evaluate(3, judgement="9", as_shown=None)


def test_counts_and_dates_are_corrected_too():
    imported()
    given = {"actor": ACTOR, "reference": REFERENCE, "basis": BASIS, "reason": "Better source"}
    correct_count(
        channel="records-read", count=110, qualifier="about", printed="about 110",
        as_shown=shown("count", "records-read"), **given,
    )  # fmt: skip
    correct_count(channel="staff-met", count=12, as_shown=None, **given)
    correct_date(what="published", value="2021-04", as_shown=shown("date", "published"), **given)
    correct_date(what="notified", value="2020-05", as_shown=None, **given)
    found = queries.document(REFERENCE)
    assert [(e.channel, e.count, e.printed) for e in found.evidence] == [
        ("records-read", 110, "about 110"),
        ("staff-survey-rate", 89, ""),
        ("staff-met", 12, ""),
    ]
    assert (found.dates.published.value, found.dates.notified.value) == ("2021-04", "2020-05")
    assert str(models.Inspection.objects.get().published_latest) == "2021-04-30"
    assert [(r.about, r.subject, r.value) for r in history.replaced(REFERENCE)] == [
        ("date", "published", "2021-03-16"),
        ("count", "records-read", "109"),
    ]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        ((correct_count, {"channel": "records-read", "count": -1}), BadInput, "below zero"),
        ((correct_count, {"channel": "dreams", "count": 1}), NotFound, "P1 counts no dreams"),
        ((correct_count, {"channel": "staff-survey-rate", "count": 101}), Faults, "over 100"),
        ((correct_date, {"what": "begun", "value": "2020"}), BadInput, "no date 'begun'"),
        ((correct_date, {"what": "published", "value": "soon"}), BadInput, "is not a date"),
        ((correct_date, {"what": "published", "value": "2019"}), Faults, "is before inspected"),
    ],
)
def test_a_count_or_date_that_cannot_be_is_refused(call, kind, words):
    imported()
    before = queries.document(REFERENCE)
    correct, value = call
    subject = value.get("channel") or value.get("what")
    about = "count" if "count" in value else "date"
    with pytest.raises(kind, match=words):
        correct(
            actor=ACTOR,
            reference=REFERENCE,
            basis=BASIS,
            reason="x",
            as_shown=shown(about, subject),
            **value,
        )
    assert queries.fresh_document(REFERENCE) == before


def test_the_date_of_another_inspection_of_the_partnership_is_refused():
    imported()
    other = document_data(reference="falkirk-2023")
    other["dates"]["published"]["value"] = "2023-01-05"
    import_document(actor=ACTOR, data=other)
    with pytest.raises((NotAllowed, Faults), match="falkirk-202"):
        correct_date(
            actor=ACTOR, reference=REFERENCE, what="published", value="2023-01-05",
            basis=BASIS, reason="x", as_shown=shown("date", "published"),
        )  # fmt: skip
    assert queries.fresh_document(REFERENCE).dates.published.value == "2021-03-16"


def test_an_import_of_the_old_document_does_not_undo_a_correction():
    """A second `make demo` must not put a mended value back."""
    imported()
    evaluate(4)
    evaluate(5)
    evaluate(2, judgement="9", as_shown=None)
    before = queries.document(REFERENCE)
    again = import_document(actor=ACTOR, data=document_data(), name="again.json")
    assert (again.changed, again.kept) == (False, ("evaluation 2.1", "evaluation 9"))
    assert (stated().value, stated("9").value) == (5, 2)
    changed = import_document(actor=ACTOR, data=document_data(title="New title"), name="new.json")
    assert (changed.changed, changed.kept) == (True, ("evaluation 2.1", "evaluation 9"))
    assert (stated().value, queries.document(REFERENCE).title) == (5, "New title")
    assert before.title != "New title"


def test_an_import_that_gives_a_third_value_supersedes_a_correction():
    imported()
    evaluate(4)
    data = document_data()
    data["evaluations"][0]["stated"]["value"] = 6
    done = import_document(actor=ACTOR, data=data)
    assert (done.changed, done.kept) == (True, ())
    assert stated().value == 6
    assert sorted(r.value for r in history.replaced(REFERENCE)) == ["3", "3", "4"]
    assert also() == []


def also(judgement: str = "2.1") -> list[tuple[int, tuple[str, ...]]]:
    found = queries.document(REFERENCE).evaluations
    row = next(e for e in found if e.judgement == judgement)
    return [(other.value, other.sources) for other in row.also]


def with_sources(value: int, sources: list[str], beside: tuple[tuple[int, str], ...] = ()):
    """The document with this evaluation of 2.1, and what other sources say beside it."""
    data = document_data()
    data["evaluations"][0]["stated"] |= {"value": value, "sources": sources}
    data["evaluations"][0]["also"] = [
        {"value": v, **SOURCED, "sources": [source]} for v, source in beside
    ]
    return data


def test_what_another_source_says_still_stands_beside_the_corrected_value():
    imported()
    evaluate(4)
    assert (stated().value, also()) == (4, [(3, ("report-a",))])
    (old,) = history.replaced(REFERENCE)
    assert (old.value, old.reason, old.corrected) == ("3", "Typed wrongly", True)
    evaluate(5)  # by the same source: its 4 was wrong, the report's 3 is still the report's
    assert (stated().value, also()) == (5, [(3, ("report-a",))])
    evaluate(2, basis=Basis(sources=("report-a",), confidence="high"))
    assert (stated().value, also()) == (2, [(5, ("paper-b",))])
    assert sorted(r.value for r in history.replaced(REFERENCE)) == ["3", "3", "4", "5"]


def test_a_source_typed_wrongly_no_longer_says_the_old_value_and_the_rest_still_do():
    import_document(actor=ACTOR, data=with_sources(3, ["report-a"]))
    evaluate(4, basis=Basis(sources=("report-a",), confidence="high"))
    assert (stated().value, also()) == (4, [])
    import_document(actor=ACTOR, data=with_sources(6, ["report-a", "paper-b"]))
    evaluate(5)
    assert (stated().value, also()) == (5, [(6, ("report-a",))])
    again = import_document(actor=ACTOR, data=with_sources(6, ["report-a", "paper-b"]))
    assert (again.changed, also()) == (False, [(6, ("report-a",))])


def test_a_value_another_source_gave_comes_into_use_and_does_not_stand_twice():
    given = with_sources(3, ["report-a"], ((4, "paper-b"),))
    import_document(actor=ACTOR, data=given)
    evaluate(4)
    assert (stated().value, also()) == (4, [(3, ("report-a",))])
    again = import_document(actor=ACTOR, data=given)
    assert (again.changed, again.kept) == (False, ("evaluation 2.1",))
    assert (stated().value, also()) == (4, [(3, ("report-a",))])


def test_counts_and_dates_of_other_sources_still_stand_too():
    imported()
    given = {"actor": ACTOR, "reference": REFERENCE, "basis": BASIS, "reason": "Better source"}
    correct_count(
        channel="records-read", count=110, as_shown=shown("count", "records-read"), **given
    )
    correct_count(
        channel="staff-survey-rate", count=90, as_shown=shown("count", "staff-survey-rate"), **given
    )
    correct_date(what="published", value="2021-04", as_shown=shown("date", "published"), **given)
    found = queries.document(REFERENCE)
    assert [[other.count for other in e.also] for e in found.evidence] == [[109], [89]]
    assert [other.value for other in found.dates.published.also] == ["2021-03-16"]
    again = import_document(actor=ACTOR, data=document_data())
    assert (again.changed, queries.document(REFERENCE)) == (False, found)


def test_an_export_after_a_correction_is_what_is_in_use():
    imported()
    evaluate(4)
    data = as_data(queries.document(REFERENCE))
    assert data["evaluations"][0]["stated"]["value"] == 4
    assert [other["value"] for other in data["evaluations"][0]["also"]] == [3]
    assert import_document(actor=ACTOR, data=data).changed is False


def test_a_draft_is_changed_by_import_not_by_correction():
    draft()
    with pytest.raises(NotAllowed, match="is a draft"):
        evaluate(4, reference="falkirk-2026", as_shown=None)


# Beginning and publishing


def test_an_inspection_is_begun_as_a_draft_and_published_when_it_has_its_date():
    lead = assign(UserFactory(), "inspection-lead")
    given = {"programme": "risk-of-harm@1", "partnership": "moray"}
    begun = create_inspection(actor=lead, reference="moray-2026", **given)
    assert (begun.status, queries.document("moray-2026")) == ("draft", begun)
    with pytest.raises(NotAllowed, match="There is an inspection moray-2026 already"):
        create_inspection(actor=lead, reference="moray-2026", **given)
    with pytest.raises(NotAllowed, match="has no published date"):
        publish(actor=lead, reference="moray-2026")
    data = as_data(begun) | {
        "dates": {"published": {"value": "2026-03-01", **SOURCED}},
        "sources": document_data()["sources"],
    }
    import_document(actor=lead, data=data)
    publish(actor=lead, reference="moray-2026")
    assert queries.document("moray-2026").status == "published"
    with pytest.raises(NotAllowed, match="is already published"):
        publish(actor=lead, reference="moray-2026")
    verbs = AuditEvent.objects.filter(actor=lead.audit_name).exclude(verb__startswith="row.")
    in_order = verbs.order_by("pk").values_list("verb", flat=True)
    assert [v for v in in_order if v != "inspection.read"] == [
        "inspection.created",
        "inspection.imported",
        "inspection.published",
    ]


def test_two_people_publishing_at_one_moment_do_not_both_succeed(monkeypatch):
    """The second still has the draft before them that the first has just published."""
    data = document_data(reference="falkirk-2026", status="draft")
    import_document(actor=ACTOR, data=data)
    stale = queries.document("falkirk-2026")
    publish(actor=ACTOR, reference="falkirk-2026")
    monkeypatch.setattr(lifecycle, "get_inspection_for", lambda *_: stale)
    with pytest.raises(NotAllowed, match="falkirk-2026 has changed since you opened it"):
        publish(actor=ACTOR, reference="falkirk-2026")


def test_who_may_begin_and_publish():
    draft()
    own = assign(UserFactory(), "inspection-lead", "inspection", "falkirk-2026")
    elsewhere = assign(UserFactory(), "inspection-lead", "inspection", "moray-2021")
    inspector = assign(UserFactory(), "inspector", "inspection", "falkirk-2026")
    stranger = UserFactory()
    given = {"programme": "risk-of-harm@1", "partnership": "moray"}
    for person in (own, elsewhere, inspector):
        with pytest.raises(NotPermitted):
            create_inspection(actor=person, reference="moray-2027", **given)
    with pytest.raises(NotFound):
        create_inspection(actor=stranger, reference="moray-2027", **given)
    for person in (elsewhere, stranger):
        with pytest.raises(NotFound):
            publish(actor=person, reference="falkirk-2026")
    with pytest.raises(NotPermitted):
        publish(actor=inspector, reference="falkirk-2026")
    with pytest.raises(NotAllowed, match="no published date"):
        publish(actor=own, reference="falkirk-2026")
    with pytest.raises(Faults, match="there is no partnership 'atlantis'"):
        create_inspection(
            actor=ACTOR, reference="atlantis-2026", programme="risk-of-harm@1",
            partnership="atlantis",
        )  # fmt: skip
