"""`protect`: which counts of a one-way table are shown, given the profile and earlier releases."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.stats.disclosure import linked
from sightline.stats.disclosure.drafting import Draft
from sightline.stats.disclosure.exact import Exact
from sightline.stats.disclosure.linked import Leak, Quantity, TooMany
from sightline.stats.disclosure.profiles import Profile
from sightline.stats.disclosure.shown import Shown

TOO_FEW = "Too few people to show by category."
TOGETHER = (
    "Not shown by category: together with figures released before, it would tell how many people "
    "are in a small group. Put periods or areas together, or wait for more people."
)
REVISED = (
    "Not shown: the figures differ by so few people from those released before that both together "
    "would tell who was added. What was released before stands."
)


_CANNOT_TELL = {Leak(0, "cannot tell")}


@dataclass(frozen=True)
class ReleaseRecord:
    """What the ledger keeps of one protected table: how it was protected, and no exact value.

    Attributes:
        table, vintage, profile, threshold: which table, under which rules.
        primary_n: counts hidden for what they are themselves.
        secondary_n: further counts hidden to protect those.
        linked_n: how many of these are hidden on account of earlier releases.
        withheld: why nothing of the breakdown is shown, or empty.
        compared_n: how many earlier releases were looked at.
        narrowest: the fewest values that an outsider must think possible of a hidden count, less
            one; None where nothing is hidden or nothing limits it.
        finding: the same in words.
    """

    table: str
    vintage: str
    profile: str
    threshold: int
    primary_n: int
    secondary_n: int
    linked_n: int
    withheld: str
    compared_n: int
    narrowest: int | None
    finding: str


def protect(
    exact: Exact, profile: Profile, earlier: Sequence[Shown] = ()
) -> tuple[Shown, ReleaseRecord]:
    """The table as readers under this profile may see it.

    Args:
        exact: the table as counted.
        profile: the rules.
        earlier: what readers under this profile, or under a wider one, have been shown already.
            Same people, another vintage: what was hidden stays hidden, and no small change shows.
            Parts, wholes and overlaps of the same people: nothing small follows from both. The
            rest is ignored.

    Returns:
        What is shown, and what the ledger keeps.
    """
    draft = Draft(exact, profile)
    who = exact.population.who
    related = [table for table in earlier if table.hides and table.population.who == who]
    if not profile.hides:
        return draft.shown(), _record(draft, profile, 0)
    same = [table for table in related if table.identity == _identity(exact)]
    draft.start(_used(exact, related))
    for table in same:
        _keep_stable(draft, table)
    draft.settle(TOO_FEW)
    others = [
        table
        for table in _newest(related)
        if table.identity != _identity(exact) and table.profile == profile.key
    ]
    if others:
        _fit(draft, others)
    return draft.shown(), _record(draft, profile, len(same) + len(others))


def _identity(exact: Exact) -> tuple[object, ...]:
    return (exact.population, exact.by, exact.measure)


def _newest(tables: Sequence[Shown]) -> list[Shown]:
    """The latest vintage of each table; the ledger gives them oldest first."""
    return list({(*table.identity, table.profile): table for table in tables}.values())


def _used(exact: Exact, related: Sequence[Shown]) -> dict[str, int]:
    """In how many earlier tables each category is shown."""
    return {
        code: sum(
            row.code == code and row.count.value is not None for t in related for row in t.rows
        )
        for code, _ in exact.categories
    }


def _keep_stable(draft: Draft, before: Shown) -> None:
    """Hide what was hidden before, and what changed by so few that the change tells of them."""
    if before.withheld:
        draft.withhold(before.withheld, total=before.total.count.value is None)
        return
    compared = before.profile == draft.profile.key
    for row in before.rows:
        for column in ("count", "of"):
            draft.match(row.code, column, getattr(row, column), compared=compared)
    for column in ("count", "of"):
        if draft.total_changes_little(column, getattr(before.total, column), compared=compared):
            draft.withhold(REVISED, total=True)
        was = getattr(before.total, column)
        if was is not None and was.value is None:
            draft.hide_total(column)


def _fit(draft: Draft, others: Sequence[Shown]) -> None:
    """Hide more until nothing follows from this table and the others that may not."""
    while True:
        tables = [*others, draft.shown()]
        try:
            found = linked.quantities(tables)
            known = linked.leaks([item for item in found if item.table < len(others)])
            fresh = linked.leaks(found) - known
            if any(leak.what == linked.DISAGREE for leak in known):
                fresh, found = _CANNOT_TELL, []
        except TooMany:
            fresh, found = _CANNOT_TELL, []
        if not fresh or draft.nothing_shown:
            return
        if not _hide_one(draft, fresh, found, len(others)):
            draft.withhold(TOGETHER, total=True)
            return
        draft.settle(TOGETHER)


def _hide_one(draft: Draft, fresh: set[Leak], found: Sequence[Quantity], own: int) -> bool:
    """Hide the smallest shown count that has a part in a leak, then the total; False: neither."""
    leaking = 0
    for leak in fresh:
        leaking |= leak.parts
    involved = {
        (item.row, item.line)
        for item in found
        if item.table == own and item.known is not None and item.parts & leaking
    }
    return draft.hide_linked(involved)


def _record(draft: Draft, profile: Profile, compared: int) -> ReleaseRecord:
    primary, secondary = draft.hidden_counts()
    narrowest = draft.narrowest()
    return ReleaseRecord(
        table=draft.exact.code,
        vintage=draft.exact.vintage,
        profile=profile.key,
        threshold=draft.limit,
        primary_n=primary,
        secondary_n=secondary,
        linked_n=draft.linked_n,
        withheld=draft.withheld,
        compared_n=compared,
        narrowest=narrowest,
        finding=_finding(primary + secondary, narrowest, draft.limit, draft.withheld),
    )


def _finding(hidden: int, narrowest: int | None, limit: int, withheld: str) -> str:
    if withheld:
        return "The breakdown is withheld."
    if not hidden:
        return "Nothing is hidden."
    if narrowest is None:
        return f"{hidden} hidden; no total leads to them."
    room = f"each could be any of {narrowest + 1} numbers or more (needed: {limit + 1})"
    return f"{hidden} hidden; {room}."
