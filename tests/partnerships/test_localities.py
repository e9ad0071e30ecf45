"""Localities, and the working calendar of a partnership."""

import datetime as dt

import pytest

from sightline.access.actors import command_line
from sightline.kernel.clocks import Limit, Unit, due
from sightline.kernel.errors import BadInput, NotFound
from sightline.partnerships import localities, queries, services
from sightline.partnerships.models import Holiday
from tests.factories.partnerships import HolidayFactory, LocalityFactory, LocalityZoneFactory

pytestmark = pytest.mark.django_db


def day(text):
    return dt.date.fromisoformat(text)


def test_a_zone_lies_in_the_locality_of_the_day():
    old, new = LocalityFactory(name="Old"), LocalityFactory(name="New")
    zone = LocalityZoneFactory(locality=old, last=day("2024-03-31"))
    LocalityZoneFactory(locality=new, zone=zone.zone, first=day("2024-04-01"))
    assert localities.locality_of(zone.zone, on=day("2024-03-31")) == old
    assert localities.locality_of(zone.zone, on=day("2024-04-01")) == new
    with pytest.raises(NotFound, match="lies in no locality held here on 2019-12-31"):
        localities.locality_of(zone.zone, on=day("2019-12-31"))
    fife = queries.partnership("fife")
    assert localities.zones_of_localities(fife, on=day("2024-04-01")) == {"New": 1}
    assert str(zone) == f"{zone.zone} from 2020-01-01 (fife)"


def test_a_calendar_closes_public_holidays_and_the_four_days_of_statute():
    HolidayFactory(name="Good Friday", first=day("2024-03-29"), last=day("2024-03-29"))
    HolidayFactory(name="Summer", kind="school", first=day("2024-07-01"), last=day("2024-08-14"))
    HolidayFactory(name="Winter", kind="school", first=day("2024-12-23"), last=day("2025-01-03"))
    HolidayFactory(partnership="angus", first=day("2024-05-06"), last=day("2024-05-06"))
    calendar = localities.calendar_of("fife")
    assert calendar.covers == (day("2024-01-01"), day("2024-12-31"))
    assert due(Limit(15, Unit.WORKING_DAY), day("2024-03-20"), calendar=calendar) == day(
        "2024-04-11"
    )
    assert calendar.is_working(day("2024-07-02"))
    assert calendar.why_closed(day("2024-12-25")) == ("25 December", "Winter")
    assert calendar.is_working(day("2024-05-06"))
    assert str(calendar) == "Working days of Fife, public holidays of 2024 to 2024"


def test_a_calendar_that_would_guess_is_refused():
    with pytest.raises(BadInput, match="No public holidays of Fife are held"):
        localities.calendar_of("fife")
    for year in (2024, 2027):
        HolidayFactory(first=dt.date(year, 5, 6), last=dt.date(year, 5, 6))
    with pytest.raises(BadInput, match="held for 2024 and 2027, and none for 2025, 2026; add"):
        localities.calendar_of("fife")
    with pytest.raises(NotFound):
        localities.calendar_of("atlantis")


def test_a_year_without_a_working_day_can_not_be_added():
    fields = {"name": "Closed", "kind": "public", "first": day("2026-01-01")}

    def add(last):
        return services.add_detail(
            actor=command_line(),
            partnership="fife",
            kind="holidays",
            fields={**fields, "last": last},
        )

    with pytest.raises(BadInput, match="no working day in 2026, so nothing could ever be due"):
        add(day("2026-12-31"))
    with pytest.raises(BadInput, match="Closed would last 731 days, from 2026-01-01 to 2028-01-01"):
        add(day("2028-01-01"))
    assert not Holiday.objects.exists()
    add(day("2026-12-30"))
