"""Pages of outcomes: who opens them, what each tab says, how many queries they take."""

import datetime as dt
import random

import pytest
from django.urls import reverse

from sightline.access.models import AuditEvent
from sightline.children.models import Build
from sightline.outcomes.definitions import indicator, indicators
from sightline.outcomes.models import Annotation
from tests.factories.access import UserFactory, assign
from tests.factories.children import BuildTableFactory
from tests.factories.outcomes import (
    AnnotationFactory,
    analyst,
    children,
    folder_of,
    indicator_rows,
    published_build,
    reviewed,
    rows_of,
)

pytestmark = pytest.mark.django_db
HOME = "/p/fife/outcomes/"
ONE = f"{HOME}la10/"
MOST_QUERIES = 20


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path / "state"


def person(role, key="fife"):
    return assign(UserFactory(), role, "partnership", key)


def build(codes=("la10", "cp18"), **more):
    """A published build of Fife, its figures reviewed for everybody."""
    results, members = indicator_rows(codes, years=range(2013, 2024), size=400)
    return reviewed(published_build(results, members, actor=analyst(), **more))


def text_of(response):
    return " ".join(response.content.decode().split())


# Who opens what


def test_outcomes_are_for_those_of_the_area_and_behind_them_for_fewer(client_for):
    build()
    note = AnnotationFactory()
    strangers = (UserFactory(), person("elected-member", "angus"), person("practitioner"))
    member, officer = person("elected-member"), person("partnership-analyst")
    pages = {
        HOME: 200,
        ONE: 200,
        f"{ONE}figures.csv": 200,
        f"{HOME}journeys/": 200,
        f"{ONE}behind/?period=2023-24": 403,
        f"{ONE}note/": 403,
        f"{HOME}notes/{note.pk}/remove/": 403,
    }
    for page, status in pages.items():
        for stranger in strangers:
            assert client_for(stranger).get(page).status_code == 404, page
        assert client_for(member).get(page).status_code == status, page
        assert client_for(officer).get(page).status_code == 200, page


def test_the_list_of_areas_leads_on_where_there_is_one(client_for):
    assert client_for(person("elected-member")).get("/outcomes/").url == HOME
    national = assign(UserFactory(), "inspection-analyst")
    assert "Angus" in text_of(client_for(national).get("/outcomes/"))
    assert client_for(UserFactory()).get("/outcomes/").status_code == 404


# Before there is anything


def test_without_a_build_and_before_review_the_pages_say_so(client_for):
    member = client_for(person("elected-member"))
    assert "No build of Fife is published yet" in text_of(member.get(HOME))
    results, members = indicator_rows(["la10"], years=(2023,), size=60)
    published_build(results, members)
    for page in (HOME, ONE, f"{ONE}?tab=gap"):
        assert "wait for review" in text_of(member.get(page))
    assert member.get(f"{ONE}figures.csv").status_code == 404
    officer = client_for(person("partnership-analyst"))
    assert "These figures are exact." in text_of(officer.get(HOME))
    assert "No group of young people" in text_of(officer.get(f"{HOME}journeys/"))


def test_a_build_that_declared_nothing_says_so(client_for):
    published_build([])
    page = text_of(client_for(person("elected-member")).get(HOME))
    assert "holds no figures that are yours to see" in page


# Home


def test_home_shows_each_theme_and_what_is_not_supplied(client_for, django_assert_max_num_queries):
    made = build()
    BuildTableFactory(build=made, dataset="children", rows=10, published=10, faulted=0)
    BuildTableFactory(
        build=made, dataset="register-entries", rows=10, published=8, faulted=2, joined=6
    )
    (folder_of(made) / "overview.json").write_text(
        '{"supplied": {}, "clocks": [{"rule": "T-04", "overdue": 3, "this_week": 1, "soon": 2, '
        '"judged": 12, "late": 5, "expected_late": null}]}',
        encoding="utf-8",
    )
    officer = client_for(person("partnership-analyst"))
    officer.get(HOME)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(officer.get(HOME))
    for words in (
        "Children who are looked after",
        "In the same place for two years",
        "Not submitted",
        "2023/24",
        "Higher is better",
        "What the indicators tell of",
        "29 of 31 datasets",
        "6 of 8 (75%)",
        "T-04",
        "5 of 12",
    ):
        assert words in page, words
    member = text_of(client_for(person("elected-member")).get(HOME))
    assert "T-04" not in member
    assert "Rows with faults" not in member


# The explorer


def test_now_says_the_figure_and_shows_it_by_care_setting(
    client_for, django_assert_max_num_queries
):
    build()
    officer = client_for(person("partnership-analyst"))
    officer.get(ONE)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text_of(officer.get(ONE))
    assert "Children who have lived in the same household for 24 months in Fife, 2023/24:" in page
    assert "By chance alone it could be anything from" in page
    assert "By care setting, 2023/24" in page
    assert "Residential care" in page
    link = f"{ONE}behind/?period=2023-24&amp;by=placement&amp;category=residential"
    assert link in page
    earlier = text_of(officer.get(f"{ONE}?period=2015-16"))
    assert "in Fife, 2015/16:" in earlier
    member = text_of(client_for(person("elected-member")).get(ONE))
    assert "Who is behind it" not in member
    assert "No percentage is given of fewer than 10 people." in member


