"""What the state of an extract or a build allows."""

from collections.abc import Mapping
from typing import Final

from sightline.children.models import Build, Extract
from sightline.kernel.errors import NotAllowed

KEPT: Final = 12
"""Builds of an area whose files are kept, beside the published ones that pages still show."""


def check_can_take_back(extract: Extract) -> None:
    """Raise `NotAllowed` if it was taken back already."""
    if extract.taken_back_at is not None:
        raise NotAllowed("This version was taken back already.")


def check_is_used(extract: Extract) -> None:
    """Raise `NotAllowed` if it was taken back."""
    if extract.taken_back_at is not None:
        raise NotAllowed("This version was taken back, so it answers for nothing.")


def check_can_build(extracts: Mapping[str, Extract]) -> None:
    """Raise `NotAllowed` unless there is something to build from."""
    if not extracts:
        raise NotAllowed("Nothing has been sent yet, so there is nothing to build from.")


def check_can_publish(build: Build, *, latest: Build | None) -> None:
    """Raise `NotAllowed` unless it is checked, has files, and no later one is published."""
    if build.state == Build.State.STAGED:
        raise NotAllowed(f"Build {build.number} is still being made. Wait until it is checked.")
    if build.state == Build.State.PUBLISHED:
        raise NotAllowed(f"Build {build.number} is published already.")
    if build.state == Build.State.WITHDRAWN:
        raise NotAllowed(f"Build {build.number} was undone. Make another one.")
    if build.removed_at is not None:
        raise NotAllowed(f"The files of build {build.number} are no longer kept.")
    if latest is not None and latest.number > build.number:
        raise NotAllowed(
            f"Build {latest.number} is published, and it is later. Undo that one first."
        )


def check_can_undo(build: Build, *, current: Build | None) -> None:
    """Raise `NotAllowed` unless it is the published build that pages show."""
    if build.state != Build.State.PUBLISHED:
        raise NotAllowed(f"Build {build.number} is not published, so there is nothing to undo.")
    if current is None or current.pk != build.pk:
        raise NotAllowed(f"Build {build.number} is not the current one. Undo the later ones first.")
