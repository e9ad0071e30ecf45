"""A copy with small surveys for everybody, for journeys of those who answer."""

import os

CHILD, STAFF, PARENT, SHARED = "CHQDREN234", "STAFFQQ234", "PARENTS234", "SHAREDQ234"
GROUP = "PRQMARY777"


def fill() -> None:
    """A survey for children, staff, and parents, and one on a device that a class shares."""
    from sightline.access.actors import acting_as, command_line
    from sightline.surveys.models import Group
    from tests.surveys.respondent.made import survey_of

    with acting_as(command_line()):
        survey_of(link=CHILD, slug="children")
        survey_of("staff", link=STAFF, slug="staff")
        survey_of("parent-carer", link=PARENT, slug="parents")
        shared = survey_of(link=SHARED, slug="class", mode="group-code", shared_device=True)
        Group.objects.create(survey=shared, code=GROUP, label="Primary 7", invited=24)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    import django

    django.setup()
    fill()
