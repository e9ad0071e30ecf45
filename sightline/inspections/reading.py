"""From the bytes of a file to plain data: JSON only, each fault with its place and mend."""

import json
from collections.abc import Callable
from json import decoder
from json.decoder import JSONDecodeError, JSONDecoder
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

from sightline.kernel import plain_yaml
from sightline.kernel.errors import BadInput, Fault, Faults

LARGEST_FILE = 5_000_000


def check_size(size: int, *, name: str) -> None:
    """Refuse a file too large to be one inspection, before any of it is read."""
    if size > LARGEST_FILE:
        raise BadInput(
            f"{name} is {size / 1_000_000:,.1f} MB. One inspection is at most "
            f"{LARGEST_FILE // 1_000_000} MB; give a file that holds one inspection only."
        )


def read_json(content: bytes | str, *, name: str) -> Any:
    """The data a JSON text holds.

    Raises:
        BadInput: it is too large, empty, or nested too deeply.
        Faults: it is not UTF-8, not JSON, or repeats a key; each with its place.
    """
    check_size(len(content), name=name)
    text = content if isinstance(content, str) else _decoded(content, name)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadInput(f"{name} is empty. Choose the file that holds the inspection.")
    check_size(len(text), name=name)
    try:
        repeats: list[str] = []
        data = json.loads(text, object_pairs_hook=_noting(repeats), parse_constant=_no_constant)
    except JSONDecodeError as error:
        raise Faults(name, [_not_json(error)]) from None
    except RecursionError:
        raise BadInput(
            f"{name} is nested too deeply to be an inspection. Export one to see the form."
        ) from None
    except ValueError as error:
        raise Faults(name, [Fault("the whole file", f"{error}.", _CONSTANT_MEND)]) from None
    if repeats:
        raise Faults(name, _repeated_keys(text))
    return data


_CONSTANT_MEND = "Write numbers with digits, at most 18 of them."


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"byte {error.start + 1}, line {line}"
        what = f"the byte 0x{content[error.start]:02X} is not UTF-8."
        raise Faults(name, [Fault(where, what, "Save the file as UTF-8 and try again.")]) from None


def _not_json(error: JSONDecodeError) -> Fault:
    where = f"line {error.lineno}, column {error.colno}"
    what = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}."
    return Fault(where, what, "Check commas, quotes and brackets there and just before.")


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number JSON knows")


def _noting(repeats: list[str]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    """Build objects as usual, and note keys given twice."""

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            repeats.extend(_twice(pairs))
        return found

    return build


def _twice(pairs: list[tuple[str, Any]]) -> list[str]:
    keys = [key for key, _ in pairs]
    return sorted({key for key in keys if keys.count(key) > 1})


def _repeated_keys(text: str) -> list[Fault]:
    """Read again, slowly, to say in which object each repeated key stands."""
    faults: list[Fault] = []

    class Placing(JSONDecoder):
        def __init__(self) -> None:
            super().__init__()
            self.parse_object = self.parse_here
            self.scan_once = py_make_scanner(self)

        def parse_here(
            self, s_and_end: tuple[str, int], strict: bool, scan: Any, _hook: Any, _pairs: Any,
            memo: Any = None,
        ) -> Any:  # fmt: skip
            line = s_and_end[0].count("\n", 0, s_and_end[1]) + 1

            def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
                faults.extend(
                    Fault(
                        f"line {line}, the object that starts there",
                        f"{key!r} is given twice.",
                        "Keep one of the two.",
                    )
                    for key in _twice(pairs)
                )
                return dict(pairs)

            return decoder.JSONObject(  # type: ignore[attr-defined]
                s_and_end, strict, scan, None, note, memo
            )

    Placing().decode(text)
    return faults


def read_file(path: Path) -> Any:
    """The data of a file: YAML by its name, else JSON; see `read_json`.

    Raises:
        BadInput: there is no such file, or it is too large to be one inspection.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise BadInput(f"There is no file {path}. Check its name and folder.") from None
    check_size(size, name=path.name)
    if path.is_dir():
        raise BadInput(f"{path} is a folder; name the files in it.")
    if path.suffix in {".yaml", ".yml"}:
        return plain_yaml.read(path)
    return read_json(path.read_bytes(), name=path.name)
