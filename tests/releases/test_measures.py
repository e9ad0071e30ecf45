"""Definitions of profiles, files of tables, the commands, and the demonstration's own tables."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from sightline.access.enums import Permission
from sightline.kernel.definitions import parse_definition, read_definition
from sightline.kernel.errors import BadInput, Faults, NotFound
from sightline.releases import definitions, measures, presenters, queries
from sightline.releases.models import LedgerEntry
from sightline.stats.disclosure import protect
from tests.stats.disclosing import PUBLIC, table, texts

FILE = settings.SIGHTLINE_DEFINITIONS / "demonstration" / "tables" / "records-read@1.yaml"


def test_the_four_profiles_are_those_of_the_rules():
    everything = {item.code: item for item in definitions.profiles()}
    found = {code: item for code, item in everything.items() if not item.by_name}
    own = {"survey", "records", "records-team", "own-records", "own-records-team"}
    assert set(everything) - set(found) == own
    assert list(found) == ["operational", "committee-private", "public", "research"]
    assert [item.hides for item in found.values()] == [False, False, True, True]
    assert (found["public"].threshold, found["research"].threshold) == (5, 10)
    assert found["research"].rounding == 5
    assert found["public"].needs is Permission.PUBLISHED_VIEW
    assert definitions.known("nobody") is None
    with pytest.raises(NotFound):
        definitions.profile("nobody")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"threshold": 1}, "hides nothing; give 2 or more"),
        ({"hides": False}, "every opening is recorded"),
        ({"hides": False, "recorded": True}, "a permission of its own"),
        ({"needs": "everything"}, "Input should be"),
        ({"minimum_base": 0}, "greater than or equal to 1"),
    ],
)
def test_a_profile_that_is_not_safe_stops_the_start(change, said):
    data = definitions.profile("public").model_dump(mode="json") | change
    with pytest.raises(Faults, match=said):
        parse_definition(definitions.ProfileDefinition, data, name="public@1.yaml")


def test_a_file_s_tables_are_read_and_its_faults_named_by_table():
    file = read_definition(measures.TablesFile, FILE)
    made = measures.exact_tables(file)
    assert [one.code for one in made] == ["age", "locality", "plan-on-time"]
    bad = file.model_copy(
        update={
            "tables": tuple(
                entry.model_copy(update={"counts": (entry.counts[0], entry.counts[0])})
                for entry in file.tables[:2]
            )
        }
    )
    with pytest.raises(Faults) as caught:
        measures.exact_tables(bad)
    assert [fault.where for fault in caught.value.faults] == ["tables age", "tables locality"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "There is nothing in the table"), ("Category,People,Count\nA,1,1", "must name the")],
)
def test_a_csv_without_its_headings_is_refused(text, said):
    with pytest.raises(BadInput, match=said):
        measures.read_counts(text)


def test_a_csv_may_hold_commas_in_numbers_and_families():
    (one,) = measures.read_counts('\ufeffcategory, Children ,Families\nAll,"1,204",900\n')
    assert (one.label, one.people, one.families) == ("All", 1204, 900)


def test_a_category_that_stands_twice_is_refused_with_both_lines():
    with pytest.raises(Faults) as caught:
        measures.read_counts("Category,People\nAge 0–4,5\nB,7\nage 0-4 ,6\n")
    (fault,) = caught.value.faults
    assert fault.where == "line 4"
    assert "stands in line 2 already; add the two up first" in fault.what


def typed(csv: str, *, who: str = "Children in X", by: str = "Group"):
    day = dt.date(2024, 7, 31)
    about = measures.TypedTable(
        title="T", counted=who, by=by, who=who, partnership="fife", first=day, last=day, vintage="1"
    )
    return measures.typed_table(about, measures.read_counts("Category,People\n" + csv))


@pytest.mark.parametrize(
    "again",
    [
        typed("D,20\nC,12\nB,7\nA,3\n"),
        typed("D,20\nB,7\nc,12\na,3\n", who=" children  in x", by="group"),
        typed("A,3\nB,7\nC,12\nD,20\nE,5\n", who="CHILDREN IN X"),
    ],
)
def test_typed_again_in_another_order_or_case_it_gives_away_nothing_more(again):
    first, _ = protect(typed("A,3\nB,7\nC,12\nD,20\n"), PUBLIC)
    later, _ = protect(again, PUBLIC, [first])
    hidden = {row.label.upper() for row in later.rows if row.count.value is None}
    assert {"A", "B"} <= hidden
    shown = {row.label: row.count.value for row in (*first.rows, *later.rows)}
    assert shown["A"] is None is shown["B"]


@pytest.mark.django_db
def test_the_commands_declare_and_list():
    said = io.StringIO()
    call_command("releases_list", stdout=said)
    assert said.getvalue().strip() == "Nothing has been released."
    said = io.StringIO()
    call_command("releases_declare", str(FILE), stdout=said)
    assert "age, Public: 2 hidden" in said.getvalue()
    before = LedgerEntry.objects.count()
    call_command("releases_declare", str(FILE), stdout=io.StringIO())
    assert LedgerEntry.objects.count() == before == 12
    said = io.StringIO()
    call_command("releases_list", "strathgarry", output_format="json", stdout=said)
    lines = json.loads(said.getvalue())
    assert {line["profile"] for line in lines} == {
        item.title for item in definitions.profiles() if not item.by_name
    }
    said = io.StringIO()
    call_command("releases_list", stdout=said)
    assert "inspection:strathgarry-2026" in said.getvalue()


@pytest.mark.django_db
def test_the_demonstration_s_tables_hide_something_and_show_something():
    call_command("releases_declare", str(FILE), stdout=io.StringIO())
    found = queries.latest("inspection:strathgarry-2026")
    age, locality, plan = queries.tables_of(found, "public")
    assert texts(age) == ["[c]", "14", "22", "[c]", "48"]
    assert texts(locality) == ["19", "17", "12", "0", "48"]
    assert texts(plan, "of")[0] == "[c]"
    assert LedgerEntry.objects.filter(withheld="").count() == 12


def test_a_chart_draws_what_is_shown_and_marks_what_is_not():
    shown = protect(table(3, 7, 12, 20), PUBLIC)[0]
    chart = presenters.chart(shown)
    assert [row[1] for row in chart.rows] == ["[c]", "[c]", "12", "20"]
    assert "2 not shown" in chart.alt
    drawn = chart.svg()
    assert drawn.count("[c]") >= 2
    assert presenters.chart(protect(table(0, 4, 0), PUBLIC)[0]) is None
    pairs = protect(table((3, 20), (10, 20), (12, 30)), PUBLIC)[0]
    assert presenters.header(pairs) == ("Age", "People", "Out of", "Per cent")
    assert presenters.chart(pairs).rows[2] == ("C", "12", "30")


def test_the_period_is_a_day_or_a_stretch():
    shown = protect(table(12, 30), PUBLIC)[0]
    assert presenters.period(shown) == "1 January 2026 to 31 December 2026"
    day = shown.population.first
    one = protect(table(12, 30, days=(day, day)), PUBLIC)[0]
    assert presenters.period(one) == "1 January 2026"


def test_the_definitions_are_where_the_loader_looks():
    folder = Path(settings.SIGHTLINE_DEFINITIONS)
    assert len(definitions.load(folder)) == 9
