"""A round from locking to what its pages, files, measures and commands show, and to whom."""

import io
import json
import math
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from sightline.access.actors import CommandLine, acting_as
from sightline.access.models import AuditEvent
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.kernel.measures import State
from sightline.record_reading import asking, queries, results_files, results_jobs, results_queries
from sightline.record_reading.counting import WAYS
from sightline.record_reading.definitions import NOT_EXPECTED
from sightline.record_reading.folding import TOGETHER
from sightline.record_reading.models import Round, Settlement
from sightline.record_reading.permissions import get_measure_for
from sightline.record_reading.results import share as a_share
from sightline.record_reading.results_comparing import others, together
from sightline.record_reading.results_names import EXACT, PROTECTED
from sightline.record_reading.results_permissions import kind_for
from sightline.record_reading.services import publishing
from sightline.releases.models import LedgerEntry, TableSet
from sightline.releases.permissions import seen_on_its_page
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import LockedRoundFactory, OpenRoundFactory
from tests.record_reading.results_made import ACTOR, How, handed_in, lock, locked, read
from tests.record_reading.test_results_sayings import plain_interval, plain_term

pytestmark = pytest.mark.django_db
INSPECTION = "fife-2026"


def person(role: str, kind: str = "partnership", key: str = "fife") -> Any:
    """Somebody with a role."""
    return assign(UserFactory(), role, kind, key)


def test_an_inspection_of_109_records_has_the_bases_of_a_plain_recount() -> None:
    """45 in protection, 64 of corporate parents: every base, count, band, term and interval.

    Nothing of what counts is used: the answers are read from the rows and added up again.
    """
    round = locked(
        template="care-and-protection@1", size=109, seed=7, inspection=INSPECTION,
        strata={"register": 45, "looked-after": 44, "aftercare": 20},
    )  # fmt: skip
    raw = handed_in(round)
    assert len(raw) == 109
    found = results_queries.results(ACTOR, round, EXACT, results_queries.every)
    terms, compared = quantity_terms(), 0
    held = {code: one["held"] for code, one in round.results["strata"].items()}
    for unit in found.units:
        said = [one["values"].get(unit.item.code) for one in raw]
        if unit.agency:
            said = [one.get(unit.agency) if isinstance(one, dict) else None for one in said]
        counted = [(one, a) for one, a in zip(raw, said, strict=True)
                   if a is not None and a != NOT_EXPECTED]  # fmt: skip
        shares = found.answers(unit)
        for share in shares:
            n = sum(a == share.code for _, a in counted)
            assert (share.n, share.base) == ((n, len(counted)) if counted else (None, 0))
            compared += 1
        for name, answers in unit.bands.items():
            share = found.band(unit, name)
            n = sum(a in answers for _, a in counted)
            if not counted:
                continue
            assert share is not None
            assert (share.n, share.base) == (n, len(counted))
            if len(counted) >= 20:
                assert results_word(share, terms) == plain_term(n, len(counted))
            in_strata = [
                one
                for one in raw
                if not unit.item.strata or one["facts"]["stratum"] in unit.item.strata
            ]
            children = sum(n for code, n in held.items()
                           if not unit.item.strata or code in unit.item.strata)  # fmt: skip
            frame = max(len(counted), math.floor(len(counted) * children / len(in_strata) + 0.5))
            assert share.interval is not None
            assert (share.interval.low, share.interval.high) == pytest.approx(
                plain_interval(n, len(counted), frame), abs=1e-9
            )
            for way in WAYS:
                for group in found.by(unit, way, name):
                    inside = [
                        a
                        for one, a in counted
                        if (one["day"] if way == "day" else one["facts"][way]) == group.code
                    ]
                    assert group.base == len(inside)
                    assert group.n == sum(a in answers for a in inside)
                    compared += 1
    assert compared > 1500


def results_word(share: Any, terms: Any) -> str:
    """The term that a sentence about a share begins with."""
    from sightline.record_reading.results import sentence

    return sentence(share, "of the records", terms).partition(" of the records")[0].lower()


