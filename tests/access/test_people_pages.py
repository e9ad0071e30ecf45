"""Pages about people and their roles."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.access.models import Assignment, User
from tests.factories.access import AssignmentFactory, OrganisationFactory, UserFactory, assign

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def admin(client_for: ClientFor) -> Client:
    return client_for(assign(UserFactory(name="Administrator"), "system-administrator"))


@pytest.fixture
def officer(client_for: ClientFor) -> Client:
    return client_for(assign(UserFactory(), "information-governance-officer"))


def text_of(client: Client, name: str, **kwargs: object) -> str:
    answer = client.get(reverse(name, kwargs=kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_what_each_person_holds_today(admin: Client) -> None:
    held = AssignmentFactory(
        person__name="B. Holder", person__organisation=OrganisationFactory(name="Fife Council")
    )
    AssignmentFactory(person=held.person, role="action-owner", ends=dt.date(2020, 12, 31))
    UserFactory(name="C. Gone", is_active=False)
    text = text_of(admin, "access:people")
    assert "Chief officer, Fife" in text
    assert "Fife Council" in text
    assert "Action owner, " not in text
    assert "No access" in text


def test_the_list_can_be_narrowed(admin: Client) -> None:
    AssignmentFactory(person__name="B. Holder")
    UserFactory(name="C. Other", designation="Head of service")
    for query, seen, unseen in (
        ("words=hold", "B. Holder", "C. Other"),
        ("words=head+of", "C. Other", "B. Holder"),
        ("role=chief-officer", "B. Holder", "C. Other"),
    ):
        text = admin.get(reverse("access:people") + "?" + query).content.decode()
        assert seen in text
        assert unseen not in text
    nobody = admin.get(reverse("access:people") + "?words=zzz").content.decode()
    assert "Nobody matches" in nobody


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    admin: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    def fill(count: int) -> None:
        for number in range(count):
            held = AssignmentFactory(person__organisation=OrganisationFactory())
            AssignmentFactory(
                person=held.person,
                role="inspector",
                scope_kind="inspection",
                scope_key=f"x-{number}",
            )

    fill(2)
    admin.get(reverse("access:people"))
    with django_assert_num_queries(8):
        admin.get(reverse("access:people"))
    fill(45)
    with django_assert_num_queries(8):
        page = admin.get(reverse("access:people"))
    assert len(page.context["people"]) == 48


def test_the_list_has_pages(admin: Client) -> None:
    UserFactory.create_batch(60)
    first = admin.get(reverse("access:people"))
    second = admin.get(reverse("access:people") + "?page=2")
    assert len(first.context["people"]) == 50
    assert len(second.context["people"]) == 11


def test_those_who_look_after_information_see_people_and_change_nothing(
    officer: Client, admin: Client
) -> None:
    held = AssignmentFactory()
    person = held.person_id
    assert "Add a person" not in text_of(officer, "access:people")
    looking = text_of(officer, "access:person", person_id=person)
    assert "Give a role" not in looking
    assert "Take away access" not in looking
    changing = text_of(admin, "access:person", person_id=person)
    assert "Give a role" in changing

    refused = officer.get(reverse("access:grant", kwargs={"person_id": person}))
    assert refused.status_code == 403
    assert "System administrator" in refused.content.decode()


def test_a_person_is_added_given_a_role_loses_it_and_loses_access(admin: Client) -> None:
    added = admin.post(
        reverse("access:add-person"),
        {"name": "N. Newcomer", "email": "new@example.org", "designation": "Head"},
    )
    person = User.objects.get(email="new@example.org")
    page = reverse("access:person", kwargs={"person_id": person.pk})
    assert added.url == page

    last = timezone.localdate() + dt.timedelta(days=30)
    given = admin.post(
        reverse("access:grant", kwargs={"person_id": person.pk}),
        {
            "role": "chief-officer",
            "scope_kind": "partnership",
            "scope_key": "fife",
            "ends_day": last.day,
            "ends_month": last.month,
            "ends_year": last.year,
        },
    )
    assert given.url == page
    item = Assignment.objects.get(person=person)
    assert (item.role, item.scope_key, item.ends) == ("chief-officer", "fife", last)
    assert "In force" in admin.get(page).content.decode()

    ending = reverse("access:end-assignment", kwargs={"assignment_id": item.pk})
    asked = admin.get(ending).content.decode()
    assert "since" in asked
    assert admin.get(page).content.decode().count("In force") == 1  # asking ends nothing
    assert admin.post(ending).url == page
    assert "Over" in admin.get(page).content.decode()

    leaving = reverse("access:deactivate", kwargs={"person_id": person.pk})
    assert "stays on record" in admin.get(leaving).content.decode()
    assert admin.post(leaving).url == page
    assert "no longer has access" in admin.get(page).content.decode()


def test_forms_say_what_is_wrong_beside_the_field_and_keep_what_was_typed(admin: Client) -> None:
    person = UserFactory()
    grant = reverse("access:grant", kwargs={"person_id": person.pk})
    empty = admin.post(grant, {}).content.decode()
    assert "Select role" in empty
    unnamed = admin.post(grant, {"role": "chief-officer", "scope_kind": "partnership"})
    assert "Enter which partnership" in unnamed.content.decode()
    wrong = admin.post(grant, {"role": "chief-officer", "scope_kind": "national"}).content.decode()
    assert "Chief officer is given for one partnership" in wrong
    taken = admin.post(
        reverse("access:add-person"), {"name": "Twin", "email": person.email}
    ).content.decode()
    assert "already. Find them in the list" in taken
    assert 'value="Twin"' in taken
    assert Assignment.objects.filter(person=person).count() == 0


def test_what_cannot_be_done_now_is_said_on_the_persons_page(
    admin: Client, client_for: ClientFor
) -> None:
    own = Assignment.objects.get(role="system-administrator")
    ending = reverse("access:end-assignment", kwargs={"assignment_id": own.pk})
    said = admin.post(ending, follow=True).content.decode()
    assert "Nobody else can give and end roles" in said
    leaving = reverse("access:deactivate", kwargs={"person_id": own.person_id})
    said = admin.post(leaving, follow=True).content.decode()
    assert "You cannot take away your own access" in said


def test_nobody_there_is_not_found(admin: Client) -> None:
    for name, kwargs in (
        ("access:person", {"person_id": 999_999}),
        ("access:grant", {"person_id": 999_999}),
        ("access:end-assignment", {"assignment_id": 999_999}),
    ):
        assert admin.get(reverse(name, kwargs=kwargs)).status_code == 404
