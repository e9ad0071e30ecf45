"""Checks any open page must pass. Each raises `AssertionError` saying what, and on which page.

Tools find about a third of what people meet: sense, colour vision and screen readers are not here.
"""

import re
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.journeys.conftest import Visit

NARROW = 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations", "incomplete"],
}
# Only what is looked at is fetched from the page: what passes is most of what axe says.
LOOK = """
async (options) => {
  const found = await axe.run(options);
  const told = (rules) => rules.map((rule) => ({id: rule.id, nodes: rule.nodes.map((node) =>
    ({html: node.html, target: node.target, failureSummary: node.failureSummary}))}));
  return {violations: told(found.violations), incomplete: told(found.incomplete)};
}
"""
# What axe could not decide and a person has: rule, part of the element, and why it is right.
DECIDED: tuple[tuple[str, str, str], ...] = (
    ("color-contrast", "<text", "Text in a chart; tests/design measures its colours one by one."),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789/?"
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
    "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
)
TABBABLE = """
() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
  .filter((one) => one.type !== 'radio' || one === stop(one))
"""
STOP = """
const stop = (radio) => {
  const group = [...document.querySelectorAll(`input[type=radio][name="${radio.name}"]`)];
  return group.find((one) => one.checked) || group[0];
};
const looks = (one) => [one, one.nextElementSibling].filter(Boolean).flatMap((part) =>
  ['', '::before', '::after'].map((pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow].join(' ');
  })).join('|');
const name = (one) => one.outerHTML.slice(0, 120);
"""


def _whole(page: Page) -> None:
    """Wait until the page is there: whoever clicks a link comes to one that has only begun."""
    page.wait_for_load_state("load")


def accessible(page: Page) -> None:
    """axe finds nothing, and nothing it could not decide that nobody has looked at."""
    _whole(page)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(LOOK, OPTIONS)
    wrong = [_said(rule, node) for rule in found["violations"] for node in rule["nodes"]]
    open_questions = [
        _said(rule, node)
        for rule in found["incomplete"]
        for node in rule["nodes"]
        if not _is_decided(rule, node) and not _is_beyond_an_edge(page, rule, node)
    ]
    assert not wrong, _listed(page, "axe", wrong)
    assert not open_questions, _listed(page, "axe cannot decide, and nobody has", open_questions)


def _is_decided(rule: dict[str, Any], node: dict[str, Any]) -> bool:
    return any(rule["id"] == code and part in node["html"] for code, part, _ in DECIDED)


def _is_beyond_an_edge(page: Page, rule: dict[str, Any], node: dict[str, Any]) -> bool:
    """Whether the colours of text could not be told only because its table is scrolled past it."""
    if rule["id"] != "color-contrast":
        return False
    beyond: bool = page.evaluate(
        """(selector) => {
          const one = document.querySelector(selector);
          const region = one?.closest('.sl-scroll');
          return Boolean(region)
            && one.getBoundingClientRect().right > region.getBoundingClientRect().right;
        }""",
        node["target"][0],
    )
    return beyond


