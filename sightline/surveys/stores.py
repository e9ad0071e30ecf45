"""The two stores: codes and what is kept of them, sealing under a token, sizes that tell nothing.

Three kinds of secrets, and what the database keeps of each:

- a code (of a person or a group) is looked for by `code_index`; that it was used is kept under
  `spent_code`, another digest of it. Only the keys, which lie apart from the database, can tell
  that the two are of one code.
- a token (of a session) has 128 bits of chance, so a plain digest finds it and tells nothing.
- three words can be guessed, so their digest and what they open need the keys besides.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from sightline.secrets import Tampered, blind_index, blind_indexes, seal, unseal

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What codes are made of: nothing that is read as something else."""

CODE_LENGTH: Final = 10
TOKEN_BYTES: Final = 16
Stored = bytes | memoryview
"""Bytes as either database gives them."""

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SIZES: Final = (2_048, 8_192, 32_768, 131_072)
"""Bytes that sealed answers are filled up to; beyond the last, multiples of it."""

CODE_COLUMN: Final = "surveys.Invitation.code"
ADDRESS_COLUMN: Final = "surveys.Invitation.address"
SPENT_COLUMN: Final = "surveys.Spent.digest"
WORDS_COLUMN: Final = "surveys.Part.words"


# Codes.


def new_code(length: int = CODE_LENGTH) -> str:
    """A code for a person, a group or a link: ten characters of chance, 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def tidy_code(typed: str) -> str:
    """A code as it is stored, from how somebody typed it: case, spaces, hyphens do not matter."""
    plain = unicodedata.normalize("NFKC", typed[:200]).upper()
    return "".join(letter for letter in plain if letter.isalnum())[:40]


def shown_code(code: str) -> str:
    """A code as it is printed: `ABCDE-FGHJK`."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


@sensitive_variables()
def code_index(code: str) -> str:
    """What `Invitation.code_index` holds for a code."""
    return blind_index(tidy_code(code), about=CODE_COLUMN)


@sensitive_variables()
def code_indexes(code: str) -> tuple[str, ...]:
    """The same under every key held, to look for."""
    return blind_indexes(tidy_code(code), about=CODE_COLUMN)


@sensitive_variables()
def address_index(address: str) -> str:
    """What `Invitation.address_index` holds for an e-mail address."""
    return blind_index(address.strip().casefold(), about=ADDRESS_COLUMN)


@sensitive_variables()
def spent_code(code: str) -> str:
    """What `Spent.digest` holds once a code of one person was used."""
    return blind_index(tidy_code(code), about=SPENT_COLUMN)


@sensitive_variables()
def spent_codes(code: str) -> tuple[str, ...]:
    """The same under every key held, to look for."""
    return blind_indexes(tidy_code(code), about=SPENT_COLUMN)


# Tokens.


def new_token() -> str:
    """What the cookie of a session holds: 128 bits in 32 digits and letters from a to f.

    Nothing else, since the cookie of a page that was hidden begins with another sign.
    """
    return secrets.token_hex(TOKEN_BYTES)


@sensitive_variables()
def _digest(use: str, secret: str) -> str:
    return hashlib.sha256(f"sightline survey {use}\0{secret}".encode()).hexdigest()


@sensitive_variables()
def token_index(token: str) -> str:
    """What `Part.token_index` holds."""
    return _digest("part", token)


@sensitive_variables()
def spent_token(token: str) -> str:
    """What `Spent.digest` holds once a session was sent."""
    return _digest("sent", token)


# Three words.


def tidy_words(typed: str) -> str:
    """Three words as they are digested: lower case, one space between."""
    plain = unicodedata.normalize("NFKC", typed[:200]).casefold()
    return " ".join("".join(c if c.isalpha() else " " for c in plain).split())


@dataclass(frozen=True)
class Stretched:
    """Two secrets of three words: one finds the part, the other opens it."""

    finds: str = field(repr=False)
    opens: bytes = field(repr=False)


@sensitive_variables()
def stretched(words: str) -> Stretched:
    """The secrets of three words, which take a processor some 40 milliseconds.

    So that trying all words takes years even for somebody who holds the keys and the database.
    """
    made = hashlib.scrypt(
        tidy_words(words).encode(), salt=b"sightline survey words", n=2**14, r=8, p=1, dklen=64
    )
    return Stretched(finds=made[:KEY_BYTES].hex(), opens=made[KEY_BYTES:])


