"""The keys this copy holds, by purpose; and what is said when one is missing.

`settings.SIGHTLINE_KEYS` gives each purpose its keys, the current one first: it seals; the others
only unseal. A purpose has keys of its own, so that holding one opens nothing of another.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from sightline.kernel.errors import BadInput, NotAvailable

DATA: Final = "data"
KEY_BYTES: Final = 32


class KeyMissing(NotAvailable):
    """Something is sealed with a key that this copy does not hold."""


class Tampered(NotAvailable):
    """What is sealed was changed, or stands where it does not belong. Says nothing of it."""

    def __init__(self, about: str) -> None:
        super().__init__(
            f"What is sealed for {about} cannot be opened: it was changed outside Sightline, or "
            "comes from another place. The administrator restores it from a backup."
        )


@dataclass(frozen=True)
class Key:
    """A key of a purpose. Its bytes are never shown."""

    purpose: str
    id: str
    secret: bytes = field(repr=False)

    def derived(self, use: str, *, salt: bytes | None = None) -> bytes:
        """32 bytes for one use, which tell nothing of this key or of other uses."""
        info = f"sightline {self.purpose} {use}".encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(self.secret)


def setting_of(purpose: str) -> str:
    """The setting that holds the keys of a purpose."""
    return f"SIGHTLINE_{purpose.upper()}_KEYS"


def purposes() -> tuple[str, ...]:
    """Every purpose there are keys for."""
    return tuple(settings.SIGHTLINE_KEYS)


def held(purpose: str) -> tuple[Key, ...]:
    """The keys of a purpose, the current one first.

    Raises:
        BadInput: there is no such purpose.
    """
    if purpose not in settings.SIGHTLINE_KEYS:
        known = ", ".join(purposes())
        raise BadInput(f"There is no purpose {purpose} that keys are held for; there are: {known}.")
    return tuple(Key(purpose, key_id, raw) for key_id, raw in settings.SIGHTLINE_KEYS[purpose])


def current(purpose: str) -> Key:
    """The key that seals for a purpose."""
    return held(purpose)[0]


def named(purpose: str, key_id: str) -> Key:
    """The key with this id.

    Raises:
        KeyMissing: this copy does not hold it.
    """
    for key in held(purpose):
        if key.id == key_id:
            return key
    raise KeyMissing(
        f"This is sealed with the key {purpose}:{key_id}, which this copy does not hold. "
        f"The administrator puts it back into {setting_of(purpose)}, after the current one; "
        "docs/guides/administrator.md says how. Nothing is lost meanwhile."
    )
