"""The doors to record reading: every deed, in every role, near and far.

Worked out from the table of the brief, not by asking `permissions`: what each role does in a round
of an inspection, and in one of the partnership's own.
"""

import pytest

from sightline.access.actors import command_line
from sightline.access.roles import roles
from sightline.kernel.errors import NotFound, NotPermitted
from sightline.partnerships import exercises
from sightline.record_reading import permissions
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign
from tests.record_reading.worlds import HERE, INSPECTION, somebody

pytestmark = pytest.mark.django_db
COLLEAGUES, ELSEWHERE = "fife-2024", "angus"
LEADS = {"return", "run", "moderate", "results"}
OF_THE_TEAM = {  # in the round of an inspection: read, once named, marked by the word
    "inspection-lead": {*LEADS, "read"},
    "depute-lead": {*LEADS, "read"},
    "inspector": {"results", "read"},
    "associate-assessor": {"results", "read"},
    "service-manager": {"moderate", "results"},
    "panel-member": {"results"},
    "inspection-analyst": {"results"},
    "strategic-support-officer": {"return"},
    "local-record-reader": {"read"},
}
OF_THE_AREA = {"partnership-co-ordinator": {"return"}, "local-record-reader": {"read"}}
OWN = {
    "quality-lead": {*LEADS, "read"},
    "local-record-reader": {"read"},
    "committee-lead-officer": {"results"},
    "partnership-analyst": {"results"},
    "chief-officer": {"results"},
}


@pytest.fixture(autouse=True)
def _inspections(monkeypatch):
    found = {INSPECTION: HERE, COLLEAGUES: HERE, "angus-2026": ELSEWHERE}
    monkeypatch.setattr(exercises, "_sources", [lambda: found])


def placements(role):
    """Each place a role can be given, with what it should let somebody do (own, inspection)."""
    if "inspection" in role.scopes:
        yield "inspection", INSPECTION, set(), OF_THE_TEAM.get(role.code, set())
        yield "inspection", COLLEAGUES, set(), set()
        yield "inspection", "angus-2026", set(), set()
    if "national" in role.scopes:
        yield "national", "scotland", set(), OF_THE_TEAM.get(role.code, set())
    if "partnership" in role.scopes:
        yield "partnership", HERE, OWN.get(role.code, set()), OF_THE_AREA.get(role.code, set())
        yield "partnership", ELSEWHERE, set(), set()


EVERYWHERE = [
    pytest.param(role.code, kind, key, own, theirs, id=f"{role.code} of {key}")
    for role in roles()
    for kind, key, own, theirs in placements(role)
]


@pytest.mark.parametrize(("role", "kind", "key", "own", "theirs"), EVERYWHERE)
def test_every_deed_in_every_role(role, kind, key, own, theirs):
    person = assign(UserFactory(), role, kind, key)
    for inspection, deeds in (("", own), (INSPECTION, theirs)):
        round = make.OpenRoundFactory(area=HERE, inspection=inspection)
        unnamed = deeds - {"read"}
        assert permissions.deeds_of(person, round) == unnamed
        for deed in Deed:
            if deed in unnamed:
                found = permissions.get_round_for(person, HERE, round.slug, deed)
                assert found == round
            else:
                with pytest.raises(NotPermitted if unnamed else NotFound):
                    permissions.get_round_for(person, HERE, round.slug, deed)
        assert permissions.rounds_for(person, HERE).filter(pk=round.pk).exists() == bool(unnamed)
        assert permissions.may_be_named(person, round) == ("read" in deeds)
        make.ReaderFactory(round=round, person=person)
        assert permissions.deeds_of(person, round) == deeds  # a name without the role is nothing


def test_the_command_line_does_everything_and_reads_for_nobody():
    round = make.OpenRoundFactory(area=HERE)
    assert permissions.deeds_of(command_line(), round) == set(Deed)
    assert list(permissions.rounds_for(command_line(), HERE)) == [round]
    assert not permissions.is_named(command_line(), round)
    assert permissions.get_audit_for(
        command_line(), HERE, make.RollingAuditFactory(area=HERE).slug, Deed.RUN
    )


def test_a_round_is_found_in_its_own_area_alone():
    round = make.RoundFactory(area=HERE)
    for area, slug in ((ELSEWHERE, round.slug), (HERE, "no-such"), ("nowhere", round.slug)):
        with pytest.raises(NotFound):
            permissions.get_round_for(command_line(), area, slug, Deed.RUN)
        with pytest.raises(NotFound):
            permissions.get_round_seen(command_line(), area, slug)


def reading(round, **over):
    """A reading by somebody who reads in this round."""
    person = somebody("local-record-reader")
    reader = make.ReaderFactory(round=round, person=person)
    sample = round.samples.first() or make.SampleFactory(round=round)
    record = make.SampledRecordFactory(sample=sample)
    return make.ReadingFactory(reader=reader, record=record, **over)