@sensitive_variables()
def words_index(finds: str) -> str:
    """What `Part.words_index` holds."""
    return blind_index(finds, about=WORDS_COLUMN)


@sensitive_variables()
def words_indexes(finds: str) -> tuple[str, ...]:
    """The same under every key held, to look for."""
    return blind_indexes(finds, about=WORDS_COLUMN)


# What is sealed under a token or words.


def new_key() -> bytes:
    """The key that the content of one part is sealed with."""
    return AESGCM.generate_key(KEY_BYTES * 8)


@sensitive_variables()
def _derived(use: str, secret: str) -> bytes:
    """32 bytes for one use of a token: HKDF without its first step, which chance does not need."""
    return hmac.digest(secret.encode(), f"sightline survey {use}\x01".encode(), "sha256")


@sensitive_variables()
def _closed(content: bytes, key: bytes, about: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


@sensitive_variables()
def _opened(closed: Stored, key: bytes, about: str) -> bytes:
    closed = bytes(closed)
    try:
        return AESGCM(key).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise Tampered(about) from None


@sensitive_variables()
def wrap_with_token(key: bytes, token: str, part: object) -> bytes:
    """A part's key as only the holder of the token can unwrap it."""
    return _closed(key, _derived("token", token), f"surveys.Part.token_key:{part}")


@sensitive_variables()
def unwrap_with_token(wrapped: Stored, token: str, part: object) -> bytes:
    """The part's key; `Tampered` for another token or part."""
    return _opened(wrapped, _derived("token", token), f"surveys.Part.token_key:{part}")


def words_about(part: object) -> str:
    """What the outer seal of a part's key under three words is about."""
    return f"surveys.Part.words_key:{part}"


@sensitive_variables()
def wrap_with_words(key: bytes, words: Stretched, part: object) -> bytes:
    """A part's key as only the three words and the keys of this copy together unwrap it.

    The outer seal, and the index under it, can be renewed under other keys without the words.
    """
    about = words_about(part)
    inner = base64.b64encode(_closed(key, words.opens, about)).decode()
    return seal(f"{words.finds}.{inner}", about=about)


@sensitive_variables()
def unwrap_with_words(wrapped: Stored, words: Stretched, part: object) -> bytes:
    """The part's key; `Tampered` for other words."""
    about = words_about(part)
    inner = unseal(bytes(wrapped), about=about).partition(".")[2]
    return _opened(base64.b64decode(inner), words.opens, about)


@sensitive_variables()
def words_index_of(wrapped: Stored, part: object) -> str:
    """`words_index` under the current key, of a part whose words nobody here knows."""
    return words_index(unseal(bytes(wrapped), about=words_about(part)).partition(".")[0])


def _filled_size(bytes_needed: int) -> int:
    for size in SIZES:
        if bytes_needed <= size:
            return size
    return -(-bytes_needed // SIZES[-1]) * SIZES[-1]


@sensitive_variables()
def close_part(content: Mapping[str, Any], key: bytes, part: object) -> bytes:
    """What `Part.content` holds: sealed, and filled up to a size that many share."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    filled = text.ljust(_filled_size(len(text)))
    return _closed(filled, key, f"surveys.Part.content:{part}")


@sensitive_variables()
def open_part(closed: Stored, key: bytes, part: object) -> dict[str, Any]:
    """The content again."""
    found: dict[str, Any] = json.loads(_opened(closed, key, f"surveys.Part.content:{part}"))
    return found


# Sizes of what was sent.

FILLING: Final = "filling"
"""The field of a sealed answer that only makes it as long as all others."""


@sensitive_variables()
def length_of(content: Mapping[str, Any]) -> int:
    """Bytes of a content as it is sealed."""
    return len(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode())


@sensitive_variables()
def filled(content: Mapping[str, Any], size: int) -> dict[str, Any]:
    """The content with so much filling that it has `size` bytes, or the next doubling it needs."""
    bare = {**content, FILLING: ""}
    needed = length_of(bare)
    while size < needed:
        size *= 2
    return {**bare, FILLING: " " * (size - needed)}


def unfilled(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without its filling."""
    return {name: value for name, value in content.items() if name != FILLING}
