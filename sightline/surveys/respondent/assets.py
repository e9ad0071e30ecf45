"""The one style sheet and the one script, from memory, and recordings that a question may have.

They lie under the same path as the pages, so that a process or a host of its own serves them too,
and so that the copy that a browser keeps is named for nothing but "look".
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from gzip import compress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

_HOME: Final = Path(__file__).resolve().parents[1] / "static" / "respondent"
_KINDS: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASSET: Final = re.compile(r"/s/look/(?P<hash>[0-9a-f]{12})/(?P<name>look|doing)\.(?P<kind>css|js)")
_SOUND: Final = re.compile(r"/s/media/(?P<name>[a-z0-9][a-z0-9-]{0,80}\.(?P<kind>mp3|m4a|ogg|mp4))")
_SOUNDS: Final = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "mp4": "video/mp4",
}  # fmt: skip
_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: its address, which changes with its content, plain and compressed."""

    address: str
    kind: str
    plain: bytes
    packed: bytes


@lru_cache(maxsize=8)
def asset(name: str) -> Asset:
    """`look.css` or `doing.js`."""
    plain = (_HOME / name).read_bytes()
    digest = hashlib.sha256(plain).hexdigest()[:12]
    kind = _KINDS[name.rpartition(".")[2]]
    return Asset(f"/s/look/{digest}/{name}", kind, plain, compress(plain, 9, mtime=0))


def answer(request: HttpRequest, path: str) -> HttpResponse | None:
    """The file at a path, or None where it is the path of a page."""
    if match := _ASSET.fullmatch(path):
        return _file(request, f"{match['name']}.{match['kind']}")
    if match := _SOUND.fullmatch(path):
        return _sound(request, match["name"], _SOUNDS[match["kind"]])  # type: ignore[return-value]
    return None


def _file(request: HttpRequest, name: str) -> HttpResponse | None:
    if not (_HOME / name).exists():
        return None
    found = asset(name)
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.packed if packs else found.plain, content_type=found.kind)
    if packs:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = _FOR_GOOD
    return response


def sound(name: str) -> str:
    """The address of a recording, or empty where its file is not there."""
    path = f"/s/media/{name}"
    return path if _SOUND.fullmatch(path) and (_sounds() / name).is_file() else ""


def _sounds() -> Path:
    return Path(settings.SIGHTLINE_STATE) / "recordings"


def _sound(request: HttpRequest, name: str, kind: str) -> HttpResponseBase | None:
    """A recording, whole or the part a player asks for (some play nothing without parts)."""
    path = _sounds() / name
    if not path.is_file():
        return None
    size = path.stat().st_size
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None:
        response: HttpResponseBase = FileResponse(path.open("rb"), content_type=kind)
    else:
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        with path.open("rb") as file:
            file.seek(first)
            part = file.read(last - first + 1)
        response = HttpResponse(part, status=206, content_type=kind)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    return response
