"""A bare copy in which the lead of an inspection has records to read.

Run as `python -m tests.journeys.reading_copies` with the settings of the copy to fill.
"""

import os

READINGS = "/p/angus/records/spring/readings/"


def fill() -> None:
    """One round of the inspection of Angus, and three records of it for its lead."""
    from sightline.access.actors import acting_as, command_line
    from sightline.access.models import User
    from tests.factories import record_reading as made
    from tests.journeys import copies

    copies.fill("bare")
    with acting_as(command_line()):
        round = made.OpenRoundFactory(
            area="angus", inspection="angus-2031", slug="spring", title="Spring reading",
            supervisor="D. Support, room 4",
        )  # fmt: skip
        lead = User.objects.get(email="inspection-lead@sightline.example")
        reader = made.ReaderFactory(round=round, person=lead, kind="inspector")
        sample = made.SampleFactory(round=round)
        for number in (1, 2, 3):
            record = made.SampledRecordFactory(sample=sample, number=number)
            made.ReadingFactory(reader=reader, record=record)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    fill()
