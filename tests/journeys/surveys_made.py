"""Made-up people who answer a survey of a served copy: too many to send them in through a browser.

Run as `python -m tests.journeys.surveys_made SURVEY NUMBER` with the settings of the copy.
"""

import os
import sys

AREA = "strathgarry"


def send(slug: str, number: int) -> None:
    """Have so many people answer an open survey of Strathgarry, as the survey site has them."""
    from sightline.access.actors import acting_as, command_line
    from sightline.surveys import demonstration
    from sightline.surveys.models import Survey

    with acting_as(command_line()):
        demonstration.send(Survey.objects.get(area=AREA, slug=slug), number)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    import django

    django.setup()
    send(sys.argv[1], int(sys.argv[2]))
