"""Reads of extracts, builds, column maps and erasures."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from django.db.models import Max, QuerySet

from sightline.children import folders
from sightline.children.models import (
    Build,
    BuildTable,
    ColumnMap,
    Erasure,
    Extract,
    Waiver,
)
from sightline.jobs.models import OPEN, Job
from sightline.kernel.errors import NotAvailable


def extracts_of(area: str) -> QuerySet[Extract]:
    """Every extract of an area, the latest first."""
    return Extract.objects.filter(area=area).order_by("dataset", "-vintage")


def versions_of(area: str, dataset: str) -> QuerySet[Extract]:
    """Every version of a dataset that an area has sent, the latest first."""
    return Extract.objects.filter(area=area, dataset=dataset).order_by("-vintage")


def latest_extract(area: str, dataset: str) -> Extract | None:
    """The version that is used: the latest not taken back."""
    return versions_of(area, dataset).filter(taken_back_at=None).first()


def latest_extracts(area: str) -> dict[str, Extract]:
    """By dataset, the version that is used."""
    found: dict[str, Extract] = {}
    for extract in extracts_of(area).filter(taken_back_at=None):
        found.setdefault(extract.dataset, extract)
    return found


def next_vintage(area: str, dataset: str) -> int:
    """The number of the next version of a dataset."""
    last = versions_of(area, dataset).aggregate(last=Max("vintage"))["last"]
    return (last or 0) + 1


def builds_of(area: str) -> QuerySet[Build]:
    """Every build of an area, the latest first."""
    return Build.objects.filter(area=area).order_by("-number")


def published_builds(area: str) -> QuerySet[Build]:
    """Builds of an area that are published, the current one first."""
    return builds_of(area).filter(state=Build.State.PUBLISHED)


def current_build(area: str) -> Build | None:
    """The build that pages show: the published one with the highest number."""
    return published_builds(area).first()


def build_before(build: Build) -> Build | None:
    """The published build before this one."""
    return published_builds(build.area).filter(number__lt=build.number).first()


def next_number(area: str) -> int:
    """The number of the next build."""
    last = builds_of(area).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def tables_of(build: Build) -> Mapping[str, BuildTable]:
    """By dataset, where its rows went."""
    return {table.dataset: table for table in build.tables.order_by("dataset")}


def build_folder(build: Build) -> Path:
    """The folder of a build's tables. The one way to them; doors are in `permissions`.

    Raises:
        NotAvailable: it has not been made, or its files have been removed.
    """
    folder = folders.build_path(build.area, build.number)
    if build.state == Build.State.STAGED or build.removed_at is not None or not folder.is_dir():
        raise NotAvailable(f"The tables of build {build.number} are not here.")
    return folder


def job_of(build: Build) -> Job | None:
    """The last job that was to make or publish a build."""
    return None if build.job is None else Job.objects.filter(pk=build.job).first()


def is_being_made(build: Build) -> bool:
    """Whether a job that makes it waits or is under way, or a command makes it."""
    job = job_of(build)
    if job is not None and job.state in OPEN:
        return True
    return folders.is_making(build.area, build.number)


def column_map(area: str, dataset: str) -> ColumnMap | None:
    """The column map that is used."""
    return ColumnMap.objects.filter(area=area, dataset=dataset).order_by("-version").first()


def erasures_of(area: str) -> QuerySet[Erasure]:
    """Children erased from an area, the latest first."""
    return Erasure.objects.filter(area=area).order_by("-erased_at")


def waivers_of(area: str) -> QuerySet[Waiver]:
    """Every waiver of an area, the latest asked for first."""
    return (
        Waiver.objects.filter(area=area)
        .select_related("asked_by", "approved_by", "withdrawn_by")
        .order_by("-asked_at")
    )


def waivers_in_force(area: str, day: dt.date) -> list[UUID]:
    """Keys of the waivers that hold on a day."""
    found = Waiver.objects.filter(
        area=area, approved_at__isnull=False, withdrawn_at=None,
        valid_from__lte=day, valid_until__gte=day,
    )  # fmt: skip
    return list(found.values_list("pk", flat=True))
