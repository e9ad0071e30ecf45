"""Declaring, reviewing, withdrawing, thresholds: who may, what is kept, what is refused."""

import itertools
import json
import re

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection, transaction

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.access.permissions import Scope
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted, SightlineError
from sightline.releases import policies, queries, services
from sightline.releases.models import LedgerEntry, ProtectedTable, StricterThreshold, TableSet
from sightline.releases.services import declaring
from tests.factories.access import UserFactory, assign
from tests.factories.releases import (
    LedgerEntryFactory,
    ProtectedTableFactory,
    StricterThresholdFactory,
    TableSetFactory,
    declared,
)  # fmt: skip
from tests.stats.disclosing import QUARTERS, table, texts

pytestmark = pytest.mark.django_db
SOURCE = "round:staff-2026"


def person(role, kind="partnership", key="fife"):
    return assign(UserFactory(), role, kind, key)


def ledger():
    return list(LedgerEntry.objects.order_by("pk").values())


def test_a_set_is_declared_by_those_who_may_see_exact_figures_and_nobody_else():
    analyst = person("partnership-analyst")
    for stranger in (
        UserFactory(),
        person("elected-member"),
        person("partnership-analyst", key="angus"),
        person("committee-lead-officer"),
    ):
        with pytest.raises(NotFound):
            declared(actor=stranger)
    with pytest.raises(NotPermitted):
        declared(
            actor=person("inspection-lead", "inspection", "i-1"), scope=Scope("inspection", "i-1")
        )
    assert not TableSet.objects.exists()

    made = declared(actor=analyst)

    assert made.declared_by == analyst.audit_name
    entries = LedgerEntry.objects.filter(table_set=made)
    assert {e.sdc_profile for e in entries} == {
        "operational", "committee-private", "public", "research",
    }  # fmt: skip
    public = entries.get(sdc_profile="public")
    assert (public.sdc_version, public.primary_n, public.secondary_n) == (1, 1, 1)
    assert public.finding == "2 hidden; each could be any of 9 numbers or more (needed: 6)."
    event = AuditEvent.objects.get(verb="tables.declared")
    assert (event.actor, event.target) == (analyst.audit_name, f"tables:{SOURCE}")


def test_an_inspection_s_set_can_be_declared_by_its_partnership():
    analyst = person("partnership-analyst")
    made = declared(
        actor=analyst, scope=Scope("inspection", "i-1"), also=[Scope("partnership", "fife")]
    )
    assert queries.reaches_of(made) == {Scope("partnership", "fife")}
    for scope, lines in (("fife", 4), ("fif", 0), ("angus", 0)):
        assert queries.entries([Scope("partnership", scope)]).count() == lines


