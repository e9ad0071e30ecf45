"""Series: kept as one row for each profile, one line of the ledger each, stable over vintages."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import command_line
from sightline.access.permissions import Scope
from sightline.kernel.errors import BadInput, NotFound, NotPermitted, SightlineError
from sightline.kernel.measures import State
from sightline.releases import queries, services
from sightline.releases.models import LedgerEntry, ProtectedTable
from sightline.releases.services import Beside, DeclaredSeries, declaring
from sightline.stats.disclosure import Area, Count, Exact, Population
from tests.factories.access import UserFactory, assign
from tests.factories.releases import ProtectedTableFactory, declared

pytestmark = pytest.mark.django_db
SOURCE = "outcomes:fife-year"


def table(code, year, counts, vintage="1", by="Age", measure=""):
    return Exact(
        code=code, title="Children", counted="children", base_words="of all", by=by,
        population=Population(
            "fife: outcomes", Area("fife"), dt.date(year, 8, 1), dt.date(year + 1, 7, 31)
        ),
        counts=[
            count if isinstance(count, Count) else Count(letter, letter.upper(), count)
            for letter, count in zip("abcdef", counts, strict=False)
        ],
        measure=measure, vintage=vintage,
    )  # fmt: skip


def series(code="la01.age", *years, vintage="1", by="Age", **more):
    counts = years or ((3, 7, 12), (20, 30, 40))
    keys = [f"{2020 + n}-{21 + n}" for n in range(len(counts))]
    tables = [table(code, 2020 + n, c, vintage, by) for n, c in enumerate(counts)]
    return DeclaredSeries(code, "Children, by age", keys, tables, **more)


def declare(*given, vintage="1", actor=None, **more):
    return services.declare(
        actor=actor or command_line(), source=SOURCE, vintage=vintage, title="Outcomes",
        series=given or (series(),), scope=Scope("partnership", "fife"), **more,
    )  # fmt: skip


def texts(period):
    return [cell.text for row in (*period.shown.rows, period.shown.total) for cell in (row.count,)]


def public(found, code="la01.age"):
    return next(one for one in queries.series_of(found, "public") if one.code == code)


def test_a_series_is_one_row_and_one_line_for_each_profile():
    found = declare()
    assert ProtectedTable.objects.filter(kind="series").count() == 4
    lines = LedgerEntry.objects.filter(table_set=found)
    assert lines.count() == 4
    line = lines.get(sdc_profile="public")
    assert (line.primary_n, line.secondary_n) == (1, 1)
    assert line.finding == "2 periods, 2 hidden."
    one = public(found)
    assert [p.key for p in one.periods] == ["2020-21", "2021-22"]
    assert texts(one.periods[0]) == ["[c]", "[c]", "12", "22"]
    assert texts(one.periods[1]) == ["20", "30", "40", "90"]
    assert (one.hidden_n, one.categories[0]) == (2, ("a", "A"))
    assert queries.tables_of(found, "public") == ()
    assert queries.series_listed(found, "public") == [("la01.age", "Children, by age")]


def test_a_table_and_a_series_stand_side_by_side_in_a_set():
    single = services.DeclaredTable(table("single", 2020, (20, 30)))
    found = declare(series(), tables=[single])
    assert [one.code for one in queries.tables_of(found, "public")] == ["single"]
    later = declare(series(vintage="2"), vintage="2")
    assert public(later).periods[0].shown.vintage == "2"


def test_readers_are_shown_a_series_under_their_profile_and_exact_ones_are_recorded():
    declare()
    officer = assign(UserFactory(), "partnership-analyst", "partnership", "fife")
    chief = assign(UserFactory(), "chief-officer", "partnership", "fife")
    held = queries.shown_series(officer, SOURCE, "la01.age")
    assert texts(held.periods[0]) == ["3", "7", "12", "22"]
    flagged = queries.shown_series(chief, SOURCE, "la01.age")
    assert flagged.periods[0].shown.rows[0].count.small
    with pytest.raises(NotFound):
        queries.shown_series(UserFactory(), SOURCE, "la01.age")
    with pytest.raises(NotPermitted):
        queries.shown_series(chief, SOURCE, "la01.age", wanted="operational")
    with pytest.raises(NotFound, match="no series"):
        queries.shown_series(chief, SOURCE, "other")


def test_what_stands_beside_is_shown_where_enough_people_are_behind_it():
    held = [
        Beside({"a": 4.5, "b": 6.5, "c": 8.5, "": 7.0}, {"": 1_000}, unknown=2),
        Beside({"a": 4.5, "odd": 1.0}, unknown=9),
    ]
    found = declare(series("m.age", (3, 9, 12), (20, 30, 40), beside=held))
    one = public(found, "m.age")
    first, second = one.periods
    assert dict(first.values) == {"c": 8.5, "": 7.0}
    assert (first.populations, first.unknown.text) == ({"": 1_000}, "[c]")
    assert (dict(second.values), second.unknown.value) == ({"a": 4.5}, 9)
    exact = next(iter(queries.series_of(found, "operational")))
    assert (exact.periods[0].values["a"], exact.periods[0].unknown.value) == (4.5, 2)


def test_a_gap_in_a_series_stays_a_gap():
    gone = [Count("a", "A", None, state=State.NOT_SUBMITTED)]
    found = declare(series("g.age", gone, (20, 30)))
    one = public(found, "g.age")
    assert texts(one.periods[0]) == ["[x]", "[x]"]
    assert one.periods[0].shown.total.count.state is State.NOT_SUBMITTED


def test_a_later_vintage_keeps_hidden_what_was_and_stands_where_little_changed():
    declare(series("la01.age", (3, 7, 12), (20, 30, 40), (9, 9, 9)))
    same = declare(
        series("la01.age", (13, 17, 22), (22, 30, 40), (9, 9, 9), vintage="2"), vintage="2"
    )
    grown, little, alike = public(same).periods
    assert texts(grown) == ["[c]", "[c]", "22", "52"]
    assert (little.stands, texts(little)) == (True, ["20", "30", "40", "90"])
    assert (alike.stands, texts(alike)) == (False, ["9", "9", "9", "27"])
    line = LedgerEntry.objects.get(table_set=same, sdc_profile="public")
    assert line.finding == "3 periods, 2 hidden; 1 stand as released before."
    assert line.withheld == "In 1 of 3 periods."
    assert line.supersedes is not None
    exact = next(iter(queries.series_of(same, "operational")))
    assert texts(exact.periods[1]) == ["22", "30", "40", "92"]


def test_a_number_is_compared_with_every_one_shown_before_and_not_the_last_alone():
    declare(series("la01.age", (20, 30, 40)))
    declare(series("la01.age", (28, 30, 40), vintage="2"), vintage="2")
    third = declare(series("la01.age", (22, 30, 40), vintage="3"), vintage="3")
    (period,) = public(third).periods
    assert period.stands
    assert texts(period) == ["28", "30", "40", "98"]


def test_withdrawn_series_still_count_as_known():
    services.take_back(actor=command_line(), source=SOURCE, vintage="1", reason="Undone.")
    declare()
    officer = assign(UserFactory(), "partnership-analyst", "partnership", "fife")
    services.take_back(actor=officer, source=SOURCE, vintage="1", reason="The build was undone.")
    assert queries.latest(SOURCE) is None
    later = declare(series("la01.age", (4, 7, 12), (20, 30, 40), vintage="2"), vintage="2")
    assert public(later).periods[0].stands
    with pytest.raises(NotFound):
        services.take_back(actor=UserFactory(), source=SOURCE, vintage="2", reason="No.")


def test_the_same_series_again_change_nothing():
    first = declare()
    assert declare() == first
    assert LedgerEntry.objects.count() == 4


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (DeclaredSeries("x", "X", ["2020-21"], []), "one table for each period"),
        (DeclaredSeries("x" * 61, "X", ["a"], [table("x", 2020, (9, 9))]), "short code"),
        (
            DeclaredSeries("x", "X", ["a"], [table("x", 2020, (9, 9))], beside=[Beside()] * 2),
            "some periods only",
        ),
        (
            DeclaredSeries("x", "X", ["a"], [table("y", 2020, (9, 9))]),
            "not all of that code",
        ),
    ],
)
def test_a_series_that_contradicts_itself_is_refused(broken, words):
    with pytest.raises(BadInput, match=words):
        declare(broken)
    with pytest.raises(BadInput, match="two tables have the code"):
        declare(series(), series())


def test_a_row_that_was_altered_is_noticed():
    declare()
    row = ProtectedTable.objects.filter(kind="series", profile="public").get()
    content = row.content
    content["shown"]["title"] = "Another"
    row.content = content
    row.save()
    with pytest.raises(SightlineError, match="not as it was kept"):
        queries.unpacked_series(row)


def test_a_row_is_of_a_kind_that_is_known():
    row = ProtectedTableFactory()
    with pytest.raises(IntegrityError, match="kind_is_known"), transaction.atomic():
        ProtectedTable.objects.filter(pk=row.pk).update(kind="odd")


def test_the_page_of_a_set_lists_its_series_and_opens_one(client_for):
    found = declare()
    keeper = assign(UserFactory(), "information-governance-officer", "partnership", "fife")
    client = client_for(keeper)
    page = client.get(f"/admin/releases/{found.pk}/?profile=public").content.decode()
    assert "The 1 series of this set" in page
    assert "xlsx" not in page
    one = client.get(f"/admin/releases/{found.pk}/?profile=public&series=la01.age")
    assert one.content.decode().count("<table") >= 2
    assert client.get(f"/admin/releases/{found.pk}/?profile=public&series=no").status_code == 404
    file = client.get(f"/admin/releases/{found.pk}/download/public/csv/").content.decode()
    assert "Table,Period,Category,People,Out of,Per cent" in file
    assert "1 August 2020 to 31 July 2021" in file
    assert client.get(f"/admin/releases/{found.pk}/download/public/xlsx/").status_code == 404
    single = declared()
    other = client.get(f"/admin/releases/{single.pk}/?profile=public").content.decode()
    assert "series of this set" not in other


def given_of(vintage, *, source=SOURCE):
    return {
        "actor": command_line(), "source": source, "vintage": vintage,
        "series": (series(vintage=vintage),), "scope": Scope("partnership", "fife"),
    }  # fmt: skip


def test_what_was_protected_ahead_is_declared_so_unless_something_came_between(monkeypatch):
    given = given_of("1")
    ahead = services.protect_ahead(**given)
    assert not LedgerEntry.objects.exists()
    worked_out = []
    plain = declaring._worked_out
    monkeypatch.setattr(
        declaring, "_worked_out", lambda *every: worked_out.append(1) or plain(*every)
    )
    found = services.declare(title="Outcomes", ahead=ahead, **given)
    assert worked_out == []
    assert texts(public(found).periods[0]) == ["[c]", "[c]", "12", "22"]

    later = given_of("2")
    stale = services.protect_ahead(**later)
    services.declare(title="Between", **given_of("1", source="outcomes:other"))
    worked_out.clear()
    services.declare(title="Outcomes", ahead=stale, **later)
    assert worked_out == [1]

    other = given_of("3")
    wrong = services.protect_ahead(**given_of("4"))
    worked_out.clear()
    services.declare(title="Outcomes", ahead=wrong, **other)
    assert worked_out == [1]
