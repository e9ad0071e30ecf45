"""The areas and local details that ship, and bad ones refused."""

import csv
import datetime as dt
import os
from pathlib import Path

import pytest

from sightline.kernel.definitions import Registry, parse_definition
from sightline.kernel.errors import BadInput, Faults, NotFound
from sightline.partnerships import checks, definitions, queries
from sightline.partnerships.definitions import Areas, LocalDetails, areas, load, local_details
from sightline.partnerships.localities import guidance_taken_up

AREA = {
    "code": "fife",
    "name": "Fife",
    "council_code": "S12000047",
    "health_board": "NHS Fife",
}
OTHER = {**AREA, "code": "angus", "name": "Angus", "council_code": "S12000041"}


def whole(*rows: dict[str, object]) -> dict[str, object]:
    return {
        "code": "scotland",
        "version": 1,
        "title": "Areas",
        "invented": "false",
        "source": {"title": "A source"},
        "agencies": [{"code": "council", "name": "The council"}],
        "areas": list(rows),
    }


def test_scotland_has_32_areas_each_found_by_each_of_its_names():
    scotland = areas().get("scotland@1")
    assert len(scotland.areas) == 32
    for area in scotland.areas:
        names = [area.code, area.name, area.council_code, *area.variants]
        names += [old.code for old in area.superseded_codes]
        for name in names:
            assert queries.find(name).code == area.code
            assert queries.find(f"  {name.upper()} ").code == area.code


def test_names_agree_with_the_published_population_table():
    folder = os.environ.get("SIGHTLINE_SHARED")
    if not folder:
        pytest.skip("SIGHTLINE_SHARED is not set, so the published table is not at hand")
    path = Path(folder) / "data/population/mid2022_council_area_single_year_age_persons.csv"
    with path.open(encoding="utf-8-sig") as lines:
        published = {row["ltla19_code"]: row["ltla19_name"] for row in csv.DictReader(lines)}
    held = {p.council_code: p.name for p in queries.all_partnerships() if not p.invented}
    assert held == published


def test_the_invented_area_is_there_only_in_a_demonstration(settings):
    settings.SIGHTLINE_DEMONSTRATION = False
    with pytest.raises(NotFound, match="no partnership 'strathgarry'"):
        queries.partnership("strathgarry")
    settings.SIGHTLINE_DEMONSTRATION = True
    invented = queries.partnership("strathgarry")
    assert invented.invented
    assert invented.title == "Strathgarry community planning partnership"
    assert len(queries.all_partnerships()) == 33


def test_a_name_is_not_a_code_and_an_unknown_name_lists_those_there_are():
    with pytest.raises(NotFound):
        queries.partnership("Western Isles")
    with pytest.raises(NotFound, match="There are: Aberdeen City"):
        queries.find("Lanarkshire")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((AREA, AREA), "an area is given twice; keep one"),
        ((AREA, {**OTHER, "variants": ["Fife"]}), "'fife' names fife and angus; keep one"),
        ((AREA, {**OTHER, "council_code": "S12000047"}), "'s12000047' names fife and angus"),
        (({**AREA, "council_code": "47"},), "council_code: String should match pattern"),
        (({**AREA, "people": "many"},), "people: Extra inputs are not permitted"),
        ((), "areas: Tuple should have at least 1 item"),
    ],
)
def test_bad_areas_are_refused_with_the_field(rows, message):
    with pytest.raises(Faults) as refusal:
        parse_definition(Areas, whole(*rows), name="scotland@1.yaml")
    assert message in str(refusal.value)


def test_a_name_that_means_areas_of_two_files_is_refused(tmp_path):
    source = Path(__file__).parents[2] / "definitions" / "partnerships"
    folder = tmp_path / "partnerships"
    folder.mkdir()
    for path in source.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("- Strath Garry", "- Fife")
        (folder / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(Faults, match="'fife' also names"):
        load(tmp_path)


def test_local_details_name_areas_and_agencies_that_exist(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    assert len(local_details()) >= 3
    for details in local_details():
        area = queries.partnership(details.code)
        codes = {agency.code for agency in area.agencies}
        assert {post.agency for post in details.posts} <= codes


def test_a_holiday_that_ends_before_it_starts_is_refused():
    may_day = {"name": "May day", "kind": "public", "first": "2026-05-04", "last": "2026-05-01"}
    data = {
        "code": "fife", "version": 1, "source": {"title": "x"},
        "localities": [], "groups": [], "plans": [{"name": "Plan", "years": "soon"}], "posts": [],
        "holidays": [may_day],
    }  # fmt: skip
    with pytest.raises(Faults) as refusal:
        parse_definition(LocalDetails, data, name="fife@1.yaml")
    assert "ends on 2026-05-01, before it starts; swap the dates" in str(refusal.value)
    assert "plans.0.years: 'soon' is not a date" in str(refusal.value)


def test_agencies_are_named_for_the_area():
    fife = queries.partnership("fife")
    assert fife.agency("council") == "Fife council"
    assert fife.agency("health-board") == "NHS Fife"
    assert fife.agency("police") == "Police Scotland"
    assert fife.agency("unheard-of") == "unheard-of"


# -- guidance taken up, and what stops the start


def details_that_took_up(guidance, day):
    data = {
        "code": "fife", "version": 1, "source": {"title": "x"},
        "localities": [], "groups": [], "plans": [], "posts": [], "holidays": [],
        "taken_up": [{"guidance": guidance, "day": day}],
    }  # fmt: skip
    one = parse_definition(LocalDetails, data, name="fife@1.yaml")
    return Registry(LocalDetails, {one.key: one})


def test_the_day_an_area_took_up_guidance_chooses_its_rules(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    days = guidance_taken_up(queries.partnership("strathgarry"))
    rules = definitions.rulebook()

    def days_of(text):
        return rules.rule("T-04", on=dt.date.fromisoformat(text), taken_up=days).limits[0].number

    assert (days_of("2022-05-31"), days_of("2022-06-01")) == (21, 28)
    assert guidance_taken_up(queries.partnership("fife")) == {}


@pytest.mark.parametrize(
    ("guidance", "day", "message"),
    [
        ("child-protection-1998", "2022-01-01", "No rule knows the guidance"),
        ("child-protection-2021", "2020-01-01", "it cannot have been taken up on 2020-01-01"),
    ],
)
def test_guidance_that_cannot_have_been_taken_up_is_refused(guidance, day, message):
    with pytest.raises(Faults, match=message):
        definitions.check_taken_up(details_that_took_up(guidance, day), definitions.rulebook())


def test_a_bad_definition_is_an_error_of_the_check(monkeypatch):
    assert checks.places_can_be_used(None) == []

    def refuse():
        raise BadInput("the file is wrong")

    monkeypatch.setattr(checks, "load_definitions", refuse)
    (error,) = checks.places_can_be_used(None)
    assert (error.id, error.msg) == ("partnerships.E001", "the file is wrong")
