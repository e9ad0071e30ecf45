"""The gallery shows every component, and its pages draw."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from sightline.design import urls
from sightline.design.gallery import EXHIBITS, exhibit
from sightline.kernel.errors import NotFound
from tests.design.page import tree, words

TEMPLATES = Path(urls.__file__).parent / "templates" / "design"
PAGES = {
    "base", "prose", "not_found", "refused", "not_now", "bad_input", "not_available", "went_wrong",
    "csrf",
}  # fmt: skip


def test_every_component_is_shown():
    """A component nobody shows is one nobody looks at."""
    shown = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r"<c-([a-z-]+)", shown))
    components = {path.stem for path in TEMPLATES.glob("[!_]*.html")} - PAGES
    assert {name.replace("_", "-") for name in components} <= used


@pytest.mark.parametrize("code", [one.code for one in EXHIBITS])
def test_each_page_draws(rf, code):
    shown = exhibit(code)
    request = rf.get(f"/gallery/{code}/")
    context = shown.context(request) | {"exhibit": shown, "others": [], "crumbs": []}
    root = tree(render_to_string(shown.template, context, request=None))
    assert len(root.findall(".//h1")) == 1
    assert "{{" not in words(root)
    assert "{%" not in words(root)
    assert root.find(".//main") is not None


def test_an_unknown_page_is_not_found():
    with pytest.raises(NotFound):
        exhibit("nowhere")


def test_views_are_wrapped_as_config_says():
    wrapped = []
    patterns = urls.patterns(lambda view: wrapped.append(view) or view)
    assert [pattern.name for pattern in patterns] == ["gallery", "component"]
    assert len(wrapped) == 2
