"""Writes of builds: begun, made by a job, published in one step, undone, swept."""

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.children import building, folders, policies, queries
from sightline.children.building import Given, Made, Progress, Quietly, Supplied
from sightline.children.definitions import datasets
from sightline.children.models import Build, BuildTable, Extract
from sightline.children.permissions import get_area_for, get_build_for
from sightline.jobs.services import start
from sightline.kernel.errors import BadInput, NotAvailable

LONGEST_REASON = 600
JUST_BEGUN = dt.timedelta(seconds=30)


@dataclass(frozen=True)
class Begun:
    """A build, and whether it is one that was there already, of the same extracts."""

    build: Build
    repeated: bool


def _fingerprint(extracts: dict[str, Extract]) -> str:
    """A digest of what goes in, by which the same again is known."""
    waivers = _waivers(extracts)
    said = [
        [code, one.version, one.content, str(one.covers_from), str(one.covers_until)]
        for code, one in sorted(extracts.items())
    ]
    versions = [known.key for known in datasets()]
    text = json.dumps([said, versions, _ruleset(), waivers, sorted(building.steps())])
    return hashlib.sha256(text.encode()).hexdigest()


def _ruleset() -> str:
    from sightline.children.rules.definitions import current_ruleset

    rules = current_ruleset(timezone.localdate())
    return str(getattr(rules, "key", rules))


def _waivers(extracts: dict[str, Extract]) -> list[str]:
    area = next((extract.area for extract in extracts.values()), "")
    return sorted(str(key) for key in queries.waivers_in_force(area, timezone.localdate()))


@transaction.atomic
def start_build(*, actor: Actor, area: str, again: bool = False, queue: bool = True) -> Begun:
    """Have a build made of the latest version of every dataset. The same as the last is no new one.

    Args:
        actor: who wants it.
        area: whose.
        again: make one although nothing has changed, because rules and clocks look at the day.
        queue: start the job that makes it; without, whoever calls this makes it next.

    Raises:
        NotFound, NotPermitted: as `get_area_for`.
        NotAllowed: nothing has been sent.
    """
    found = get_area_for(actor, area, Permission.DATA_LOAD)
    list(queries.builds_of(found.code).select_for_update().values_list("pk"))
    extracts = queries.latest_extracts(found.code)
    policies.check_can_build(extracts)
    _forget_failed(found.code)
    fingerprint = _fingerprint(extracts)
    last = queries.builds_of(found.code).exclude(state=Build.State.WITHDRAWN).first()
    if (
        last is not None
        and last.fingerprint == fingerprint
        and (not again or last.state == Build.State.STAGED)
    ):
        audit.record(actor, "build.repeated", f"build:{area}/{last.number}")
        if queue and last.state == Build.State.STAGED and not queries.is_being_made(last):
            _queue(actor, last, found.name)
        return Begun(last, repeated=True)
    build = Build.objects.create(
        area=found.code,
        number=queries.next_number(found.code),
        fingerprint=fingerprint,
        today=timezone.localdate(),
        started_at=timezone.now(),
        started_by=actor.audit_name,
    )
    BuildTable.objects.bulk_create(_table(build, known.code, extracts) for known in datasets())
    audit.record(actor, "build.started", f"build:{area}/{build.number}")
    if queue:
        _queue(actor, build, found.name)
    return Begun(build, repeated=False)


def _queue(actor: Actor, build: Build, area_name: str) -> None:
    """Start the job that makes a build."""
    job = start(
        actor=actor, code="children.build", about=f"build:{build.area}/{build.number}",
        title=f"Make build {build.number} of {area_name}", area=build.area, number=build.number,
    )  # fmt: skip
    Build.objects.filter(pk=build.pk).update(job=job.pk)
    build.refresh_from_db()


def _forget_failed(area: str) -> None:
    """Builds that were begun, and that nobody makes any more, make room.

    One that a command has just begun is left: it takes a moment until its making can be seen.
    """
    just_now = timezone.now() - JUST_BEGUN
    for build in queries.builds_of(area).filter(state=Build.State.STAGED):
        begun_now = build.job is None and build.started_at > just_now
        if not begun_now and not queries.is_being_made(build):
            folders.remove_build(area, build.number)
            build.delete()