def test_what_may_leave_the_team_is_part_of_what_was_counted() -> None:
    """Wherever a protected number is shown, it is the exact one; many are shown."""
    round = locked(size=120)
    exact = results_queries.results(ACTOR, round, EXACT, results_queries.every)
    shown = results_queries.results(ACTOR, round, PROTECTED, results_queries.every)
    assert shown.read == exact.read == 120
    compared = 0
    for unit in shown.units:
        for name in unit.bands:
            one, other = shown.band(unit, name), exact.band(unit, name)
            if one is not None and other is not None and one.n is not None:
                assert (one.n, one.base) == (other.n, other.base)
                compared += 1
        for way, _ in shown.split_by(unit):
            for name in shown.shown_by(unit, way):
                groups = {group.code: group for group in exact.by(unit, way, name)}
                for group in shown.by(unit, way, name):
                    if group.code in groups and group.n is not None:
                        assert (group.n, group.base) == (
                            groups[group.code].n,
                            groups[group.code].base,
                        )
                        compared += 1
    assert compared > 40


def test_readings_by_two_count_as_they_were_settled() -> None:
    """Two views are in no base and said beside it; everything else is M's count, added up."""
    round = read(size=40, twice_share=100, seed=3, how=How(settled=1.0, two_views=0.5))
    assert Settlement.objects.filter(way="two-views").exists()
    round = lock(round)
    from sightline.record_reading.differences import counted

    records = counted(round)
    found = results_queries.results(ACTOR, round, EXACT)
    left = 0
    for unit in found.units:
        key = (unit.item.code, unit.agency)
        two = sum(key in one.two_views for one in records)
        assert found.left_out(unit).get("two-views", 0) == two
        left += two
        codes = [one.answers["values"].get(unit.item.code) for one in records]
        codes = [c.get(unit.agency) if isinstance(c, dict) else c for c in codes]
        base = sum(c not in (None, NOT_EXPECTED) for c in codes)
        shares = found.answers(unit)
        assert not shares or shares[0].base == base
    assert left


def test_counting_twice_declares_once_and_an_open_round_is_not_counted() -> None:
    """A job carried out again changes nothing; whoever may not lead the round may not count it."""
    round = locked(size=40)
    sets, lines = TableSet.objects.count(), LedgerEntry.objects.count()
    with acting_as(ACTOR):
        again = publishing.count_round(actor=ACTOR, key=round.pk)
    assert again.results == round.results
    assert (TableSet.objects.count(), LedgerEntry.objects.count()) == (sets, lines) == (2, lines)
    with pytest.raises(NotAllowed):
        publishing.count_round(actor=ACTOR, key=OpenRoundFactory(area="fife").pk)
    with pytest.raises(NotPermitted):
        publishing.count_round(actor=person("chief-officer"), key=round.pk)
    with pytest.raises(NotFound):
        publishing.count_round(actor=person("chief-officer", key="angus"), key=round.pk)
    with pytest.raises(NotFound):
        publishing.count_round(actor=ACTOR, key=uuid.uuid4())


def test_a_round_that_changes_while_it_is_counted_is_not_declared(monkeypatch) -> None:
    """Opened and locked again in between: nothing of the old answers gets out."""
    round = locked(size=30)
    before = TableSet.objects.count()
    real = publishing.publishing.prepared

    def slow(*args: Any, **more: Any) -> Any:
        found = real(*args, **more)
        with acting_as(ACTOR):
            again = Round.objects.get(pk=round.pk)
            again.locked_at = again.locked_at.replace(year=2030)
            again.save()
        return found

    monkeypatch.setattr(publishing.publishing, "prepared", slow)
    with acting_as(ACTOR), pytest.raises(NotAllowed, match="locked again"):
        publishing.count_round(actor=ACTOR, key=round.pk)
    assert TableSet.objects.count() == before


def test_too_few_records_leave_nothing_and_the_team_still_sees_them() -> None:
    """Under the base only those who read have figures; of no record nobody has."""
    round = locked(size=4)
    assert round.results["shown"] is False
    assert results_queries.results(ACTOR, round, PROTECTED).listed == frozenset()
    assert not results_queries.results(ACTOR, round, PROTECTED).waits
    assert results_queries.results(ACTOR, round, EXACT).read == 4
    none = lock(read(slug="none", size=5, how=How(read=0.0)))
    assert none.results["read"] == 0
    assert results_queries.results(ACTOR, none, EXACT).listed == frozenset()


