"""Published figures about records, and the page that sets a round's beside them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from pydantic import ValidationError

from sightline.access.actors import CommandLine
from sightline.access.models import User
from sightline.framework.queries import quantity_terms
from sightline.inspections import records_published, records_shown
from sightline.inspections.records_published import (
    PublishedRecords,
    agreement,
    load,
    of_inspection,
    published_records,
)
from sightline.kernel.errors import Faults
from sightline.record_reading import asking
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import Round
from sightline.record_reading.results_queries import results
from sightline.record_reading.services import publishing, rounds
from tests.factories.access import UserFactory, assign
from tests.factories.inspections import draft, imported

ACTOR = CommandLine("test")
FOLDER = settings.SIGHTLINE_DEFINITIONS / records_published.FOLDER
SHARED = Path(settings.BASE_DIR).parent / "shared"


def report(**over: Any) -> PublishedRecords:
    """A report with one figure."""
    figure = {"item": "plan-quality", "answer": "good-or-better", "words": "most", "place": "P"}
    said = {
        "code": "one", "version": 1, "title": "One", "inspections": ["fife-2021"],
        "template": "care-and-protection@1", "source": "overview-2018-2020", "read": 10,
        "terms": "quantity@1", "fractions": "fractions@1",
        "figures": [figure | over.pop("figure", {})],
    }  # fmt: skip
    return PublishedRecords.model_validate(said | over)


def judged(**figure: Any) -> tuple[bool | None, str]:
    """Whether a figure fits together, and why."""
    made = report(figure=figure)
    found = agreement(made, made.figures[0])
    return found.fits, found.why


# What is held


def test_what_is_held_is_of_three_publications_and_names_things_that_are_there() -> None:
    found = {one.code: one for one in published_records()}
    assert {code: one.read for code, one in found.items()} == {
        "south-lanarkshire-2020": 109,
        "north-lanarkshire-2023": 60,
        "care-and-protection-2018-2020": 754,
    }
    assert sum(len(one.figures) for one in found.values()) >= 100
    assert [part.read for part in found["south-lanarkshire-2020"].parts] == [45, 64]


def test_nothing_that_is_printed_of_one_figure_contradicts_itself() -> None:
    wrong = [
        (one.code, figure.item, found.why)
        for one in published_records()
        for figure in one.figures
        if (found := agreement(one, figure)).fits is False
    ]
    assert wrong == []


def test_no_words_are_longer_than_a_fact_needs() -> None:
    """Facts, never sentences of a report."""
    for path in FOLDER.glob("*.yaml"):
        for figure in yaml.safe_load(path.read_text())["figures"]:
            assert len(figure["words"].split()) <= 4
            assert len(figure.get("of", "").split()) <= 9


def test_the_report_of_an_inspection_comes_before_the_overview_it_is_part_of() -> None:
    found = [one.code for one in of_inspection("south-lanarkshire-2020")]
    assert found == ["south-lanarkshire-2020", "care-and-protection-2018-2020"]
    assert of_inspection("fife-2019") == of_inspection("midlothian-2020")
    assert of_inspection("strathgarry-2026") == []


# Whether it fits together


@pytest.mark.parametrize(
    ("figure", "fits"),
    [
        ({"words": "most"}, None),
        ({"words": "one in five"}, None),
        ({"words": "most", "per_cent": 80}, True),
        ({"words": "most", "per_cent": 74}, False),
        ({"words": "two thirds", "rest": {"answer": "adequate", "words": "one third"}}, True),
        ({"words": "two thirds", "rest": {"answer": "adequate", "words": "half"}}, False),
        ({"words": "the majority", "rest": {"answer": "adequate", "words": "a quarter",
                                            "part": True}}, True),
        ({"words": "almost all", "rest": {"answer": "adequate", "words": "a quarter",
                                          "part": True}}, False),
        ({"words": "over two thirds", "also": ["just over two thirds"]}, True),
        ({"words": "over two thirds", "also": ["just over half"]}, False),
        ({"words": "six out of ten", "also": ["just over half"]}, True),
        ({"words": "most", "per_cent": 80, "also": ["few"]}, False),
    ],
)  # fmt: skip
def test_words_are_held_against_what_else_is_printed(
    figure: dict[str, Any], fits: bool | None
) -> None:
    assert judged(**figure)[0] is fits


def test_what_does_not_fit_is_named() -> None:
    assert judged(words="most", per_cent=74) == (False, "“most” does not fit 74%.")
    assert judged(words="most", per_cent=80)[1] == "“most” fits 80%."


# What is refused


@pytest.mark.parametrize(
    "figure",
    [
        {"topic": "Both"},
        {"item": None},
        {"answer": ""},
        {"per_cent": 101},
        {"group": "foster"},
    ],
)
def test_a_figure_is_about_one_thing_and_says_which_answers(figure: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        report(figure=figure)


@pytest.mark.parametrize(
    ("over", "what"),
    [
        ({"figure": {"item": "shoe-size"}}, "no item shoe-size"),
        ({"figure": {"answer": "blue"}}, "neither an answer nor a band blue"),
        ({"figure": {"rest": {"answer": "blue", "words": "few"}}}, "band blue"),
        ({"figure": {"agency": "police"}}, "not asked of each agency"),
        ({"figure": {"item": "review-partners", "answer": "yes"}}, "is asked of each agency"),
        ({"figure": {"item": "review-partners", "answer": "yes", "agency": "reporter"}},
         "not asked of reporter"),
        ({"source": "nobody"}, "no publication nobody"),
        ({"template": "nothing@1"}, "nothing@1"),
        ({"parts": [{"label": "A", "read": 3, "source": "overview-2018-2020", "place": "P"}]},
         "do not add up"),
    ],
)  # fmt: skip
def test_what_nobody_holds_is_named(tmp_path: Path, over: dict[str, Any], what: str) -> None:
    made = report(**over).model_dump(mode="json", exclude_none=True)
    (tmp_path / "one@1.yaml").write_text(yaml.safe_dump(made))
    with pytest.raises(Faults, match=what):
        load(tmp_path)


# The page


def a_round(**over: Any) -> Round:
    """A round of the draft inspection of Fife, locked and counted."""
    said: dict[str, Any] = {"template": "care-and-protection@1", "size": 40, "seed": 5} | over
    made = make_round(
        actor=ACTOR, area="fife", slug="spring", inspection="fife-2026", twice_share=0,
        how=How(pairs=1), **said,
    )  # fmt: skip
    found = rounds.lock_round(actor=ACTOR, round=made)
    found.refresh_from_db()
    return (
        found if found.results.get("counted") else publishing.count_round(actor=ACTOR, key=found.pk)
    )


@pytest.mark.django_db
def test_a_published_inspection_shows_its_report_without_any_round(
    client_for: Callable[[User], Client],
) -> None:
    imported(reference="south-lanarkshire-2020", partnership="south-lanarkshire")
    person = assign(UserFactory(), "chief-officer", "partnership", "fife")
    where = "/p/south-lanarkshire/exercises/south-lanarkshire-2020/records-read/"
    page = client_for(person).get(where).content.decode()
    assert "What its report prints" in page
    assert "which it is part of" in page
    assert "just over half" in page
    assert "Read in Sightline" not in page


@pytest.mark.django_db
def test_one_of_which_nothing_is_held_says_so(client_for: Callable[[User], Client]) -> None:
    imported(reference="fife-2021", partnership="fife")
    person = assign(UserFactory(), "chief-officer", "partnership", "fife")
    page = client_for(person).get("/p/fife/exercises/fife-2021/records-read/").content.decode()
    assert "No figures about records are held" in page


@pytest.mark.django_db
def test_a_draft_shows_its_rounds_to_its_team_beside_reports_of_the_programme(
    client_for: Callable[[User], Client],
) -> None:
    draft(reference="fife-2026", partnership="fife")
    round = a_round()
    lead = assign(UserFactory(), "inspection-lead", "inspection", "fife-2026")
    where = "/p/fife/exercises/fife-2026/records-read/"
    answer = client_for(lead).get(where)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "for comparison" in page
    assert round.title in page
    partner = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    assert client_for(partner).get(where).status_code == 404


@pytest.mark.django_db
def test_what_stands_beside_a_figure_is_what_the_round_shows() -> None:
    found = results(ACTOR, a_round(size=109), wanted=lambda _: True)
    terms = quantity_terms()
    unit, band = next(
        (one, held)
        for one in found.units
        if one.item.is_quality and (held := found.band(one, "good-or-better"))
        if held.n and held.base
    )
    assert band.n
    assert band.base

    def said(**figure: Any) -> str:
        made = report(figure={"item": unit.item.code} | figure)
        return records_shown.beside(made, made.figures[0], found, terms).said

    assert said() == band.counted
    assert said(without=True).startswith(f"{band.base - band.n} of {band.base}")
    answer = found.answer(unit, "4")
    assert answer is not None
    assert said(answer="4") == answer.counted
    for way in ("stratum", "care_type"):
        for one in found.by(unit, way, "good-or-better") if found.shown_by(unit, way) else ():
            if "+" not in one.code:
                assert said(group=f"{way}={one.code}") == one.counted
    assert said(group="care_type=nowhere") == records_shown.NOT_SHOWN
    assert said(answer="4", group="care_type=foster") == records_shown.NOT_SHOWN
    assert said(item=None, topic="Something", answer="") == records_shown.NO_ITEM
    police = said(item="review-partners", answer="yes", agency="police")
    assert police not in {records_shown.NOT_ASKED, records_shown.NO_ITEM}


@pytest.mark.django_db
def test_a_question_that_a_round_did_not_ask_is_said_not_to_be_asked() -> None:
    found = results(ACTOR, a_round(template="local-audit@1"), wanted=lambda _: True)
    made = report(figure={"item": "leaver-support", "answer": "mostly"})
    beside = records_shown.beside(made, made.figures[0], found, quantity_terms())
    assert beside.said == records_shown.NOT_ASKED


@pytest.mark.django_db
def test_a_question_worded_otherwise_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = results(ACTOR, a_round(template="local-audit@1"), wanted=lambda _: True)
    monkeypatch.setattr(asking, "comparable", lambda *_: "reworded")
    made = report()
    beside = records_shown.beside(made, made.figures[0], found, quantity_terms())
    assert beside.note == "The question is worded otherwise."