def _said(rule: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"


def _listed(page: Page, what: str, faults: list[str]) -> str:
    lines = "\n  ".join(faults)
    return f"{page.url}: {what}\n  {lines}"


def well_formed(page: Page) -> None:
    """Title, language, landmarks, headings and tables are as promised."""
    _whole(page)
    faults = page.evaluate(
        """() => {
          const faults = [];
          const all = (selector) => [...document.querySelectorAll(selector)];
          const levels = all('h1,h2,h3,h4,h5,h6').filter((one) => one.checkVisibility())
            .map((one) => Number(one.tagName[1]));
          if (levels.filter((level) => level === 1).length !== 1) faults.push('not exactly one h1');
          levels.reduce((before, level) => {
            if (level > before + 1) faults.push(`h${before} is followed by h${level}`);
            return level;
          }, 0);
          if (all('main').length !== 1) faults.push('not exactly one main');
          if (!document.documentElement.lang) faults.push('no language');
          if (!/^.+ - .+$/.test(document.title)) faults.push(`title: ${document.title}`);
          const names = all('nav').map((one) => one.getAttribute('aria-label'));
          if (names.some((name) => !name)) faults.push('a nav without a name');
          for (const table of all('table')) {
            if (!table.caption?.textContent.trim()) faults.push('a table without a caption');
            if (table.querySelector('th:not([scope])')) faults.push('a th without a scope');
            const region = table.closest('[role=region]');
            if (!region?.ariaLabel || region.tabIndex !== 0) faults.push('a table cannot scroll');
          }
          for (const svg of all('svg[role=img]')) {
            const said = svg.getAttribute('aria-label') || '';
            if (!said || said.length > 150) faults.push(`a picture with ${said.length} characters`);
          }
          if (all('[style]').length) faults.push('an inline style');
          const ids = all('[id]').map((one) => one.id);
          const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
          if (twice.length) faults.push(`ids used twice: ${twice}`);
          return faults;
        }"""
    )
    assert not faults, _listed(page, "not well formed", faults)


def fits(page: Page, width: int = NARROW) -> None:
    """The page does not scroll sideways at this width, which is also 1280 at 400%."""
    _whole(page)
    size = page.viewport_size or {"width": width, "height": 640}
    page.set_viewport_size({"width": width, "height": size["height"]})
    wide = page.evaluate("document.documentElement.scrollWidth")
    culprits = page.evaluate(
        """(width) => [...document.querySelectorAll('body *')]
          .filter((one) => one.getBoundingClientRect().right > width + 1
                           && !one.parentElement.closest('.sl-scroll'))
          .map((one) => one.outerHTML.slice(0, 100)).slice(0, 5)""",
        width,
    )
    assert wide <= width, _listed(page, f"{wide}px wide on {width}px", culprits)


def survives_text_spacing(page: Page) -> None:
    """Nothing is cut off when people set more space between lines, letters and words."""
    _whole(page)
    page.evaluate(
        """(rules) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }""",
        SPACED,
    )
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((one) => {
          const style = getComputedStyle(one);
          const cuts = ['hidden', 'clip'].includes(style.overflowY);
          const unseen = style.clipPath !== 'none' || style.clip !== 'auto';
          return cuts && !unseen && one.innerText?.trim() && one.checkVisibility()
            && one.scrollHeight > one.clientHeight + 1;
        }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    page.evaluate("document.adoptedStyleSheets = []")
    assert not clipped, _listed(page, "text cut off when spaced out", clipped)


def works_by_keyboard(page: Page) -> None:
    """Tab reaches every control once, in the page's order, visibly; Shift+Tab goes back."""
    _whole(page)
    page.evaluate("window.scrollTo(0, 0); document.activeElement?.blur()")
    names = page.evaluate(f"() => {{ {STOP} return ({TABBABLE})().map(name); }}")
    page.evaluate(
        f"() => {{ {STOP} window.stops = ({TABBABLE})(); window.calm = stops.map(looks);"
        " document.body.tabIndex = -1; document.body.focus();"
        " document.body.removeAttribute('tabindex'); }"
    )
    forward = _steps(page, "Tab", len(names))
    seen = [stop["at"] for stop in forward]
    missed = [names[place] for place in range(len(names)) if place not in seen]
    assert not missed, _listed(page, "Tab does not reach", missed)
    assert seen == list(range(len(names))), f"{page.url}: Tab goes {seen}"
    plain = [names[stop["at"]] for stop in forward if not stop["shown"]]
    assert not plain, _listed(page, "focus cannot be seen on", plain)
    unseen = [names[stop["at"]] for stop in forward if not stop["in_view"]]
    assert not unseen, _listed(page, "focus goes out of view on", unseen)
    back = [stop["at"] for stop in _steps(page, "Shift+Tab", len(names) - 1)]
    assert back == list(range(len(names) - 1))[::-1], f"{page.url}: Shift+Tab goes {back}"


def _steps(page: Page, key: str, times: int) -> list[dict[str, Any]]:
    """Where focus is after each press of a key: written down by the page as the key comes up."""
    page.evaluate(
        f"""() => {{ {STOP}
          window.steps = [];
          window.step = (event) => {{
            if (event.key !== 'Tab') return;
            const one = document.activeElement;
            const at = window.stops.indexOf(one);
            const box = one.getBoundingClientRect();
            steps.push({{at, shown: at >= 0 && looks(one) !== window.calm[at],
              in_view: box.bottom > 0 && box.top < innerHeight && box.right > 0}});
          }};
          window.addEventListener('keyup', window.step, true); }}"""
    )
    for _ in range(times):
        page.keyboard.press(key)
    steps: list[dict[str, Any]] = page.evaluate(
        "() => { window.removeEventListener('keyup', window.step, true); return window.steps; }"
    )
    return steps


def has_no_single_key_shortcuts(page: Page) -> None:
    """Typing while nothing is focused does nothing."""
    _whole(page)
    page.evaluate("document.activeElement?.blur()")
    before = (page.url, page.locator("body").inner_html())
    for key in (*LETTERS, "Escape"):
        page.keyboard.press(key)
    assert (page.url, page.locator("body").inner_html()) == before, (
        f"{page.url}: a key did something"
    )


def holds_still(page: Page) -> None:
    """With reduced motion nothing moves by itself."""
    _whole(page)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((one) => {
          const style = getComputedStyle(one);
          return style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0)
            || style.animationName !== 'none';
        }).map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert not moving, _listed(page, "moves although asked not to", moving)


def prints(page: Page) -> None:
    """On paper: no navigation, everything unfolded, links in words, tables and pictures there."""
    _whole(page)
    links = page.locator("main a").all_inner_texts()
    page.emulate_media(media="print")
    faults = page.evaluate(
        """() => {
          const seen = (one) => one.checkVisibility();
          const all = (selector) => [...document.querySelectorAll(selector)];
          const faults = [];
          const left = '.sl-primary, .sl-account, .sl-side, .sl-skip, .sl-footer nav';
          if (all(left).some(seen)) faults.push('navigation is printed');
          for (const fold of all('main details')) {
            const inside = [...fold.children].filter((one) => one.tagName !== 'SUMMARY');
            if (seen(fold) && !inside.every(seen)) faults.push('a fold stays folded');
          }
          if (!all('main table').every(seen)) faults.push('a table is missing');
          for (const chart of all('.sl-chart')) {
            if (![...chart.querySelectorAll('svg')].some(seen)) faults.push('a picture is missing');
          }
          return faults;
        }"""
    )
    page.emulate_media(media="screen")
    assert not faults, _listed(page, "on paper", faults)
    assert all(text.strip() for text in links), f"{page.url}: a link without words"


def says_the_same_without_scripts(page: Page, plain: Page) -> None:
    """The main part reads the same with scripts and without."""
    with_scripts, without = (_words(one) for one in (page, plain))
    assert with_scripts == without, f"{page.url}: other words without scripts"
    stuck = plain.evaluate(
        """() => [...document.querySelectorAll('main form')]
          .filter((form) => !form.querySelector('button[type=submit], button:not([type])'))
          .map((form) => form.outerHTML.slice(0, 100))"""
    )
    assert not stuck, _listed(plain, "cannot be sent without scripts", stuck)


def _words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def behaves(visit: Visit) -> None:
    """The browser had no complaint (a blocked style or script is one), and asked nobody else."""
    assert not visit.complaints, _listed(visit.page, "the browser complained", visit.complaints)
    others = [url for url in visit.asked if not url.startswith((visit.base, "data:"))]
    assert not others, _listed(visit.page, "asked elsewhere", others)
