"""Pages name what is missing, never as nought; totals, gaps and places are written right."""

import json
import random
from dataclasses import replace

import pytest
from django.urls import reverse

from sightline.kernel.measures import State
from sightline.outcomes import presenters, queries
from sightline.outcomes.definitions import indicator
from sightline.outcomes.labels import category_label
from sightline.outcomes.queries import Clock
from sightline.outcomes.reading import count_text, reading
from sightline.partnerships.queries import find
from sightline.stats.disclosure.shown import MAKER, cell
from tests.factories.access import UserFactory, assign
from tests.factories.outcomes import (
    AnnotationFactory,
    Child,
    analyst,
    children,
    folder_of,
    indicator_rows,
    published_build,
    reviewed,
    row_of,
    rows_of,
)

pytestmark = pytest.mark.django_db
HOME = "/p/fife/outcomes/"


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path / "state"


@pytest.fixture
def page_of(client_for):
    """The words of a page, as an analyst of Fife reads it."""
    client = client_for(analyst())

    def page(address):
        return " ".join(client.get(f"{HOME}{address}").content.decode().split())

    return page


def by_year(code, *years, missing=()):
    """Rows of an indicator in some years, the last of which may not have been submitted."""
    held = {year: children(random.Random(year), 80, lambda _: 0.5) for year in years}  # noqa: S311
    return list(rows_of(indicator(code), {**held, **dict.fromkeys(missing)}))


def test_a_rate_of_a_year_not_submitted_is_no_zero_anywhere(page_of):
    published_build(by_year("cp13", "2021-22", "2022-23", missing=("2023-24",)))
    assert "2022/23: " in page_of("cp13/")
    asked = page_of("cp13/?period=2023-24")
    assert "2023/24: not submitted." in asked
    assert '<td class="sl-number">0</td>' not in asked
    lines = page_of("cp13/figures.csv").replace('"', "").split(" ")
    told = [line for line in lines if line.startswith("2023/24,")]
    assert told
    assert all(",0," not in line for line in told)
    assert "2021/22 to 2022/23" in page_of("cp13/?tab=over-time")


def test_a_total_kept_as_nought_of_what_was_not_submitted_is_read_as_missing():
    published_build(by_year("cp13", "2022-23", missing=("2023-24",)))
    series = queries.figures(analyst(), find("fife"), ["cp13"]).series["cp13"]
    period = series.periods[-1]
    nought = replace(period.shown.total, count=cell(0))
    kept = replace(period, shown=replace(period.shown, total=nought, maker=MAKER))
    assert reading(indicator("cp13"), kept).value is State.NOT_SUBMITTED
    assert count_text(kept, nought) == "[x]"


def test_the_total_of_a_rate_is_the_figure_of_everybody(page_of):
    published_build(by_year("cp13", "2023-24"))
    row = page_of("cp13/?by=sex").split('<th scope="row">All</th>')[1].split("</tr>")[0]
    assert "per 1,000" in row
    assert "20,000" in row
    assert "[x]" not in row


def test_a_figure_of_nobody_has_no_people(page_of):
    row = row_of(indicator("wf10"), "2023-24", "", "", []) | {
        "people": None, "families": None, "counted": None, "of": None, "value": 30.0,
    }  # fmt: skip
    published_build([row])
    page = page_of("wf10/")
    assert "30%" in page
    assert "leaves out All" not in page
    assert '<td class="sl-number">0</td>' not in page


def test_a_gap_says_both_ends_on_every_tab_and_which_is_lower(page_of):
    gap = indicator("cl17")
    share = indicator(gap.of_indicator)
    rows = [row_of(share, "2023-24", "", "", [Child(f"X{n}", {}, n < 30) for n in range(80)])]
    for end, counted in ((gap.first, 10), (gap.second, 20)):
        held = [Child(f"{end}{n}", {gap.breakdown: end}, n < counted) for n in range(40)]
        rows.append(row_of(share, "2023-24", gap.breakdown, end, held))
    published_build(rows)
    for tab in ("now", "over-time", "gap"):
        page = page_of(f"cl17/?tab={tab}")
        assert "away 10 of 40 (25%), at home with parents 20 of 40 (50%)" in page, tab
        assert "25.0 points lower" in page, tab
        assert "That is no zero" not in page, tab