def test_a_reading_is_its_readers_and_nobody_elses():
    round = make.OpenRoundFactory(area=HERE)
    mine, others = reading(round), reading(round)
    person = mine.reader.person

    def opened(who, one):
        return permissions.get_reading_for(who, HERE, round.slug, one.record.number)

    assert opened(person, mine) == mine
    for who in (person, somebody("quality-lead")):
        with pytest.raises((NotFound, NotPermitted)):
            opened(who, others)
    with pytest.raises(NotFound):
        opened(somebody("local-record-reader"), mine)
    with pytest.raises(NotFound):
        opened(command_line(), mine)  # it is nobody's reader
    make.ConflictFactory(reader=mine.reader, record=mine.record)
    with pytest.raises(NotFound, match="no such reading"):
        opened(person, mine)


@pytest.mark.parametrize("state", ["reassigned", "withdrawn"])
def test_what_is_no_longer_ones_own_is_not_opened(state):
    round = make.OpenRoundFactory(area=HERE)
    gone = reading(round, state=state, ended_at=make.NOW, ended_by="x")
    with pytest.raises(NotFound):
        permissions.get_reading_for(gone.reader.person, HERE, round.slug, gone.record.number)
    assert not permissions.readings_of(gone.reader.person).exists()


def test_somebody_whose_naming_ended_opens_nothing():
    round = make.OpenRoundFactory(area=HERE)
    mine = reading(round)
    assert list(permissions.readings_of(mine.reader.person)) == [mine]
    mine.reader.ended_at, mine.reader.ended_by = make.NOW, "x"
    mine.reader.save()
    with pytest.raises(NotFound):
        permissions.get_reading_for(mine.reader.person, HERE, round.slug, mine.record.number)
    assert not permissions.readings_of(mine.reader.person).exists()


def test_a_reading_on_paper_is_typed_by_whoever_runs_the_round():
    round = make.OpenRoundFactory(area=HERE)
    paper, plain = reading(round, on_paper=True), reading(round)
    lead = somebody("quality-lead")

    def typed(who, one, part=1):
        return permissions.get_reading_to_type(who, HERE, round.slug, one.record.number, part)

    assert typed(lead, paper) == paper
    for who, one, part in ((lead, plain, 1), (lead, paper, 2)):
        with pytest.raises(NotFound):
            typed(who, one, part)
    with pytest.raises(NotPermitted):
        typed(paper.reader.person, paper)


def test_who_finds_which_areas():
    make.RoundFactory(area=HERE)
    make.RoundFactory(area=HERE, inspection=INSPECTION)
    make.RollingAuditFactory(area="angus")

    def found(person):
        return [area.code for area in permissions.areas_for(person)]

    assert found(somebody("quality-lead")) == [HERE]
    assert found(somebody("quality-lead", key="moray")) == ["moray"]  # may begin there
    assert found(somebody("inspection-lead", "inspection", INSPECTION)) == [HERE]
    assert found(somebody("inspector", "inspection", INSPECTION)) == [HERE]
    assert found(somebody("inspector", "inspection", COLLEAGUES)) == []
    assert found(somebody("partnership-co-ordinator")) == [HERE]
    assert found(somebody("chief-officer", key="angus")) == ["angus"]
    assert found(somebody("local-record-reader")) == []
    assert found(somebody("young-inspection-volunteer", "inspection", INSPECTION)) == []
    named = somebody("local-record-reader")
    make.ReaderFactory(round=Round.objects.get(inspection=INSPECTION), person=named)
    assert found(named) == [HERE]
    lead = somebody("inspection-lead", "national", "scotland")
    assert found(lead) == ["angus", HERE]  # of angus there is an inspection to read for


def test_all_of_scotland_is_not_over_a_partnerships_own():
    round = make.RoundFactory(area=HERE)
    audit = make.RollingAuditFactory(area=HERE)
    own = ("quality-lead", "chief-officer")  # given for Scotland by whatever mistake
    for role in ("inspection-lead", "service-manager", "inspection-analyst", *own):
        person = assign(UserFactory(), role, "national", "scotland")
        assert not permissions.deeds_of(person, round)
        with pytest.raises(NotFound):
            permissions.get_round_for(person, HERE, round.slug, Deed.RESULTS)
        with pytest.raises(NotFound):
            permissions.get_audit_for(person, HERE, audit.slug, Deed.RESULTS)
        assert not permissions.audits_for(person, HERE).exists()
        assert not permissions.may_begin_own(person, HERE)


def test_audits_are_seen_by_those_who_see_results_and_run_by_those_who_run():
    audit = make.RollingAuditFactory(area=HERE)
    chief = somebody("chief-officer")
    assert permissions.get_audit_for(chief, HERE, audit.slug, Deed.RESULTS) == audit
    with pytest.raises(NotPermitted, match="quality lead"):
        permissions.get_audit_for(chief, HERE, audit.slug, Deed.RUN)
    with pytest.raises(NotFound):
        permissions.get_audit_for(chief, HERE, "no-such", Deed.RESULTS)


def test_what_goes_on_is_shown_to_those_who_do_something_in_it():
    own = make.RoundFactory(area=HERE)
    theirs = make.OpenRoundFactory(area=HERE, inspection=INSPECTION)
    make.LockedRoundFactory(area=HERE)
    assert permissions.rounds_going_on(somebody("quality-lead")) == [own]
    assert permissions.rounds_going_on(somebody("partnership-co-ordinator")) == [theirs]
    assert permissions.rounds_going_on(somebody("chief-officer")) == []
    assert permissions.rounds_going_on(somebody("local-record-reader")) == []
