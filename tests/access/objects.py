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
from tests.factories.children import ExtractFactory, WaiverFactory, checked_build
from tests.factories.concerns import ConcernFactory
from tests.factories.inspections import draft, imported
from tests.factories.jobs import JobFactory
from tests.factories.outcomes import (
    AnnotationFactory,
    analyst,
    indicator_rows,
    published_build,
    reviewed,
)
from tests.factories.partnerships import LocalityFactory
from tests.factories.releases import declared
from tests.factories.saving import SavedTextFactory, VersionFactory
from tests.factories.surveys import (
    ClosedSurveyFactory,
    CommentFactory,
    GroupFactory,
    QuestionnaireFactory,
    SafetyReaderFactory,
    SurveyFactory,
    ThemeFactory,
    own_questions,
)
from tests.factories.uploads import checked_upload
from tests.surveys.test_results import closed

HERE, ELSEWHERE = "fife", "angus"  # the objects are Fife's
PUBLISHED, DRAFT, COLLEAGUES = "fife-2021", "fife-2026", "fife-2024"


@dataclass(frozen=True)
class Thing:
    """An object, as an address names it.

    `belongs_to` is the scope its door asks for, `also` wider ones that count too. Whoever does not
    hold `seen_with` there meets 404 whatever else they hold: a draft. At the addresses in `not_now`
    those who may meet 409, because of the state the thing is in. What several permissions open,
    each over a scope of its own, names them in `opened_with`: nobody else knows that it is there.
    Where an address names permissions for kinds of things, `counts` says which of them count for
    this one, each over which scopes (all of Scotland only where it is among them).
    """

    what: str
    kwargs: Mapping[str, object]
    belongs_to: Scope = NATIONAL
    also: frozenset[Scope] = field(default_factory=frozenset)
    seen_with: Permission | None = None
    not_now: frozenset[str] = frozenset()
    opened_with: frozenset[tuple[Permission, Scope]] = frozenset()
    counts: Mapping[Permission, frozenset[Scope]] | None = None


# One's own factors: changing them asks once more who one is, and whoever has none is led elsewhere.
OTHERWISE = {
    "mfa_activate_totp": {302},
    "mfa_deactivate_totp": {404},
    "mfa_add_webauthn": {302},
    "mfa_edit_webauthn": {302},
    "mfa_remove_webauthn": {302},
    "mfa_view_recovery_codes": {302},
    "mfa_generate_recovery_codes": {302},
    "mfa_download_recovery_codes": {302},
    "mfa_reauthenticate": {302},
    "mfa_reauthenticate_webauthn": {302},
    "outcomes:areas": {200, 302},  # where there is one, it leads there
    "surveys:areas": {200, 302},  # as it does
    "record_reading:areas": {200, 302},  # as it does
    "record_reading:paper-reading-two": {302},  # where there is one version, it leads back
    # Those alone who are named read it, and these have the role and are not named.
    "surveys:comments": {403},
    "surveys:comment": {403},
    "surveys:comments-read": {403},
    "surveys:comment-again": {403},
    "surveys:results": {404},  # of drafts; tests/surveys/test_results opens those of a closed one
    "jobs:watch": {200, 286},  # 286 tells the script that the job is over
}

NAMED_ALONE = frozenset(
    f"record_reading:{name}"
    for name in (
        "own-conflict",
        "to-discuss",
        "reading",
        "reading-check",
        "reading-break",
        "reading-reopen",
        "reading-on-paper",
        "reading-print",
        "reading-section",
        "reading-two",
    )
)
"""Addresses for those alone who are named in a thing, whom no role makes out."""

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


def _concern(**kwargs: object) -> Builder:
    """A concern that was passed on: its lead, its local lead and its service manager open it."""

    def build() -> Iterator[Thing]:
        row = ConcernFactory(partnership=HERE, inspection=DRAFT, passed=True)
        yield Thing(
            "a concern",
            {"key": row.pk, **kwargs},
            opened_with=frozenset(
                {
                    (Permission.CONCERN_DECIDE, Scope("inspection", DRAFT)),
                    (Permission.CONCERN_RECEIVE, Scope("partnership", HERE)),
                    (Permission.CONCERN_OVERSEE, Scope("inspection", DRAFT)),
                }
            ),
        )

    return build


things("concerns", "key")(_concern())
things("concerns", "key", "deed")(_concern(deed="ask"))


