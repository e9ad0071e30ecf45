"""Reads settings from the environment, refusing anything missing or odd, all faults at once.

A value may come from `NAME`, from the file named by `NAME_FILE` (secrets), or from the
`NAME=value` lines that `make demo` writes to `var/sightline.env`. The environment wins over it.
"""

import base64
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from sightline.kernel.errors import BadSettings

T = TypeVar("T")
MINIMUM_SECRET = 50
KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def read_env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; blank lines and `#` comments are passed over."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


class KeyBytes(bytes):
    """The bytes of a key, which are not shown where settings are."""

    def __repr__(self) -> str:
        return "<key>"

    __str__ = __repr__


def _key(text: str) -> tuple[str, bytes]:
    """One `id:base64` key."""
    key_id, colon, encoded = text.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id):
        raise ValueError(
            "has a key without a name; write id:base64, the id of small letters, digits and -"
        )
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(f"has a key {key_id} that is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"has a key {key_id} of {len(key)} bytes; it must be {KEY_BYTES}, as "
            "`sightline secrets new-key` makes it"
        )
    return key_id, KeyBytes(key)


class Env:
    """Collects what is wrong while settings are read; `check()` raises it together."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.faults: list[str] = []
        self._keys_of: dict[bytes, str] = {}

    def check(self) -> None:
        """Raise `BadSettings` listing every missing or bad variable with what to set."""
        if self.faults:
            lines = "\n".join(f"  {fault}" for fault in self.faults)
            raise BadSettings(
                f"Sightline cannot start with these settings:\n{lines}\n"
                "`make demo` writes a working set to var/sightline.env; "
                "docs/guides/administrator.md lists them all."
            )

    def text(self, name: str, default: str | None = None) -> str:
        """The text of `name`; a missing one without a default is a fault."""
        return self._read(name, default, str)

    def secret(self, name: str, *, at_least: int = MINIMUM_SECRET) -> str:
        """A long secret, from `name` or the file that `name`_FILE names."""

        def parse(value: str) -> str:
            if len(value) < at_least:
                raise ValueError(f"is shorter than {at_least} characters")
            return value

        file_name = self.values.get(f"{name}_FILE")
        if file_name:
            try:
                return parse(Path(file_name).read_text(encoding="utf-8").strip())
            except (OSError, ValueError) as fault:
                self.faults.append(f"{name}_FILE: {file_name} cannot be used ({fault}).")
                return ""
        return self._read(name, None, parse)

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`, nothing else."""

        def parse(value: str) -> bool:
            if value not in {"true", "false"}:
                raise ValueError(f"is {value!r}; write true or false")
            return value == "true"

        return self._read(name, "true" if default else "false", parse)

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        """A whole number not under `at_least`."""

        def parse(value: str) -> int:
            if not value.isdecimal() or int(value) < at_least:
                raise ValueError(f"is {value!r}; write a whole number, {at_least} or more")
            return int(value)

        return self._read(name, str(default), parse)

    def path(self, name: str, default: Path | None = None) -> Path:
        """An absolute path."""

        def parse(value: str) -> Path:
            if not Path(value).is_absolute():
                raise ValueError(f"is {value!r}; write the whole path from /")
            return Path(value)

        return self._read(name, None if default is None else str(default), parse)

    def words(self, name: str, default: str | None = None) -> list[str]:
        """Items between commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def database(self, name: str) -> dict[str, object]:
        """`sqlite:///whole/path` or `postgresql://user:password@host:port/name`."""

        def parse(value: str) -> dict[str, object]:
            url = urlsplit(value)
            if url.scheme == "sqlite" and url.path.startswith("/") and not url.netloc:
                return {
                    "ENGINE": "sightline.access.backends.sqlite",
                    "NAME": "/" + url.path.lstrip("/"),
                }
            if url.scheme == "postgresql" and url.hostname and url.path.strip("/"):
                return {
                    "ENGINE": "sightline.access.backends.postgresql",
                    "NAME": url.path.strip("/"),
                    "USER": unquote(url.username or ""),
                    "PASSWORD": unquote(url.password or ""),
                    "HOST": url.hostname,
                    "PORT": str(url.port or ""),
                }
            raise ValueError(
                "is not a database; write sqlite:////whole/path.sqlite3 "
                "or postgresql://user:password@host:port/name"
            )

        found = self._read(name, None, parse)
        return found or {"ENGINE": "sightline.access.backends.sqlite", "NAME": ":memory:"}

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        """One of the options; the first where nothing is set."""

        def parse(value: str) -> str:
            if value not in options:
                raise ValueError(f"is {value!r}; write {' or '.join(options)}")
            return value

        return self._read(name, options[0], parse)

    def keys(self, name: str) -> tuple[tuple[str, bytes], ...]:
        """Keys as (id, 32 bytes), the current one first, from `name` or the file `name`_FILE names.

        Each is `id:base64`; several stand between commas or on lines of their own, where a line
        that begins with # is a remark. A key stands once, under one id of one name. None is ever
        repeated in a message.
        """

        def parse(value: str) -> tuple[tuple[str, bytes], ...]:
            lines = [line for line in value.splitlines() if not line.lstrip().startswith("#")]
            found = tuple(_key(part) for part in "\n".join(lines).replace(",", "\n").split())
            ids = [key_id for key_id, _ in found]
            if not found:
                raise ValueError("holds no key; make one with `sightline secrets new-key`")
            for key_id, key in found:
                if ids.count(key_id) > 1:
                    raise ValueError(f"holds the id {key_id} twice; each key has an id of its own")
                before = self._keys_of.setdefault(bytes(key), f"{name} as {key_id}")
                if before != f"{name} as {key_id}":
                    raise ValueError(
                        f"holds as {key_id} the very key that is in {before}; each purpose and "
                        "each id has a key of its own"
                    )
            return found

        file_name = self.values.get(f"{name}_FILE")
        if file_name:
            try:
                return parse(Path(file_name).read_text(encoding="utf-8"))
            except UnicodeDecodeError:  # its message would show some of the file
                self.faults.append(f"{name}_FILE: {file_name} is not text.")
            except OSError as fault:
                self.faults.append(f"{name}_FILE: {file_name} cannot be read ({fault.strerror}).")
            except ValueError as fault:
                self.faults.append(f"{name}_FILE: {file_name} {fault}.")
            return ()
        return self._read(name, None, parse)

    def _read(self, name: str, default: str | None, parse: Callable[[str], T]) -> T:
        value = self.values.get(name, "") or default
        if value is None:
            self.faults.append(f"{name} is missing; set it.")
            value = ""
        else:
            try:
                return parse(value)
            except ValueError as fault:
                self.faults.append(f"{name} {fault}.")
        return None  # type: ignore[return-value]  # check() raises before anything uses it


def from_environment(checkout: Path) -> Env:
    """The environment over the checkout's `var/sightline.env`."""
    named = os.environ.get("SIGHTLINE_ENV_FILE")
    file = Path(named) if named else checkout / "var" / "sightline.env"
    return Env({**read_env_file(file), **os.environ})