def _table(build: Build, code: str, extracts: dict[str, Extract]) -> BuildTable:
    extract = extracts.get(code)
    return BuildTable(
        build=build,
        dataset=code,
        extract=extract,
        covers_from=extract.covers_from if extract else None,
        covers_until=extract.covers_until if extract else None,
    )


def make_build(
    *, actor: Actor, area: str, number: int, progress: Progress | None = None,
    engine: str = "duckdb",
) -> Build:  # fmt: skip
    """Make a build that was begun, from nothing. Carried out by a job; again is safe.

    Raises:
        NotFound, NotPermitted: as `get_build_for`.
        NotAvailable: an extract's file is not here.
    """
    with folders.making(area, number):
        _, build = get_build_for(actor, area, number, Permission.DATA_LOAD)
        while build.state == Build.State.STAGED:
            given = _given(build)
            made = _made(build, given, progress or Quietly(), engine)
            # A child may have been erased meanwhile. Whoever erases writes extracts first and looks
            # through builds then; here the build has its name first, and extracts are looked at
            # then. So one of the two sees the other, whatever the order.
            if _given(build) == given:
                return _note_made(actor, build, made)
            folders.remove_build(area, number)
        return build


def _made(build: Build, given: dict[str, Given], progress: Progress, engine: str) -> Made:
    """Make the files of a build, and give its folder its name."""
    folder = folders.begin(build.area, build.number)
    try:
        made = building.make(
            area=build.area, number=build.number, folder=folder, given=given, today=build.today,
            progress=progress, engine_name=engine,
        )  # fmt: skip
        folders.finish(build.area, build.number)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made


def _given(build: Build) -> dict[str, Given]:
    found = {}
    codes = {known.code: known for known in datasets()}
    for table in build.tables.select_related("extract").exclude(extract=None):
        extract = table.extract
        if extract is None:  # pragma: no cover - excluded above
            continue
        path = folders.extract_path(build.area, extract.content)
        if not path.is_file():
            raise NotAvailable(
                f"The rows of {codes[table.dataset].title.lower()} are not here. "
                "Send the file again."
            )
        supplied = None
        if table.covers_from and table.covers_until:
            supplied = Supplied(table.covers_from, table.covers_until)
        found[table.dataset] = Given(codes[table.dataset], extract.key, path, supplied)
    return found


@transaction.atomic
def _note_made(actor: Actor, build: Build, made: Made) -> Build:
    locked = Build.objects.select_for_update().get(pk=build.pk)
    if locked.state != Build.State.STAGED:  # pragma: no cover - two workers at once
        return locked
    for code, counted in made.tables.items():
        locked.tables.filter(dataset=code).update(
            rows=counted.rows,
            published=counted.published,
            faulted=counted.faulted,
            joined=counted.joined,
        )
    locked.state = Build.State.CHECKED
    locked.ruleset, locked.summary = made.ruleset, dict(made.summary)
    locked.checked_at, locked.checked_by = timezone.now(), actor.audit_name
    locked.save()
    audit.record(
        actor, "build.checked", f"build:{build.area}/{build.number}",
        after={
            "rows": sum(one.rows for one in made.tables.values()),
            "published": sum(one.published for one in made.tables.values()),
            "faulted": sum(one.faulted for one in made.tables.values()),
        },
    )  # fmt: skip
    return locked


@transaction.atomic
def start_publishing(*, actor: Actor, area: str, number: int) -> Build:
    """Have a build published outside this request, because what it declares may take a while.

    Raises:
        NotFound, NotPermitted: as `get_build_for`.
        NotAllowed: it cannot be published.
    """
    found, build = get_build_for(actor, area, number, Permission.DATA_LOAD)
    policies.check_can_publish(build, latest=queries.current_build(area))
    job = start(
        actor=actor, code="children.publish", about=f"build:{area}/{number}",
        title=f"Publish build {number} of {found.name}", area=area, number=number,
    )  # fmt: skip
    Build.objects.filter(pk=build.pk).update(job=job.pk)
    audit.record(actor, "build.publishing-started", f"build:{area}/{number}")
    build.refresh_from_db()
    return build