def _notes(**kwargs: object) -> Thing:
    """The team notes of a draft: the team's alone, whoever else may read what is published."""
    return Thing(
        "the notes of a team",
        {"kind": "inspection", "key": DRAFT, "field": "notes", **kwargs},
        belongs_to=Scope("inspection", DRAFT),
        seen_with=Permission.INSPECTION_VIEW,
    )


@things("saving", "kind", "key", "field")
def _saved_text() -> Iterator[Thing]:
    yield _notes()


@things("saving", "kind", "key", "field", "number")
def _clash() -> Iterator[Thing]:
    text = SavedTextFactory(place=f"inspection:{DRAFT}/notes", stored=2)
    VersionFactory(text=text)
    VersionFactory(text=text, number=2, kind="clash")
    yield _notes(number=2)


def _tables(**kwargs: object) -> Builder:
    """Tables of Fife, declared and waiting for review."""

    def build() -> Iterator[Thing]:
        made = declared(source=f"round:{'-'.join(sorted(map(str, kwargs.values()))) or 'staff'}")
        yield Thing(
            "declared tables", {"key": made.pk, **kwargs}, belongs_to=Scope("partnership", HERE)
        )

    return build


things("releases", "key")(_tables())
things("releases", "key", "code")(_tables(code="public"))
things("releases", "key", "code", "kind")(_tables(code="public", kind="csv"))


def build_inspections() -> None:
    """The inspections that the builders and the assignments name."""
    inspected = {"inspected": {"value": "2025", "sources": ["report-a"], "confidence": "high"}}
    imported(reference=PUBLISHED, partnership=HERE)
    draft(reference=DRAFT, partnership=HERE, dates=inspected)


@things("jobs", "key")
def _jobs() -> Iterator[Thing]:
    """Somebody else's: seen by whoever keeps the service running."""
    waits = JobFactory(asked_by="person:0")
    failed = JobFactory(asked_by="person:0", state="failed", told="why", ended=waits.asked_at)
    for job, not_now in ((waits, "jobs:retry"), (failed, "jobs:cancel")):
        yield Thing(
            f"a job, {job.state}",
            {"key": job.pk},
            seen_with=Permission.JOBS_MANAGE,
            not_now=frozenset({not_now}),
        )


def _data(what: str, not_now: tuple[str, ...] = (), **kwargs: object) -> Thing:
    return Thing(
        what,
        {"area": HERE, **kwargs},
        belongs_to=Scope("partnership", HERE),
        seen_with=Permission.DATA_VIEW,
        not_now=frozenset(not_now),
    )


@things("children", "area")
def _data_of_an_area() -> Iterator[Thing]:
    yield _data("its data")


@things("children", "area", "dataset")
def _dataset_of_an_area() -> Iterator[Thing]:
    yield _data("a dataset", dataset="register-entries")


@things("children", "area", "dataset", "vintage")
def _version_of_a_dataset() -> Iterator[Thing]:
    extract = ExtractFactory(area=HERE)
    yield _data("a version", dataset=extract.dataset, vintage=extract.vintage)


@things("children", "area", "number")
def _build_of_an_area() -> Iterator[Thing]:
    """A build that is checked and has its files; nothing is published that could be undone."""
    build = checked_build(area=HERE)
    yield _data("a build", number=build.number, not_now=("children:undo",))


@things("children", "area", "key")
def _waiver_of_an_area() -> Iterator[Thing]:
    yield _data("a waiver", key=WaiverFactory(area=HERE).pk)


def _outcomes(what: str, **kwargs: object) -> Thing:
    return Thing(
        what,
        {"area": HERE, **kwargs},
        belongs_to=Scope("partnership", HERE),
        seen_with=Permission.OUTCOMES_VIEW,
    )


@things("outcomes", "area")
def _outcomes_of_an_area() -> Iterator[Thing]:
    yield _outcomes("its outcomes")


@things("outcomes", "area", "code")
def _indicator_of_an_area() -> Iterator[Thing]:
    """An indicator with figures that somebody has reviewed, so that everybody may see some."""
    rows, members = indicator_rows(["la10"], years=(2023,), size=30)
    reviewed(published_build(rows, members, actor=analyst(), number=0))
    yield _outcomes("an indicator", code="la10")


@things("outcomes", "area", "key")
def _note_of_an_area() -> Iterator[Thing]:
    yield _outcomes("a note on a chart", key=AnnotationFactory(area=HERE).pk)


