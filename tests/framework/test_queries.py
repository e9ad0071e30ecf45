"""Titles with their corrections laid over them."""

import pytest

from sightline.framework import queries
from sightline.framework.definitions import Library, TitleStatus, library
from sightline.kernel.errors import NotFound
from tests.factories.framework import CorrectedTitleFactory, fourth_programme

pytestmark = pytest.mark.django_db


def test_a_title_says_how_sure_it_is_and_where_it_was_seen():
    seen = queries.title_of("children@3", "2.1")
    assert (seen.title, seen.status_words) == (
        "Impact on children and young people",
        "Seen with its number",
    )
    assert seen.confirmed
    assert seen.source.startswith("Joint inspection of services for children")
    assert seen.address == "2-1"
    heading = queries.title_of("children@3", "7.1")
    assert heading.status is TitleStatus.HEADING
    assert heading.confirmed
    other = queries.title_of("children@3", "7.2")
    assert not other.confirmed
    assert other.alternatives == ("Workforce development and support",)
    assert other.source.endswith("the title itself was not seen")
    unseen = queries.title_of("children@3", "10.1")
    assert (unseen.confirmed, unseen.status_words, unseen.source) == (
        False,
        "Title not confirmed",
        "",
    )


def test_the_titles_of_an_edition_take_one_query_and_the_newest_correction_wins(
    django_assert_num_queries,
):
    CorrectedTitleFactory(number=2, title="Second")
    CorrectedTitleFactory(number=1, title="First")
    CorrectedTitleFactory(framework="children@2", number=3, title="Of another edition")
    with django_assert_num_queries(1):
        titles = queries.titles_of("children@3")
    assert list(titles) == [i.code for i in library().frameworks.get("children@3").indicators]
    assert (titles["3.1"].title, titles["3.1"].released) == ("Second", "Impact on staff")
    assert [title.code for title in titles.values() if title.corrected] == ["3.1"]
    with pytest.raises(NotFound):
        queries.titles_of("adults@1")


def test_the_corrected_library_carries_titles_into_frameworks_and_programmes(
    django_assert_num_queries,
):
    assert queries.corrected_library() is library()
    CorrectedTitleFactory(indicator="5.3", number=1, title="Planning care")
    CorrectedTitleFactory(
        indicator="9.2", number=1, title="Strategy", status="unverified", source=""
    )
    with django_assert_num_queries(1):
        held = queries.corrected_library()
    framework = held.frameworks.get("children@3")
    assert framework.indicator("5.3").title == "Planning care"
    assert framework.indicator("5.3").source.title == "The framework itself, page 12"
    assert framework.indicator("9.2").source is None
    assert held.frameworks.get("children@2") is library().frameworks.get("children@2")
    p3 = held.programme("P3")
    assert [j.title for j in p3.graded] == [
        "Impact on children and young people",
        "Planning care",
        "Involving individual children, young people and families",
        "Strategy",
    ]
    assert held.programme("P1") is library().programme("P1")
    assert (
        library().programme("P3").judgement("9.2").title == "Leadership of strategy and direction"
    )
    for code in ("5.3", "9.2", "5.4"):
        assert queries.shown_in(held, "children@3", code) == queries.title_of("children@3", code)
    assert queries.corrected_library() is held


def test_a_suite_keeps_the_title_its_programme_gives_it():
    CorrectedTitleFactory(framework="children@2", indicator="9.1", number=1, title="Vision")
    held = queries.corrected_library()
    assert held.programme("P1").judgement("9").title == "Leadership and direction"


def test_the_corrected_library_follows_the_library_it_is_made_from(monkeypatch):
    CorrectedTitleFactory(number=1)
    before = queries.corrected_library()
    more: Library = library().with_programmes([fourth_programme()])
    monkeypatch.setattr(queries, "library", lambda: more)
    after = queries.corrected_library()
    assert "fourth-programme@1" not in before.programmes.items
    assert after.programme("P9").short == "P9"


def test_an_edition_is_found_by_key_and_by_address():
    assert queries.framework_at("children-3") is queries.framework_at("children@3")
    assert queries.code_at("10-1") == "10.1"
    with pytest.raises(NotFound, match=r"There is no edition children-9\. There are: children-1"):
        queries.framework_at("children-9")


def test_a_source_reads_in_one_line():
    source = library().programme("P1").source
    assert queries.source_words(source) == f"{source.title}: Introduction"
    assert queries.source_words(source.model_copy(update={"place": ""})) == source.title
    assert queries.source_words(None) == ""
