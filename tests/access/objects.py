"""What the address test opens: for each kind of address, the objects to put into it.

A context with a new kind of object in its addresses adds a builder here with `@things`, named by
the namespace of its addresses and the names in their brackets.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sightline.access.enums import Permission
from sightline.access.scopes import NATIONAL, Scope
from sightline.design.gallery import EXHIBITS
from tests.factories.access import AssignmentFactory, ReviewLineFactory
from tests.factories.inspections import draft, imported
from tests.factories.partnerships import LocalityFactory

HERE, ELSEWHERE = "fife", "angus"  # the objects are Fife's
PUBLISHED, DRAFT, COLLEAGUES = "fife-2021", "fife-2026", "fife-2024"


@dataclass(frozen=True)
class Thing:
    """An object, as an address names it.

    `belongs_to` is the scope its door asks for, `also` wider ones that count too. Whoever does not
    hold `seen_with` there meets 404 whatever else they hold: a draft. At the addresses in `not_now`
    those who may meet 409, because of the state the thing is in.
    """

    what: str
    kwargs: Mapping[str, object]
    belongs_to: Scope = NATIONAL
    also: frozenset[Scope] = field(default_factory=frozenset)
    seen_with: Permission | None = None
    not_now: frozenset[str] = frozenset()


Builder: TypeAlias = Callable[[], Iterator[Thing]]
BUILDERS: dict[tuple[str, frozenset[str]], Builder] = {}


def things(namespace: str, *names: str) -> Callable[[Builder], Builder]:
    """Register a builder for the addresses of a namespace that name these things."""

    def register(builder: Builder) -> Builder:
        BUILDERS[namespace, frozenset(names)] = builder
        return builder

    return register


def fixed(what: str, **kwargs: object) -> Builder:
    """A builder of one thing that needs no row."""
    return lambda: iter([Thing(what, kwargs)])


things("", "token")(fixed("a link we never sent", token="nonsense"))
things("", "pk")(fixed("a passkey of nobody's", pk=999_999))
things("", "uidb36", "key")(fixed("an old link", uidb36="1", key="set-password"))
things("framework", "code")(fixed("a programme", code="care-and-protection"))
things("framework", "edition")(fixed("an edition", edition="children-3"))
things("framework", "edition", "indicator")(
    fixed("an indicator", edition="children-3", indicator="2-1")
)
things("inspections", "kind")(fixed("a download", kind="csv"))
things("design", "code")(fixed("a component", code=EXHIBITS[0].code))


@things("access", "person_id")
def _person() -> Iterator[Thing]:
    yield Thing("a chief officer", {"person_id": AssignmentFactory().person_id})


@things("access", "review_id")
def _review() -> Iterator[Thing]:
    yield Thing("a review", {"review_id": ReviewLineFactory().review_id})


@things("access", "assignment_id")
def _assignment() -> Iterator[Thing]:
    yield Thing("their role", {"assignment_id": AssignmentFactory().pk})


def _area(what: str, **kwargs: object) -> Thing:
    return Thing(what, {"partnership": HERE, **kwargs}, belongs_to=Scope("partnership", HERE))


@things("partnerships", "partnership")
def _partnership() -> Iterator[Thing]:
    yield _area("an area")


things("inspections", "partnership")(_partnership)


@things("partnerships", "partnership", "kind")
def _details() -> Iterator[Thing]:
    yield _area("its localities", kind="localities")


@things("partnerships", "partnership", "kind", "key")
def _detail() -> Iterator[Thing]:
    row = LocalityFactory(partnership=HERE)
    yield _area("a locality", kind="localities", key=row.pk)


def _inspections(**kwargs: object) -> Builder:
    """A published inspection, and one that is not."""

    def build() -> Iterator[Thing]:
        yield Thing(
            "a published inspection",
            {"partnership": HERE, "reference": PUBLISHED, **kwargs},
            belongs_to=Scope("inspection", PUBLISHED),
            also=frozenset({Scope("partnership", HERE)}),
        )
        yield Thing(
            "a draft",
            {"partnership": HERE, "reference": DRAFT, **kwargs},
            belongs_to=Scope("inspection", DRAFT),
            seen_with=Permission.INSPECTION_VIEW,
            not_now=frozenset(f"inspections:correct-{what}" for what in CORRECTED),
        )

    return build


things("inspections", "partnership")(fixed("an area", partnership=HERE))
ONE = ("partnership", "reference")
CORRECTED = ("evaluation", "count", "date")  # what is not published is written, not corrected
things("inspections", *ONE)(_inspections())
things("inspections", *ONE, "kind")(_inspections(kind="docx"))
things("inspections", *ONE, "judgement")(_inspections(judgement="2-1"))
things("inspections", *ONE, "channel")(_inspections(channel="records-read"))
things("inspections", *ONE, "what")(_inspections(what="inspected"))


def build_inspections() -> None:
    """The inspections that the builders and the assignments name."""
    inspected = {"inspected": {"value": "2025", "sources": ["report-a"], "confidence": "high"}}
    imported(reference=PUBLISHED, partnership=HERE)
    draft(reference=DRAFT, partnership=HERE, dates=inspected)
