"""Looks at a workbook's archive before anything unpacks it: too large, locked, or with programs.

What an archive says about itself is not believed: every member is unpacked into nothing, counted.
"""

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from sightline.kernel.errors import BadInput

MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 400_000_000
MOST_TIMES: Final = 150
"""How many times its own size a file may unpack to, once that is more than `SMALL`."""
SMALL: Final = 20_000_000
MOST_DIRECTORY: Final = 2_000_000

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_CHUNK: Final = 256 * 1024
_IS_LOCKED: Final = 0x1
_TOO_LARGE: Final = (
    "It unpacks to far more than a table needs, so it was not opened. "
    "Save the one sheet as a new workbook, or as CSV, and send that."
)
_DAMAGED: Final = "The workbook is damaged. Open it, save it as a new workbook, and send that."


def looked_through(file: BinaryIO, *, size: int) -> zipfile.ZipFile:
    """The archive, once it is known to be safe to unpack.

    Raises:
        BadInput: it is a bomb, damaged, or locked with a password.
    """
    _check_directory(file, size)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError):
        raise BadInput(_DAMAGED) from None
    members = archive.infolist()
    if len({member.filename for member in members}) < len(members):
        raise BadInput(_DAMAGED)
    if any(member.flag_bits & _IS_LOCKED for member in members):
        raise BadInput("The file is locked with a password. Take the password off and send it.")
    if len(members) > MOST_MEMBERS:
        raise BadInput(f"It holds {len(members):,} files within it. {_TOO_LARGE}")
    _check_claim(sum(member.file_size for member in members), size)
    allowed = MOST_UNPACKED
    for member in members:
        allowed -= _unpacked_size(file, member, allowed)
    return archive


def _check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a list of members too long to read, before it is read."""
    tail = min(size, 65_535 + _END.size)
    file.seek(size - tail)
    end = file.read(tail)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) - at < _END.size:
        raise BadInput(_DAMAGED)
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(end, at)
    if entries > MOST_MEMBERS or directory > MOST_DIRECTORY:
        raise BadInput(f"It holds thousands of files within it. {_TOO_LARGE}")


def _check_claim(unpacked: int, size: int) -> None:
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked > size * MOST_TIMES):
        raise BadInput(_TOO_LARGE)


def _unpacked_size(file: BinaryIO, member: zipfile.ZipInfo, allowed: int) -> int:
    """Unpack a member into nothing and count; what it claims must be true."""
    file.seek(member.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise BadInput(_DAMAGED)
    *_, name, extra = _LOCAL.unpack(head)
    file.seek(name + extra, 1)
    if member.compress_type == zipfile.ZIP_STORED:
        counted = member.compress_size
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        counted = _inflated(file, member.compress_size, min(allowed, member.file_size))
    else:
        raise BadInput(_DAMAGED)
    if counted != member.file_size:
        raise BadInput(_DAMAGED)
    return counted


def _inflated(file: BinaryIO, packed: int, allowed: int) -> int:
    """How many bytes a packed stream gives; more than `allowed` is refused as soon as it shows."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    counted = 0
    try:
        while packed and not unpacker.eof:
            chunk = file.read(min(_CHUNK, packed))
            if not chunk:
                break
            packed -= len(chunk)
            while chunk:
                counted += len(unpacker.decompress(chunk, _CHUNK))
                chunk = unpacker.unconsumed_tail
                if counted > allowed:
                    raise BadInput(_TOO_LARGE)
        counted += len(unpacker.flush())
    except zlib.error:
        raise BadInput(_DAMAGED) from None
    return counted


_IN_OLD_FILES: Final = (
    (
        "EncryptedPackage",
        "The workbook is locked with a password. Take the password off "
        "(File, Info, Protect Workbook, Encrypt with Password), save it and send it again.",
    ),
    ("WordDocument", "It is a Word document. Put the table in a workbook, and send that."),
    ("PowerPoint Document", "It is a presentation. Put the table in a workbook, and send that."),
    (
        "Workbook",
        "It is a workbook in the format before 2007 (.xls). "
        "Save it as Excel Workbook (.xlsx) and send that.",
    ),
)