def test_over_time_judges_by_the_fixed_sentences_and_shows_notes_and_breaks(client_for):
    build()
    AnnotationFactory(on=dt.date(2016, 1, 1))
    officer = client_for(person("partnership-analyst"))
    page = text_of(officer.get(f"{ONE}?tab=over-time"))
    assert "Something changed between 2013/14 and 2023/24 (too few runs). Ask why." in page
    assert "Judged by the rules for run charts" in page
    assert "A: 2015/16. A team for families after registration began. (January 2016)" in page
    assert "Write what happened" in page
    AnnotationFactory(on=dt.date(2019, 1, 1), indicator="la10", words="Counted anew.", breaks=True)
    page = text_of(officer.get(f"{ONE}?tab=over-time"))
    assert "Too few points to tell. We have 6; we need at least 10." in page
    assert "Figures before and from 2018/19 differ: Counted anew." in page
    other = text_of(officer.get(f"{HOME}cp18/?tab=over-time"))
    assert "Counted anew." not in other
    member = text_of(client_for(person("elected-member")).get(f"{ONE}?tab=over-time"))
    assert "Write what happened" not in member


def test_quarters_get_a_control_chart_and_are_for_those_who_see_everything(client_for):
    one = indicator("cp18")
    dice = random.Random(2)  # noqa: S311 - the same each time
    quarters = {
        f"{year}-{(year + 1) % 100:02d} Q{n}": children(dice, 80, lambda _: 0.3)
        for year in (2020, 2021, 2022, 2023)
        for n in (1, 2, 3, 4)
    }
    build(quarters=list(rows_of(one, quarters)))
    address = f"{HOME}cp18/?tab=over-time&grid=quarter"
    page = text_of(client_for(person("partnership-analyst")).get(address))
    assert "Judged by the rules for control charts" in page
    assert "Upper limit" in page
    assert "2023/24 Q4" in page
    member = text_of(client_for(person("elected-member")).get(address))
    assert "By quarter" not in member
    assert "2023/24 Q4" not in member


def test_the_gap_is_told_by_deprivation_and_by_care_setting(client_for):
    code = next(
        one.code for one in indicators()
        if {"simd", "placement"} <= set(one.breakdowns) and one.unit == "per_cent"
        and one.shape in {"flow", "cohort"}
    )  # fmt: skip
    build((code, "la10"))
    officer = client_for(person("partnership-analyst"))
    page = text_of(officer.get(f"{HOME}{code}/?tab=gap"))
    for words in (
        "Between the most and the least deprived areas",
        "Slope index of inequality",
        "Relative gap",
        "5 (least deprived)",
        "5 of 5 fifths can be shown",
        "Between care settings",
        "percentage points",
    ):
        assert words in page, words
    la10 = text_of(officer.get(f"{ONE}?tab=gap"))
    assert "Between care settings" in la10
    assert "Slope index" not in la10
    assert "not told apart by deprivation" in text_of(officer.get(f"{HOME}la05/?tab=gap"))


def test_compare_lays_published_figures_beside_and_makes_no_league_table(client_for):
    published = [
        {
            "measure": "la10", "area": area, "period": "2023-24", "category": "", "value": value,
            "base": 100.0, "published_on": dt.date(2025, 1, 1), "source": "National statistics",
        }
        for area, value in (
            ("Highland", 71.0), ("Angus", 63.0), ("Scotland", 66.0), ("Moray", None),
        )
    ]  # fmt: skip
    build(published=published)
    officer = client_for(person("partnership-analyst"))
    page = officer.get(f"{ONE}?tab=compare")
    said = text_of(page)
    assert "no league table" in said
    assert "Source: National statistics" in said
    places = [said.index(f'<th scope="row">{n}</th>') for n in ("Scotland", "Angus", "Highland")]
    assert places == sorted(places)
    none = text_of(officer.get(f"{HOME}cp18/?tab=compare"))
    assert "No figure that others have published is held" in none


def test_the_definition_prints_its_worked_example_and_what_is_not_confirmed(client_for):
    build()
    page = text_of(client_for(person("elected-member")).get(f"{HOME}cp18/?tab=definition"))
    for words in (
        "Worked example", "Answers, by hand", "Not confirmed", "24 months before",
        "cp18, version 1", "Questions to ask", "A period counts as not submitted",
    ):  # fmt: skip
        assert words in page, words


def test_what_was_not_submitted_is_said_on_every_tab(client_for):
    build(("la10",))
    officer = client_for(person("partnership-analyst"))
    for tab in ("now", "compare", "over-time"):
        page = text_of(officer.get(f"{HOME}la05/?tab={tab}"))
        assert "not submitted. That is no zero" in page, tab


