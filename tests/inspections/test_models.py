"""Every constraint, broken on purpose through `update()` or `bulk_create()`: refused by name."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from sightline.inspections import models
from tests.factories import inspections as made

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
SUPERSEDED = {"in_use": False, "superseded_at": NOW, "superseded_by": "x"}

UPDATES = [
    (made.InspectionFactory, {"kind": "rapid"}, "inspection_kind_is_known"),
    (made.InspectionFactory, {"status": "leaked"}, "inspection_status_is_known"),
    (
        made.InspectionFactory,
        {"published_earliest": None, "published_latest": None},
        "published_inspection_has_a_published_date",
    ),
    (
        made.InspectionFactory,
        {"published_latest": dt.date(1980, 1, 1)},
        "inspection_published_dates_in_order",
    ),
    (made.InspectionFactory, {"changed_by": ""}, "inspection_changed_at_and_by_together"),
    (made.InspectionFactory, {"created_by": ""}, "inspection_created_at_and_by_together"),
    (made.PauseFactory, {"ends_latest": dt.date(2020, 2, 1)}, "pause_ends_after_it_starts"),
    (made.PauseFactory, {"ends": ""}, "pause_ends_after_it_starts"),
    (made.PauseFactory, {"reason": ""}, "pause_has_a_reason"),
    (made.PauseFactory, {"sources": []}, "pause_names_a_source"),
    (made.PauseFactory, {"confidence": "none"}, "pause_confidence_is_known"),
    (made.StatedDateFactory, {"what": "begun"}, "stated_date_is_a_known_date"),
    (made.StatedDateFactory, {"latest": dt.date(2020, 6, 15)}, "stated_date_ends_after_it_starts"),
    (made.StatedDateFactory, {"sources": []}, "stated_date_names_a_source"),
    (made.StatedDateFactory, {"origin": "rumour"}, "stated_date_origin_is_known"),
    (made.StatedCountFactory, {"count": -1}, "stated_count_is_not_below_zero"),
    (made.StatedCountFactory, {"qualifier": "roughly"}, "stated_count_qualifier_is_known"),
    (made.StatedCountFactory, {"confidence": ""}, "stated_count_confidence_is_known"),
    (made.StatedEvaluationFactory, {"value": 0}, "stated_evaluation_is_from_1_to_6"),
    (made.StatedEvaluationFactory, {"value": 7}, "stated_evaluation_is_from_1_to_6"),
    (made.StatedEvaluationFactory, {"sources": []}, "stated_evaluation_names_a_source"),
    (
        made.StatedEvaluationFactory,
        {"superseded_at": NOW, "superseded_by": "x", "superseded_reason": "y"},
        "stated_evaluation_superseded_is_not_in_use",
    ),
    (
        made.StatedEvaluationFactory,
        SUPERSEDED,
        "stated_evaluation_is_superseded_for_a_reason",
    ),
    (
        made.StatedEvaluationFactory,
        {**SUPERSEDED, "superseded_by": "", "superseded_reason": "y"},
        "stated_evaluation_superseded_at_and_by_together",
    ),
    (
        made.StatedEvaluationFactory,
        {"stated_by": ""},
        "stated_evaluation_stated_at_and_by_together",
    ),
    (made.EvaluationFactory, {"withdrawn_at": NOW}, "evaluation_withdrawn_at_and_by_together"),
    (made.RationaleParagraphFactory, {"place": ""}, "rationale_has_text_and_place"),
    (made.PointFactory, {"kind": "opinion"}, "point_kind_is_known"),
    (made.PointFactory, {"text": ""}, "point_has_text"),
    (made.KeyMessageFactory, {"text": ""}, "key_message_has_text"),
    (made.GoodPracticeFactory, {"title": ""}, "good_practice_has_title_and_text"),
    (made.ConclusionFactory, {"statement": "hopeful"}, "conclusion_statement_is_known"),
    (made.ConclusionFactory, {"text": ""}, "conclusion_has_text"),
]


def refused(name: str, act) -> None:
    """The database refuses `act`, naming the constraint."""
    with pytest.raises(IntegrityError, match=named(name)), transaction.atomic():
        act()


def named(constraint: str) -> str:
    """SQLite names the columns of a broken unique index and not the index."""
    if connection.vendor == "sqlite" and constraint in UNIQUE:
        return UNIQUE[constraint]
    return constraint


UNIQUE = {
    "inspections_inspection_reference": "inspections_inspection.reference",
    "one_inspection_of_a_partnership_is_published_on_a_day": "published_earliest",
    "stated_evaluation_is_in_use_once": "inspections_statedevaluation.evaluation_id",
    "stated_count_is_in_use_once": "inspections_statedcount.channel",
    "stated_date_is_in_use_once": "inspections_stateddate.what",
    "a_judgement_is_evaluated_once": "inspections_evaluation.judgement",
    "an_inspection_has_one_conclusion": "inspections_conclusion.inspection_id",
}


@pytest.mark.parametrize(("factory", "change", "name"), UPDATES, ids=[u[2] for u in UPDATES])
def test_the_database_refuses_an_update_that_breaks_a_rule(factory, change, name):
    row = factory()
    rows = type(row)._default_manager.filter(pk=row.pk)
    refused(name, lambda: rows.update(**change))


def test_an_inspection_does_not_follow_itself():
    row = made.InspectionFactory()
    rows = models.Inspection.objects.filter(pk=row.pk)
    refused("inspection_does_not_follow_itself", lambda: rows.update(follows=row))


def copy_of(row: Model, **changes) -> Model:
    """An unsaved copy, to be added in bulk."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    values |= {"id": None, **changes}
    return type(row)(**values)


