"""Roles as data."""

from pathlib import Path

import pytest
import yaml

from sightline.access import roles
from sightline.access.enums import Permission
from sightline.access.roles import RoleSet
from sightline.kernel.definitions import parse_definition, read_definition
from sightline.kernel.errors import BadDefinition, Faults, NotFound

FILE = Path(__file__).parents[2] / "definitions" / "access" / "roles@1.yaml"

# The roles of decision 17 of the architecture.
AGREED = [
    "inspection-lead",
    "depute-lead",
    "inspector",
    "associate-assessor",
    "participation-lead",
    "young-inspection-volunteer",
    "strategic-support-officer",
    "inspection-analyst",
    "service-manager",
    "panel-member",
    "link-inspector",
    "partnership-co-ordinator",
    "participation-co-ordinator",
    "local-record-reader",
    "local-lead-for-concerns",
    "safety-reader",
    "quality-lead",
    "committee-lead-officer",
    "partnership-analyst",
    "action-owner",
    "chief-officer",
    "elected-member",
    "practitioner",
    "information-governance-officer",
    "system-administrator",
]
DOMAIN = {Permission.FRAMEWORK_VIEW, Permission.PARTNERSHIP_VIEW, Permission.PUBLISHED_VIEW}


def test_the_agreed_roles_are_there_and_no_others() -> None:
    assert [role.code for role in roles.roles()] == AGREED


def test_two_roles_see_no_domain_data_and_every_other_sees_what_is_published() -> None:
    blind = {"information-governance-officer", "system-administrator"}
    for role in roles.roles():
        held = set(role.permissions)
        expected = set() if role.code in blind else DOMAIN
        assert held & DOMAIN == expected, role.code
        assert ("no domain data" in role.sentence) == (role.code in blind)
        if role.code in blind:
            of_the_domain = ("inspection.", "title.", "partnership.", "concern.", "figures.")
            assert not [item for item in held if item.startswith(of_the_domain)], role.code


def test_whoever_sees_children_or_respondents_or_governs_accounts_needs_two_factors() -> None:
    without = {
        "link-inspector", "partnership-co-ordinator", "committee-lead-officer", "action-owner",
        "chief-officer", "elected-member",
    }  # fmt: skip
    assert set(AGREED) - roles.asking_for_a_second_factor() == without
    weighty = {Permission.INSPECTION_VIEW, Permission.PEOPLE_MANAGE, Permission.AUDIT_VIEW}
    for role in roles.roles():
        if weighty & set(role.permissions):
            assert role.second_factor, role.code


@pytest.mark.parametrize(
    ("permission", "holders"),
    [
        (Permission.INSPECTION_VIEW, {
            "inspection-lead", "depute-lead", "inspector", "associate-assessor",
            "participation-lead", "service-manager", "panel-member",
        }),
        (Permission.INSPECTION_CREATE, {"inspection-lead", "depute-lead"}),
        (Permission.INSPECTION_IMPORT, {"inspection-lead", "depute-lead"}),
        (Permission.INSPECTION_CORRECT, {"inspection-lead", "depute-lead"}),
        (Permission.TITLE_CORRECT, {"inspection-lead", "service-manager"}),
        (Permission.PEOPLE_MANAGE, {"system-administrator"}),
        (Permission.AUDIT_VIEW, {"information-governance-officer"}),
    ],
)  # fmt: skip
def test_who_holds_what_matters_most(permission: Permission, holders: set[str]) -> None:
    assert {r.code for r in roles.roles() if permission in r.permissions} == holders


def test_nobody_of_the_partnership_sees_an_inspection_before_it_is_published() -> None:
    for role in roles.roles():
        if set(role.scopes) == {"partnership"}:
            assert Permission.INSPECTION_VIEW not in role.permissions, role.code


def test_an_unknown_role_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"There is no role boss\. There are: inspection-lead"):
        roles.role("boss")
    assert roles.permissions_of("boss") == frozenset()


def _with(**changes: object) -> dict[str, object]:
    data = yaml.safe_load(FILE.read_text())
    data["roles"][0].update(changes)
    return data  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"permissions": ["everything.do"]}, "roles.0.permissions.0: Input should be"),
        ({"permissions": []}, "roles.0.permissions: "),
        ({"scopes": ["planet"]}, "roles.0.scopes.0: Input should be"),
        ({"permissions": ["audit.view", "audit.view"]}, "repeats an item; keep each once"),
        ({"code": "depute-lead"}, "depute-lead is given twice"),
        ({"title": "Depute lead"}, "Depute lead is given twice"),
        ({"sentence": ""}, "roles.0.sentence"),
        ({"lands_on": "nowhere"}, "roles.0.lands_on"),
        ({"boss": "yes"}, "roles.0.boss"),
    ],
)
def test_a_bad_file_is_refused_with_the_place(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Faults, match=said):
        parse_definition(RoleSet, _with(**changes), name="roles@1.yaml")


def test_a_permission_that_no_role_holds_is_refused() -> None:
    data = yaml.safe_load(FILE.read_text())
    for role in data["roles"]:
        role["permissions"] = [p for p in role["permissions"] if p != "audit.view"] or [
            "people.view"
        ]
    with pytest.raises(Faults, match=r"no role holds audit\.view; give it to one"):
        parse_definition(RoleSet, data, name="roles@1.yaml")


def test_a_folder_without_roles_stops_the_start(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_DEFINITIONS = tmp_path
    roles._role_sets.cache_clear()
    try:
        with pytest.raises(BadDefinition, match=r"holds no roles@1\.yaml"):
            roles._role_sets()
    finally:
        roles._role_sets.cache_clear()


def test_the_file_reads_as_it_is() -> None:
    assert read_definition(RoleSet, FILE).key == "roles@1"
