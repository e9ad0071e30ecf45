"""Every page, once, in four states: as usual, empty, with errors, with long text.

A page is here because its address is: one that is in neither list below fails the first test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import expect

from tests.journeys import checks
from tests.journeys.conftest import Desks, Visit, Visitor
from tests.journeys.copies import PASSWORD
from tests.journeys.serving import Served, serving

LEAD, ADMIN, TRAIL = "inspection-lead", "system-administrator", "information-governance-officer"
PROGRAMME, MEMBER, AREA = "programme-lead", "elected-member", "partnership-co-ordinator"
ONE = "p/<slug:partnership>/exercises/<slug:reference>/"
SL = "p/south-lanarkshire/exercises/south-lanarkshire-2020/"
ANGUS = "p/angus/exercises/angus-2031/"
DATA, ANALYST = "p/<slug:area>/data/", "partnership-analyst"
DRAFT = "p/strathgarry/exercises/strathgarry-2026/"
SURVEYS = "p/<slug:area>/surveys/"
SURVEY = f"{SURVEYS}<slug:slug>/"
RECORDS = "p/<slug:area>/records/"
ROUND = f"{RECORDS}<slug:slug>/"
SUBMIT = "submit"
NOT_NOW = 409  # nothing is recorded yet, so there is nothing to correct
FILL = ("-m", "tests.journeys.copies")
BESIDE = pytest.mark.xdist_group("every-address-bare")  # on copies of their own


@dataclass(frozen=True)
class State:
    """How to bring a page into a state: who opens which path, and what makes it fail.

    `error` is `SUBMIT` (send the page's form as it stands, empty) or a query nothing can answer.
    """

    usual: tuple[str, str]
    bare: tuple[str, str]
    error: str = ""
    emptied: tuple[str, ...] = ()
    bare_status: int = 200


def same(role: str, path: str, error: str = "", **more: Any) -> State:
    """The same path in every copy."""
    return State((role, path), (role, path), error, **more)


PAGES = {
    "home/": same(LEAD, "home/"),
    "accessibility/": same("", "accessibility/"),
    "privacy/": same("", "privacy/"),
    "glossary/": same("", "glossary/"),
    "accounts/login/": same("", "accounts/login/", SUBMIT),
    "accounts/logout/": same(LEAD, "accounts/logout/"),
    "accounts/inactive/": same("", "accounts/inactive/"),
    "accounts/signup/": same("", "accounts/signup/"),
    "accounts/password/change/": same(LEAD, "accounts/password/change/", SUBMIT),
    "accounts/password/reset/": same("", "accounts/password/reset/", SUBMIT),
    "accounts/password/reset/done/": same("", "accounts/password/reset/done/"),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": same(
        "", "accounts/password/reset/key/1-none/"
    ),
    "accounts/password/reset/key/done/": same("", "accounts/password/reset/key/done/"),
    "accounts/join/": same("", "accounts/join/"),
    "accounts/join/password/": same("", "accounts/join/password/"),
    "accounts/again/": same(LEAD, "accounts/again/", SUBMIT),
    "accounts/factors/": same(LEAD, "accounts/factors/"),
    "accounts/factors/app/add/": same(LEAD, "accounts/factors/app/add/", SUBMIT),
    "accounts/factors/passkeys/add/": same(LEAD, "accounts/factors/passkeys/add/"),
    "admin/people/<int:person_id>/again/": same(ADMIN, "admin/people/2/again/", SUBMIT),
    "admin/people/<int:person_id>/move/": same(
        ADMIN, "admin/people/2/move/", SUBMIT, emptied=("moved_on_day",)
    ),
    "admin/people/<int:person_id>/leave/": same(
        ADMIN, "admin/people/2/leave/", SUBMIT, emptied=("last_day_day",)
    ),
    "admin/assignments/<int:assignment_id>/extend/": same(
        ADMIN, "admin/assignments/2/extend/", SUBMIT
    ),
    "admin/access/": same(TRAIL, "admin/access/", SUBMIT),
    "admin/access/reviews/": same(TRAIL, "admin/access/reviews/"),
    "admin/people/": same(ADMIN, "admin/people/", "?page=nine"),
    "admin/people/add/": same(ADMIN, "admin/people/add/", SUBMIT),
    "admin/people/<int:person_id>/": same(ADMIN, "admin/people/2/"),
    "admin/people/<int:person_id>/grant/": same(ADMIN, "admin/people/2/grant/", SUBMIT),
    "admin/people/<int:person_id>/deactivate/": same(ADMIN, "admin/people/2/deactivate/"),
    "admin/assignments/<int:assignment_id>/end/": same(ADMIN, "admin/assignments/2/end/"),
    "admin/audit/": same(TRAIL, "admin/audit/", "?from_day=99&from_month=1&from_year=2026"),
    "jobs/": same(LEAD, "jobs/"),
    "admin/jobs/": same(ADMIN, "admin/jobs/", "?state=odd&page=nine"),
    "admin/jobs/check-sealed/": same(ADMIN, "admin/jobs/check-sealed/"),
    "concerns/": same(LEAD, "concerns/"),
    "concerns/raise/": same(LEAD, "concerns/raise/?from=/home/", SUBMIT),
    "frameworks/": same(LEAD, "frameworks/"),
    "frameworks/compare/": same(LEAD, "frameworks/compare/"),
    "frameworks/programmes/<slug:code>/": same(LEAD, "frameworks/programmes/care-and-protection/"),
    "frameworks/<slug:edition>/": same(LEAD, "frameworks/children-3/"),
    "frameworks/<slug:edition>/<slug:indicator>/": same(LEAD, "frameworks/children-3/2-1/"),
    "frameworks/<slug:edition>/<slug:indicator>/title/": same(
        PROGRAMME, "frameworks/children-3/3-1/title/", SUBMIT, emptied=("title", "reason")
    ),
    "admin/releases/": same(TRAIL, "admin/releases/", "?code=odd&page=nine"),
    "admin/releases/thresholds/": same(TRAIL, "admin/releases/thresholds/", SUBMIT),
    "uploads/": State((AREA, "uploads/"), (AREA, "uploads/")),
    "uploads/<slug:kind>/<slug:scope_kind>/<slug:scope_key>/": State(
        (AREA, "uploads/holidays/partnership/strathgarry/"),
        (AREA, "uploads/holidays/partnership/angus/"),
        SUBMIT,
    ),
    "reading/": same(LEAD, "reading/"),
    "partnerships/": same(MEMBER, "partnerships/"),
    "places/": same(MEMBER, "places/"),
    "partnerships/<slug:partnership>/": State(
        (AREA, "partnerships/strathgarry/"), (AREA, "partnerships/angus/")
    ),
    "partnerships/<slug:partnership>/<slug:kind>/add/": State(
        (AREA, "partnerships/strathgarry/holidays/add/"),
        (AREA, "partnerships/angus/holidays/add/"),
        SUBMIT,
    ),
    "outcomes/": State(("link-inspector", "outcomes/"), (AREA, "outcomes/")),
    "p/<slug:area>/outcomes/": State(
        (AREA, "p/strathgarry/outcomes/"), (AREA, "p/angus/outcomes/")
    ),
    "p/<slug:area>/outcomes/journeys/": State(
        (AREA, "p/strathgarry/outcomes/journeys/"), (AREA, "p/angus/outcomes/journeys/")
    ),
    "p/<slug:area>/outcomes/<slug:code>/": State(
        (AREA, "p/strathgarry/outcomes/la10/"), (AREA, "p/angus/outcomes/la10/?tab=definition")
    ),
    "national/exercises/": same(MEMBER, "national/exercises/", "?programme=NONE&page=x"),
    "national/exercises/import/": same(PROGRAMME, "national/exercises/import/", SUBMIT),
    "national/findings/": same(MEMBER, "national/findings/?programme=P1"),
    "p/<slug:partnership>/": State((MEMBER, "p/south-lanarkshire/"), (MEMBER, "p/angus/")),
    "data/": same(AREA, "data/"),
    DATA: State((AREA, "p/strathgarry/data/"), (AREA, "p/angus/data/")),
    f"{DATA}datasets/": State(
        (AREA, "p/strathgarry/data/datasets/"), (AREA, "p/angus/data/datasets/")
    ),
    f"{DATA}datasets/<slug:dataset>/": State(
        (AREA, "p/strathgarry/data/datasets/children/"),
        (AREA, "p/angus/data/datasets/children/"),
    ),
    f"{DATA}datasets/<slug:dataset>/columns/": State(
        (ANALYST, "p/strathgarry/data/datasets/children/columns/"),
        (ANALYST, "p/angus/data/datasets/children/columns/"),
    ),
    f"{DATA}builds/": State(
        (AREA, "p/strathgarry/data/builds/"), (AREA, "p/angus/data/builds/"), "?page=nine"
    ),
    f"{DATA}builds/new/": State(
        (ANALYST, "p/strathgarry/data/builds/new/"), (ANALYST, "p/angus/data/builds/new/")
    ),
    f"{DATA}waivers/": State(
        (ANALYST, "p/strathgarry/data/waivers/"), (ANALYST, "p/angus/data/waivers/")
    ),
    f"{DATA}erase/": State(
        (TRAIL, "p/strathgarry/data/erase/"), (TRAIL, "p/angus/data/erase/"), SUBMIT
    ),
    "surveys/": State((LEAD, "surveys/"), (AREA, "surveys/")),
    SURVEYS: State((AREA, "p/strathgarry/surveys/"), (AREA, "p/angus/surveys/")),
    f"{SURVEYS}new/": State(
        (AREA, "p/strathgarry/surveys/new/"), (AREA, "p/angus/surveys/new/"), SUBMIT
    ),
    "records/": same(LEAD, "records/"),
    RECORDS: State((LEAD, "p/strathgarry/records/"), (LEAD, "p/angus/records/")),
    f"{RECORDS}new/": State(
        (LEAD, "p/strathgarry/records/new/"), (LEAD, "p/angus/records/new/"), SUBMIT
    ),
    ONE: State((LEAD, SL), (LEAD, ANGUS)),
    f"{ONE}notes/": State((LEAD, f"{DRAFT}notes/"), (LEAD, f"{ANGUS}notes/")),
    "saving/<slug:kind>:<slug:key>/<slug:field>/versions/": State(
        (LEAD, "saving/inspection:strathgarry-2026/notes/versions/"),
        (LEAD, "saving/inspection:angus-2031/notes/versions/"),
    ),
    f"{ONE}records-read/": State((LEAD, f"{SL}records-read/"), (LEAD, f"{ANGUS}records-read/")),
    f"{ONE}report/": State((LEAD, f"{SL}report/"), (LEAD, f"{ANGUS}report/")),
    f"{ONE}evaluations/<slug:judgement>/": State(
        (LEAD, f"{SL}evaluations/2-1/"), (LEAD, f"{ANGUS}evaluations/2-1/")
    ),
    f"{ONE}evaluations/<slug:judgement>/correct/": State(
        (PROGRAMME, f"{SL}evaluations/2-1/correct/"),
        (LEAD, f"{ANGUS}evaluations/2-1/correct/"),
        SUBMIT,
        emptied=("reason",),
        bare_status=NOT_NOW,
    ),
    f"{ONE}evidence/<slug:channel>/correct/": State(
        (PROGRAMME, f"{SL}evidence/records-read/correct/"),
        (LEAD, f"{ANGUS}evidence/records-read/correct/"),
        SUBMIT,
        emptied=("reason",),
        bare_status=NOT_NOW,
    ),
    f"{ONE}dates/<slug:what>/correct/": State(
        (PROGRAMME, f"{SL}dates/published/correct/"),
        (LEAD, f"{ANGUS}dates/published/correct/"),
        SUBMIT,
        emptied=("reason",),
        bare_status=NOT_NOW,
    ),
}
NOT_PAGES = {
    **{
        f"{SURVEY}{page}": "tests/surveys/respondent/test_paper opens it"
        for page in ("paper/", "paper/print/", "paper/type/")
    },
    **{
        f"{SURVEY}{page}": "tests/surveys/test_comment_views opens it"
        for page in (
            "comments/",
            "comments/<int:number>/",
            "comments/read/",
            "comments/read/<int:number>/",
            "contacts/",
            "own-words/",
            "own-words/quote/<uuid:comment>/",
            "own-words/<slug:question>/",
            "own-words/<slug:question>/themes/",
            "own-words/<slug:question>/themes/<uuid:theme>/",
            "own-words/<slug:question>/move/<uuid:comment>/",
        )
    },
    **{
        f"{SURVEY}{page}": "tests/surveys/test_inviting and test_monitor open it"
        for page in (
            "monitor/",
            "poster/",
            "invitations/",
            "invitations/waves/new/",
            "invitations/groups/new/",
            "invitations/groups/<int:number>/",
            "invitations/groups/<int:number>/codes/",
            "invitations/groups/<int:number>/slips/",
            "invitations/list/",
            "invitations/letters/",
            "invitations/remind/",
            "invitations/came-back/",
        )
    },
    **{
        f"{SURVEY}{page}": "test_surveys tries it, with a survey it has begun"
        for page in (
            "",
            "pause/",
            "extend/",
            "what-changed/",
            "close/",
            "build/",
            "build/start/",
            "build/access/",
            "build/help/",
            "build/privacy/",
            "build/results/",
            "build/readers/",
            "build/readers/<int:number>/end/",
            "build/open/",
            "build/try/",
            "build/try/<path:rest>",
            "build/questions/",
            "build/introduction/",
            "build/questions/<str:code>/",
            "build/questions/<str:code>/delete/",
            "build/sections/<str:section>/",
            "build/sections/<str:section>/new/",
            "build/sections/<str:section>/delete/",
            "build/languages/",
            "build/languages/<slug:language>/",
            "build/languages/<slug:language>/confirm/",
            "build/languages/<slug:language>/remove/",
        )
    },
    **{
        f"{SURVEY}results/{page}": "test_surveys tries it, of a survey it has closed"
        for page in ("", "by/<slug:grouping>/", "<slug:item>/")
    },
    f"{SURVEY}results/file.<slug:kind>": "a file",
    **{
        f"{ROUND}results/{page}": "tests/record_reading/test_results opens it, of a locked round"
        for page in ("", "<slug:item>/")
    },
    f"{ROUND}results/file.<slug:kind>": "a file",
    **{
        f"{ROUND}{page}": "test_reading tries it, or tests/record_reading/test_reading_pages"
        for page in (
            "readings/<int:number>/",
            "readings/<int:number>/check/",
            "readings/<int:number>/break/",
            "readings/<int:number>/reopen/",
            "readings/<int:number>/<int:part>/reopen/",
            "readings/<int:number>/print/",
            "readings/<int:number>/<slug:section>/",
            "readings/<int:number>/<slug:section>/two/",
            "paper/",
            "paper/<int:number>/<int:part>/",
            "paper/<int:number>/<int:part>/type/",
            "paper/<int:number>/<int:part>/type/check/",
            "paper/<int:number>/<int:part>/type/break/",
            "paper/<int:number>/<int:part>/type/<slug:section>/",
            "paper/<int:number>/<int:part>/type/<slug:section>/two/",
        )
    },
    **{
        f"{ROUND}{page}": "tests/record_reading/test_round_pages opens it"
        for page in (
            "",
            "set-up/",
            "support/",
            "destruction/",
            "template/",
            "open/",
            "lock/",
            "reopen/",
            "share/",
            "destroy/",
            "readers/",
            "readers/<uuid:reader>/",
            "readers/<uuid:reader>/end/",
            "readers/<uuid:reader>/away/",
            "readers/<uuid:reader>/conflict/",
            "conflicts/mine/",
            "conflicts/<uuid:conflict>/lift/",
            "allocation/",
            "allocation/<int:number>/",
            "actions/new/",
            "actions/<int:number>/done/",
        )
    },
    **{
        f"{RECORDS}audits/{page}": "tests/record_reading/test_round_pages opens it"
        for page in ("new/", "<slug:audit>/", "<slug:audit>/end/")
    },
    **{
        f"{ROUND}{page}": "takes POST alone"
        for page in ("readings/<int:number>/on-paper/", "paper/<int:number>/<int:part>/mark/")
    },
    **{
        f"{ROUND}{page}": "tests/record_reading/test_moderation_pages opens it"
        for page in (
            "moderation/",
            "moderation/<int:record>/<slug:item>/",
            "moderation/<int:record>/<slug:item>/<slug:agency>/",
            "to-discuss/",
            "agreement/",
            "dip/",
            "dip/<int:checked>/",
        )
    },
    **{
        f"{ROUND}{page}": "test_record_reading tries it, of a round it has begun"
        for page in (
            "return/",
            "return/totals/",
            "sample/",
            "sample/draw/",
            "sample/<int:draw>/again/",
            "sample/<int:draw>/record/",
            "feedback/",
            "feedback/print/",
            "feedback/write/<slug:field>/",
        )
    },
    **{
        f"{ROUND}{page}": "tests/record_reading tries it: test_return_pages, test_sampling_pages"
        for page in (
            "return/columns/",
            "return/<int:version>/",
            "sample/list/",
            "sample/withdraw/<int:record>/",
            "sample/bring-back/<int:record>/",
        )
    },
    **{
        f"{ROUND}{page}": "a file"
        for page in (
            "return/template.xlsx",
            "sample/list.csv",
            "sample/<int:draw>/record.pdf",
            "feedback/sheet.pdf",
        )
    },
    f"{SURVEY}build/questions/<str:code>/<slug:deed>/": "takes POST alone",
    f"{SURVEY}build/sections/<str:section>/<slug:deed>/": "takes POST alone",
    f"{SURVEY}build/xlsform.xlsx": "a file",
    f"{SURVEY}build/languages/<slug:language>/texts.xlsx": "a file",
    **{
        f"uploads/<uuid:key>/{page}": "test_uploads tries it, with a file it has sent"
        for page in ("", "faults/", "import/", "check-again/", "throw-away/", "undo/")
    },
    **{
        f"{DATA}builds/<int:number>/{page}": "test_whole_cycle tries it, with a build it has made"
        for page in ("", "publish/", "undo/", "faults/")
    },
    f"{DATA}builds/<int:number>/faults.csv": "a file",
    f"{DATA}datasets/<slug:dataset>/template.xlsx": "a file",
    f"{DATA}datasets/<slug:dataset>/schema.json": "a file",
    f"{DATA}datasets/<slug:dataset>/versions/<int:vintage>/days/": "test_whole_cycle tries it",
    f"{DATA}waivers/<uuid:key>/": "its key is made anew each time; tests/children try it",
    "uploads/<uuid:key>/faults.csv": "a file",
    "p/<slug:area>/outcomes/<slug:code>/figures.csv": "a file",
    "p/<slug:area>/outcomes/<slug:code>/behind/": "test_outcomes tries it: there must be a build",
    "p/<slug:area>/outcomes/<slug:code>/note/": "test_outcomes tries it, as who may",
    "p/<slug:area>/outcomes/notes/<uuid:key>/remove/": "as any question: a note must be there",
    "uploads/<uuid:key>/copy/": "a file",
    "uploads/<slug:kind>/<slug:scope_kind>/<slug:scope_key>/template/": "a file",
    "admin/releases/<uuid:key>/": "test_releases tries it: its key is made anew each time",
    "admin/releases/<uuid:key>/review/<slug:code>/": "test_releases tries it",
    "admin/releases/<uuid:key>/withdraw/": "test_releases tries it",
    "admin/releases/<uuid:key>/download/<slug:code>/<slug:kind>/": "a file",
    "releases/protect/": "test_releases tries it: nobody of the bare copies may",
    "": "leads home",
    "admin/audit/download/": "a file",
    "accounts/join/link/<str:token>/": "leads on",
    "accounts/second-factor/": "test_accounts tries it: the password comes first",
    "accounts/passkey/": "test_accounts tries it: sent by the sign-in page",
    "accounts/again/code/": "as accounts/again/, for who has an app",
    "accounts/again/passkey/": "as accounts/again/, for who has a passkey",
    "accounts/factors/sign-out/": "takes POST alone",
    "accounts/factors/app/remove/": "test_accounts tries it: there must be one",
    "accounts/factors/passkeys/<int:pk>/": "a form of one field, of who has a passkey",
    "accounts/factors/passkeys/<int:pk>/remove/": "test_accounts tries it: there must be one",
    "accounts/factors/codes/": "test_accounts tries it: there must be some",
    "accounts/factors/codes/make/": "test_accounts tries it: there must be some",
    "accounts/factors/codes/download/": "a file",
    "admin/people/<int:person_id>/invite/": "takes POST alone",
    "admin/people/<int:person_id>/withdraw/": "takes POST alone",
    "admin/people/<int:person_id>/sign-out/": "takes POST alone",
    "admin/people/<int:person_id>/readmit/": "takes POST alone",
    "admin/access/reviews/<int:review_id>/": "test_accounts tries it: there must be one",
    "admin/access/reviews/<int:review_id>/download/": "a file",
    "partnerships/<slug:partnership>/<slug:kind>/<int:key>/remove/": "takes POST alone",
    "national/findings/download/<slug:kind>/": "a file",
    f"{ONE}export/": "a file",
    "saving/typed/": "takes POST alone",
    "saving/session/": "is for the script",
    "saving/<slug:kind>:<slug:key>/<slug:field>/": "takes POST alone",
    "saving/<slug:kind>:<slug:key>/<slug:field>/versions/<int:number>/": "test_saving tries it",
    "saving/<slug:kind>:<slug:key>/<slug:field>/versions/<int:number>/restore/": "takes POST alone",
    "saving/<slug:kind>:<slug:key>/<slug:field>/clash/<int:number>/": "test_saving tries it",
    f"{ONE}report/download/<slug:kind>/": "a file",
    "schemas/inspection.json": "a file",
    "jobs/<uuid:key>/": "test_jobs tries it: no job is in the demonstration",
    "jobs/<uuid:key>/watch/": "a part of the page of a job",
    "jobs/<uuid:key>/cancel/": "test_jobs tries it",
    "jobs/<uuid:key>/retry/": "test_jobs tries it",
    "concerns/<uuid:key>/": "test_concerns tries it: no concern is in the demonstration",
    "concerns/<uuid:key>/sent/": "test_concerns tries it",
    "concerns/<uuid:key>/<slug:deed>/": "test_concerns tries it",
    "gallery/": "test_gallery tries it",
    "gallery/<slug:code>/": "test_gallery tries it",
}


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every address pattern of the program."""
    for item in (resolver or get_resolver()).url_patterns:
        where = before + str(item.pattern)
        if isinstance(item, URLPattern):
            yield where
        else:
            yield from addresses(item, where)


def test_every_address_is_tried_or_says_why_not() -> None:
    """A new page must say here how it is brought into its states."""
    assert set(addresses()) == set(PAGES) | set(NOT_PAGES)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy with nothing published."""
    with serving(tmp_path_factory.mktemp("bare"), (*FILL, "bare"), PASSWORD) as copy:
        yield copy


@pytest.fixture(scope="session")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy where everything is long."""
    with serving(tmp_path_factory.mktemp("long"), (*FILL, "long"), PASSWORD) as copy:
        yield copy


@pytest.fixture
def come_to(desks: Desks) -> Visitor:
    """Open a path of a copy as somebody: `come_to(bare, "inspection-lead", "home/")`."""

    def begin(copy: Served, role: str, path: str, *, status: int = 200) -> Visit:
        # Without motion, so that nothing is measured half-way from one colour to another.
        visit = desks.take(copy, role, reduced_motion="reduce")
        visit.open(f"/{path}", status=status)
        return visit

    return begin


def look(visit: Visit) -> None:
    """What every page must pass in every state."""
    checks.well_formed(visit.page)
    checks.accessible(visit.page)
    checks.fits(visit.page)


@pytest.mark.parametrize("address", PAGES)
def test_as_usual(come_to: Visitor, served: Served, address: str) -> None:
    """In the demonstration: structure, axe, 320 px, keyboard, no complaints."""
    visit = come_to(served, *PAGES[address].usual)
    assert visit.page.locator("h1").inner_text() != "Page not found"
    checks.works_by_keyboard(visit.page)
    look(visit)
    checks.survives_text_spacing(visit.page)
    checks.behaves(visit)


@BESIDE
@pytest.mark.parametrize("address", PAGES)
def test_empty(come_to: Visitor, bare: Served, address: str) -> None:
    """With nothing published, and an inspection in which nothing is recorded."""
    state = PAGES[address]
    look(come_to(bare, *state.bare, status=state.bare_status))


@BESIDE
@pytest.mark.parametrize("address", PAGES)
def test_with_long_text(come_to: Visitor, long: Served, address: str) -> None:
    """Long sentences, long names and words that cannot break."""
    look(come_to(long, *PAGES[address].bare))


@pytest.mark.parametrize("address", [name for name, page in PAGES.items() if page.error])
def test_with_errors(come_to: Visitor, served: Served, address: str) -> None:
    """A form sent empty says what to do, in its title too; a query nothing answers is no crash."""
    state = PAGES[address]
    role, path = state.usual
    if state.error != SUBMIT:
        look(come_to(served, role, path.partition("?")[0] + state.error))
        return
    visit = come_to(served, role, path)
    for name in state.emptied:
        visit.page.locator(f"[name={name}]").fill("")
    visit.page.locator("main form button[type=submit]").last.click()
    expect(visit.page).to_have_title(re.compile("^Error: "))
    expect(visit.page.locator(".sl-errors")).to_be_visible()
    look(visit)


def test_refusals_are_pages_too(come_to: Visitor, served: Served) -> None:
    """What is not there, what is not yours, and what you may not do."""
    for role, path, status, words in (
        (MEMBER, "nowhere/", 404, "not found"),
        (MEMBER, "p/strathgarry/exercises/strathgarry-2026/", 404, "not found"),
        (MEMBER, "admin/people/", 403, "cannot"),
        (ADMIN, "national/findings/", 403, "cannot"),
        (MEMBER, "national/findings/?programme=NONE", 400, "p1"),
    ):
        visit = come_to(served, role, path, status=status)
        assert words in visit.page.locator("main").inner_text().lower(), path
        look(visit)
