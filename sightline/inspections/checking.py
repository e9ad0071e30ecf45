"""Everything that can be wrong with a document, found at once: its shape, and what it refers to.

The shape is the schema's. What it refers to is checked on the data as given, field by field, so
that a document with a wrong shape in one place still has its other faults listed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils import timezone
from pydantic import ValidationError

from sightline.framework.definitions import Library, Programme
from sightline.inspections.checking_shape import printable, shape_faults, text_faults, too_deep
from sightline.inspections.definitions import WHOLE, InspectionDocument, Source
from sightline.inspections.queries import Known, KnownInspection
from sightline.kernel.errors import BadInput, Fault, Faults, NotFound
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.queries import find, names, partnership

DATE_WORDS = {
    "notified": "notified",
    "planned_inspected": "planned to be inspected",
    "inspected": "inspected",
    "planned_published": "planned to be published",
    "published": "published",
}
_IN_ORDER = (("notified", "inspected", "published"), ("planned_inspected", "planned_published"))
WHOLE_SHARE = 100


@dataclass
class _Check:
    """One document being checked: the data, what is known, and the faults so far."""

    data: dict[str, Any]
    known: Known
    library: Library
    programme: Programme | None = None
    faults: list[Fault] = field(default_factory=list)

    def add(self, where: str, what: str, mend: str) -> None:
        self.faults.append(Fault(where, what, mend))

    def text(self, name: str) -> str:
        return _text(self.data, name)


def _text(item: Any, name: str) -> str:
    value = item.get(name) if isinstance(item, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _items(item: Any, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list, with their place; anything else is the schema's to refuse."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, list | tuple):
        for at, entry in enumerate(value):
            if isinstance(entry, dict):
                yield at, entry


def check_document(
    data: Any, *, known: Known, library: Library, name: str = "The document"
) -> InspectionDocument:
    """The document this data holds, if nothing at all is wrong with it.

    Raises:
        Faults: everything that is wrong, each with its path, and what mends it.
    """
    if not isinstance(data, dict):
        mend = 'Give one object: {"schema": "sightline-inspection", …}.'
        raise Faults(name, [Fault("the whole file", "this is not one inspection.", mend)])
    if too_deep(data):
        mend = "Compare it with an inspection downloaded as JSON."
        what = "lists and objects stand in one another too deeply."
        raise Faults(name, [Fault("the whole file", what, mend)])
    faults = list(text_faults(data))
    document = None
    try:
        document = InspectionDocument.model_validate(data)
    except ValidationError as error:
        faults += shape_faults(error)
    faults += reference_faults(data, known=known, library=library)
    if faults or document is None:
        raise Faults(name, _once(faults))
    return document.model_copy(update={"schema_version": 1})


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """Each place and reason once, in the order found."""
    return list({(fault.where, fault.what): printable(fault) for fault in faults}.values())


def reference_faults(data: dict[str, Any], *, known: Known, library: Library) -> list[Fault]:
    """What is wrong with a document beyond its shape."""
    check = _Check(data, known, library)
    _check_programme(check)
    _check_partnership(check)
    _check_identity(check)
    _check_dates(check)
    _check_pauses(check)
    _check_follows(check)
    _check_sources(check)
    if check.programme is not None:
        _check_evaluations(check, check.programme)
        _check_evidence(check, check.programme)
        _check_frame_items(check, check.programme)
    return check.faults


def _check_programme(check: _Check) -> None:
    key = check.text("programme")
    if not key:
        return
    check.programme = check.library.programmes.items.get(key)
    if check.programme is None:
        known = ", ".join(f"{p.key} ({p.short})" for p in check.library.programmes)
        check.add("programme", f"there is no programme {key!r}.", f"There are: {known}.")


def _check_partnership(check: _Check) -> None:
    code = check.text("partnership")
    if not code:
        return
    try:
        partnership(code)
    except NotFound:
        check.add("partnership", f"there is no partnership {code!r}.", _which_partnership(code))


def _which_partnership(name: str) -> str:
    try:
        return f"Write {find(name).code}."
    except NotFound:
        return f"Write one of these codes: {', '.join(sorted(names()))}."


def _check_identity(check: _Check) -> None:
    """The same reference is the same inspection, and what is published stays published."""
    before = check.known.inspections.get(check.text("reference"))
    if before is None:
        return
    for name, held in (("partnership", before.partnership), ("programme", before.programme)):
        given = check.text(name)
        if given and given != held:
            check.add(
                name,
                f"the inspection {before.reference} held here is of {held}, not {given}.",
                "Mend it, or give another inspection its own reference.",
            )
    if before.status == "published" and check.text("status") == "draft":
        check.add(
            "status",
            f"the inspection {before.reference} is published; it cannot become a draft again.",
            "Write published.",
        )


def _date(item: Any, name: str = "value") -> ImpreciseDate | None:
    try:
        return ImpreciseDate(_text(item, name))
    except BadInput:
        return None  # the schema says so


def _check_dates(check: _Check) -> None:
    given = check.data.get("dates")
    given = given if isinstance(given, dict) else {}
    dates = {name: date for name in DATE_WORDS if (date := _date(given.get(name))) is not None}
    for order in _IN_ORDER:
        present = [name for name in order if name in dates]
        for first, second in pairwise(present):
            if dates[first].earliest > dates[second].latest:
                check.add(
                    f"dates.{second}.value",
                    f"{DATE_WORDS[second]} {dates[second]} is before "
                    f"{DATE_WORDS[first]} {dates[first]}.",
                    "Put the two dates in order.",
                )
    if check.text("status") == "published" and not isinstance(given.get("published"), dict):
        check.add(
            "dates.published",
            "a published inspection has no published date.",
            "Add the date, as exactly as it is known (2020-06-16, 2020-06 or 2020), "
            "or make the status draft.",
        )
    if "published" in dates:
        _check_not_ahead(check, dates["published"])
        _check_alone_in_its_time(check, dates["published"])


def _check_not_ahead(check: _Check, published: ImpreciseDate) -> None:
    today = timezone.localdate()
    if check.text("status") == "published" and published.earliest > today:
        check.add(
            "dates.published.value",
            f"a published inspection cannot be dated {published}, after today.",
            "Mend the date, or make the status draft.",
        )


def _check_alone_in_its_time(check: _Check, published: ImpreciseDate) -> None:
    """One report comes in once, however exactly its date is given."""
    for other in check.known.inspections.values():
        if (
            other.reference == check.text("reference")
            or other.partnership != check.text("partnership")
            or not other.published
        ):
            continue
        held = ImpreciseDate(other.published)
        if published.is_exact and held == published:
            check.add(
                "dates.published.value",
                f"another inspection of the partnership, {other.reference}, was published "
                f"on {published} too.",
                f"If this is that inspection, use its reference, {other.reference}; "
                "if not, mend the date.",
            )
        elif _is_of_one_sort(check, other) and _may_be_one_day(published, held):
            check.add(
                "dates.published.value",
                f"another inspection of the same partnership, programme and kind, "
                f"{other.reference}, was published {held}, and this one, published {published}, "
                "may be the same.",
                "Give the exact dates if they are two inspections, or import with the reference "
                f"{other.reference}.",
            )


def _is_of_one_sort(check: _Check, other: KnownInspection) -> bool:
    programme, held = check.text("programme"), other.programme
    same_programme = programme.split("@")[0] == held.split("@")[0]  # whichever version of it
    return same_programme and check.text("kind") == other.kind


def _may_be_one_day(one: ImpreciseDate, other: ImpreciseDate) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _check_pauses(check: _Check) -> None:
    for at, pause in _items(check.data, "pauses"):
        starts, ends = _date(pause, "starts"), _date(pause, "ends")
        if starts and ends and starts.earliest > ends.latest:
            check.add(
                f"pauses[{at}].ends",
                f"the pause ends {ends}, before it starts {starts}.",
                "Put the two dates in order.",
            )


def _check_follows(check: _Check) -> None:
    follows, reference = check.text("follows"), check.text("reference")
    if not follows:
        return
    if follows == reference:
        check.add("follows", "an inspection cannot follow itself.", "Name the earlier one.")
        return
    earlier = check.known.inspections.get(follows)
    if earlier is None:
        mend = "Import that inspection first, or mend the reference."
        check.add("follows", f"there is no inspection {follows!r}.", mend)
        return
    if check.text("partnership") not in {"", earlier.partnership}:
        mend = "Name an inspection of the same partnership."
        check.add("follows", f"the inspection {follows} is of {earlier.partnership}.", mend)
    if _leads_to(check.known, follows, reference):
        what = f"the inspection {follows} follows {reference}, so each would follow the other."
        check.add("follows", what, "Name the earlier inspection in the later one only.")
    dates = check.data.get("dates")
    published = _date(dates.get("published")) if isinstance(dates, dict) else None
    if (
        published
        and earlier.published
        and (ImpreciseDate(earlier.published).earliest > published.latest)
    ):
        check.add(
            "follows",
            f"the inspection {follows} was published {ImpreciseDate(earlier.published)}, "
            "after this one.",
            "Name an earlier inspection, or mend the published date.",
        )  # fmt: skip


def _leads_to(known: Known, start: str, end: str) -> bool:
    seen: set[str] = set()
    while start and start not in seen:
        seen.add(start)
        found = known.inspections.get(start)
        start = found.follows if found else ""
        if start == end:
            return True
    return False


def _check_evaluations(check: _Check, programme: Programme) -> None:
    codes = {judgement.code for judgement in programme.graded}
    graded = ", ".join(judgement.code for judgement in programme.graded)
    framework = check.library.frameworks.items.get(programme.framework)
    indicators = {i.code for i in framework.indicators} if framework else set()
    suites = {j.code for p in check.library.programmes for j in p.graded if j.is_suite}
    seen: set[str] = set()
    for at, entry in _items(check.data, "evaluations"):
        where, code = f"evaluations[{at}].judgement", _text(entry, "judgement")
        if code in seen:
            check.add(where, f"{code} is evaluated twice.", "Keep one; put the other under `also`.")
        elif code and code not in codes and code in indicators | suites:
            check.add(
                where,
                f"{programme.short} gives no evaluation of {code}; it evaluates {graded}.",
                "Take this one out, or mend the programme.",
            )
        elif code and code not in codes:
            mend = f"{programme.short} evaluates {graded}."
            check.add(where, f"there is no indicator {code!r}.", mend)
        seen.add(code)


def _check_evidence(check: _Check, programme: Programme) -> None:
    channels = {channel.code: channel for channel in programme.channels}
    seen: set[str] = set()
    for at, entry in _items(check.data, "evidence"):
        where, code = f"evidence[{at}]", _text(entry, "channel")
        if not code:
            continue
        if code in seen:
            mend = "Keep one; put what another source says under `also`."
            check.add(f"{where}.channel", f"the channel {code} is counted twice.", mend)
        seen.add(code)
        if code not in channels:
            mend = f"It counts: {', '.join(channels)}."
            check.add(f"{where}.channel", f"{programme.short} does not count {code!r}.", mend)
        elif channels[code].per_cent:
            places = [(where, entry)]
            places += [(f"{where}.also[{n}]", other) for n, other in _items(entry, "also")]
            for place, stated in places:
                _check_share(check, place, stated, code)


def _check_share(check: _Check, where: str, stated: dict[str, Any], code: str) -> None:
    count = stated.get("count")
    if isinstance(count, str) and WHOLE.fullmatch(count.strip()):
        count = int(count)
    if isinstance(count, int) and count > WHOLE_SHARE:
        mend = "Give a whole per cent from 0 to 100."
        check.add(
            f"{where}.count", f"the channel {code} is a per cent, and {count} is over 100.", mend
        )


def _check_frame_items(check: _Check, programme: Programme) -> None:
    codes = [item.code for item in programme.frame.items]
    for part in ("key_messages", "good_practice"):
        for at, entry in _items(check.data, part):
            code = _text(entry, "frame_item")
            if code and code not in codes:
                check.add(
                    f"{part}[{at}].frame_item",
                    f"{programme.short} has no {programme.frame.word} {code!r}.",
                    f"It has {', '.join(codes)}; without one it belongs to the whole inspection.",
                )


def _check_sources(check: _Check) -> None:
    own: set[str] = set()
    for at, entry in _items(check.data, "sources"):
        key = _text(entry, "key")
        if key in own:
            check.add(f"sources[{at}].key", f"the source {key} is described twice.", "Keep one.")
        own.add(key)
        held = check.known.sources.get(key)
        if held is not None and _says_otherwise(held, entry):
            check.add(
                f"sources[{at}].key",
                f"the source {key} is known here as another publication: {held.title}.",
                "Give this source its own key, or describe it as it is known here.",
            )
    for where, key in _cited(check.data, ""):
        if key not in own and key not in check.known.sources:
            mend = "Mend the key, or describe the source under `sources` of the document."
            check.add(where, f"there is no source {key!r}.", mend)


def _says_otherwise(held: Source, entry: dict[str, Any]) -> bool:
    try:
        return Source.model_validate(entry) != held
    except ValidationError:
        return False


def _cited(
    item: dict[str, Any] | list[Any] | tuple[Any, ...], path: str
) -> Iterator[tuple[str, str]]:
    """Each source key named anywhere, with its path."""
    if isinstance(item, dict):
        for name, value in item.items():
            here = f"{path}.{name}" if path else str(name)
            if name == "sources" and isinstance(value, list | tuple):
                yield from (
                    (f"{here}[{at}]", key) for at, key in enumerate(value) if isinstance(key, str)
                )
            if isinstance(value, dict | list | tuple):
                yield from _cited(value, here)
    else:
        for at, value in enumerate(item):
            if isinstance(value, dict | list | tuple):
                yield from _cited(value, f"{path}[{at}]")
