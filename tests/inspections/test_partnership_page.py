"""The page of one partnership's inspections."""

import pytest

from sightline.access.actors import command_line
from sightline.inspections.published import load_published
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db


def page_of(client, person, code):
    client.force_login(person)
    return client.get(f"/p/{code}/")


def test_it_lists_every_report_the_newest_first(client, django_assert_max_num_queries):
    load_published(command_line())
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    page_of(client, member, "orkney-islands")
    with django_assert_max_num_queries(6):
        text = client.get("/p/orkney-islands/").content.decode()
    places = [
        text.index(name)
        for name in ("Orkney Islands 2022", "Orkney Islands 2021", "Orkney Islands 2020")
    ]
    assert places == sorted(places)
    assert "South Lanarkshire" not in text


def test_an_area_without_inspections_says_so_and_an_unknown_one_is_not_found(client):
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    assert (
        "No inspection of this partnership is held here."
        in page_of(client, member, "angus").content.decode()
    )
    assert page_of(client, member, "atlantis").status_code == 404


def test_who_sees_no_inspections_is_told_who_can(client):
    page = page_of(client, assign(UserFactory(), "system-administrator"), "fife")
    assert page.status_code == 403
    assert "inspector" in page.content.decode()
