"""The bars of the detector, on the written corpus and on the part kept apart."""

import pytest

from sightline.identifiers import Kind
from tests.identifiers import written
from tests.identifiers.measuring import measure

LEAST_STRUCTURED, LEAST_NAMES, MOST_FALSE = 0.99, 0.90, 0.02


@pytest.fixture(scope="module", params=["known", "apart"])
def measured(request):
    return measure(request.param)


def test_structured_identifiers_are_found(measured):
    assert measured.share(names=False) >= LEAST_STRUCTURED, measured.missed


def test_names_are_found(measured):
    assert measured.share(names=True) >= LEAST_NAMES, measured.missed


def test_what_is_found_is_found_whole(measured):
    assert measured.share(names=False, counted="whole") >= LEAST_STRUCTURED
    assert measured.share(names=True, counted="whole") >= LEAST_NAMES


def test_few_clean_cells_are_flagged(measured):
    assert measured.false_alarms < MOST_FALSE, measured.alarms


def test_little_is_found_beside_what_is_marked(measured):
    assert len(measured.beside) <= measured.texts * MOST_FALSE, measured.beside


def test_the_corpus_is_as_large_as_it_says():
    parts = ("known", "apart")
    assert sum(len(written.texts(part)) for part in parts) >= 150
    structured = [mark for part in parts for one in written.structured(part) for mark in one.marks]
    assert len(structured) >= 400
    assert {mark.kind for mark in structured} == set(Kind) - {Kind.NAME, Kind.NUMBER}
    names = [mark for part in parts for one in written.named(part) for mark in one.marks]
    assert len(names) >= 300
    assert sum(len(written.clean(part)) for part in parts) >= 3000


def test_no_cell_of_the_clean_corpus_is_also_in_the_other_part():
    assert len(set(written.clean("known")) & set(written.clean("apart"))) < 400