def test_no_exact_count_is_in_the_ledger_the_trail_or_the_columns():
    declared(table(7103, 7171, 3, code="age"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM releases_protectedtable")
        kept = b"".join(bytes(row[0]) for row in cursor.fetchall())
    trail = json.dumps(list(AuditEvent.objects.values("before", "after", "reason")), default=str)
    lines = json.dumps(ledger(), default=str)
    sets = json.dumps(list(TableSet.objects.values()), default=str)
    for number in ("7103", "7171", "14277"):
        assert number.encode() not in kept
        # Keys and digests are hexadecimal, and hold any four figures now and then.
        assert not re.search(rf"(?<![0-9a-fA-F]){number}(?![0-9a-fA-F])", trail + lines + sets)


def test_the_same_tables_again_change_nothing_and_others_are_refused():
    made = declared()
    before = ledger()
    assert declared() == made
    assert ledger() == before
    with pytest.raises(NotAllowed, match="Declare these as another vintage"):
        declared(table(3, 8, 12, code="age"))
    assert ledger() == before
    # What was released since, and a threshold set since, change nothing either.
    declared(table(40, 50, vintage="1"), source="round:other")
    StricterThresholdFactory(threshold=20)
    assert declared() == made


def test_a_new_vintage_supersedes_and_keeps_hidden_what_was():
    declared()
    after = declared(table(13, 17, 22, code="age", vintage="2"), vintage="2")
    (public,) = queries.tables_of(after, "public")
    assert texts(public) == ["[c]", "[c]", "22", "52"]
    entry = LedgerEntry.objects.get(table_set=after, sdc_profile="public")
    assert entry.supersedes.table_set.vintage == "1"
    assert (entry.linked_n, entry.compared_n) == (2, 1)


def test_tables_of_one_set_and_of_others_are_checked_against_each_other():
    quarters = [
        table(n, days=days, code=f"q{place}")
        for place, (n, days) in enumerate(zip((2, 5, 6, 7), QUARTERS, strict=True))
    ]
    first = declared(*quarters)
    assert [texts(one)[-1] for one in queries.tables_of(first, "public")] == ["[c]", "5", "6", "7"]
    year = declared(table(20, code="year"), source="build:outcomes")
    assert texts(queries.tables_of(year, "public")[0]) == ["[c]", "[c]"]
    assert texts(queries.tables_of(year, "operational")[0]) == ["20", "20"]
    services.withdraw(actor=command_line(), key=str(first.pk), reason="Counted twice")
    again = declared(table(20, code="year", vintage="2"), source="build:more", vintage="2")
    assert texts(queries.tables_of(again, "public")[0]) == ["[c]", "[c]"]


def test_all_or_nothing(monkeypatch):
    calls = itertools.count()
    real = declaring.protect

    def breaks(*given):
        if next(calls) == 5:
            raise ValueError("in the middle")
        return real(*given)

    monkeypatch.setattr(declaring, "protect", breaks)
    with pytest.raises(ValueError, match="in the middle"):
        declared(table(3, 7, 12, code="a"), table(30, 40, code="b"))
    assert not TableSet.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": "staff"}, "is no kind and key"),
        ({"vintage": ""}, "Say which vintage"),
        ({"vintage": "2"}, "is of vintage 1, the set of 2"),
    ],
)
def test_a_set_that_cannot_be_told_apart_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        declared(**given)


@pytest.mark.parametrize(
    ("long", "name"),
    [({"code": "a" * 61}, "code"), ({"title": "A" * 201}, "title"), ({"who": "a" * 201}, "who")],
)
def test_words_too_long_for_the_ledger_are_refused(long, name):
    with pytest.raises(BadInput, match=f"the {name} is too long"):
        declared(table(12, 30, **long))


def test_tables_of_one_code_and_no_tables_are_refused():
    with pytest.raises(BadInput, match="two tables have the code age"):
        declared(table(1, code="age"), table(2, code="age"))
    with pytest.raises(BadInput, match="no table to declare"):
        services.declare(actor=command_line(), source=SOURCE, vintage="1", title="x", tables=[])
    with pytest.raises(NotFound, match="There is no nobody"):
        declared(use=["nobody"])


def test_who_looks_first_and_how_often_changes_nothing():
    made = declared(table(3, 7, 12, code="age"), table(11, 11, code="sex", by="Sex"))
    services.review(actor=person("quality-lead"), key=str(made.pk), code="public", reason="all")
    people = [person("elected-member"), person("chief-officer"), person("partnership-analyst")]
    before = ledger()
    seen = {}
    for order in itertools.permutations(range(3)):
        for place in order:
            for code in ("sex", "age"):
                data = queries.packed(queries.shown(people[place], SOURCE, code))
                assert seen.setdefault((place, code), data) == data
    assert ledger() == before
    assert TableSet.objects.count() == 1
    assert ProtectedTable.objects.count() == 8


def test_each_is_shown_the_fullest_figures_that_are_theirs():
    made = declared()
    member, chief, analyst = (
        person(role) for role in ("elected-member", "chief-officer", "partnership-analyst")
    )
    with pytest.raises(NotFound, match="not yours to see"):
        queries.shown(member, SOURCE, "age")  # nobody has reviewed the public ones yet
    assert queries.shown(chief, SOURCE, "age").profile == "committee-private@1"
    assert queries.shown(analyst, SOURCE, "age").profile == "operational@1"
    services.review(actor=person("quality-lead"), key=str(made.pk), code="public", reason="all")
    assert queries.shown(member, SOURCE, "age").profile == "public@1"
    assert queries.shown(member, SOURCE, "age", vintage="1").vintage == "1"
    assert queries.shown(analyst, SOURCE, "age", wanted="public").profile == "public@1"
    elsewhere = person("partnership-analyst", key="angus")
    assert queries.shown(elsewhere, SOURCE, "age").profile == "public@1"
    with pytest.raises(NotPermitted):
        queries.shown(member, SOURCE, "age", wanted="operational")
    with pytest.raises(NotPermitted):
        queries.shown(elsewhere, SOURCE, "age", wanted="operational")
    with pytest.raises(NotFound, match="not been released so"):
        queries.shown(command_line(), SOURCE, "age", wanted="research")
    with pytest.raises(NotFound, match="no table 'sex'"):
        queries.shown(member, SOURCE, "sex")
    with pytest.raises(NotFound):
        queries.shown(UserFactory(), SOURCE, "age")
    with pytest.raises(NotFound):
        queries.shown(member, "round:none", "age")