def why_not_old(file: BinaryIO) -> str:
    """What a file in Microsoft's older container is, and what to send in its place."""
    file.seek(0)
    sought = [(name.encode("utf-16-le"), said) for name, said in _IN_OLD_FILES]
    found: set[str] = set()
    before = b""
    while chunk := file.read(_CHUNK):
        found |= {said for name, said in sought if name in before + chunk}
        before = chunk[-64:]
    said = next((said for _, said in sought if said in found), "")
    return said or "It is not a table. Send a CSV file, an Excel workbook (.xlsx) or Parquet."


_MACROS: Final = ("vbaproject.bin", "xl/macrosheets/", "xl/vba")
# Of a part that is there. Some libraries also name, by extension, a kind that no part is of.
_SAYS_MACROS: Final = re.compile(r"<override\b[^>]*macroenabled")


def why_not_workbook(archive: zipfile.ZipFile) -> str:
    """Why an archive is no workbook that may be read, or the empty text."""
    names = {name.lower() for name in archive.namelist()}
    if "[content_types].xml" not in names:
        if "mimetype" in names:
            return "It is an OpenDocument file. Save it as Excel Workbook (.xlsx) and send that."
        return "It is an archive of files. Take out the table and send that file alone."
    if "word/document.xml" in names:
        return "It is a Word document. Put the table in a workbook, and send that."
    if "ppt/presentation.xml" in names:
        return "It is a presentation. Put the table in a workbook, and send that."
    kinds = _content_types(archive)
    if any(mark in name for name in names for mark in _MACROS) or _SAYS_MACROS.search(kinds):
        return (
            "The workbook holds macros (programs), which are never taken in. "
            "Save it as Excel Workbook (.xlsx), which leaves them out, and send that."
        )
    if "xl/workbook.bin" in names:
        return "It is a binary workbook (.xlsb). Save it as Excel Workbook (.xlsx) and send that."
    return "" if "xl/workbook.xml" in names else _DAMAGED


def _content_types(archive: zipfile.ZipFile) -> str:
    name = next(name for name in archive.namelist() if name.lower() == "[content_types].xml")
    return archive.read(name).decode("utf-8", "replace").lower()


_BESIDE: Final = (
    ("xl/comments", "a comment on a cell"),
    ("xl/threadedcomments/", "a comment on a cell"),
    ("xl/drawings/drawing", "a text box"),
)
_PARAGRAPH: Final = re.compile(rb"</(?:\w+:)?(?:p|text|comment|threadedComment)>")
_TAG: Final = re.compile(rb"<[^>]*>")
_AUTHORS: Final = re.compile(rb"<(\w+:)?authors>.*?</(\w+:)?authors>", re.S)
_WRITER: Final = re.compile(r"^\s*[^:\n]{1,80}:\s*\n")
"""Excel opens a comment with the name of whoever wrote it, and a colon, on a line of its own."""
MOST_BESIDE: Final = 10_000_000


def texts_beside(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Where text stands that is in no cell (comments, text boxes), and each paragraph of it.

    Raises:
        BadInput: there is more of it than can be looked through.
    """
    for member in archive.infolist():
        name = member.filename.lower()
        where = next((said for start, said in _BESIDE if name.startswith(start)), "")
        if not (where and name.endswith(".xml")):
            continue
        if member.file_size > MOST_BESIDE:
            raise BadInput("Its comments or text boxes hold too much. Delete them, and send it.")
        for part in _PARAGRAPH.split(_AUTHORS.sub(b"", archive.read(member))):
            said = html.unescape(_TAG.sub(b"", part).decode("utf-8", "replace"))
            said = _WRITER.sub("", said, count=1).strip()
            if said:
                yield where, said


def left_out(archive: zipfile.ZipFile) -> list[str]:
    """Sentences on what a workbook holds beside cells, and that it was not read."""
    names = [name.lower() for name in archive.namelist()]
    said = []
    if any(name.startswith("xl/externallinks/") for name in names):
        said.append(
            "The workbook has links to other workbooks. They were not followed: "
            "the values it was saved with were read."
        )
    if any(name.startswith(("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")) for name in names):
        said.append("The workbook has other files or controls in it. They were not opened.")
    if any(name.startswith(("xl/comments", "xl/threadedcomments/")) for name in names):
        said.append("Comments on cells were not read.")
    return said