def test_what_an_indicator_takes_and_lacks_is_named(page_of):
    made = published_build(by_year("la10", "2023-24"))
    overview = {
        "supplied": {"children": ["2013-08-01", "2024-07-31"]}, "clocks": [],
        "needs": {"cp18": ["children", "register-entries"]},
    }  # fmt: skip
    (folder_of(made) / "overview.json").write_text(json.dumps(overview), encoding="utf-8")
    lacking = "not supplied is Entries on the child protection register."
    assert lacking in page_of("cp18/")
    told = "Worked out from: Children, Entries on the child protection register (not supplied)."
    assert told in page_of("cp18/?tab=definition")


def test_a_note_of_one_indicator_leads_back_to_its_chart(client_for):
    results, members = indicator_rows(["la10"], years=(2023,), size=60)
    published_build(results, members)
    officer = assign(UserFactory(), "committee-lead-officer", "partnership", "fife")
    note = AnnotationFactory(indicator="la10")
    done = client_for(officer).post(reverse("outcomes:remove-note", args=["fife", note.pk]))
    assert done.url == f"{HOME}la10/?tab=over-time"


def test_home_leads_with_what_changed_and_clocks_by_name(page_of):
    published_build(indicator_rows(("la10", "cp18"), years=range(2013, 2024))[0])
    page = page_of("")
    assert page.index("Of 128 indicators") < page.index("Build ") < page.index("Every indicator")
    assert "Look at first" in page
    assert "Whether lives got better: outcomes and experience" in page
    assert "At home and not registered" in page
    assert "Children on the register" not in page  # an output: on the page of its theme
    theme = page_of("?theme=protection")
    assert theme.index("At home and not registered") < theme.index("Children on the register")
    assert "There is no theme weather" in page_of("?theme=weather")


def test_clocks_have_the_titles_of_their_rules_most_overdue_first():
    few, many = (Clock(rule, n, 0, 0, 0, 0, None) for rule, n in (("T-04 awaited", 1), ("T-99", 2)))
    first, second = presenters.clock_lines((few, many))
    assert first.title == "T-99"
    assert second.title.endswith("(T-04 awaited)")
    assert len(second.title) > len("(T-04 awaited)")


def test_places_keep_their_capitals():
    assert category_label("locality", "Lower Garry and the Coast") == "Lower Garry and the Coast"
    assert category_label("locality", "not-known") == "Not known"


def test_ways_through_care_leave_out_ages_nobody_has_come_to(page_of):
    rows = [
        {
            "cohort": "2019-20", "age": age, "step": "in-touch", "by_placement": "",
            "people": people, "of": of,
        }
        for age, people, of in ((15, 30, 40), (16, 20, 40), (17, 0, 0))
    ]  # fmt: skip
    published_build(by_year("la10", "2023-24"), journeys=rows)
    page = page_of("journeys/")
    assert "30 of 40" in page
    assert "0 of 0" not in page
    assert "At 17" not in page


def test_a_rate_out_of_the_people_of_an_earlier_year_is_marked_provisional(page_of):
    made = published_build(by_year("cp13", "2022-23", "2023-24"))
    overview = {"supplied": {}, "clocks": [], "provisional": {"cp13": ["2023-24"]}}
    (folder_of(made) / "overview.json").write_text(json.dumps(overview), encoding="utf-8")
    assert "per 1,000 [p]" in page_of("cp13/")
    assert "provisional: out of the people who lived here in an earlier year" in page_of("cp13/")
    assert "[p]" not in page_of("cp13/?period=2022-23")


# Young people leaving care


def steps(*rows):
    names = ("cohort", "age", "step", "by_placement", "people", "of")
    return [dict(zip(names, row, strict=True)) for row in rows]


