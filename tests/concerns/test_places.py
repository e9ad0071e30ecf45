"""Where somebody came from, as the address they came from says."""

from collections.abc import Mapping
from typing import Any

import pytest

from sightline.access.models import User
from sightline.concerns import places
from sightline.concerns.places import Origin, origin

NOBODY = User(name="Nobody")


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no context had said what its pages are called."""
    monkeypatch.setattr(places, "_pages", {})


@pytest.mark.parametrize(
    "path",
    ["", "//evil.example/p/fife/", "https://evil.example/", "/nowhere/at/all/", "/concerns/",
     "/p/fife/" + "x" * 300 + "/", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_page_of_ours_says_nothing(path: str) -> None:
    assert origin(path, NOBODY) == Origin()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/p/fife/", Origin("/p/fife/", "fife", "", "Fife, page /p/fife/")),
        ("/p/fife/?a=b#c", Origin("/p/fife/", "fife", "", "Fife, page /p/fife/")),
        (
            "/p/fife/records/reading/readings/14/plan/",
            Origin("/p/fife/records/reading/readings/14/plan/", "fife", "",
                   "Fife, page /p/fife/records/reading/readings/14/plan/"),
        ),
        (
            "/partnerships/nowhere/",
            Origin("/partnerships/nowhere/", "", "", "Page /partnerships/nowhere/"),
        ),
        ("/home/", Origin("/home/", "", "", "Page /home/")),
        (
            "/p/fife/exercises/fife-2026/report/",
            Origin("/p/fife/exercises/fife-2026/report/", "fife", "fife-2026",
                   "Fife, P3, page /p/fife/exercises/fife-2026/report/"),
        ),
        (
            "/p/fife/exercises/fife-1999/",
            Origin("/p/fife/exercises/fife-1999/", "fife", "",
                   "Fife, page /p/fife/exercises/fife-1999/"),
        ),
    ],
)  # fmt: skip
def test_a_page_says_its_partnership_and_inspection(path: str, expected: Origin) -> None:
    assert origin(path, NOBODY) == expected


def test_without_a_source_there_are_no_inspections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_sources", [])
    assert places.inspections_for(NOBODY) == {}
    places.register(lambda person: {})
    assert places.inspections_for(NOBODY) == {}


def test_a_context_says_what_its_pages_are_called() -> None:
    def words(person: User, page: str, named: Mapping[str, Any]) -> str:
        assert person is NOBODY
        return f"Reading {named['number']}" if page == "reading" else ""

    places.name_pages("record_reading", words)
    for path, said in (
        ("/p/fife/records/spring/readings/19/", "Reading 19, Fife"),
        ("/p/nowhere/records/spring/readings/19/", "Reading 19"),
        ("/reading/", "Page /reading/"),
        (
            "/p/fife/records/spring/readings/19/check/",
            "Fife, page /p/fife/records/spring/readings/19/check/",
        ),
    ):
        assert origin(path, NOBODY).words == said, path
