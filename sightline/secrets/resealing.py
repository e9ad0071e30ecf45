"""Sealing everything anew under the current keys.

Safe while the service runs, and may be stopped and begun again at any point: a value is exchanged
only for what was read, so whatever somebody saves meanwhile stays, and what is under the current
key already is passed over.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from sightline.secrets import registry
from sightline.secrets.fields import Sealed, SealedText
from sightline.secrets.keys import KeyMissing, Tampered, current
from sightline.secrets.registry import Files, SealedFile, Values
from sightline.secrets.sealing import seal, unseal
from sightline.secrets.streams import open_sealed, seal_stream
from sightline.secrets.taking_stock import id_in, id_in_file, name_of, rows

BATCH: Final = 500
UNFINISHED: Final = ".resealing"
MOST_REASONS: Final = 3

Said = Callable[[int, str], None]


@dataclass
class Resealed:
    """What sealing anew came to, in one place."""

    name: str
    purpose: str
    resealed: int = 0
    already: int = 0
    changed_meanwhile: int = 0
    cannot: int = 0
    why: list[str] = field(default_factory=list)  # the first reasons, without content


def reseal(
    *, purpose: str = "", batch: int = BATCH, said: Said = lambda done, where: None
) -> tuple[Resealed, ...]:
    """Seal everything of a purpose (of all) under the current key.

    Args:
        purpose: which; empty for every one.
        batch: rows to a transaction.
        said: told how many are done, and where, now and then; it may raise to stop.
    """
    steps: list[Resealed] = []
    done = 0

    def tell(where: str) -> None:
        nonlocal done
        done += 1
        if done % batch == 0:
            said(done, where)

    for item in registry.fields():
        if purpose in {"", item.purpose}:
            steps.append(_reseal_field(item, batch, tell))
    for files in registry.files():
        if purpose in {"", files.purpose}:
            steps.append(_reseal_files(files, tell))
    for values in registry.values():
        if purpose in {"", values.purpose}:
            steps.append(_reseal_values(values, tell))
    for name, rebuild in registry.indexes().items():
        steps.append(Resealed(name, "", resealed=rebuild()))
    said(done, "")
    return tuple(steps)


def _cannot(step: Resealed, fault: Exception) -> None:
    step.cannot += 1
    if str(fault) not in step.why and len(step.why) < MOST_REASONS:
        step.why.append(str(fault))


def _reseal_field(item: SealedText, batch: int, tell: Callable[[str], None]) -> Resealed:
    step = Resealed(name_of(item), item.purpose)
    last: Any = None
    while found := _batch_after(item, last, batch):
        with transaction.atomic():
            for key, raw in found:
                _reseal_row(item, step, key, bytes(raw))
                tell(step.name)
        last = found[-1][0]
    return step


def _batch_after(item: SealedText, last: Any, batch: int) -> list[tuple[Any, bytes]]:
    found = rows(item).filter(**{f"{item.name}__isnull": False}).order_by("pk")
    if last is not None:
        found = found.filter(pk__gt=last)
    return list(found.values_list("pk", "sealed_bytes")[:batch])


@sensitive_variables()
def _reseal_row(item: SealedText, step: Resealed, key: Any, raw: bytes) -> None:
    if id_in(raw) == current(item.purpose).id:
        step.already += 1
        return
    about = f"{step.name}:{key}"
    try:
        text = unseal(raw, purpose=item.purpose, about=about)
    except (KeyMissing, Tampered) as fault:
        _cannot(step, fault)
        return
    new = Sealed(seal(text, purpose=item.purpose, about=about))
    if rows(item).filter(pk=key, sealed_bytes=raw).update(**{item.name: new}):
        step.resealed += 1
    else:
        step.changed_meanwhile += 1


def _reseal_files(files: Files, tell: Callable[[str], None]) -> Resealed:
    step = Resealed(files.name, files.purpose)
    for found in files.listed():
        if id_in_file(found.path) == current(files.purpose).id:
            step.already += 1
        else:
            _reseal_file(found, files.purpose, step)
        tell(files.name)
    return step


def _reseal_file(found: SealedFile, purpose: str, step: Resealed) -> None:
    """Write it anew beside itself, then exchange the two in one step."""
    beside = found.path.with_name(found.path.name + UNFINISHED)
    try:
        before = found.path.stat()
        with (
            open_sealed(found.path, purpose=purpose, about=found.about) as source,
            beside.open("wb") as target,
        ):
            seal_stream(source, target, purpose=purpose, about=found.about)
            target.flush()
            os.fsync(target.fileno())
        beside.chmod(before.st_mode & 0o777)
        now = found.path.stat()
        if (now.st_ino, now.st_mtime_ns) != (before.st_ino, before.st_mtime_ns):
            step.changed_meanwhile += 1
            return
        beside.replace(found.path)
        step.resealed += 1
    except FileNotFoundError:
        step.changed_meanwhile += 1
    except (KeyMissing, Tampered) as fault:
        _cannot(step, fault)
    finally:
        beside.unlink(missing_ok=True)


@sensitive_variables()
def _reseal_values(values: Values, tell: Callable[[str], None]) -> Resealed:
    step = Resealed(values.name, values.purpose)
    for found in values.listed():
        tell(values.name)
        if id_in(found.sealed) == current(values.purpose).id:
            step.already += 1
            continue
        try:
            text = unseal(found.sealed, purpose=values.purpose, about=found.about)
        except (KeyMissing, Tampered) as fault:
            _cannot(step, fault)
            continue
        if found.exchange(seal(text, purpose=values.purpose, about=found.about)):
            step.resealed += 1
        else:
            step.changed_meanwhile += 1
    return step
