"""A copy with one published build of invented children in Fife, for a journey."""

import os
import random


def fill() -> None:
    """People who may see outcomes, and eleven years of figures, declared and reviewed."""
    from sightline.access import services as access
    from sightline.access.actors import acting_as, command_line
    from sightline.access.permissions import Scope
    from sightline.outcomes.definitions import indicator
    from tests.factories.outcomes import (
        children,
        indicator_rows,
        published_build,
        reviewed,
        rows_of,
    )
    from tests.journeys.copies import PASSWORD

    actor = command_line()
    with acting_as(actor):
        people = {}
        for role in ("partnership-analyst", "elected-member"):
            people[role] = access.add_person(
                actor=actor, email=f"{role}@sightline.example", name=role, designation="",
                password=PASSWORD,
            )  # fmt: skip
            scope = Scope("partnership", "fife")
            access.grant(actor=actor, person=people[role], role=role, scope=scope)
        results, members = indicator_rows(("cl09", "la10", "cp18"), years=range(2014, 2025))
        dice = random.Random(1)  # noqa: S311 - the same each time
        quarters = {
            f"{year}-{(year + 1) % 100:02d} Q{n}": children(dice, 90, lambda _: 0.3)
            for year in range(2021, 2025)
            for n in (1, 2, 3, 4)
        }
        steps = [
            {
                "cohort": cohort, "age": age, "step": step, "by_placement": "",
                "people": 44 - 2 * (age - 15), "of": 48, "unknown": 2,
            }
            for cohort in ("2017-18", "2018-19")
            for age in range(15, 22)
            for step in ("in-touch", "plan", "home", "activity", "health")
        ]  # fmt: skip
        build = published_build(
            results, members, quarters=list(rows_of(indicator("cp18"), quarters)),
            journeys=steps, actor=people["partnership-analyst"],
        )  # fmt: skip
        reviewed(build)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    fill()