def test_there_are_no_results_before_a_round_is_locked() -> None:
    """And after locking they wait until they are counted."""
    with pytest.raises(NotFound):
        results_queries.results(ACTOR, OpenRoundFactory(area="fife"))
    with pytest.raises(NotFound):
        results_queries.shared(OpenRoundFactory(area="fife"))
    waiting = LockedRoundFactory(area="fife")
    assert results_queries.results(ACTOR, waiting).waits
    assert results_queries.shared(waiting).waits


def test_what_is_shared_is_what_may_leave() -> None:
    """The feedback sheet's door hands out protected figures and no others."""
    round = locked(size=60)
    found = results_queries.shared(round, results_queries.every)
    assert found.kind == PROTECTED
    assert (
        found.series
        == results_queries.results(ACTOR, round, PROTECTED, results_queries.every).series
    )


# Who sees what


def test_those_who_read_see_exact_figures_and_others_protected_ones() -> None:
    """By the permission to read, over that very inspection or partnership."""
    inspected = LockedRoundFactory(area="fife", inspection=INSPECTION)
    own = LockedRoundFactory(area="fife")
    for role, kind, key, there, here in (
        ("inspection-lead", "inspection", INSPECTION, EXACT, PROTECTED),
        ("inspector", "inspection", INSPECTION, EXACT, PROTECTED),
        ("panel-member", "inspection", INSPECTION, PROTECTED, PROTECTED),
        ("inspection-lead", "national", "", EXACT, PROTECTED),
        ("quality-lead", "partnership", "fife", PROTECTED, EXACT),
        ("chief-officer", "partnership", "fife", PROTECTED, PROTECTED),
        ("local-record-reader", "partnership", "fife", PROTECTED, PROTECTED),
    ):
        who = assign(UserFactory(), role, kind, key)
        assert (kind_for(who, inspected), kind_for(who, own)) == (there, here), role
    assert kind_for(ACTOR, own) == EXACT


def test_who_keeps_the_ledger_sees_no_figure_of_a_partnerships_own() -> None:
    """Its lines are there for all of Scotland, its figures for those who may see its results."""
    own = locked(size=60)
    sets = TableSet.objects.filter(scope_key="fife", withdrawn_at=None)
    assert sets
    for role, kind, key, sees in (
        ("service-manager", "national", "scotland", False),
        ("information-governance-officer", "national", "scotland", False),
        ("quality-lead", "partnership", "fife", True),
    ):
        who = assign(UserFactory(), role, kind, key)
        assert bool([p for found in sets for p in seen_on_its_page(who, found)]) is sees, role
    assert own.results


PAGES = {
    "results/": 22,
    "results/?figures=protected": 22,
    "results/plan-quality/": 34,
    "results/plan-quality/?by=disability": 34,
    "results/plan-quality/?by=care_type&figures=protected": 34,
    "results/meeting-attendance/": 30,
}


def test_pages_are_open_to_those_of_the_area_alone(
    client_for, django_assert_max_num_queries
) -> None:
    """The quality lead and the chief officer; no stranger, no other area, nobody national."""
    locked(size=60)
    locked(slug="before", size=30, seed=2)
    mine = [client_for(person(role)) for role in ("quality-lead", "chief-officer")]
    others_ = [
        client_for(person("quality-lead", key="angus")),
        client_for(person("inspection-lead", "national", "")),
        client_for(UserFactory()),
    ]
    for page, most in PAGES.items():
        address = f"/p/fife/records/round/{page}"
        for client in mine:
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == 200, page
        for client in others_:
            assert client.get(address).status_code == 404, page


