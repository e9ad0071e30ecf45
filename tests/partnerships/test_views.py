"""Partnership pages: who sees them, what they say, how many queries they take."""

import datetime as dt

import pytest
from django.urls import reverse

from sightline.partnerships.models import Holiday, Locality, StrategicPlan
from sightline.partnerships.queries import KINDS
from tests.factories.access import UserFactory, assign
from tests.factories.partnerships import (
    HolidayFactory,
    LocalityFactory,
    PostFactory,
    ReferenceLoadFactory,
    StrategicGroupFactory,
    StrategicPlanFactory,
)
from tests.partnerships.places_made import load_invented

pytestmark = pytest.mark.django_db
FIFE = reverse("partnerships:details", args=["fife"])
STRATHGARRY = reverse("partnerships:details", args=["strathgarry"])
PLACES = reverse("partnerships:places")
PAGE, PLACE = 3, 5  # queries of any page; of the place of an area for which nothing is loaded


def day(field, number, month):
    """A day of 2026 as the three boxes send it, with a name and kind of holiday."""
    parts = {f"{field}_day": number, f"{field}_month": month, f"{field}_year": "2026"}
    return {"name": "Christmas", "kind": "public"} | parts


@pytest.fixture
def co_ordinator(client):
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    client.force_login(person)
    return person


