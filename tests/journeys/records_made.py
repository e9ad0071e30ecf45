"""Made-up readings of a round of a served copy: too many to write them in a browser.

Run as `python -m tests.journeys.records_made SLUG` with the settings of the copy: everybody hands
in what they have not begun, as the form does. Two readers of one record give the same answers.
"""

import os
import random
import sys
import uuid

AREA = "strathgarry"


def hand_in_the_rest(slug: str, *, seed: int = 7) -> int:
    """Hand every reading in that nobody has begun; how many these were."""
    from sightline.access.actors import acting_as
    from sightline.record_reading import asking
    from sightline.record_reading.generating_answers import Errors, answers
    from sightline.record_reading.models import Reading
    from sightline.record_reading.services import reading as services

    waiting = Reading.objects.filter(
        round__area=AREA, round__slug=slug, state=Reading.State.ASSIGNED
    ).select_related("record", "reader__person")
    for one in waiting:
        made = asking.template(one.template)
        chance = random.Random(f"{seed} {one.record.number}")  # noqa: S311
        said = answers(made, one.record.facts, chance, errors=Errors(missing=0))
        person = one.reader.person
        with acting_as(person):
            for section in made.sections:
                codes = {item.code for item in section.items}
                services.save_section(
                    actor=person, reading=one, section=section.code, based_on=0,
                    token=uuid.uuid4(),
                    answers={
                        "values": {c: v for c, v in said["values"].items() if c in codes},
                        "whys": {c: v for c, v in said["whys"].items() if c in codes},
                        "flags": said["flags"] if section is made.sections[-1] else {},
                    },
                )  # fmt: skip
            services.hand_in(actor=person, reading=one, names_looked_at=True)
    return len(waiting)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    import django

    django.setup()
    hand_in_the_rest(sys.argv[1])