def test_opening_figures_with_nothing_hidden_is_recorded_and_opening_others_is_not():
    made = declared()
    services.review(actor=person("quality-lead"), key=str(made.pk), code="public")
    analyst = person("partnership-analyst")
    queries.shown(analyst, SOURCE, "age")
    event = AuditEvent.objects.get(verb="figures.read")
    assert (event.actor, event.target) == (analyst.audit_name, f"figures:{SOURCE}")
    assert event.reason == "Operational"
    queries.shown(person("elected-member"), SOURCE, "age")
    assert AuditEvent.objects.filter(verb="figures.read").count() == 1


def test_a_table_that_was_changed_in_the_database_is_not_shown():
    made = declared()
    row = made.tables.get(profile="public")
    content = row.content
    content["shown"]["rows"][0]["count"]["value"] = 3
    row.content = content
    row.save()
    with pytest.raises(SightlineError, match="not as it was kept"):
        queries.tables_of(made, "public")


def test_a_review_is_made_by_somebody_else_once():
    lead = person("quality-lead")
    mine = declared(actor=lead)
    key = str(mine.pk)
    with pytest.raises(NotAllowed, match="somebody else has to review"):
        services.review(actor=lead, key=key, code="public")
    with pytest.raises(NotPermitted):
        services.review(actor=person("partnership-analyst"), key=key, code="public")
    for stranger in (person("quality-lead", key="angus"), person("elected-member"), UserFactory()):
        with pytest.raises(NotFound):
            services.review(actor=stranger, key=key, code="public")
    with pytest.raises(NotAllowed, match="need no review"):
        services.review(actor=person("quality-lead"), key=key, code="operational")
    other = person("quality-lead")
    services.review(actor=other, key=key, code="public", reason="All of it")
    entry = LedgerEntry.objects.get(kind="reviewed")
    assert (entry.reviewer, entry.sdc_profile, entry.reason) == (
        other.audit_name, "public", "All of it",
    )  # fmt: skip
    assert AuditEvent.objects.filter(verb="tables.reviewed").count() == 1
    with pytest.raises(NotAllowed, match="reviewed already"):
        services.review(actor=other, key=key, code="public")
    assert str(entry).startswith("Reviewed:")


def test_a_withdrawn_set_is_shown_to_nobody_and_stays_on_record():
    made = declared()
    key = str(made.pk)
    chief, lead = person("chief-officer"), person("quality-lead")
    assert queries.shown(chief, SOURCE, "age")
    with pytest.raises(BadInput, match="Say why"):
        services.withdraw(actor=lead, key=key, reason=" ")
    with pytest.raises(NotPermitted):
        services.withdraw(actor=person("partnership-analyst"), key=key, reason="Wrong")
    services.withdraw(actor=lead, key=key, reason="Wrong year")
    with pytest.raises(NotFound):
        queries.shown(chief, SOURCE, "age")
    for again in (
        lambda: services.withdraw(actor=lead, key=key, reason="Again"),
        lambda: services.review(actor=lead, key=key, code="public"),
        declared,
    ):
        with pytest.raises(NotAllowed, match="were withdrawn: Wrong year"):
            again()
    assert ProtectedTable.objects.count() == 4
    assert LedgerEntry.objects.get(kind="withdrawn").reason == "Wrong year"