def test_the_team_is_told_that_figures_are_exact_and_its_opening_is_recorded(client_for) -> None:
    """Others read what they do not see; the trail has each opening of exact figures."""
    locked(size=60)
    lead, chief = person("quality-lead"), person("chief-officer")
    text = client_for(lead).get("/p/fife/records/round/results/").content.decode()
    assert "Exact figures, for the team that read" in text
    assert "[c]" not in text
    reads = AuditEvent.objects.filter(actor=lead.audit_name, target__startswith="figures:")
    assert reads.exists()
    text = client_for(chief).get("/p/fife/records/round/results/").content.decode()
    assert "Exact figures" not in text
    assert "small numbers stand as [c]" in text
    assert not AuditEvent.objects.filter(
        actor=chief.audit_name, target__startswith="figures:"
    ).exists()


def test_an_item_is_shown_by_the_way_that_is_asked_for(client_for) -> None:
    """Unknown ways and items are not found; a way it is not shown by is said so."""
    locked(size=40)
    client = client_for(person("chief-officer"))
    home = "/p/fife/records/round/results/"
    assert client.get(f"{home}plan-quality/?by=nothing").status_code == 404
    assert client.get(f"{home}strengths/").status_code == 404
    assert client.get(f"{home}nothing/").status_code == 404
    text = client.get(f"{home}plan-quality/?by=stratum").content.decode()
    assert "Not shown by stratum" in text
    lead = client_for(person("quality-lead"))
    text = lead.get(f"{home}plan-quality/?by=care_type").content.decode()
    assert "By: Care type" in text
    assert "Foster care" in text
    assert "records with a plan" in text


def test_a_round_that_is_not_locked_or_not_counted_says_so(client_for) -> None:
    """No results yet; being counted; too few to leave the team."""
    chief = client_for(person("chief-officer"))
    OpenRoundFactory(area="fife", slug="open")
    assert "There are no results yet" in chief.get("/p/fife/records/open/results/").content.decode()
    LockedRoundFactory(area="fife", slug="waits")
    text = chief.get("/p/fife/records/waits/results/").content.decode()
    assert "being counted" in text
    locked(slug="few", size=4)
    assert "Too few records" in chief.get("/p/fife/records/few/results/").content.decode()
    assert chief.get("/p/fife/records/few/results/file.csv").status_code == 404
    assert chief.get("/p/fife/records/few/results/plan-quality/").status_code == 200


# Other rounds


def test_other_rounds_that_asked_the_same_stand_beside_it(client_for) -> None:
    """Those one may see, the area's own first; bases are added up where nothing is hidden."""
    here = locked(size=60)
    locked(slug="before", size=30, seed=2)
    locked(area="angus", slug="there", size=60, seed=3)
    lead = person("quality-lead")
    found = results_queries.results(lead, here, EXACT)
    unit = next(one for one in found.units if one.code == "plan-quality")
    near = others(lead, found, unit, unit.first)
    assert [one.round.slug for one in near] == ["before"]
    own = found.band(unit, unit.first)
    assert own is not None
    all_together = together(own, near)
    assert all_together is not None
    assert all_together.base == (own.base or 0) + (near[0].share.base or 0)
    assert together(own, []) is None
    every = others(ACTOR, found, unit, unit.first)
    assert [one.round.area for one in every] == ["fife", "angus"]
    text = client_for(lead).get("/p/fife/records/round/results/plan-quality/").content.decode()
    assert "Other rounds that asked the same" in text
    assert "All 2 rounds together" in text


def test_another_template_stands_beside_it_only_where_it_says_so() -> None:
    """An item that the longer template asks in the same words; no other."""
    here = locked(size=60)
    locked(slug="long", template="risk-of-harm@1", size=30, seed=2)
    found = results_queries.results(ACTOR, here, EXACT)
    from sightline.record_reading import asking

    for unit in found.units:
        how = asking.comparable("local-audit@1", unit.item.code, "risk-of-harm@1")
        near = others(ACTOR, found, unit, unit.first)
        if how != "same":
            assert near == [], unit.code
    assert any(others(ACTOR, found, unit, unit.first) for unit in found.units)


