"""Looking after what is sealed: which keys there are, what is under them, sealing it anew.

Here and not in `secrets`, which lies below the audit trail and the command line.
"""

import base64
import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.secrets import registry, resealing, taking_stock
from sightline.secrets.keys import KEY_BYTES, held, purposes
from sightline.secrets.registry import SealedValue

MOST_IDS: Final = 26


@dataclass(frozen=True)
class Stock:
    """What there is for one purpose."""

    purpose: str
    current: str
    older: tuple[str, ...]
    places: tuple[taking_stock.Place, ...]

    @property
    def lost(self) -> int:
        """How many sealed things are under keys that are not held."""
        return sum(place.lost for place in self.places)

    @property
    def to_do(self) -> int:
        """How many are under older keys still."""
        return sum(place.under(set(self.older)) for place in self.places)


def stock() -> tuple[Stock, ...]:
    """Keys held and what is sealed with them, per purpose."""
    places = taking_stock.status()
    return tuple(_stock(purpose, places) for purpose in purposes())


def _stock(purpose: str, places: Iterable[taking_stock.Place]) -> Stock:
    ids = [key.id for key in held(purpose)]
    own = tuple(place for place in places if place.purpose == purpose)
    return Stock(purpose, ids[0], tuple(ids[1:]), own)


def reseal(
    *,
    actor: Actor,
    purpose: str = "",
    batch: int = resealing.BATCH,
    said: resealing.Said = lambda done, where: None,
) -> tuple[resealing.Resealed, ...]:
    """Seal everything of a purpose (of all) under the current keys, and record that it was.

    Raises:
        BadInput: there is no such purpose.
    """
    if purpose:
        held(purpose)
    steps = resealing.reseal(purpose=purpose, batch=batch, said=said)
    count = sum(step.resealed for step in steps)
    target = f"sealed:{purpose or 'all'}"
    audit.record(actor, "secrets.resealed", target, after={"count": count})
    return steps


def new_key(purpose: str, *, today: dt.date) -> str:
    """A new key as the settings take it, `id:base64`; named by the day, and by a letter if need be.

    Raises:
        BadInput: there is no such purpose.
    """
    taken = {key.id for key in held(purpose)}
    names = [f"{today}", *(f"{today}-{chr(ord('b') + n)}" for n in range(MOST_IDS - 1))]
    name = next(name for name in names if name not in taken)
    return f"{name}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


@dataclass(frozen=True)
class Checked:
    """Whether everything that is sealed opens."""

    opened: int
    shut: dict[str, int]  # how many do not open, by place
    why: tuple[str, ...]


def check(said: resealing.Said = lambda done, where: None) -> Checked:
    """Open everything that is sealed. `said` is told how many are done, and where."""
    done = 0
    shut: Counter[str] = Counter()
    why: list[str] = []
    for done, found in enumerate(taking_stock.opened(), start=1):
        if found.why:
            shut[found.where] += 1
            if found.why not in why and len(why) < resealing.MOST_REASONS:
                why.append(found.why)
        said(done, found.where)
    return Checked(done - shut.total(), dict(shut), tuple(why))


def sealed_factors() -> Iterator[SealedValue]:
    """Secrets of second factors, which allauth keeps as text inside JSON."""
    from allauth.mfa.models import Authenticator

    from sightline.access.adapters import SealedFactors

    for item in Authenticator.objects.order_by("pk").iterator():
        for path, text in _texts(item.data):
            sealed = _decoded(text)
            if sealed:
                yield SealedValue(sealed, SealedFactors.ABOUT, _Exchange(item.pk, path, text))


SECRETS: Final = ("secret", "seed", "migrated_codes")
"""Where allauth keeps what it seals."""


def _texts(data: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in SECRETS:
        found = data.get(name)
        if isinstance(found, str):
            yield (name,), found
        elif isinstance(found, list):
            yield from (((name, n), text) for n, text in enumerate(found))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


@dataclass(frozen=True)
class _Exchange:
    """Puts other sealed bytes into one place of a factor, if what was read is there still."""

    key: int
    path: tuple[str | int, ...]
    text: str

    def __call__(self, sealed: bytes) -> bool:
        from allauth.mfa.models import Authenticator
        from django.db import transaction

        with transaction.atomic():
            item = Authenticator.objects.select_for_update().filter(pk=self.key).first()
            if item is None or dict(_texts(item.data)).get(self.path) != self.text:
                return False
            within = item.data
            for step in self.path[:-1]:
                within = within[step]
            within[self.path[-1]] = base64.b64encode(sealed).decode()
            Authenticator.objects.filter(pk=self.key).update(data=item.data)
        return True


def register() -> None:
    """Tell `secrets` where second factors are."""
    registry.register_values("mfa.Authenticator.data", sealed_factors)
