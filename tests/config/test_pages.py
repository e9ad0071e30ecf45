"""Home, the pages about the service, and the frame round them."""

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.roles import roles
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def test_the_front_door_leads_home_by_way_of_signing_in(client):
    assert client.get("/").url == reverse("home")
    assert client.get(reverse("home")).url == f"{reverse('account_login')}?next={reverse('home')}"


@pytest.mark.parametrize("name", ["accessibility", "privacy", "glossary"])
def test_pages_about_the_service_are_open_to_all(client, name):
    text = text_of(client, reverse(name))
    assert text.count("<h1") == 1
    assert "Sign in" in text


def test_the_glossary_gives_each_term_once_with_the_programmes_that_explain_it(client):
    text = text_of(client, reverse("glossary"))
    assert text.count("<dt id=") == text.count("</dt>") > 20
    assert "P1" in text
    assert "P2" in text


def test_home_says_what_a_person_without_a_role_should_do(client):
    client.force_login(UserFactory())
    text = text_of(client, reverse("home"))
    assert "You have no role yet" in text
    assert "What inspections found" not in text


def test_home_shows_programmes_and_roles_to_those_who_see_published_inspections(client):
    person = assign(UserFactory(), "inspection-lead", "inspection", "somewhere-2026")
    client.force_login(person)
    text = text_of(client, reverse("home"))
    for short in ("P1", "P2", "P3"):
        assert f"?programme={short}" in text
    assert "No inspection has been published here yet." in text
    assert "somewhere-2026" in text


def test_an_administrator_sees_people_and_no_findings(client):
    client.force_login(assign(UserFactory(), "system-administrator", "national", "scotland"))
    text = text_of(client, reverse("home"))
    assert reverse("access:people") in text
    assert reverse("inspections:findings") not in text
    assert "What inspections found" not in text


def test_every_role_finds_only_links_it_may_follow(client):
    for role in roles():
        person = assign(UserFactory(), role.code, role.scopes[0], "somewhere")
        client.force_login(person)
        frame = client.get(reverse("home")).context["navigation"]
        for link in (*frame.primary, *frame.account, *frame.footer):
            assert client.get(link.url).status_code == 200, (role.code, link.url)
        assert [link.label for link in frame.primary if link.current] == ["Home"]


def test_home_takes_as_many_queries_for_many_roles_as_for_one(
    client, django_assert_max_num_queries
):
    person = UserFactory()
    for n in range(12):
        assign(person, "inspection-lead", "inspection", f"area-{n}")
    client.force_login(person)
    client.get(reverse("home"))
    with django_assert_max_num_queries(9):
        client.get(reverse("home"))