def test_a_disproportionate_design_is_weighted_beside_the_plain_count(client_for) -> None:
    """Strata at different rates: the weighted share stands beside, and is said to."""
    round = locked(
        template="care-and-protection@1", size=60, seed=7, inspection=INSPECTION,
        strata={"protection": 40, "foster": 20}, how=How(held=2, reserves=20),
    )  # fmt: skip
    found = results_queries.results(ACTOR, round, EXACT, results_queries.every)
    assert found.is_uneven
    unit = next(one for one in found.units if one.code == "plan-present")
    yes = found.band(unit, "yes")
    assert yes is not None
    assert yes.weighted is not None
    groups = {one.code: one for one in found.by(unit, "stratum", "yes")}
    children = {code: one["held"] for code, one in round.results["strata"].items()}
    read_of = {code: one["read"] for code, one in round.results["strata"].items()}
    frames = {
        c: math.floor((g.base or 0) * children[c] / read_of[c] + 0.5) for c, g in groups.items()
    }
    plain = sum(frames[c] * (g.n or 0) / (g.base or 1) for c, g in groups.items())
    assert yes.weighted.estimate == pytest.approx(plain / sum(frames.values()))
    lead = client_for(person("inspection-lead", "inspection", INSPECTION))
    home = f"/p/fife/records/{round.slug}/results/"
    assert "Some groups were drawn at a higher rate" in lead.get(home).content.decode()
    text = lead.get(f"{home}plan-present/").content.decode()
    assert f"{yes.weighted_per_cent}%" in text
    assert "Weighted: strata were drawn at different rates" in text


def test_a_population_was_drawn_out_of_its_own_strata() -> None:
    """45 of 60 read: 30 of 45 is 59 to 73 per cent, not the 53 to 78 of the pooled rate."""
    template = asking.template("care-and-protection@1")
    held = {one.population: {"held": 347, "read": 32} for one in template.strata}
    by_code = {one.code: held[one.population] for one in template.strata}
    first = template.strata[0].population
    inside = [one.code for one in template.strata if one.population == first]
    by_code |= {code: {"held": 0, "read": 0} for code in inside}
    by_code[inside[0]] = {"held": 60, "read": 45}
    found = results_queries.Results(
        Round(results={"strata": by_code}), template, EXACT, frozenset(), {}
    )
    unit = next(one for one in found.units if not one.item.strata)
    own = found.drawn(unit, "population", first)
    assert (own.held, own.read) == (60, 45)
    between = a_share("x", "x", 30, 45, own).between
    assert between == "59% to 73%"
    pooled = found.drawn(unit)
    assert (
        pooled == found.drawn(unit, "population", TOGETHER) == found.drawn(unit, "care_type", "x")
    )
    assert a_share("x", "x", 30, 45, pooled).between != between
    assert found.drawn(unit, "stratum", inside[0]) == own


# Files, measures, commands