def test_every_indicator_has_every_tab(client_for):
    codes = [one.code for one in indicators()]
    results, members = indicator_rows(
        [c for c in codes if indicator(c).view][::9], years=(2022, 2023), size=60
    )
    published_build(results, members)
    officer = client_for(person("partnership-analyst"))
    shapes = {}
    for code in codes:
        shapes.setdefault((indicator(code).shape, indicator(code).unit), code)
    for code in shapes.values():
        for tab in ("now", "compare", "over-time", "gap", "definition"):
            assert officer.get(f"{HOME}{code}/?tab={tab}").status_code == 200, (code, tab)


@pytest.mark.parametrize("address", ["?tab=odd", "?by=odd"])
def test_a_tab_or_breakdown_that_is_not_there_is_not_found(client_for, address):
    build(("la10",))
    assert client_for(person("elected-member")).get(f"{ONE}{address}").status_code == 404
    assert client_for(person("elected-member")).get(f"{HOME}zz9/").status_code == 404


def test_the_file_holds_what_is_shown_with_the_key(client_for):
    results, members = indicator_rows(["la10"], years=(2022, 2023), size=45)
    made = reviewed(published_build(results, members, actor=analyst()))
    response = client_for(person("elected-member")).get(f"{ONE}figures.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Period,Breakdown,Category,People,Out of,Value,Unit,State"
    assert any(line.startswith("[c] means too few to show") for line in lines)
    assert any("[c]" in line for line in lines[1:-1])
    name = f"fife-la10-build-{made.number}-public.csv"
    assert name in response["Content-Disposition"]


# Who is behind it


def test_the_list_behind_a_figure_is_by_reference_paged_and_recorded(client_for):
    made = build(("la10",))
    officer = person("partnership-analyst")
    client = client_for(officer)
    address = f"{ONE}behind/?period=2023-24&by=placement&category=residential"
    page = text_of(client.get(address))
    assert "Care setting: Residential care" in page
    assert "C0" in page
    assert "Children stand here by reference" in page
    events = AuditEvent.objects.filter(actor=officer.audit_name, verb="build.read")
    assert events.get().reason == "who is behind la10, 2023-24, placement=residential"
    everybody = client.get(f"{ONE}behind/?period=2023-24&page=2")
    assert 'aria-current="page"' in text_of(everybody)
    assert text_of(client.get(f"{ONE}behind/?period=2023-24&page=x")).count("<tr>") == 51
    assert "Nobody is counted" in text_of(client.get(f"{ONE}behind/?period=1999-00"))
    (folder_of(made) / "members.parquet").unlink()
    assert "Nobody is counted" in text_of(client.get(address))
    Build.objects.filter(pk=made.pk).update(
        removed_at=made.published_at, removed_by="test", state="published"
    )
    assert "are not here" in text_of(client.get(address))


def test_rows_of_the_children_are_told_by_dataset(client_for):
    import pyarrow as pa

    from sightline.outcomes.examples import example_of
    from sightline.warehouse import parquet

    made = build(("la10",))
    dataset = next(c for c in example_of(indicator("la10").key).codes if c != "children")
    held = pa.table({"child": [f"C{n:05}" for n in range(400)], "row": list(range(2, 402))})
    parquet.write_table(held, folder_of(made) / "tables" / f"{dataset}.parquet")
    page = text_of(client_for(person("partnership-analyst")).get(f"{ONE}behind/?period=2023-24"))
    assert ": row " in page


def test_without_a_build_nobody_is_behind_anything(client_for):
    officer = client_for(person("partnership-analyst"))
    assert officer.get(f"{ONE}behind/?period=2023-24").status_code == 404


# Notes


def test_a_note_is_written_shown_and_taken_off(client_for):
    build(("la10",))
    client = client_for(person("committee-lead-officer"))
    given = {"on_day": "3", "on_month": "11", "on_year": "2022"}
    odd = client.post(f"{ONE}note/", {"words": "CHI 0305141234", **given})
    assert "named or numbered somebody" in text_of(odd)
    ahead = client.post(f"{ONE}note/", {"words": "Later.", **given, "on_year": "2990"})
    assert "today or earlier" in text_of(ahead)
    assert "Say what happened" in text_of(client.post(f"{ONE}note/", given))
    done = client.post(f"{ONE}note/", {"words": "A team began.", "everywhere": "on", **given})
    assert done.url == f"{ONE}?tab=over-time"
    note = Annotation.objects.get()
    assert (note.indicator, note.on) == ("", dt.date(2022, 11, 3))
    remove = reverse("outcomes:remove-note", args=["fife", note.pk])
    assert "A team began." in text_of(client.get(remove))
    assert client.post(remove).url == HOME
    assert "already" in text_of(client.post(remove))
    elsewhere = AnnotationFactory(area="angus")
    both = assign(
        person("committee-lead-officer"), "committee-lead-officer", "partnership", "angus"
    )
    address = reverse("outcomes:remove-note", args=["fife", elsewhere.pk])
    assert client_for(both).get(address).status_code == 404
