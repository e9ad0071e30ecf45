"""Whole inspections from memory: right, fast, and right again after every write."""

import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sightline.framework.definitions import library
from sightline.inspections import history, models, queries
from sightline.inspections.services import bump, import_document
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import names
from tests.factories.inspections import (
    ACTOR,
    InspectionFactory,
    PointFactory,
    StatedDateFactory,
    document_data,
    draft,
    imported,
)

pytestmark = pytest.mark.django_db


def many(count: int) -> None:
    """Further published inspections, each with its date and three strengths."""
    for _ in range(count):
        row = InspectionFactory()
        StatedDateFactory(
            inspection=row,
            value=row.published_earliest.isoformat(),
            earliest=row.published_earliest,
            latest=row.published_earliest,
        )
        for position in range(3):
            PointFactory(inspection=row, position=position)


def counted(read) -> int:
    with CaptureQueriesContext(connection) as caught:
        read()
    return len(caught)


def test_the_number_of_queries_does_not_depend_on_the_number_of_inspections():
    many(2)
    few = counted(queries.documents)
    many(20)
    assert counted(queries.documents) == few <= 15
    assert counted(queries.documents) == 1


def test_384_inspections_are_read_in_good_time():
    many(96)
    start = time.process_time()
    found = queries.documents()
    taken = time.process_time() - start
    assert len(found) == 96
    assert taken * 4 < 2, f"{taken:.2f} s for 96"
    start = time.process_time()
    assert queries.documents() == found
    assert time.process_time() - start < 0.05


def test_a_write_is_seen_at_once_and_one_that_is_undone_leaves_nothing():
    imported()
    assert queries.document("falkirk-2021").title == "A joint inspection in Falkirk"
    with transaction.atomic():
        imported(title="Never")
        assert queries.document("falkirk-2021").title == "Never"
        transaction.set_rollback(True)
    assert queries.document("falkirk-2021").title == "A joint inspection in Falkirk"
    imported(title="Later")
    assert queries.document("falkirk-2021").title == "Later"


def test_what_changes_while_it_is_being_read_is_read_again(monkeypatch):
    """Another process commits between the version and the rows."""
    imported()
    bump()
    real, builds = queries.Assembly, []

    class Meddled(real):
        def documents(self):
            found = super().documents()
            builds.append(len(found))
            if len(builds) == 1:
                models.Inspection.objects.update(title="Meanwhile")
                bump()
            return found

    monkeypatch.setattr(queries, "Assembly", Meddled)
    assert queries.document("falkirk-2021").title == "Meanwhile"
    assert len(builds) == 2


def test_two_threads_that_miss_build_once(monkeypatch):
    """The second waits, and then takes what the first has built."""
    imported()
    built = queries.documents()
    ready = queries._kept

    class Waited:
        def __enter__(self):
            queries._kept = ready

        def __exit__(self, *_):
            pass

    queries._kept = None
    monkeypatch.setattr(queries, "_lock", Waited())
    assert counted(queries.documents) == 1
    assert queries.documents() == built


def test_documents_are_chosen_by_reference_programme_and_partnership():
    imported()
    other = document_data(
        reference="moray-2020", programme="risk-of-harm@1", partnership="moray",
        evidence=[], evaluations=[], key_messages=[], good_practice=[],
    )  # fmt: skip
    other["dates"] = {"published": {**other["dates"]["published"], "value": "2020"}}
    import_document(actor=ACTOR, data=other)
    draft()

    def chosen(*args, **more):
        return [d.reference for d in queries.documents(*args, **more)]

    assert chosen() == ["moray-2020", "falkirk-2021"]
    assert chosen(published_only=False) == ["moray-2020", "falkirk-2021", "falkirk-2026"]
    for name in ("P2", "risk-of-harm", "risk-of-harm@1"):
        assert chosen(programme=name) == ["moray-2020"]
    assert chosen(programme="risk-of-harm@2") == []
    assert chosen(partnership="falkirk") == ["falkirk-2021"]
    assert chosen(["falkirk-2021", "moray-2020"]) == ["moray-2020", "falkirk-2021"]
    assert chosen(["falkirk-2026"]) == []
    with pytest.raises(NotFound, match=r"no inspection fife-1900\."):
        chosen(["fife-1900", "moray-2020"])
    with pytest.raises(NotFound, match="no programme P7"):
        chosen(programme="P7")
    with pytest.raises(NotFound, match="no inspection fife-1900"):
        queries.document("fife-1900")


def test_neighbours_are_the_earlier_and_the_later_of_the_partnership():
    first = imported()
    middle = imported(reference="falkirk-2022", dates=dated("2022"))
    last = imported(reference="falkirk-2023", dates=dated("2023"))
    among = queries.documents()
    assert queries.neighbours(middle, among) == (first, last)
    assert queries.neighbours(first, among) == (None, middle)
    assert queries.neighbours(last, among) == (middle, None)


def dated(value: str) -> dict:
    return {"published": {**document_data()["dates"]["published"], "value": value}}


def test_codes_that_no_longer_name_anything_are_found():
    imported()
    row = InspectionFactory(programme="gone@1", partnership="atlantis")
    PointFactory(inspection=row, sources=["lost"])
    found = history.unresolved(programmes=library().programmes.items, partnerships=names())
    assert sorted(found)[:2] == [
        f"{row.reference}: partnership atlantis",
        f"{row.reference}: programme gone@1",
    ]
    assert found[2].endswith("source lost")
    assert len(found) == 3


def test_actors_are_named_as_people_read_them():
    assert history.names_of_actors(["command:ann", "test", "person:999999"]) == {
        "command:ann": "the command line (account ann)",
        "test": "test",
        "person:999999": "person:999999",
    }


def test_a_write_of_another_process_is_seen():
    """The version is in the database, so what this process remembers is not believed."""
    imported()
    remembered = queries.document("falkirk-2021"), queries._kept
    imported(title="Elsewhere")
    queries._kept = remembered[1]  # as a process that has not seen the write remembers it
    assert queries.document("falkirk-2021").title == "Elsewhere" != remembered[0].title