def publish_build(*, actor: Actor, area: str, number: int) -> Build:
    """Make a build the one that pages show, with all that follows from it, or change nothing.

    What takes long is worked out first, while others go on writing.

    Raises:
        NotFound, NotPermitted: as `get_build_for`.
        NotAllowed: it is not checked, was undone, or a later one is published.
    """
    _, build = get_build_for(actor, area, number, Permission.DATA_LOAD)
    if build.state == Build.State.PUBLISHED:
        return build
    policies.check_can_publish(build, latest=queries.current_build(area))
    with building.prepared(actor, build):
        return _published(actor, build)


@transaction.atomic
def _published(actor: Actor, build: Build) -> Build:
    list(queries.builds_of(build.area).select_for_update().values_list("pk"))
    build.refresh_from_db()
    if build.state == Build.State.PUBLISHED:
        return build
    policies.check_can_publish(build, latest=queries.current_build(build.area))
    queries.build_folder(build)
    build.state = Build.State.PUBLISHED
    build.published_at, build.published_by = timezone.now(), actor.audit_name
    build.save()
    building.publish(actor, build)
    audit.record(actor, "build.published", f"build:{build.area}/{build.number}")
    return build


@transaction.atomic
def undo_build(*, actor: Actor, area: str, number: int, reason: str) -> Build:
    """Withdraw the published build; the one before is the current one again.

    Raises:
        NotFound, NotPermitted: as `get_build_for`.
        BadInput: no reason is given.
        NotAllowed: it is not the one that pages show.
    """
    _, build = get_build_for(actor, area, number, Permission.DATA_LOAD)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(f"Say why, in at most {LONGEST_REASON} characters.")
    list(queries.builds_of(area).select_for_update().values_list("pk"))
    build.refresh_from_db()
    policies.check_can_undo(build, current=queries.current_build(area))
    build.state = Build.State.WITHDRAWN
    build.withdrawn_at, build.withdrawn_by = timezone.now(), actor.audit_name
    build.withdrawn_reason = reason
    build.save()
    building.withdraw(actor, build)
    audit.record(actor, "build.undone", f"build:{area}/{number}", reason=reason)
    return build


def sweep(*, actor: Actor) -> dict[str, int]:
    """Remove builds nobody refers to beyond the last few, and files that no row needs."""
    removed = loose = 0
    for area in folders.areas():
        for build in _too_many(area):
            with transaction.atomic():
                build.removed_at, build.removed_by = timezone.now(), actor.audit_name
                build.save(update_fields=["removed_at", "removed_by"])
                audit.record(actor, "build.removed", f"build:{area}/{build.number}")
            folders.remove_build(area, build.number)
            removed += 1
        contents = set(
            Extract.objects.filter(area=area, taken_back_at=None).values_list("content", flat=True)
        ) | set(
            Extract.objects.filter(
                area=area, pk__in=BuildTable.objects.filter(
                    build__area=area, build__state=Build.State.STAGED
                ).values("extract")
            ).values_list("content", flat=True)
        )  # fmt: skip
        kept = queries.builds_of(area).filter(removed_at=None)
        for path in list(
            folders.left_over(
                area, contents=contents, building=set(kept.values_list("number", flat=True))
            )
        ):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            loose += 1
    return {"builds removed": removed, "left over": loose}


def _too_many(area: str) -> list[Build]:
    """Builds whose files are not kept: beyond the last few, and nothing refers to them."""
    kept = set(building.cited(area))
    published = queries.published_builds(area)[:2]
    kept |= {build.number for build in published}
    held = [build for build in queries.builds_of(area).filter(removed_at=None)]
    return [
        build
        for build in held[policies.KEPT :]
        if build.number not in kept and build.state != Build.State.STAGED
    ]
