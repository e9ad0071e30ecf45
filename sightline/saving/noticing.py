"""What in a text may identify a person, said gently after it was saved: never in the way."""

from collections.abc import Sequence

from sightline.identifiers import Finding, find

MOST = 3


def notices(text: str) -> tuple[str, ...]:
    """A sentence for each kind of thing seen, with the lines it is on; never the thing itself."""
    found = find(text)
    by_kind: dict[str, list[int]] = {}
    for finding in found:
        lines = by_kind.setdefault(_kind(finding), [])
        line = text.count("\n", 0, finding.start) + 1
        if line not in lines:
            lines.append(line)
    return tuple(
        f"{_lines(lines)} may hold {kind}. Take it out if it could identify a child."
        for kind, lines in by_kind.items()
    )


def _kind(finding: Finding) -> str:
    return finding.kind.words


def _lines(lines: Sequence[int]) -> str:
    shown = [str(line) for line in lines[:MOST]]
    if len(lines) == 1:
        return f"Line {shown[0]}"
    if len(lines) > MOST:
        return f"Lines {', '.join(shown)} and {len(lines) - MOST} more"
    return f"Lines {', '.join(shown[:-1])} and {shown[-1]}"