def leaving(**more):
    """Three years of young people in two settings, and two cohorts."""
    found = []
    for year in ("2021-22", "2022-23", "2023-24"):
        for setting, share in (("foster", 0.8), ("residential", 0.3)):
            dice = random.Random(year + setting)  # noqa: S311 - the same each time
            for child in children(dice, 40, lambda _, share=share: share):
                found.append((year, replace(child, parts={"placement": setting})))
    by_year = {key: [c for year, c in found if year == key] for key, _ in found}
    ways = steps(
        ("2018-19", 18, "home", "", 30, 40), ("2018-19", 18, "home", "foster", 22, 25),
        ("2018-19", 18, "home", "residential", 8, 15),
        ("2018-19", 19, "home", "", 20, 40), ("2018-19", 19, "home", "foster", 15, 25),
        ("2018-19", 19, "home", "residential", 5, 15),
        ("2019-20", 18, "home", "", 9, 30), ("2019-20", 18, "home", "foster", 9, 30),
        ("2019-20", 18, "plan", "", 0, 0), ("2019-20", 18, "plan", "foster", 0, 0),
    )  # fmt: skip
    rows = list(rows_of(indicator("cl09"), by_year))
    return published_build(rows, journeys=ways, **more)


def test_leaving_care_is_one_page_with_gap_trend_and_ways_by_care_setting(
    page_of, client_for, django_assert_max_num_queries
):
    leaving()
    page = page_of("journeys/")
    for words in (
        "The widest gap in an outcome is in “In education, training or employment”: Foster care",
        "By care setting: how wide the gap is, and which way it goes",
        "The gap is ",
        "What was done for them, by care setting",
        "Not submitted. That is no zero.",
        "In a settled home, those who were 15 in 2018/19",
        "At 19: 20 of 40.",
        "In a settled home at 19, by care setting",
        "15 of 25",
    ):
        assert words in page, words
    assert "At 20" not in page
    assert "22 of 25" in page_of("journeys/?age=18")
    other = page_of("journeys/?cohort=2019-20&age=18")
    assert "9 of 30" in other
    assert "Nothing is known of them at 18." in other
    assert "Not worked out by care setting at 17." in page_of("journeys/?age=17")
    assert "there is no age 14" in page_of("journeys/?age=14")
    assert "Young people leaving care: gap and trend by care setting" in page_of("")
    officer = client_for(analyst())
    officer.get(f"{HOME}journeys/")
    with django_assert_max_num_queries(20):
        officer.get(f"{HOME}journeys/")


def test_the_public_sees_ways_and_no_small_number(client_for):
    reviewed(leaving(actor=analyst()))
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    page = " ".join(client_for(member).get(f"{HOME}journeys/").content.decode().split())
    assert "20 of 40" in page
    assert "5 of 15" in page


def test_the_public_sees_no_small_number_of_a_way(client_for):
    few = steps(
        ("2018-19", 19, "home", "", 20, 40), ("2018-19", 19, "home", "foster", 18, 37),
        ("2018-19", 19, "home", "residential", 2, 3),
    )  # fmt: skip
    reviewed(published_build(by_year("la10", "2023-24"), journeys=few, actor=analyst()))
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    page = " ".join(client_for(member).get(f"{HOME}journeys/").content.decode().split())
    assert "2 of 3" not in page
    assert "18 of 37" not in page
    assert "Too few young people at 19 to show by care setting. Nothing is wrong." in page


# Versions, provisional figures, states


def test_a_changed_definition_is_told_on_three_tabs(page_of):
    published_build(by_year("cp13", "2022-23", "2023-24"))
    for tab in ("over-time", "compare", "definition"):
        page = page_of(f"cp13/?tab={tab}")
        assert "Version 2 holds from 2023/24." in page, tab
        assert "The definition has changed" in page or tab == "compare", tab
    assert "Version 2 holds" not in page_of("la10/?tab=definition")


def test_a_provisional_rate_is_said_so_on_every_tab_home_and_in_the_file(page_of):
    made = published_build(by_year("cp13", "2022-23", "2023-24"))
    overview = {"supplied": {}, "clocks": [], "provisional": {"cp13": ["2023-24"]}}
    (folder_of(made) / "overview.json").write_text(json.dumps(overview), encoding="utf-8")
    for tab in ("now", "compare", "over-time"):
        assert "The figure is provisional: out of" in page_of(f"cp13/?tab={tab}"), tab
    assert "2023/24: provisional: out of the people" in page_of("cp13/?tab=gap")
    assert "[p] means provisional" in page_of("cp13/?tab=over-time")
    assert "per 1,000 [p]" in page_of("?theme=protection")
    assert "observed; provisional: out of the people" in page_of("cp13/figures.csv")
    assert "provisional: out of" not in page_of("cp13/?period=2022-23").split("Other periods")[0]
