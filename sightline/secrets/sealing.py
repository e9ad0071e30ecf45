"""Sealing a text so that only its key opens it, and only where it belongs.

Sealed: a format byte, the length of the key's id, the id, a random nonce of 12 bytes, and the text
under AES-256-GCM with its tag. Format, purpose and `about` are associated data: the same bytes in
another row, field or purpose do not open.
"""

import base64
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from sightline.secrets.keys import DATA, Key, Tampered, current, held, named

FORMAT: Final = 1
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
_BEFORE_ID: Final = 2


def _bound(purpose: str, about: str) -> bytes:
    """What a sealed text is held to besides its key; the lengths keep the parts apart."""
    parts = (purpose.encode(), about.encode())
    return bytes([FORMAT]) + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _header(key_id: str) -> bytes:
    named_as = key_id.encode("ascii")
    return bytes([FORMAT, len(named_as)]) + named_as


@sensitive_variables()
def seal(text: str, *, purpose: str = DATA, about: str) -> bytes:
    """The text sealed with the current key of `purpose`, openable only `about` the same thing."""
    key = current(purpose)
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(key.secret).encrypt(nonce, text.encode(), _bound(purpose, about))
    return _header(key.id) + nonce + closed


@sensitive_variables()
def unseal(sealed: bytes, *, purpose: str = DATA, about: str) -> str:
    """The text that was sealed.

    Raises:
        KeyMissing: it is sealed with a key that this copy does not hold.
        Tampered: it was changed, or was sealed about something else or for another purpose.
    """
    sealed = bytes(sealed)
    try:
        key_id = key_id_of(sealed)
    except ValueError:
        raise Tampered(about) from None
    start = _BEFORE_ID + len(key_id)
    nonce, closed = sealed[start : start + NONCE_BYTES], sealed[start + NONCE_BYTES :]
    key = named(purpose, key_id)
    try:
        return AESGCM(key.secret).decrypt(nonce, closed, _bound(purpose, about)).decode()
    except (InvalidTag, ValueError):
        raise Tampered(about) from None


def key_id_of(sealed: bytes) -> str:
    """The id of the key that something is sealed with, read without any key.

    Raises:
        ValueError: it is not something sealed.
    """
    sealed = bytes(sealed[: _BEFORE_ID + 255])
    if len(sealed) < _BEFORE_ID or sealed[0] != FORMAT:
        raise ValueError("not something sealed")
    found = sealed[_BEFORE_ID : _BEFORE_ID + sealed[1]]
    if not found or len(found) < sealed[1]:
        raise ValueError("not something sealed")
    return found.decode("ascii")


@sensitive_variables()
def _indexed(text: str, key: Key, about: str) -> str:
    secret = key.derived("blind index")
    digest = hmac.digest(secret, _bound(key.purpose, about) + text.encode(), "sha256")
    return f"{key.id}:{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


@sensitive_variables()
def blind_index(text: str, *, purpose: str = DATA, about: str) -> str:
    """A text to store beside a sealed one, by which an equal one is found: at most 80 characters.

    It tells that two rows hold the same text, and nothing else. `about` names the column, not the
    row (`app.Model.field`), since equal texts of different rows must give the same index. Bring
    case and spaces to one form first. The key's id is in front: see `blind_indexes`.
    """
    return _indexed(text, current(purpose), about)


@sensitive_variables()
def blind_indexes(text: str, *, purpose: str = DATA, about: str) -> tuple[str, ...]:
    """The index under each key held, the current one first.

    Look for `column__in=blind_indexes(...)`: while keys are being changed, rows written before
    have the index of an older key. A context that stores indexes writes them anew when it is told
    that keys changed (`registry.register_index`).
    """
    return tuple(_indexed(text, key, about) for key in held(purpose))
