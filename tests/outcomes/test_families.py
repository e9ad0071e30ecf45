"""Family groups, their medians, and what stands beside an area on Compare."""

from pathlib import Path

import pytest

from sightline.kernel.errors import Faults
from sightline.outcomes import families
from sightline.outcomes.definitions import indicator
from sightline.outcomes.families import Family, family_of, median_of
from sightline.outcomes.presenters_compare import compared, published_rows
from sightline.outcomes.queries import PublishedFigure
from sightline.partnerships.queries import all_partnerships
from tests.outcomes.seen import seen

FAMILY = Family("Family group 2", "Made up", False, frozenset({"Angus", "Moray", "Highland"}))


def figure(area, value, period="2023-24"):
    return PublishedFigure(area, period, value, None, "Statistics")


def test_every_area_of_scotland_is_in_one_family_of_eight():
    found = {one.name: family_of(one.name) for one in all_partnerships() if not one.invented}
    assert len(found) == 32
    assert {len(one.others) for one in found.values()} == {7}
    assert found["Fife"].has("South Lanarkshire")
    assert not found["Fife"].has("Fife")
    assert not found["Fife"].confirmed
    assert family_of("Atlantis") is None


def test_an_area_is_known_by_whichever_name_a_publication_used():
    assert families.plain("Argyll & Bute") == "Argyll and Bute"
    assert family_of("Angus").has("Argyll & Bute")
    assert family_of("Aberdeenshire").has("Edinburgh, City of")
    assert family_of("Glasgow City").has("Eilean Siar")
    assert families.plain("Glen  Orrin (invented)") == "Glen Orrin (invented)"


def test_a_median_is_of_at_least_three_others_and_of_that_period_alone():
    two = [figure("Angus", 1.0), figure("Moray", 3.0), figure("Highland", None)]
    assert median_of(FAMILY, two, "2023-24") == families.Median(None, 2)
    three = [*two, figure("Highland", 2.0)]
    assert median_of(FAMILY, three, "2023-24") == families.Median(2.0, 3)
    odd = [*three, figure("Fife", 99.0), figure("Angus", 50.0, "2022-23")]
    assert median_of(FAMILY, odd, "2023-24") == families.Median(2.0, 3)


def test_an_area_in_two_families_is_refused(tmp_path: Path):
    (tmp_path / "family-groups").mkdir()
    (tmp_path / "family-groups" / "odd@1.yaml").write_text(
        "code: odd\nversion: 1\ntitle: Odd\nsource: {title: Made up, tag: L}\ngroups:\n"
        "  - {title: One, areas: [Angus, Moray]}\n  - {title: Two, areas: [Angus, Fife]}\n"
    )
    with pytest.raises(Faults, match="Angus is in two"):
        families.load(tmp_path)


# On the page


def beside(code, figures, *, family=FAMILY, years=("2022-23", "2023-24"), **more):
    series = seen(code, {key: {"": (30, 60 if code == "cl09" else 9000)} for key in years})[code]
    return compared(indicator(code), series, figures, area="Stirling", family=family, **more)


def test_the_median_of_the_family_is_drawn_and_said():
    figures = [figure("Angus", 40.0), figure("Moray", 52.0), figure("Highland", 61.0),
               figure("Scotland", 55.0)]  # fmt: skip
    found = beside("cl09", figures)
    assert found.family == (
        "Family group 2 (Made up): the median of 3 others of the group in 2023/24 is 52%. Who is "
        "in the group has not been confirmed."
    )
    assert "Family group median" in found.chart.svg()
    assert [row[0] for row in found.chart.rows][:3] == ["Stirling", "Scotland", "Angus"]
    assert any("no league table" in note for note in found.chart.notes)
    sure = Family("Group", "Made up", True, FAMILY.others)
    assert beside("cl09", figures, family=sure).family.endswith("is 52%.")


def test_of_two_no_median_is_given():
    found = beside("cl09", [figure("Angus", 40.0), figure("Moray", 52.0)])
    assert found.family.endswith(
        "figures of 2 others of the group are held for 2023/24. A median is given of at least "
        "three."
    )
    assert "Family group median" not in found.chart.svg()


def test_without_a_period_of_both_or_a_family_it_says_so():
    none = beside("cl09", [figure("Angus", 40.0, "2001-02")])
    assert none.chart is None
    assert "no figure of the group is held for a period that this area has too" in none.family
    assert beside("cl09", [], family=None).family == (
        "This area is in no family group that is held here."
    )
    assert compared(indicator("cl09"), None, [], area="Fife", family=None).chart is None
    own = beside("cl09", [figure("Stirling", 40.0)])
    assert own.chart is None  # nobody but the area itself


def test_figures_by_an_earlier_version_are_listed_and_not_laid_beside():
    figures = [figure("Angus", 2.0, "2022-23"), figure("Moray", 1.9, "2023-24")]
    one = indicator("cp13")
    found = beside("cp13", figures)
    assert "2023/24" in found.chart.subtitle
    assert beside("cp13", figures[:1]).chart is None
    rows = published_rows(one, figures, FAMILY)
    assert [row[-1] for row in rows] == [
        "Family group", "Family group, counted by an earlier version",
    ]  # fmt: skip
    plain = published_rows(one, [figure("Fife", None)], None)
    assert plain == [("Fife", "2023/24", "[c]", "–", "Statistics", "–")]


def test_a_provisional_figure_is_said_under_the_comparison():
    found = beside("cp13", [figure("Angus", 2.0)], provisional={"2023-24"})
    assert any(note.startswith("Provisional") for note in found.chart.notes)
