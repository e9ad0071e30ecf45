"""`protect_together`: tables of one period that share people, protected as one.

Tables of one indicator by several breakdowns share a total; "k of n" shares its n with other
indicators of the same base; an indicator can lie inside another, or be one part of a whole. Each
number is a place of a `Network`; what is hidden is chosen over all of them, and then tried by
linear programming. `docs/adr/0020-series-are-protected-together.md` says why, and what it costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sightline.stats.disclosure.drafting import Draft
from sightline.stats.disclosure.exact import Exact
from sightline.stats.disclosure.hiding import Family
from sightline.stats.disclosure.profiles import Profile
from sightline.stats.disclosure.protecting import ReleaseRecord
from sightline.stats.disclosure.shown import Shown

STANDS = (
    "As released before: the figures have changed since by so few people that showing the new "
    "ones would tell of them."
)


@dataclass(frozen=True)
class Member:
    """One table of a period, and what its numbers are.

    Attributes:
        exact: the table.
        line: a name for the people it counts, the same in every table that counts them.
        base: for a table of "k of n", the same for n.
        whole: its categories leave nobody out and count nobody twice.
    """

    exact: Exact
    line: str
    base: str = ""
    whole: bool = True


@dataclass(frozen=True)
class Inside:
    """Everybody counted under one name is also counted under the other."""

    narrow: str
    wide: str


@dataclass(frozen=True)
class Parts:
    """Nobody counted under one of these names is counted under another; all are in the whole."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Slice:
    """A line counts those whom another counts under some categories of a breakdown."""

    line: str
    whole: str
    by: str
    categories: tuple[str, ...]


Link = Inside | Parts | Slice


@dataclass(frozen=True)
class Together:
    """What came of one table; `stands`: the earlier release still does."""

    shown: Shown
    record: ReleaseRecord
    stands: bool = False


def protect_together(
    members: Sequence[Member],
    links: Sequence[Link],
    profile: Profile,
    before: Mapping[str, Sequence[Shown]] | None = None,
) -> list[Together]:
    """The tables of one period as readers under this profile may see them.

    Args:
        members: the tables.
        links: what is known of the names of their lines.
        profile: the rules.
        before: by the table's code, what was shown of it in this period before, oldest first.
            Where something has changed by so few that the change tells of them, the earlier
            release of the whole family stands; otherwise what was hidden stays hidden.

    Returns:
        One for each table, in their order.
    """
    if not profile.hides:
        drafts = [Draft(member.exact, profile) for member in members]
        return [Together(draft.shown(), _record(draft, 0)) for draft in drafts]
    earlier = before or {}
    found: dict[int, Together] = {}
    for numbers in _families(members, links):
        tables = [members[number] for number in numbers]
        for number, one in zip(numbers, _family(tables, links, profile, earlier), strict=True):
            found[number] = one
    return [found[number] for number in range(len(members))]


def _family(
    members: Sequence[Member],
    links: Sequence[Link],
    profile: Profile,
    before: Mapping[str, Sequence[Shown]],
) -> list[Together]:
    drafts = [Draft(member.exact, profile) for member in members]
    seen = [
        [s for s in before.get(member.exact.code, ()) if s.profile == profile.key]
        for member in members
    ]
    if all(seen) and any(
        draft.changed_little(table) for draft, tables in zip(drafts, seen, strict=True)
        for table in tables
    ):  # fmt: skip
        return [
            Together(tables[-1], _record(draft, len(tables), STANDS), stands=True)
            for draft, tables in zip(drafts, seen, strict=True)
        ]
    family = Family(drafts, profile)
    for draft, member in zip(drafts, members, strict=True):
        family.add(draft, member.line, member.base, whole=member.whole)
    for link in links:
        if isinstance(link, Inside):
            family.inside(link.narrow, link.wide)
        elif isinstance(link, Slice):
            family.slice(link.line, link.whole, link.by, link.categories)
        else:
            family.parts(link.whole, link.parts)
    for draft, tables in zip(drafts, seen, strict=True):
        for table in tables:
            family.remember(draft, table)
    family.settle()
    return [
        Together(draft.shown(), _record(draft, len(tables)))
        for draft, tables in zip(drafts, seen, strict=True)
    ]


def _families(members: Sequence[Member], links: Sequence[Link]) -> list[list[int]]:
    """Tables with a name in common, or with names that are linked, by their numbers."""
    above: dict[str, str] = {}

    def root(name: str) -> str:
        above.setdefault(name, name)
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    def join(names: Sequence[str]) -> None:
        first, *others = names
        for name in others:
            above[root(name)] = root(first)

    for member in members:
        join([member.line, *([member.base] if member.base else [])])
    for link in links:
        join(_named(link))
    found: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        found.setdefault(root(member.line), []).append(number)
    return list(found.values())


def _record(draft: Draft, compared: int, withheld: str = "") -> ReleaseRecord:
    """What the ledger keeps of one table."""
    primary, secondary = draft.hidden_counts()
    return ReleaseRecord(
        table=draft.exact.code, vintage=draft.exact.vintage, profile=draft.profile.key,
        threshold=draft.limit, primary_n=primary, secondary_n=secondary, linked_n=0,
        withheld=withheld or draft.withheld, compared_n=compared, narrowest=None,
        finding=withheld or _finding(primary + secondary, draft.withheld),
    )  # fmt: skip


def _finding(hidden: int, withheld: str) -> str:
    if withheld:
        return "The breakdown is withheld."
    if not hidden:
        return "Nothing is hidden."
    return f"{hidden} hidden; tried with every table of the same people in the period."


def _named(link: Link) -> list[str]:
    """The lines that a link names."""
    if isinstance(link, Inside):
        return [link.narrow, link.wide]
    return [link.line, link.whole] if isinstance(link, Slice) else [link.whole, *link.parts]
