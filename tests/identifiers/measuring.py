"""Figures of the detector on the corpus: what is found of what is marked, and false alarms."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sightline.identifiers import Kind, find
from tests.identifiers import written
from tests.identifiers.written import Marked


@dataclass
class Found:
    """Counts of one part of the corpus."""

    marked: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    whole: Counter[Kind] = field(default_factory=Counter)
    missed: list[tuple[Kind, str, str]] = field(default_factory=list)
    texts: int = 0
    beside: list[tuple[Kind, str, str]] = field(default_factory=list)
    clean: int = 0
    alarms: list[tuple[str, str]] = field(default_factory=list)

    def share(self, *, names: bool, counted: str = "found") -> float:
        """The share found: of names, or of everything else."""
        counts = getattr(self, counted)
        kinds = [kind for kind in self.marked if (kind is Kind.NAME) is names]
        return sum(counts[kind] for kind in kinds) / sum(self.marked[kind] for kind in kinds)

    @property
    def false_alarms(self) -> float:
        """The share of clean cells in which something is found."""
        return len(self.alarms) / self.clean


def look(texts: Iterable[Marked], into: Found) -> None:
    """Look for the marks of these texts."""
    for one in texts:
        into.texts += 1
        findings = find(one.text, known=one.known)
        for mark in one.marks:
            into.marked[mark.kind] += 1
            same = [
                f
                for f in findings
                if f.kind is mark.kind and f.start < mark.end and mark.start < f.end
            ]
            if not same:
                into.missed.append((mark.kind, one.text[mark.start : mark.end], one.text))
                continue
            into.found[mark.kind] += 1
            covered = {at for f in findings for at in range(f.start, f.end)}
            into.whole[mark.kind] += all(
                at in covered or not one.text[at].isalnum() for at in range(mark.start, mark.end)
            )
        into.beside += [
            (f.kind, one.text[f.start : f.end], one.text)
            for f in findings
            if not any(f.start < mark.end and mark.start < f.end for mark in one.marks)
        ]


def measure(part: str) -> Found:
    """Everything measured on `known` or `apart`."""
    found = Found()
    for texts in (written.texts(part), written.structured(part), written.named(part)):
        look(texts, found)
    for cell in written.clean(part):
        found.clean += 1
        findings = find(cell)
        if findings:
            found.alarms.append((findings[0].kind.value, cell))
    return found
