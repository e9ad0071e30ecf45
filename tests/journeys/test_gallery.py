"""Every component in every state, through every check: if it passes here it may be used."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from sightline.design.gallery import EXHIBITS
from tests.journeys import checks
from tests.journeys.conftest import Visitor

SOMEBODY = "inspector"
GALLERY = ["/gallery/", *(f"/gallery/{one.code}/" for one in EXHIBITS)]


@pytest.mark.parametrize("path", GALLERY)
def test_on_a_desk(visit: Visitor, path: str) -> None:
    """At full width: axe, structure, keyboard, spacing, no shortcuts, no complaints."""
    seen = visit(SOMEBODY)
    page = seen.open(path)
    checks.well_formed(page)
    checks.accessible(page)
    checks.works_by_keyboard(page)
    checks.survives_text_spacing(page)
    checks.has_no_single_key_shortcuts(page)
    checks.behaves(seen)


@pytest.mark.parametrize("path", GALLERY)
def test_on_a_telephone(visit: Visitor, path: str) -> None:
    """320 px wide, which is also 400% on a desk: nothing sideways, everything reachable."""
    seen = visit(SOMEBODY, width=checks.NARROW, reduced_motion="reduce")
    page = seen.open(path)
    checks.fits(page)
    checks.accessible(page)
    checks.works_by_keyboard(page)
    checks.survives_text_spacing(page)
    checks.fits(page)
    checks.holds_still(page)
    checks.behaves(seen)


@pytest.mark.parametrize("path", GALLERY)
def test_without_scripts(visit: Visitor, path: str) -> None:
    """The same words and the same forms, and paper that unfolds by style alone."""
    plain = visit(SOMEBODY, javascript=False)
    checks.well_formed(plain.open(path))
    checks.says_the_same_without_scripts(visit(SOMEBODY).open(path), plain.page)
    checks.prints(plain.page)
    checks.fits(plain.page)
    checks.behaves(plain)


def test_on_paper(visit: Visitor) -> None:
    """What is folded away on the screen can be read on paper."""
    page = visit(SOMEBODY).open("/gallery/boxes/")
    folded = "Each sailing once, on the day it left."
    expect(page.get_by_text(folded)).not_to_be_visible()
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert folded in " ".join(text.split())
    assert "Change password" not in text


def test_titles_differ(visit: Visitor) -> None:
    """Each page says first what it is; one with errors says so before that."""
    seen = visit(SOMEBODY)
    titles = [seen.open(path).title() for path in GALLERY]
    assert len(set(titles)) == len(titles)
    faulty = titles[GALLERY.index("/gallery/form-errors/")]
    assert faulty.startswith("Error: A form with errors")


def test_errors_are_found_said_and_kept(visit: Visitor) -> None:
    """Focus starts at the list; each line leads to a control that says the same; values stay."""
    page = visit(SOMEBODY).open("/gallery/form-errors/")
    summary = page.locator(".sl-errors")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        message = link.inner_text()
        target = page.locator(link.get_attribute("href") or "")
        expect(target).to_have_count(1)
        link.click()
        expect(target).to_be_focused()
        question = page.locator(".sl-question").filter(has=target)
        expect(question.locator(".ds_question__error-message p")).to_contain_text(message)
        assert question.locator('[aria-invalid="true"]').count(), f"{message}: not marked"
    expect(page.get_by_label("Most passengers")).to_have_value("a few")
    expect(page.get_by_label("Day", exact=True)).to_have_value("31")


def test_forced_colours_keep_focus_and_steps_visible(visit: Visitor) -> None:
    """With the system's colours, focus shows and the steps of the scale stand out."""
    page = visit(SOMEBODY, forced_colors="active").open("/gallery/marks/")
    checks.works_by_keyboard(page)
    colours = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.sl-scale__on')).fill,
                  getComputedStyle(document.body).backgroundColor]"""
    )
    assert colours[0] != colours[1]


def test_the_account_menu_closes_with_escape(visit: Visitor) -> None:
    """Escape closes the menu that has focus, gives focus back, and does nothing else."""
    page = visit(SOMEBODY).open("/gallery/")
    menu = page.locator(".sl-account__menu")
    menu.locator("summary").click()
    expect(page.get_by_role("link", name="Change password")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    assert page.url.endswith("/gallery/")


def test_an_unknown_page_says_so(visit: Visitor) -> None:
    """A page that is not there is a page all the same."""
    seen = visit(SOMEBODY)
    page = seen.open("/gallery/nowhere/", status=404)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    checks.accessible(page)


PLANTED = {
    "accessible": ("main", '<img src="/static/design/mark.svg"><button></button>'),
    "well_formed": ("main", "<h1>Another</h1>"),
    "fits": ("main", '<hr class="planted">'),
    "works_by_keyboard": ("main", '<a href="#" class="planted" tabindex="3">Out of order</a>'),
    "prints": ("main", '<details class="planted"><summary>A</summary><p>B</p></details>'),
    "survives_text_spacing": ("main", '<p class="planted">Two words</p>'),
}
STYLE = {
    "fits": ".planted { width: 700px }",
    "prints": ".planted p { display: none }",
    "survives_text_spacing": ".planted { height: 1em; line-height: 1; overflow: hidden }",
}


@pytest.mark.parametrize("check", PLANTED)
def test_each_check_catches_a_planted_fault(visit: Visitor, check: str) -> None:
    """A check that never fails checks nothing."""
    page = visit(SOMEBODY).open("/gallery/text/")
    getattr(checks, check)(page)
    where, html = PLANTED[check]
    page.evaluate(
        """([where, html, style]) => {
          document.querySelector(where).insertAdjacentHTML("beforeend", html);
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(style);
          document.adoptedStyleSheets = [sheet];
        }""",
        [where, html, STYLE.get(check, "")],
    )
    with pytest.raises(AssertionError):
        getattr(checks, check)(page)


def test_other_planted_faults_are_caught(visit: Visitor) -> None:
    """A shortcut on a letter, something that moves, a blocked script, words only scripts show."""
    seen = visit(SOMEBODY, reduced_motion="reduce")
    page = seen.open("/gallery/text/")
    checks.holds_still(page)
    checks.behaves(seen)
    plain = visit(SOMEBODY, javascript=False)
    checks.says_the_same_without_scripts(page, plain.open("/gallery/text/"))
    page.evaluate(
        """() => {
          document.addEventListener('keydown', (event) => {
            if (event.key === 's') document.querySelector('main').append('Saved');
          });
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('h1 { transition: color 1s !important }');
          document.adoptedStyleSheets = [sheet];
          const main = document.querySelector('main');
          main.insertAdjacentHTML('beforeend', '<p style="color:red">x</p>');
        }"""
    )
    for check in (checks.has_no_single_key_shortcuts, checks.holds_still):
        with pytest.raises(AssertionError):
            check(page)
    with pytest.raises(AssertionError, match="complained"):
        checks.behaves(seen)
    with pytest.raises(AssertionError, match="other words"):
        checks.says_the_same_without_scripts(page, plain.page)