def _surveys(what: str, **kwargs: object) -> Thing:
    """Surveys of Fife: over the area, or over an inspection of it that is held here."""
    return Thing(
        what,
        {"area": HERE, **kwargs},
        belongs_to=Scope("partnership", HERE),
        also=frozenset({Scope("inspection", PUBLISHED), Scope("inspection", DRAFT)}),
    )


@things("surveys", "area")
def _surveys_of_an_area() -> Iterator[Thing]:
    yield _surveys("its surveys")


NOT_OPEN = frozenset(  # of a draft
    {
        "surveys:pause",
        "surveys:extend",
        "surveys:tell",
        "surveys:close",
        "surveys:paper-type",
        "surveys:letters",
        "surveys:remind",
        "surveys:poster",
    }
)


def _survey(**kwargs: object) -> Builder:
    """A draft of the area's own, with questions of its own, and one of an inspection."""

    def build() -> Iterator[Thing]:
        for inspection in ("", DRAFT):
            row = QuestionnaireFactory(area=HERE, content=own_questions())
            made = SurveyFactory(
                area=HERE, inspection=inspection, questionnaire=row.key, languages=["en", "gd"]
            )
            SafetyReaderFactory(survey=made)
            GroupFactory(survey=made)
            scope = Scope("partnership", HERE)
            yield Thing(
                f"a survey of {inspection or 'the area'}",
                {"area": HERE, "slug": made.slug, **kwargs},
                belongs_to=Scope("inspection", inspection) if inspection else scope,
                also=frozenset({scope}),
                not_now=NOT_OPEN,
            )

    return build


things("surveys", "area", "slug")(_survey())
things("surveys", "area", "slug", "code")(_survey(code="supported"))
things("surveys", "area", "slug", "code", "deed")(_survey(code="supported", deed="copy"))
things("surveys", "area", "slug", "section")(_survey(section="work"))
things("surveys", "area", "slug", "section", "deed")(_survey(section="work", deed="up"))
things("surveys", "area", "slug", "language")(_survey(language="gd"))
things("surveys", "area", "slug", "number")(_survey(number=1))
things("surveys", "area", "slug", "rest")(_survey(rest="1/"))


def _words(*names: str) -> Builder:
    """A survey that has closed, with a comment that was cleared and has a theme."""

    def build() -> Iterator[Thing]:
        row = QuestionnaireFactory(area=HERE, content=own_questions())
        made = ClosedSurveyFactory(
            area=HERE, questionnaire=row.key, results={"counted": True, "shown": True}
        )
        comment = CommentFactory(survey=made, item="why", state="cleared", cleared="More time.")
        theme = ThemeFactory(survey=made, item="why")
        known = {"question": "why", "comment": comment.pk, "theme": theme.pk}
        yield Thing(
            "what people wrote",
            {"area": HERE, "slug": made.slug, **{name: known[name] for name in names}},
            belongs_to=Scope("partnership", HERE),
        )

    return build


things("surveys", "area", "slug", "comment")(_words("comment"))
things("surveys", "area", "slug", "question")(_words("question"))
things("surveys", "area", "slug", "question", "theme")(_words("question", "theme"))
things("surveys", "area", "slug", "question", "comment")(_words("question", "comment"))


def _results(**kwargs: object) -> Builder:
    """A survey that has closed, and whose answers were counted."""

    def build() -> Iterator[Thing]:
        made = closed(120, area=HERE)
        yield Thing(
            "what people said",
            {"area": HERE, "slug": made.slug, **kwargs},
            belongs_to=Scope("partnership", HERE),
        )

    return build


things("surveys", "area", "slug", "grouping")(_results(grouping="agency"))
things("surveys", "area", "slug", "item")(_results(item="confident-recognise"))
things("surveys", "area", "slug", "kind")(_results(kind="csv"))


@things("uploads", "key")
def _upload() -> Iterator[Thing]:
    """A file of the area's holidays that has been checked, and is here."""
    yield Thing(
        "an upload",
        {"key": checked_upload().pk},
        belongs_to=Scope("partnership", HERE),
        seen_with=Permission.PARTNERSHIP_EDIT,
        not_now=frozenset({"uploads:undo"}),
    )


@things("uploads", "kind", "scope_kind", "scope_key")
def _sending() -> Iterator[Thing]:
    yield Thing(
        "holidays of an area",
        {"kind": "holidays", "scope_kind": "partnership", "scope_key": HERE},
        belongs_to=Scope("partnership", HERE),
        seen_with=Permission.PARTNERSHIP_EDIT,
    )