def test_two_who_withdraw_at_once(monkeypatch):
    made = declared()
    monkeypatch.setattr(policies, "check_not_withdrawn", lambda found: None)
    services.withdraw(actor=command_line(), key=str(made.pk), reason="First")
    with pytest.raises(NotAllowed, match="a moment ago"):
        services.withdraw(actor=command_line(), key=str(made.pk), reason="Second")


def set_threshold(actor, threshold, *, code="public", reason="Small islands", partnership="fife"):
    return services.set_threshold(
        actor=actor, partnership=partnership, code=code, threshold=threshold, reason=reason
    )


def test_a_threshold_is_made_stricter_by_information_governance_alone():
    officer = person("information-governance-officer", "national")
    with pytest.raises(NotFound):
        set_threshold(person("elected-member"), 8)
    with pytest.raises(NotPermitted):
        set_threshold(person("quality-lead"), 8)
    with pytest.raises(BadInput, match="Say why"):
        set_threshold(officer, 8, reason=" ")
    for threshold in (4, 5):
        with pytest.raises(NotAllowed, match="stricter only: give 6 or more"):
            set_threshold(officer, threshold)
    with pytest.raises(NotAllowed, match="Nothing is hidden in operational figures"):
        set_threshold(officer, 8, code="operational")
    row = set_threshold(officer, 8)
    assert str(row) == "fife: public 8"
    assert AuditEvent.objects.get(verb="threshold.set").after == {
        "profile": "public",
        "threshold": 8,
    }
    with pytest.raises(NotAllowed, match="give 9 or more"):
        set_threshold(officer, 7)
    made = declared(table(7, 20, 30, code="age"))
    assert texts(queries.tables_of(made, "public")[0]) == ["[c]", "[c]", "30", "57"]
    angus = declared(
        table(7, 20, 30, code="age", who="other"), source="round:angus",
        scope=Scope("partnership", "angus"),
    )  # fmt: skip
    assert texts(queries.tables_of(angus, "public")[0]) == ["7", "20", "30", "57"]


@pytest.mark.parametrize(
    ("make", "change", "constraint"),
    [
        (TableSetFactory, {"withdrawn_reason": "x"}, "table_set_is_withdrawn_for_a_reason"),
        (TableSetFactory, {"declared_by": ""}, "table_set_declared_at_and_by_together"),
        (TableSetFactory, {"withdrawn_by": "x"}, "table_set_withdrawn_at_and_by_together"),
        (LedgerEntryFactory, {"kind": "guessed"}, "ledger_kind_is_known"),
        (LedgerEntryFactory, {"kind": "reviewed"}, "ledger_review_has_a_reviewer"),
        (LedgerEntryFactory, {"written_by": ""}, "ledger_written_at_and_by_together"),
        (StricterThresholdFactory, {"reason": ""}, "threshold_is_set_for_a_reason"),
        (StricterThresholdFactory, {"threshold": 1}, "threshold_is_2_to_100"),
        (StricterThresholdFactory, {"set_by": ""}, "threshold_set_at_and_by_together"),
    ],
)
def test_the_database_refuses_what_no_service_writes(make, change, constraint):
    row = make()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize(
    ("make", "same"),
    [
        (TableSetFactory, {"source": "round:one", "vintage": "1"}),
        (StricterThresholdFactory, {}),
    ],
)
def test_what_is_there_once_is_there_once(make, same):
    make(**same)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**same)


def test_rows_say_what_they_are():
    row = ProtectedTableFactory()
    assert str(row) == "By age (public)"
    assert str(row.table_set) == f"{row.table_set.source} (1)"
    assert StricterThreshold.objects.count() == 0
    with pytest.raises(ObjectDoesNotExist):
        LedgerEntry.objects.get()


def test_who_acted_is_named_as_people_read_it():
    someone = UserFactory(name="Q. Lead")
    written = {someone.audit_name, "command:root", "person:none", "person:0", "test"}
    assert queries.names_of(written) == {
        someone.audit_name: "Q. Lead", "command:root": "by command (root)",
        "person:none": "person:none", "person:0": "person:0", "test": "test",
    }  # fmt: skip


def test_a_set_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="no such tables"):
        services.withdraw(
            actor=command_line(), key="5104d17f-60ac-4490-bc0c-088f0b4317b0", reason="x"
        )
