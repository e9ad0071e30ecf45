"""Copies of the keys, which go anywhere but beside what they open.

A copy is a file for `SIGHTLINE_DATA_KEYS_FILE` and one for `SIGHTLINE_CONCERNS_KEYS_FILE`. Given a
passphrase, they are sealed under it, and opened without Sightline: a bare machine has none yet:

    python -m sightline.config.backup.keys FOLDER --passphrase-file FILE --to ANOTHER
"""

import argparse
import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sightline.kernel.errors import BadInput, SightlineError

Keys = Mapping[str, Sequence[tuple[str, bytes]]]
LEAST_PASSPHRASE: Final = 15
# 128 MiB and about half a second: dear to somebody who guesses, once for who restores.
COST: Final = {"n": 2**17, "r": 8, "p": 1}
LARGEST: Final = {"n": 2**20, "r": 16, "p": 4}
KEY_BYTES: Final = 32
CLEAR, SEALED = ".keys", ".keys.sealed"


def check_apart(keys_to: Path, backup: Path) -> None:
    """Refuse to put keys where the backup is.

    Raises:
        BadInput: one folder is in the other, or they are the same.
    """
    keys, folder = keys_to.resolve(), backup.resolve()
    if keys == folder or keys in folder.parents or folder in keys.parents:
        raise BadInput(
            f"The keys may not lie with the backup: {keys_to} and {backup} are in one another. "
            "Name a folder elsewhere, best on another machine's disk."
        )


def read_passphrase(file: Path) -> bytes:
    """The passphrase in a file, without the end of its line.

    Raises:
        BadInput: the file cannot be read, or the passphrase is too short.
    """
    try:
        passphrase = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"The passphrase cannot be read from {file}: {fault}.") from None
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BadInput(f"The passphrase in {file} is shorter than {LEAST_PASSPHRASE} characters.")
    return passphrase.encode()


def write_keys(keys: Keys, folder: Path, passphrase: bytes | None) -> tuple[Path, ...]:
    """Write the keys of each purpose to a file for the owner alone.

    Raises:
        BadInput: a file is there with keys that are not among these; none is ever lost so.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tuple(_write(purpose, held, folder, passphrase) for purpose, held in keys.items())
    except OSError as fault:
        raise BadInput(f"The keys cannot be written to {folder}: {fault.strerror}.") from None


def _text(held: Sequence[tuple[str, bytes]]) -> str:
    return "".join(f"{key_id}:{base64.b64encode(key).decode()}\n" for key_id, key in held)


def _write(
    purpose: str, held: Sequence[tuple[str, bytes]], folder: Path, passphrase: bytes | None
) -> Path:
    clear, sealed = folder / f"{purpose}{CLEAR}", folder / f"{purpose}{SEALED}"
    _check_none_lost(clear, held)
    text = _text(held)
    if passphrase is None:
        return _owners(clear, text)
    return _owners(sealed, wrap(text, passphrase, purpose))


def _check_none_lost(file: Path, held: Sequence[tuple[str, bytes]]) -> None:
    before = file.read_text(encoding="utf-8").split() if file.exists() else []
    if not set(before) <= set(_text(held).split()):
        raise BadInput(
            f"{file} holds keys that this copy does not. Name another folder: they may be the only "
            "ones that open an older backup."
        )


def _owners(file: Path, text: str) -> Path:
    """Write for the owner alone; the old content stays until the new is whole."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return unfinished.replace(file)


def wrap(text: str, passphrase: bytes, purpose: str) -> str:
    """The keys of a purpose under a passphrase: scrypt, then AES-256-GCM; as JSON."""
    salt, nonce = os.urandom(16), os.urandom(12)
    cipher = AESGCM(_derived(passphrase, salt, COST))
    sealed = cipher.encrypt(nonce, text.encode(), purpose.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    encoded = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return json.dumps({"format": "sightline-keys", "purpose": purpose, **COST, **encoded}) + "\n"


def unwrap(wrapped: str, passphrase: bytes) -> tuple[str, str]:
    """The purpose and the text of keys under a passphrase.

    Raises:
        BadInput: they are no such keys, or the passphrase is another.
    """
    try:
        given = json.loads(wrapped)
        cost = {name: int(given[name]) for name in COST}
        if any(cost[name] > LARGEST[name] for name in cost):
            raise ValueError("it asks for more memory than keys of ours do")
        salt, nonce, sealed = (
            base64.b64decode(given[name]) for name in ("salt", "nonce", "sealed")
        )
        purpose = str(given["purpose"])
        cipher = AESGCM(_derived(passphrase, salt, cost))
        return purpose, cipher.decrypt(nonce, sealed, purpose.encode()).decode()
    except InvalidTag:
        raise BadInput(
            "The keys do not open: the passphrase is another, or they changed."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise BadInput("These are no keys that Sightline copied.") from None


def _derived(passphrase: bytes, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, **cost).derive(passphrase)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open copied keys with their passphrase; the status is that of the error, or 0."""
    parser = argparse.ArgumentParser(
        prog="python -m sightline.config.backup.keys", description=main.__doc__
    )
    parser.add_argument("folder", type=Path, help="where the sealed keys are")
    parser.add_argument("--passphrase-file", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True, help="where the open keys go")
    options = parser.parse_args(arguments)
    try:
        passphrase = read_passphrase(options.passphrase_file)
        found = sorted(options.folder.glob(f"*{SEALED}"))
        if not found:
            raise BadInput(f"{options.folder} holds no sealed keys.")
        options.to.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in found:
            purpose, text = unwrap(file.read_text(encoding="utf-8"), passphrase)
            print(_owners(options.to / f"{Path(purpose).name}{CLEAR}", text))
    except SightlineError as fault:
        print(fault, file=sys.stderr)
        return fault.status
    except OSError as fault:
        print(f"{fault.filename}: {fault.strerror}.", file=sys.stderr)
        return BadInput.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