def test_the_list_shows_every_area_and_asks_the_database_nothing_about_them(
    client, co_ordinator, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        page = client.get(reverse("partnerships:partnerships"))
    text = page.content.decode()
    assert text.count('scope="row"') == 32
    assert "S12000044 until 2019 (not confirmed)" in text


def test_an_area_s_page_takes_as_many_queries_for_many_rows_as_for_one(
    client, co_ordinator, django_assert_num_queries
):
    factories = (
        LocalityFactory, StrategicGroupFactory, StrategicPlanFactory, PostFactory, HolidayFactory
    )  # fmt: skip
    for make in factories:
        make()
    client.get(FIFE)
    with django_assert_num_queries(PAGE + PLACE + len(KINDS)):
        client.get(FIFE)
    for make in factories:
        make.create_batch(20)
    with django_assert_num_queries(PAGE + PLACE + len(KINDS)):
        client.get(FIFE)


def test_an_empty_area_says_what_is_missing(client, co_ordinator):
    text = client.get(FIFE).content.decode()
    assert "No localities have been added yet." in text
    assert "so every week is counted" in text


def test_only_those_who_may_edit_are_offered_to(client, co_ordinator):
    assert "Add a plan" in client.get(FIFE).content.decode()
    client.force_login(assign(UserFactory(), "elected-member", "partnership", "fife"))
    assert "Add a plan" not in client.get(FIFE).content.decode()


def test_details_are_added_and_removed_on_pages(client, co_ordinator):
    add = reverse("partnerships:add-detail", args=["fife", "plans"])
    assert client.get(add).status_code == 200
    page = client.post(add, {"name": "Children’s services plan", "years": "2026/2029"}, follow=True)
    assert "Children’s services plan added." in page.content.decode()
    assert "2026 to 2029" in page.content.decode()
    plan = StrategicPlan.objects.get()

    again = client.post(add, {"name": plan.name, "years": plan.years})
    assert "is there already" in again.content.decode()

    gone = reverse("partnerships:remove-detail", args=["fife", "plans", plan.pk])
    page = client.post(gone, follow=True)
    assert "removed." in page.content.decode()
    assert client.post(gone).status_code == 404


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("plans", {"name": "Plan", "years": "next year"}, "is not a date"),
        ("plans", {}, "Enter name of the plan"),
        ("posts", {"designation": "Head of education"}, "Select the agency the post belongs to"),
        ("holidays", day("first", "31", "2"), "First day must be a real date"),
        ("holidays", day("first", "25", "") | day("last", "1", "1"), "must include a month"),
        (
            "holidays",
            day("first", "25", "12") | day("last", "24", "12"),
            "Last day must be the first day or later",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_beside_its_field(
    client, co_ordinator, kind, data, message
):
    page = client.post(reverse("partnerships:add-detail", args=["fife", kind]), data)
    assert message in page.content.decode()
    assert not Holiday.objects.exists()


def test_posts_and_holidays_can_be_added(client, co_ordinator):
    post = {"designation": "Head of education", "agency": "council", "duty": ""}
    client.post(reverse("partnerships:add-detail", args=["fife", "posts"]), post)
    holiday = day("first", "25", "12") | day("last", "26", "12")
    client.post(reverse("partnerships:add-detail", args=["fife", "holidays"]), holiday)
    text = client.get(FIFE).content.decode()
    assert "Fife council" in text
    assert "Friday 25 December 2026" in text


def test_unknown_kinds_and_areas_are_not_found(client, co_ordinator):
    assert (
        client.get(reverse("partnerships:add-detail", args=["fife", "people"])).status_code == 404
    )
    assert (
        client.post(reverse("partnerships:remove-detail", args=["fife", "people", 1])).status_code
        == 404
    )
    assert client.get(reverse("partnerships:details", args=["atlantis"])).status_code == 404


def test_a_person_of_another_area_may_look_but_not_touch(client):
    LocalityFactory()
    client.force_login(assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus"))
    assert client.get(FIFE).status_code == 200
    assert client.get(reverse("partnerships:add-detail", args=["fife", "plans"])).status_code == 403
    gone = reverse(
        "partnerships:remove-detail", args=["fife", "localities", Locality.objects.get().pk]
    )
    assert client.post(gone).status_code == 403
    assert Locality.objects.count() == 1


# -- places


def test_an_area_without_reference_data_says_what_is_missing(client, co_ordinator):
    text = client.get(FIFE).content.decode()
    assert "No data zones and no index of deprivation are loaded for this area yet." in text
    assert "No population by age is loaded for this area yet." in text
    assert f'href="{PLACES}"' in text
    assert "No public holidays of Fife are held, so working days cannot be counted." in text


def test_an_area_s_place_is_shown_with_its_vintages(
    client, co_ordinator, settings, django_assert_max_num_queries
):
    settings.SIGHTLINE_DEMONSTRATION = True
    LocalityFactory(partnership="strathgarry", name="The Isles")
    load_invented()
    HolidayFactory(partnership="strathgarry")
    client.get(STRATHGARRY)
    with django_assert_max_num_queries(PAGE + 2 * PLACE + len(KINDS)):
        text = client.get(STRATHGARRY).content.decode()
    assert "Ranks of deprivation made up for the demonstration" in text
    assert '<td class="sl-number">12</td><td class="sl-number">2</td>' in text
    assert "17%" in text
    assert "People by age, Strathgarry, mid-2025, invented" in text
    assert "80 and over" in text
    assert "12 data zones added up" in text
    assert "Working days can be counted in 2026: Mondays to Fridays but" in text
    assert '<th scope="row">The Isles</th><td class="sl-number">3</td>' in text


def test_invented_places_are_not_shown_of_real_areas(client, co_ordinator, settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()
    ReferenceLoadFactory()
    text = client.get(FIFE).content.decode()
    assert "No data zones and no index" in text
    assert "made up" not in text


def test_several_years_of_holidays_are_said(client, co_ordinator):
    for year in (2026, 2027):
        HolidayFactory(first=dt.date(year, 5, 4), last=dt.date(year, 5, 4))
    assert "Working days can be counted in 2026 to 2027" in client.get(FIFE).content.decode()


def test_what_is_held_is_seen_by_all_and_what_is_missing_said(
    client, co_ordinator, django_assert_max_num_queries
):
    ReferenceLoadFactory()
    with django_assert_max_num_queries(PAGE + 2):
        text = client.get(PLACES).content.decode()
    assert "6,976 rows, loaded on 1 February 2026 from ranks.csv" in text
    assert text.count("Missing") == 4
    assert "invented" not in text
    client.logout()
    assert client.get(PLACES).status_code == 302
    client.force_login(UserFactory())
    assert client.get(PLACES).status_code in {403, 404}


def test_a_holiday_that_leaves_no_working_day_is_refused_beside_its_form(client, co_ordinator):
    data = day("first", "1", "1") | day("last", "31", "12")
    page = client.post(reverse("partnerships:add-detail", args=["fife", "holidays"]), data)
    assert "no working day in 2026, so nothing could ever be due" in page.content.decode()
    assert not Holiday.objects.exists()
