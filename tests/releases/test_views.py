"""Pages of releases: who sees them, what they say, what they leave out, how many queries."""

import csv
import datetime as dt
import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from sightline.access.models import AuditEvent
from sightline.releases import queries
from sightline.releases.models import LedgerEntry, StricterThreshold, TableSet
from tests.factories.access import UserFactory, assign
from tests.factories.releases import NOON, LedgerEntryFactory, StricterThresholdFactory, declared
from tests.stats.disclosing import table

pytestmark = pytest.mark.django_db
LEDGER = reverse("releases:ledger")
THRESHOLDS = reverse("releases:thresholds")
PROTECT = reverse("releases:protect")


def person(role, kind="partnership", key="fife"):
    return assign(UserFactory(), role, kind, key)


@pytest.fixture
def lead(client):
    someone = person("quality-lead")
    client.force_login(someone)
    return someone


@pytest.fixture
def made():
    return declared(
        table(3, 7, 12, code="age", title="Staff by age"),
        table((38, 40), code="seen", title="Seen in time", who="seen"),
        table(0, 4, 0, code="few", title="Few", who="few"),
    )


def queries_of(client, url):
    """How many queries an address takes once everything is warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


def page(client, made, query=""):
    return client.get(reverse("releases:set", args=[made.pk]) + query)


def text(answer):
    return answer.content.decode()


def plain(answer):
    """The words of a page, one space between them."""
    return " ".join(re.sub("<[^>]*>", "", text(answer)).split())


def test_the_ledger_lays_together_the_lines_of_a_set_and_leads_to_each(client, lead, made):
    said = client.get(LEDGER)
    readers = len(queries.declared_profiles(made))
    assert text(said).count("<tr>") == 1 + readers  # the heading, and a row for each reader
    assert text(said).count("What staff said</a>") == readers
    assert "3 tables of What staff said for public readers, line by line" in plain(said)
    of_public = LedgerEntry.objects.filter(table_set=made, sdc_profile="public")
    small, others = (
        sum(of_public.values_list(name, flat=True)) for name in ("primary_n", "secondary_n")
    )
    words = f"{small + others} counts hidden: {small} for themselves, {others} to protect others."
    assert words in plain(said)
    assert "No count is hidden." in plain(said)  # of what operational readers see
    assert "Committee, private" in text(said)
    link = f"?key={made.pk}&amp;kind=released&amp;code=public"
    assert link in text(said)
    lines = client.get(LEDGER + link.replace("&amp;", "&"))
    assert text(lines).count("<tr>") == 4  # the heading and three tables
    assert "2 hidden; each could be any of 9 numbers or more (needed: 6)." in plain(lines)
    assert "1 for themselves, 1 to protect others" in plain(lines)
    assert "See the tables" in plain(lines)


def test_a_set_of_one_table_says_in_its_row_how_it_was_protected(client, lead):
    declared(table(3, 7, 12, code="age"))
    said = plain(client.get(f"{LEDGER}?code=public"))
    assert "What staff said: age" in said
    assert "2 hidden; each could be any of 9 numbers or more (needed: 6)." in said
    assert "1 for themselves, 1 to protect others." in said
    assert "line by line" not in said


def test_the_rows_of_the_ledger_tell_of_reviews_withdrawals_and_vintages(client, lead):
    one = LedgerEntryFactory(linked_n=1, primary_n=2, withheld="Too few.")
    LedgerEntryFactory(
        table_set=one.table_set, table="sex", supersedes=one, withheld="Too few.",
        written_at=NOON + dt.timedelta(hours=1),
    )  # fmt: skip
    LedgerEntryFactory(
        table_set=one.table_set, table="", kind="withdrawn", sdc_profile="", reason="Wrong year",
        finding="", written_at=NOON + dt.timedelta(hours=2),
    )  # fmt: skip
    LedgerEntryFactory(table_set=one.table_set, table="", sdc_profile="gone", kind="released")
    said = plain(client.get(LEDGER))
    assert said.index("Withdrawn: Wrong year") < said.index("Released (a new vintage)")
    assert "2 for themselves, 0 to protect others, 1 of them because of earlier releases." in said
    assert "Something is withheld whole in 2 of them." in said
    assert "gone" in said
    lines = plain(client.get(f"{LEDGER}?key={one.table_set_id}"))
    assert "2 for themselves, 0 to protect others, 1 of them because of earlier" in lines
    assert "Withdrawn: Wrong year" in lines
    assert "There are no such tables" in plain(client.get(f"{LEDGER}?key=odd"))
    assert "Nothing matches" in plain(client.get(f"{LEDGER}?key={uuid4()}"))


def test_the_lines_of_a_set_elsewhere_are_not_there(client, lead):
    elsewhere = LedgerEntryFactory(table_set__scope_key="angus", table_set__title="Of Angus")
    said = text(client.get(f"{LEDGER}?key={elsewhere.table_set_id}"))
    assert "Of Angus" not in said
    assert "Nothing matches" in said


def test_hundreds_of_lines_of_a_set_are_one_row_and_no_more_queries(client, lead):
    one = LedgerEntryFactory()
    taken = queries_of(client, LEDGER)
    for number in range(300):
        LedgerEntryFactory(table_set=one.table_set, table=f"series-{number}")
    assert queries_of(client, LEDGER) == taken < 10
    said = plain(client.get(LEDGER))
    assert "301 tables" in said
    assert "1 in all" in said
    within = f"{LEDGER}?key={one.table_set_id}"
    assert queries_of(client, within) < 10
    assert "1 to 25 of 301" in plain(client.get(within))


def test_the_ledger_is_narrowed_to_what_one_looks_after_and_by_the_filter(client, lead, made):
    LedgerEntryFactory(table_set__scope_key="angus", table_set__title="Of Angus")
    assert "Of Angus" not in text(client.get(LEDGER))
    assert "Nothing matches" in text(client.get(f"{LEDGER}?kind=withdrawn"))
    assert "Nothing matches" in text(client.get(f"{LEDGER}?source=nowhere"))
    said = text(client.get(f"{LEDGER}?code=research&source=STAFF"))
    assert said.count("<tr>") == 2  # the heading and one set of three tables
    assert client.get(f"{LEDGER}?code=nobody&page=nine").status_code == 200
    client.force_login(person("information-governance-officer", "national"))
    assert "Of Angus" in text(client.get(LEDGER))


def test_the_ledger_takes_as_many_queries_for_many_lines_as_for_one(client, lead):
    LedgerEntryFactory()
    one = queries_of(client, LEDGER)
    LedgerEntryFactory.create_batch(40)
    assert queries_of(client, LEDGER) == one < 10
    assert "1 to 25 of 41" in text(client.get(LEDGER))


def test_a_set_is_shown_as_its_readers_see_it(client, lead, made):
    said = text(page(client, made))
    assert "As public readers see it" in said
    assert "<dt>[c]</dt><dd>too few to show</dd>" in said
    assert "Hidden: 2 of 3 counts." in said
    assert "At least 87%" in said
    assert "Too few people to show by category." in said
    assert "Too few people to draw a chart of." in said
    assert said.count("<figure") == 1
    assert "waits for review" in said
    assert "for themselves" not in said  # which counts were small stays in the ledger


def test_figures_with_nothing_hidden_need_their_own_permission(client, made):
    client.force_login(person("information-governance-officer", "national"))
    assert page(client, made, "?profile=operational").status_code == 404
    assert "Operational" not in text(page(client, made))
    client.force_login(person("quality-lead"))
    said = text(page(client, made, "?profile=operational"))
    assert ">3</td>" in said
    assert "Do not copy, forward or publish" in said
    assert AuditEvent.objects.filter(verb="figures.read").count() == 1
    committee = text(page(client, made, "?profile=committee-private"))
    assert "3 (small)" in committee


def test_looking_leaves_the_ledger_alone(client, lead, made):
    before = list(LedgerEntry.objects.values())
    for query in ("", "?profile=research", "?profile=operational", "?profile=public"):
        assert page(client, made, query).status_code == 200
    assert list(LedgerEntry.objects.values()) == before


def test_a_set_takes_as_many_queries_for_three_tables_as_for_one(client, lead, made):
    one = declared(table(30, 40, code="one", who="one"), source="round:one")
    taken = [queries_of(client, reverse("releases:set", args=[s.pk])) for s in (one, made)]
    assert taken[0] == taken[1] < 10


def test_strangers_and_colleagues_elsewhere_meet_nothing(client, made):
    for someone in (
        UserFactory(), person("elected-member"), person("quality-lead", key="angus"),
    ):  # fmt: skip
        client.force_login(someone)
        assert page(client, made).status_code == 404
    assert client.get(LEDGER).status_code == 200  # a quality lead elsewhere has a ledger too
    client.force_login(UserFactory())
    assert client.get(LEDGER).status_code == 404
    assert page(client, made, "?profile=none").status_code == 404


def test_a_review_signs_and_says_so(client, lead, made):
    url = reverse("releases:review", args=[made.pk, "public"])
    assert "is anybody in it known to be rare" in text(client.get(url))
    assert "Say what you looked at" in text(client.post(url, {"reason": ""}))
    said = text(client.post(url, {"reason": "All three"}, follow=True))
    assert "Reviewed. The tables can now be shown." in said
    assert "Review these tables" not in said
    assert "reviewed already" in text(client.post(url, {"reason": "Again"}))
    assert client.get(reverse("releases:review", args=[made.pk, "nobody"])).status_code == 404
    client.force_login(person("partnership-analyst"))
    assert client.get(url).status_code == 403


def test_withdrawing_takes_the_set_back(client, lead, made):
    url = reverse("releases:withdraw", args=[made.pk])
    assert "Say why" in text(client.post(url, {"reason": ""}))
    assert client.get(url).status_code == 200
    said = text(client.post(url, {"reason": "Wrong year"}, follow=True))
    assert "Nobody is shown these tables any more. Wrong year" in said
    assert "were withdrawn" in text(client.post(url, {"reason": "Again"}))


def download(client, made, kind, code="public"):
    return client.get(reverse("releases:download", args=[made.pk, code, kind]))


def test_the_files_hold_what_is_shown_and_the_key(client, lead, made):
    answer = download(client, made, "xlsx")
    assert answer["Content-Disposition"] == (
        'attachment; filename="round-staff-2026-1-public.xlsx"'
    )
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Cover", "Notes", "age", "seen", "few"]
    rows = list(book["age"].values)
    assert rows[3:] == [
        ("Age", "People", "Per cent"), ("A", "[c]", "[c]"), ("B", "[c]", "[c]"), ("C", 12, 55),
        ("All", 22, 100),
    ]  # fmt: skip
    notes = " ".join(str(cell) for row in book["Notes"].values for cell in row)
    assert "Hidden: too few to show." in notes
    assert "Counts of fewer than 5 people are not shown" in notes
    found = list(csv.reader(io.StringIO(download(client, made, "csv").content.decode("utf-8-sig"))))
    assert found[0] == ["Table", "Category", "People", "Out of", "Per cent"]
    assert ["Staff by age", "C", "12", "[z]", "55"] in found
    assert ["Seen in time", "A", "[c]", "40", "[c]"] in found
    assert any("[c] means too few to show" in row[1] for row in found)
    assert download(client, made, "pdf").status_code == 404
    assert download(client, made, "csv", "none").status_code == 404


def test_exact_figures_taken_away_are_recorded(client, lead, made):
    found = download(client, made, "csv", "operational").content.decode()
    assert "Staff by age,A,3" in found
    assert AuditEvent.objects.filter(verb="figures.read").count() == 1


def threshold(**changes):
    usual = {"partnership": "fife", "code": "public", "threshold": "8", "reason": "Small islands"}
    return usual | changes


def test_thresholds_are_shown_and_made_stricter(client):
    client.force_login(person("information-governance-officer", "national"))
    said = text(client.get(THRESHOLDS))
    assert "Counts under 5, under 10 where sensitive or below council" in said
    assert "Nothing; under 5 is marked as small" in said
    assert "No partnership has a stricter threshold yet." in said
    said = text(client.post(THRESHOLDS, threshold(), follow=True))
    assert "It holds for every table declared from now on." in said
    assert "Small islands" in said
    assert "It can be made stricter only" in text(client.post(THRESHOLDS, threshold(threshold=6)))
    assert "Select the partnership" in text(client.post(THRESHOLDS, threshold(partnership="")))
    assert StricterThreshold.objects.count() == 1
    client.force_login(person("service-manager", "national"))
    assert client.get(THRESHOLDS).status_code == 403
    client.force_login(person("quality-lead"))
    assert client.get(THRESHOLDS).status_code == 404


def test_thresholds_take_as_many_queries_for_many_as_for_one(client):
    client.force_login(person("information-governance-officer", "national"))
    StricterThresholdFactory()
    one = queries_of(client, THRESHOLDS)
    for number in range(9, 29):
        StricterThresholdFactory(threshold=number)
    assert queries_of(client, THRESHOLDS) == one < 10


def typed(rows="Category,People\nUnder 5,3\n5 to 11,7\n12 or over,12\n", **changes):
    days = {"first_day": "1", "first_month": "1", "first_year": "2026"}
    days |= {"last_day": "31", "last_month": "3", "last_year": "2026"}
    usual = {
        "partnership": "fife", "title": "Children on the register", "counted": "children",
        "by": "Age", "table": rows,
    }  # fmt: skip
    return usual | days | changes


def test_a_table_handed_in_comes_back_protected(client):
    analyst = person("partnership-analyst")
    client.force_login(analyst)
    assert "Paste it as CSV" in text(client.get(PROTECT))
    said = text(client.post(PROTECT, typed(), follow=True))
    assert "Protected. What readers may see is below." in said
    assert "Hidden: 2 of 3 counts." in said
    found = TableSet.objects.get()
    assert (found.scope_key, found.declared_by) == ("fife", analyst.audit_name)
    assert found.source.startswith("by-hand:")


def test_a_second_table_of_the_same_people_is_checked_against_the_first(client):
    client.force_login(person("partnership-analyst"))
    client.post(PROTECT, typed("Category,People\nA,30\nB,40\n"))
    client.post(PROTECT, typed("Category,People\nA,30\nB,42\n", by="Place"))
    second = TableSet.objects.order_by("-declared_at").first()
    shown = queries.tables_of(second, "public")[0]
    assert (shown.total.count.text, shown.is_empty) == ("[c]", True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"table": ""}, "Enter the table"),
        ({"table": "People\n3"}, "The first line must name the columns"),
        ({"table": "Category,People\n"}, "1 to 200 categories"),
        ({"table": "Category,People\nA,3\nB,four\nC"}, "line 3: people is not a whole number"),
        ({"table": "Category,People\nA,3\nA,-1"}, "line 3: people is not a whole number"),
        ({"table": "Category,People\nC"}, "line 2: it has not as many cells"),
        ({"table": "Category,People\n ,4"}, "line 2: the category has no name"),
        ({"table": "Category,People,Out of\nA,5,4"}, "more people are counted than there are"),
        ({"table": "Category,People,Out of\nA,5,9\nB,4,"}, "and some do not"),
        ({"partnership": "angus"}, "sl-errors"),
        ({"last_year": "2025"}, "Last day must be the first day or later"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_beside_its_field(client, changes, said):
    client.force_login(person("partnership-analyst"))
    assert said in text(client.post(PROTECT, typed(**changes)))
    assert not TableSet.objects.exists()


def test_handing_in_is_for_those_who_may_see_exact_figures(client):
    client.force_login(person("chief-officer"))
    assert client.get(PROTECT).status_code == 404
