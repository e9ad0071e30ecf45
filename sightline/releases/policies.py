"""What the state of a set allows."""

from sightline.kernel.errors import NotAllowed
from sightline.releases.definitions import ProfileDefinition
from sightline.releases.models import TableSet


def check_not_withdrawn(found: TableSet) -> None:
    """Raise unless the set still stands."""
    if found.withdrawn_at is not None:
        raise NotAllowed(f"These tables were withdrawn: {found.withdrawn_reason}")


def check_can_review(
    found: TableSet, profile: ProfileDefinition, *, by: str, signed: frozenset[str]
) -> None:
    """Raise unless somebody else than who declared the set reviews it, once."""
    check_not_withdrawn(found)
    if not profile.review:
        raise NotAllowed(f"{profile.title} figures need no review.")
    if profile.code in signed:
        raise NotAllowed(f"The {profile.title.lower()} figures have been reviewed already.")
    if found.declared_by == by:
        raise NotAllowed("You declared these tables, so somebody else has to review them.")


def check_is_stricter(wanted: int, profile: ProfileDefinition, held: int) -> None:
    """Raise unless the threshold is stricter than the usual one and than any set before."""
    if not profile.hides:
        raise NotAllowed(f"Nothing is hidden in {profile.title.lower()} figures.")
    now = max(profile.threshold, held)
    if wanted <= now:
        raise NotAllowed(
            f"The threshold is {now} already. It can be made stricter only: give {now + 1} or more."
        )
