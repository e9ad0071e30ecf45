"""The doors: what is published is open to all with a role, a draft to its own team alone."""

import pytest

from sightline.access.models import AuditEvent
from sightline.access.permissions import Permission
from sightline.inspections.permissions import (
    check_may_import,
    get_inspection_for,
    visible_documents,
)
from sightline.inspections.services import import_document
from sightline.kernel.errors import NotFound, NotPermitted
from tests.factories.access import UserFactory, assign
from tests.factories.inspections import ACTOR, document_data, draft, imported

pytestmark = pytest.mark.django_db
SEE = Permission.PUBLISHED_VIEW


@pytest.fixture
def people():
    """A person of each sort, by what they are to the inspections of Falkirk."""
    return {
        "inspector": assign(UserFactory(), "inspector", "inspection", "falkirk-2026"),
        "same role elsewhere": assign(UserFactory(), "inspector", "inspection", "moray-2021"),
        "national": assign(UserFactory(), "service-manager"),
        "its partnership": assign(UserFactory(), "chief-officer", "partnership", "falkirk"),
        "another partnership": assign(UserFactory(), "chief-officer", "partnership", "moray"),
        "volunteer": assign(
            UserFactory(), "young-inspection-volunteer", "inspection", "falkirk-2026"
        ),
        "administrator": assign(UserFactory(), "system-administrator"),
        "stranger": UserFactory(),
    }


def opens(person, reference) -> bool:
    try:
        return get_inspection_for(person, reference, SEE).reference == reference
    except NotFound:
        return False


def test_what_is_published_is_open_to_everyone_with_a_role(people):
    imported()
    shut = {name for name, person in people.items() if not opens(person, "falkirk-2021")}
    assert shut == {"administrator", "stranger"}
    assert not AuditEvent.objects.filter(verb="inspection.read").exists()


def test_a_draft_is_open_to_its_team_and_to_those_who_oversee_all(people):
    """Its own partnership may not know of evaluations before they are shared."""
    draft()
    let_in = {name for name, person in people.items() if opens(person, "falkirk-2026")}
    assert let_in == {"inspector", "national"}
    reads = AuditEvent.objects.filter(verb="inspection.read")
    assert {(e.actor, e.target) for e in reads} == {
        (people[name].audit_name, "inspection:falkirk-2026") for name in let_in
    }


def test_a_stranger_learns_nothing_from_the_refusal(people):
    draft()
    said = set()
    for reference in ("falkirk-2026", "falkirk-1066"):
        with pytest.raises(NotFound) as caught:
            get_inspection_for(people["its partnership"], reference, SEE)
        said.add(str(caught.value))
    assert len(said) == 1


def test_an_address_with_another_partnership_is_wrong(people):
    imported()
    with pytest.raises(NotFound):
        get_inspection_for(people["national"], "falkirk-2021", SEE, partnership="moray")
    found = get_inspection_for(people["national"], "falkirk-2021", SEE, partnership="falkirk")
    assert found.partnership == "falkirk"


def test_more_than_reading_needs_more_and_says_who_can(people):
    imported()
    draft()
    with pytest.raises(NotPermitted, match="inspection lead"):
        get_inspection_for(people["inspector"], "falkirk-2026", Permission.INSPECTION_CORRECT)
    with pytest.raises(NotPermitted, match="inspection lead"):
        get_inspection_for(people["its partnership"], "falkirk-2021", Permission.INSPECTION_EXPORT)
    analyst = assign(UserFactory(), "partnership-analyst", "partnership", "falkirk")
    elsewhere = assign(UserFactory(), "partnership-analyst", "partnership", "moray")
    assert get_inspection_for(analyst, "falkirk-2021", Permission.INSPECTION_EXPORT)
    with pytest.raises(NotPermitted):
        get_inspection_for(elsewhere, "falkirk-2021", Permission.INSPECTION_EXPORT)
    with pytest.raises(NotFound):
        get_inspection_for(analyst, "falkirk-2026", Permission.INSPECTION_EXPORT)


def test_a_right_over_the_partnership_does_not_reach_its_draft(people):
    """Somebody of the team who also keeps the partnership's data still takes no copy of a draft."""
    draft()
    both = assign(people["inspector"], "partnership-analyst", "partnership", "falkirk")
    with pytest.raises(NotPermitted):
        get_inspection_for(both, "falkirk-2026", Permission.INSPECTION_EXPORT)


def test_lists_hold_what_the_doors_would_open(people):
    imported()
    draft()

    def seen(name, **more):
        return [d.reference for d in visible_documents(people[name], **more)]

    both = ["falkirk-2021", "falkirk-2026"]
    assert seen("inspector", with_drafts=True) == seen("national", with_drafts=True) == both
    for name in ("same role elsewhere", "its partnership", "another partnership", "volunteer"):
        assert seen(name, with_drafts=True) == ["falkirk-2021"]
    assert seen("national") == ["falkirk-2021"]
    for name in ("administrator", "stranger"):
        with pytest.raises(NotFound):
            seen(name)
    assert not AuditEvent.objects.filter(verb="inspection.read").exists()


def test_an_import_reaches_as_far_as_the_role(people):
    lead = assign(UserFactory(), "inspection-lead", "inspection", "falkirk-2021")
    check_may_import(lead)
    assert import_document(actor=lead, data=document_data()).new
    other = document_data(reference="falkirk-2022")
    with pytest.raises(NotPermitted, match="inspection falkirk-2022"):
        import_document(actor=lead, data=other)
    for name in ("inspector", "national", "its partnership", "volunteer"):
        with pytest.raises(NotPermitted):
            import_document(actor=people[name], data=other)
    for name in ("administrator", "stranger"):
        with pytest.raises(NotFound):
            import_document(actor=people[name], data=other)
    national = assign(UserFactory(), "depute-lead")
    other["dates"]["published"]["value"] = "2022-05-01"
    assert import_document(actor=national, data=other).new
    assert import_document(actor=ACTOR, data=other).changed is False


def test_somebody_who_may_not_import_is_told_so_before_the_file_is_read(people):
    with pytest.raises(NotPermitted):
        import_document(actor=people["national"], text=b"not json")
