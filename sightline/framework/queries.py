"""Every read of this context: definitions with the corrected titles laid over them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sightline.framework.definitions import (
    Area,
    Domain,
    Framework,
    Indicator,
    Judgement,
    Library,
    Programme,
    Source,
    Terms,
    TitleStatus,
    library,
)
from sightline.framework.models import CorrectedTitle
from sightline.kernel.definitions import Registry
from sightline.kernel.errors import NotFound

STATUS_WORDS: Mapping[TitleStatus, str] = {
    TitleStatus.VERIFIED: "Seen with its number",
    TitleStatus.HEADING: "Seen as a heading",
    TitleStatus.UNVERIFIED: "Title not confirmed",
}


@dataclass(frozen=True)
class ShownTitle:
    """The title of one indicator as a page shows it.

    Attributes:
        code: number of the indicator (`2.1`) or of a suite (`9`).
        title: the words in use.
        status: how sure they are.
        corrected: whether somebody has put them right since the edition was released.
        source: where they were seen, in words; empty when they are not confirmed.
        released: the title in the definition file.
        alternatives: other wordings seen in publications.
    """

    code: str
    title: str
    status: TitleStatus
    corrected: bool
    source: str
    released: str
    alternatives: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """How the code stands in an address: `2-1`."""
        return self.code.replace(".", "-")

    @property
    def confirmed(self) -> bool:
        """False when the page must say that the title is not confirmed."""
        return self.status is not TitleStatus.UNVERIFIED

    @property
    def status_words(self) -> str:
        """The status, as a page says it."""
        return STATUS_WORDS[self.status]


@dataclass(frozen=True)
class Correction:
    """One correction of a title. `corrected_by` is an audit name."""

    framework: str
    indicator: str
    number: int
    title: str
    status: TitleStatus
    source: str
    reason: str
    corrected_at: dt.datetime
    corrected_by: str

    @property
    def status_words(self) -> str:
        """The status, as a page says it."""
        return STATUS_WORDS[self.status]


def source_words(source: Source | None) -> str:
    """A source in one line."""
    if source is None:
        return ""
    return f"{source.title}: {source.place}" if source.place else source.title


def history_of(framework: str, code: str) -> tuple[Correction, ...]:
    """Every correction of one title, newest first."""
    return _corrections(CorrectedTitle.objects.filter(framework=framework, indicator=code))


def _corrections(rows: Iterable[CorrectedTitle]) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            row.framework, row.indicator, row.number, row.title, TitleStatus(row.status),
            row.source, row.reason, row.corrected_at, row.corrected_by,
        )
        for row in rows
    )  # fmt: skip


def _newest(corrections: Iterable[Correction]) -> dict[str, Correction]:
    found: dict[str, Correction] = {}
    for correction in corrections:
        held = found.get(correction.indicator)
        if held is None or held.number < correction.number:
            found[correction.indicator] = correction
    return found


def _shown(indicator: Indicator, correction: Correction | None) -> ShownTitle:
    plain = ShownTitle(
        indicator.code,
        indicator.title,
        indicator.title_status,
        corrected=False,
        source=source_words(indicator.source),
        released=indicator.title,
        alternatives=indicator.alternatives,
    )
    if correction is None:
        return plain
    return replace(
        plain,
        title=correction.title,
        status=correction.status,
        corrected=True,
        source=correction.source,
    )


def titles_of(framework: str) -> Mapping[str, ShownTitle]:
    """The titles of a whole edition by indicator code, in order, with one database query.

    Raises:
        NotFound: there is no such edition.
    """
    edition = library().frameworks.get(framework)
    newest = _newest(_corrections(CorrectedTitle.objects.filter(framework=framework)))
    return {i.code: _shown(i, newest.get(i.code)) for i in edition.indicators}


def title_of(framework: str, code: str) -> ShownTitle:
    """The title of one indicator; use `titles_of` for more than one.

    Raises:
        NotFound: there is no such edition, or it has no such indicator.
    """
    indicator = library().frameworks.get(framework).indicator(code)
    return _shown(indicator, _newest(history_of(framework, code)).get(code))


def shown_in(corrected: Library, framework: str, code: str) -> ShownTitle:
    """The title of one indicator as `corrected_library()` holds it, without a further query."""
    released = library().frameworks.get(framework).indicator(code)
    found = corrected.frameworks.get(framework).indicator(code)
    return ShownTitle(
        code,
        found.title,
        found.title_status,
        corrected=found is not released,
        source=source_words(found.source),
        released=released.title,
        alternatives=found.alternatives,
    )


def corrected_library() -> Library:
    """All definitions with the corrected titles in place, with one database query.

    Frameworks carry the corrected titles and their status, and so do the judgements of programmes
    that are one indicator each. A suite keeps the title its programme gives it.
    """
    return _retitled(library(), _corrections(CorrectedTitle.objects.all()))


_held: tuple[Library, tuple[Correction, ...], Library] | None = None


def _retitled(base: Library, corrections: tuple[Correction, ...]) -> Library:
    global _held  # noqa: PLW0603 - one result is kept, and replaced whole
    if not corrections:
        return base
    held = _held
    if held is None or held[0] is not base or held[1] != corrections:
        held = (base, corrections, _retitle(base, corrections))
        _held = held
    return held[2]


def _retitle(base: Library, corrections: tuple[Correction, ...]) -> Library:
    by_framework: dict[str, dict[str, Correction]] = {}
    for key in {correction.framework for correction in corrections}:
        by_framework[key] = _newest(c for c in corrections if c.framework == key)
    frameworks = {
        key: _retitled_framework(framework, by_framework.get(key, {}))
        for key, framework in base.frameworks.items.items()
    }
    programmes = {
        key: _retitled_programme(programme, by_framework.get(programme.framework, {}))
        for key, programme in base.programmes.items.items()
    }
    return replace(
        base,
        frameworks=Registry(base.frameworks.kind, frameworks),
        programmes=Registry(base.programmes.kind, programmes),
    )


def _retitled_framework(framework: Framework, newest: Mapping[str, Correction]) -> Framework:
    def indicator(item: Indicator) -> Indicator:
        found = newest.get(item.code)
        if found is None:
            return item
        source = Source(title=found.source) if found.source else None
        return item.model_copy(
            update={"title": found.title, "title_status": found.status, "source": source}
        )

    def area(item: Area) -> Area:
        return item.model_copy(update={"indicators": tuple(map(indicator, item.indicators))})

    def domain(item: Domain) -> Domain:
        return item.model_copy(update={"areas": tuple(map(area, item.areas))})

    if not newest:
        return framework
    return framework.model_copy(update={"domains": tuple(map(domain, framework.domains))})


def _retitled_programme(programme: Programme, newest: Mapping[str, Correction]) -> Programme:
    def judgement(item: Judgement) -> Judgement:
        found = None if item.is_suite else newest.get(item.indicators[0])
        return item if found is None else item.model_copy(update={"title": found.title})

    if not newest:
        return programme
    return programme.model_copy(update={"graded": tuple(map(judgement, programme.graded))})


def framework_at(address: str) -> Framework:
    """The edition with this address (`children-3`) or key (`children@3`), or `NotFound`."""
    for framework in library().frameworks:
        if address in {framework.address, framework.key}:
            return framework
    known = ", ".join(sorted(framework.address for framework in library().frameworks))
    raise NotFound(f"There is no edition {address}. There are: {known}.")


def code_at(address: str) -> str:
    """The indicator code of an address: `2-1` is `2.1`."""
    return address.replace("-", ".")


def quantity_terms() -> Terms:
    """The standard terms of quantity ("most", "the majority") in their latest version."""
    return library().terms.latest("quantity")