def test_files_hold_what_may_leave_whoever_asks(client_for) -> None:
    """Each kind opens; the team's file is the chief officer's, byte for byte."""
    locked(size=60)
    lead, chief = client_for(person("quality-lead")), client_for(person("chief-officer"))
    home = "/p/fife/records/round/results/file."
    for kind in results_files.FORMATS:
        answer = lead.get(f"{home}{kind}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].endswith(f'filename="fife-round-results.{kind}"')
    assert lead.get(f"{home}doc").status_code == 404
    for kind in ("csv", "json"):
        assert lead.get(f"{home}{kind}").content == chief.get(f"{home}{kind}").content
    text = lead.get(f"{home}csv").content.decode("utf-8-sig")
    assert "[c]" in text
    assert text.startswith("Section,Question,Code")
    data = json.loads(lead.get(f"{home}json").content)
    assert data["read"] == 60
    for one in data["measures"]:
        found = get_measure_for(ACTOR, one["reference"])
        assert found.state == one["state"] or found.value is None
        if one["per_cent"] is not None:
            assert (found.value, found.base) == (one["per_cent"], one["out_of"])


def test_a_measure_is_answered_by_its_reference() -> None:
    """A band, an answer, a group, an agency, the latest round; and nothing that is not declared."""
    round = locked(size=120)
    raw = handed_in(round)
    quality = [one["values"].get("plan-quality") for one in raw]
    counted = [one for one in quality if one]
    good = sum(one in {"4", "5", "6"} for one in counted)
    found = get_measure_for(ACTOR, "fife/round/plan-quality:good-or-better")
    assert (found.value, found.base) == (math.floor(100 * good / len(counted) + 0.5), len(counted))
    assert found.base_words == "of the records with a plan"
    assert found.definition == "local-audit@1 plan-quality wording 1"
    assert get_measure_for(ACTOR, "local-audit@1/plan-quality:good-or-better") == found
    assert queries.measure(ACTOR, round, "plan-quality:good-or-better") == found
    answer = get_measure_for(ACTOR, "fife/round/plan-present=yes")
    assert answer.state in {State.OBSERVED, State.SUPPRESSED}
    police = get_measure_for(ACTOR, "fife/round/meeting-attendance:yes?agency=police")
    assert police.counted.endswith(": Police)")
    assert police == get_measure_for(ACTOR, "fife/round/meeting-attendance.police:yes")
    shown = results_queries.results(ACTOR, round, PROTECTED, results_queries.every)
    unit, way, name = next(
        (unit, way, name) for unit in shown.units for way, _ in shown.split_by(unit)
        for name in shown.shown_by(unit, way)
    )  # fmt: skip
    group = shown.by(unit, way, name)[0]
    by = get_measure_for(ACTOR, f"fife/round/{unit.code}:{name}?{way}={group.code}")
    assert by.base == (group.base if by.value is not None else None)
    for wrong in (
        "plan-quality:nothing", "nothing:yes", "plan-quality:good-or-better?care_type=nothing",
        "plan-quality:good-or-better?nothing=foster", "plan-quality=7", "strengths:yes",
        "plan-present=yes?care_type=foster", "plan-quality:good-or-better?stratum=audit",
    ):  # fmt: skip
        with pytest.raises(NotFound):
            get_measure_for(ACTOR, f"fife/round/{wrong}")
    with pytest.raises(NotFound):
        get_measure_for(ACTOR, "fife/round/plan-quality:good-or-better", "public")
    with pytest.raises(NotFound):
        get_measure_for(ACTOR, "risk-of-harm@1/plan-quality:good-or-better")
    with pytest.raises(NotFound):
        get_measure_for(person("quality-lead", key="angus"), "local-audit@1/plan-present:yes")
    assert get_measure_for(person("quality-lead"), "local-audit@1/plan-present:yes", "own-records")


def test_the_command_prints_writes_and_answers(tmp_path) -> None:
    """As people read it, as data, as a file, and one figure."""
    locked(size=60)

    def said(*words: str, **more: Any) -> str:
        out = io.StringIO()
        call_command("records_results", *words, stdout=out, **more)
        return out.getvalue()

    assert "Quality of" not in said("fife/round")
    assert "How good is the plan?" in said("fife/round")
    rows = json.loads(said("fife/round", "--groups", output_format="json"))
    assert len(rows) > 60
    path = tmp_path / "results.csv"
    assert said("fife/round", "--file", str(path)).strip() == "results.csv is written."
    assert path.read_bytes().startswith(b"\xef\xbb\xbfSection") or path.read_bytes()
    assert "of the records" in said("fife/round/plan-quality:good-or-better")
    locked(slug="few", size=4)
    assert "Too few" in said("fife/few")
    with pytest.raises((BadInput, SystemExit)):
        said("fife")


def test_the_job_counts_what_was_locked(monkeypatch) -> None:
    """As the clock or a person starts it, told by its name and the round."""
    round = locked(size=30)
    told: list[tuple[str, int]] = []

    class Progress:
        """What a job is told."""

        actor = CommandLine("test")

        def of(self, of: int) -> None:
            told.append(("of", of))

        def at(self, done: int, words: str) -> None:
            told.append((words, done))

    with acting_as(ACTOR):
        assert results_jobs.count(Progress(), round=str(round.pk)) == {"records": 30}  # type: ignore[arg-type]
    assert ("counting the readings, item by item", told[-1][1]) == told[-1]
    assert reverse("record_reading:results", args=["fife", "round"]).endswith("/results/")