@pytest.mark.parametrize(
    ("factory", "changes", "name"),
    [
        (
            made.InspectionFactory,
            {"reference": "fife-again", "programme": "risk-of-harm@1", "kind": "interim"},
            "one_inspection_of_a_partnership_is_published_on_a_day",
        ),
        (
            made.InspectionFactory,
            {"partnership": "moray"},
            "inspections_inspection_reference",
        ),
        (made.StatedEvaluationFactory, {"value": 5}, "stated_evaluation_is_in_use_once"),
        (made.StatedCountFactory, {"count": 110}, "stated_count_is_in_use_once"),
        (made.StatedDateFactory, {}, "stated_date_is_in_use_once"),
        (made.EvaluationFactory, {}, "a_judgement_is_evaluated_once"),
        (made.ConclusionFactory, {}, "an_inspection_has_one_conclusion"),
    ],
)
def test_the_database_refuses_a_second_one_added_in_bulk(factory, changes, name):
    row = factory()
    second = copy_of(row, **changes)
    refused(name, lambda: type(row)._default_manager.bulk_create([second]))


def test_two_inspections_of_a_partnership_may_share_a_date_that_is_not_exact():
    """Two reviews "in 2022" may well be two."""
    year = {
        "published_earliest": dt.date(2022, 1, 1),
        "published_latest": dt.date(2022, 12, 31),
    }
    made.InspectionFactory(**year)
    made.InspectionFactory(**year)
    assert models.Inspection.objects.count() == 2


def test_statements_beside_the_one_in_use_and_history_may_be_many():
    row = made.StatedEvaluationFactory()
    for value in (2, 3, 5):
        made.StatedEvaluationFactory(evaluation=row.evaluation, value=value, in_use=False)
    assert models.StatedEvaluation.objects.count() == 4


def test_there_is_one_data_version():
    made.DataVersionFactory()
    refused(
        "there_is_one_data_version",
        lambda: models.DataVersion.objects.create(pk=2, token="second"),
    )


def test_evidence_is_kept_while_something_rests_on_it():
    row = made.StatedEvaluationFactory()
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        row.evaluation.delete()
    with pytest.raises(ProtectedError):
        row.evaluation.inspection.delete()


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        (made.SourceFactory, "Report"),
        (made.InspectionFactory, "fife-"),
        (made.PauseFactory, "paused from 2020-03"),
        (made.StatedDateFactory, "published 2020-06-16"),
        (made.StatedCountFactory, "records-read 109"),
        (made.EvaluationFactory, "2.1"),
        (made.StatedEvaluationFactory, "4"),
        (made.RationaleParagraphFactory, "Most children"),
        (made.PointFactory, "Staff knew"),
        (made.KeyMessageFactory, "Children were"),
        (made.GoodPracticeFactory, "A programme"),
        (made.ConclusionFactory, "confident"),
        (made.DataVersionFactory, ""),
    ],
)
def test_rows_say_what_they_are(factory, words):
    assert words in str(factory())
