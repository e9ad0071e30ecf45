"""All definitions of this context together, and the rules that need more than one file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sightline.framework.definitions.frameworks import (
    Crosswalk,
    Fractions,
    Framework,
    Scale,
    Terms,
)
from sightline.framework.definitions.programmes import Programme
from sightline.kernel.definitions import Registry, plus
from sightline.kernel.errors import Fault, Faults, NotFound


@dataclass(frozen=True)
class Library:
    """Every definition of this context."""

    frameworks: Registry[Framework]
    crosswalks: Registry[Crosswalk]
    scales: Registry[Scale]
    terms: Registry[Terms]
    programmes: Registry[Programme]
    fractions: Registry[Fractions] = field(default_factory=lambda: Registry(Fractions))

    def programme(self, name: str) -> Programme:
        """By key (`care-and-protection@1`), code (its latest version) or short name (`P1`)."""
        for programme in sorted(self.programmes, key=lambda p: -p.version):
            if name in {programme.key, programme.code, programme.short}:
                return programme
        known = ", ".join(sorted(f"{p.short} ({p.key})" for p in self.programmes))
        raise NotFound(f"There is no programme {name}. There are: {known}.")

    def with_programmes(self, more: Iterable[Programme]) -> "Library":
        """This library with further programmes, checked together."""
        library = replace(self, programmes=plus(self.programmes, more))
        check_together(library)
        return library


def check_together(library: Library) -> None:
    """Raise `Faults` for anything one file says of another that is not so."""
    faults: list[Fault] = []
    for programme in library.programmes:
        faults += _programme_faults(programme, library)
    for framework in library.frameworks:
        if framework.supersedes and framework.supersedes not in library.frameworks.items:
            where = f"frameworks/{framework.key}.yaml supersedes"
            faults.append(Fault(where, f"there is no {framework.supersedes}."))
    for crosswalk in library.crosswalks:
        faults += _crosswalk_faults(crosswalk, library.frameworks)
    for fractions in library.fractions:
        faults += _fraction_faults(fractions, library.terms)
    shorts = [programme.short for programme in library.programmes if _is_latest(programme, library)]
    faults += [
        Fault("definitions/programmes", f"{short} names two programmes.", "Give each its own.")
        for short in sorted({s for s in shorts if shorts.count(s) > 1})
    ]
    if faults:
        raise Faults("definitions", faults)


def _is_latest(programme: Programme, library: Library) -> bool:
    return library.programmes.latest(programme.code) is programme


def _programme_faults(programme: Programme, library: Library) -> Iterable[Fault]:
    where = f"programmes/{programme.key}.yaml"
    wanted: Mapping[str, tuple[str, Registry]] = {  # type: ignore[type-arg]
        "framework": (programme.framework, library.frameworks),
        "scale": (programme.scale, library.scales),
        "terms": (programme.terms, library.terms),
    }
    for name, (key, registry) in wanted.items():
        if key not in registry.items:
            known = ", ".join(sorted(registry.items)) or "none"
            yield Fault(f"{where} {name}", f"there is no {key}.", f"There are: {known}.")
    framework = library.frameworks.items.get(programme.framework)
    if framework is None:
        return
    titles = {i.code: {i.title, *i.alternatives} for i in framework.indicators}
    for judgement in programme.graded:
        accepted = titles.get(judgement.code)
        if accepted and not judgement.is_suite and judgement.title not in accepted:
            yield Fault(
                f"{where} graded.{judgement.code} title",
                f"{judgement.title!r} is not a title of {judgement.code} in {programme.framework}.",
                "Use its title, or add this one to its alternatives.",
            )
    codes = {indicator.code for indicator in framework.indicators}
    used = [(f"graded.{j.code}", code) for j in programme.graded for code in j.indicators]
    used += [(f"frame.{i.code}", code) for i in programme.frame.items for code in i.indicators]
    for place, code in used:
        if code not in codes:
            yield Fault(f"{where} {place}", f"{programme.framework} has no indicator {code}.")


def _crosswalk_faults(crosswalk: Crosswalk, frameworks: Registry[Framework]) -> Iterable[Fault]:
    where = f"crosswalks/{crosswalk.key}.yaml"
    for side, key in (("old", crosswalk.old), ("new", crosswalk.new)):
        framework = frameworks.items.get(key)
        if framework is None:
            yield Fault(f"{where} {side}", f"there is no framework {key}.")
            continue
        codes = {indicator.code for indicator in framework.indicators}
        used = (
            [row.old for row in crosswalk.rows]
            if side == "old"
            else [code for row in crosswalk.rows for code in row.new]
        )
        for code in sorted(set(used) - codes):
            yield Fault(f"{where} rows", f"{key} has no indicator {code}.")
        if side == "old":
            for code in sorted(codes - set(used)):
                yield Fault(f"{where} rows", f"{code} of {key} is missing.", "Say what it became.")


def _fraction_faults(fractions: Fractions, terms: Registry[Terms]) -> Iterable[Fault]:
    where = f"terms/fractions/{fractions.key}.yaml"
    found = terms.items.get(fractions.terms)
    if found is None:
        yield Fault(f"{where} terms", f"there is no {fractions.terms}.")
        return
    for phrase in fractions.phrases:
        if not any(b.low <= phrase.low and phrase.high <= b.high for b in found.terms):
            yield Fault(
                f"{where} phrases",
                f"{phrase.words!r} runs over the edge of a term of {found.key}.",
                "Split it there.",
            )


def load(folder: Path) -> Library:
    """Read all files below `folder` and check them together."""
    library = Library(
        frameworks=Registry.load(Framework, folder / "frameworks"),
        crosswalks=Registry.load(Crosswalk, folder / "frameworks" / "crosswalks"),
        scales=Registry.load(Scale, folder / "scales"),
        terms=Registry.load(Terms, folder / "terms"),
        programmes=Registry.load(Programme, folder / "programmes"),
        fractions=Registry.load(Fractions, folder / "terms" / "fractions"),
    )
    check_together(library)
    return library


@lru_cache(maxsize=1)
def library() -> Library:
    """The definitions of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS)
