"""Column maps: an area's own headings and codes, each with ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sightline.children.definitions import CODED, DatasetDefinition, code_list, folded
from sightline.children.models import ColumnMap
from sightline.kernel.errors import BadInput
from sightline.uploads.kinds import Kind
from sightline.uploads.models import Upload

LEFT_OUT: Final = ""
"""What a heading stands for that is to be passed over."""
LONGEST: Final = 200
MOST: Final = 500


@dataclass(frozen=True)
class Unmatched:
    """What of a file stood for nothing: its headings, and by column what stood in coded cells."""

    headings: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.headings or self.codes)


def unmatched(
    uploads: Iterable[Upload], known: DatasetDefinition, held: ColumnMap | None = None
) -> Unmatched:
    """What stood for nothing in the latest of some uploads that had anything so, and still does."""
    headings_held = dict(held.headings) if held is not None else {}
    codes_held = dict(held.codes) if held is not None else {}
    for upload in uploads:
        headings = tuple(
            str(said) for said in upload.result.get("headings", ()) if said not in headings_held
        )
        left = {
            name: tuple(str(text) for text in texts if text not in codes_held.get(name, {}))
            for name, texts in dict(upload.result.get("unknown", {})).items()
            if name in known.names
        }
        found = Unmatched(headings, {name: texts for name, texts in left.items() if texts})
        if found:
            return found
    return Unmatched((), {})


def with_held(left: Unmatched, held: ColumnMap | None) -> Unmatched:
    """What is still to be said, and after it what has been, so that it can be changed."""
    if held is None:
        return left
    names = {*left.codes, *held.codes}
    return Unmatched(
        (*left.headings, *held.headings),
        {name: (*left.codes.get(name, ()), *held.codes.get(name, {})) for name in sorted(names)},
    )


def usable(headings: Mapping[str, str], kind: Kind) -> dict[str, str]:
    """Headings that stand for a column the dataset still has, or are left out."""
    return {
        heading: name
        for heading, name in headings.items()
        if name == LEFT_OUT or name in kind.by_name
    }


def check_map(
    known: DatasetDefinition, headings: Mapping[str, str], codes: Mapping[str, Mapping[str, str]]
) -> None:
    """Raise `BadInput` unless every heading and text stands for one thing that there is.

    Raises:
        BadInput: says which does not.
    """
    if len(headings) > MOST or any(len(texts) > MOST for texts in codes.values()):
        raise BadInput(f"At most {MOST} can be kept.")
    names = [name for name in headings.values() if name != LEFT_OUT]
    for name in names:
        known.column(name)
        if names.count(name) > 1:
            title = known.column(name).title
            raise BadInput(f"Two of your columns stand for “{title}”. Choose one of them.")
    for name, texts in codes.items():
        column = known.column(name)
        if column.kind not in CODED:
            raise BadInput(f"“{column.title}” is no column of codes.")
        listed = {entry.code for entry in code_list(column.codes).codes}
        unknown = sorted(set(texts.values()) - listed)
        if unknown:
            raise BadInput(f"“{column.title}” has no code {', '.join(unknown)}.")
    written = [*headings, *(text for found in codes.values() for text in found)]
    if any(not folded(text) or len(text) > LONGEST for text in written):
        raise BadInput(f"A heading or text is empty or longer than {LONGEST} characters.")
