"""What each component draws: names, regions, states; and nothing where there is nothing."""

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from sightline.design.frame import Crumb, Frame, Link
from sightline.kernel.errors import Fault
from tests.design.page import by_id, drawn, tree, with_class, words


def test_a_table_scrolls_in_a_region_named_after_its_caption():
    root = drawn(
        '<c-table caption="Sailings, {{ year }}"><tbody><tr><td>1</td></tr></tbody></c-table>',
        {"year": 2026},
    )
    region = next(with_class(root, "sl-scroll"))
    assert region.attrib["role"] == "region"
    assert region.attrib["tabindex"] == "0"
    assert region.attrib["aria-label"] == "Table: Sailings, 2026"
    assert words(region.find(".//caption")) == "Sailings, 2026"
    assert words(region.find(".//td")) == "1"


def test_a_label_tells_two_tables_with_one_caption_apart():
    root = drawn('<c-table caption="By month" label="By month, north"></c-table>')
    assert next(with_class(root, "sl-scroll")).attrib["aria-label"] == "Table: By month, north"


def test_what_is_in_the_page_does_not_leak_into_a_component():
    root = drawn(
        '<c-notice>Text</c-notice><c-details summary="More">x</c-details><c-tag>Late</c-tag>',
        {"title": "Page", "kind": "attention", "open": "yes", "label": "L", "level": "1"},
    )
    assert root.find(".//h1") is None
    assert root.find(".//h2") is None
    assert "open" not in root.find(".//details").attrib
    assert next(with_class(root, "sl-tag")).attrib["class"] == "sl-tag sl-tag--neutral"


def test_text_given_to_a_component_is_escaped():
    root = drawn(
        '<c-summary-row key="{{ name }}">{{ name }}</c-summary-row>'
        "<c-breadcrumbs :items='trail' /><c-faults :faults='faults' />",
        {
            "name": "<b>x</b>",
            "trail": [Crumb("<i>y</i>", "/")],
            "faults": [Fault("<u>a</u>", "b", "c")],
        },
    )
    assert not [one for one in root.iter() if one.tag in {"b", "i", "u"}]
    assert words(root.find(".//dt")) == "<b>x</b>"


def test_the_change_link_of_a_fact_says_what_it_changes():
    root = drawn('<c-summary-row key="Harbour" href="/change/">North</c-summary-row>')
    assert words(root.find(".//a")) == "Change Harbour"


@pytest.mark.parametrize("value", range(1, 7))
def test_a_step_of_the_scale_is_a_number_a_word_and_as_many_filled_marks(value):
    root = drawn('<c-scale-word :value="value" word="Good" />', {"value": value})
    scale = next(with_class(root, "sl-scale"))
    assert words(scale) == f"{value}Good ({value} of 6)"
    assert len(list(with_class(scale, "sl-scale__on"))) == value
    assert len(list(with_class(scale, "sl-scale__off"))) == 6 - value
    assert scale.find("svg").attrib["aria-hidden"] == "true"


def test_a_step_not_known_is_a_word_without_marks():
    root = drawn('<c-scale-word :value="value" />', {"value": None})
    assert words(root) == "Not known"
    assert root.find(".//svg") is None


def _pages(number: int, query: str = "") -> str:
    request = RequestFactory().get(f"/list/?{query}")
    page = Paginator(range(420), 20).get_page(number)
    return {"page": page, "request": request}


def test_page_links_keep_the_rest_of_the_query_and_mark_where_one_is():
    root = drawn('<c-pagination :page="page" />', _pages(11, "kind=a%26b&page=3"))
    here = [one for one in root.iter("a") if one.get("aria-current") == "page"]
    assert [words(one) for one in here] == ["Page 11"]
    assert {one.attrib["href"].split("page=")[0] for one in root.iter("a")} == {"?kind=a%26b&"}
    assert [words(one) for one in root.iter("li")] == [
        "Previous page", "Page 1", "…", "Page 9", "Page 10", "Page 11", "Page 12", "Page 13", "…",
        "Page 21", "Next page",
    ]  # fmt: skip
    assert words(next(with_class(root, "sl-pages__count"))) == "201 to 220 of 420"


@pytest.mark.parametrize(("number", "missing"), [(1, "Previous page"), (21, "Next page")])
def test_the_first_and_last_page_lead_nowhere_further(number, missing):
    root = drawn('<c-pagination :page="page" />', _pages(number))
    assert missing not in [words(one) for one in root.iter("a")]


def test_one_page_has_no_links_and_still_says_how_many():
    root = drawn('<c-pagination :page="page" />', {"page": Paginator(range(3), 20).get_page(1)})
    assert root.find(".//nav") is None
    assert words(root) == "3 in all"


@pytest.mark.parametrize(
    "source",
    ["<c-breadcrumbs />", "<c-downloads />", "<c-pagination />", "<c-error-summary />"],
)
def test_nothing_to_show_draws_nothing(source):
    root = drawn(source)
    assert not list(root)
    assert not words(root)


def test_downloads_say_format_and_note():
    files = [("Figures", "/f.csv", "CSV, 2 KB", ""), ("Report", "/r.pdf", "PDF", "For printing")]
    root = drawn('<c-downloads :files="files" />', {"files": files})
    assert [words(one) for one in root.iter("a")] == ["Figures (CSV, 2 KB)", "Report (PDF)"]
    assert words(root.findall(".//li")[1]).endswith("For printing")


def test_a_task_is_a_link_with_its_status_and_a_finished_one_says_so_plainly():
    root = drawn(
        '<c-task-list label="First"><c-task href="/a/" done="yes">A</c-task>'
        '<c-task status="Late" kind="attention">B</c-task></c-task-list>'
    )
    first, second = root.iter("li")
    assert words(first) == "ACompleted"
    assert not list(with_class(first, "sl-tag"))
    assert next(with_class(second, "sl-tag")).attrib["class"].endswith("attention")
    assert second.find(".//a") is None


def test_side_navigation_marks_one_place():
    root = drawn(
        '<c-side-nav :items="items" :current="here" label="Boats" />',
        {"items": [("One", "/1/"), ("Two", "/2/")], "here": "/2/"},
    )
    assert root.find(".//nav").attrib["aria-label"] == "Boats"
    assert [one.text for one in root.iter("a") if one.get("aria-current")] == ["Two"]


def test_progress_is_in_words_and_in_an_element_that_says_it():
    root = drawn('<c-progress label="Inspected" value="2" most="3" />')
    bar = by_id(root, "progress")
    assert (bar.attrib["value"], bar.attrib["max"]) == ("2", "3")
    assert root.find(".//label").attrib["for"] == "progress"
    assert words(next(with_class(root, "sl-progress__words"))) == "2 of 3"


def test_a_button_that_goes_somewhere_is_a_link():
    root = drawn('<c-button href="/x/">Go</c-button><c-button>Do</c-button>')
    assert words(root.find(".//a")) == "Go"
    assert root.find(".//button").attrib["type"] == "submit"


def test_the_frame_says_where_one_is_and_signs_out_by_posting():
    frame = Frame(
        place="North pier",
        place_url="/p/",
        primary=(Link("Home", "/home/", current=True), Link("Boats", "/boats/")),
        person="A. Example",
        sign_out_url="/out/",
    )
    root = tree(render_to_string("design/not_found.html", {"navigation": frame}))
    current = [one for one in root.iter("a") if one.get("aria-current") == "true"]
    assert [words(one) for one in current] == ["Home"]
    assert root.find(".//form").attrib == {"method": "post", "action": "/out/"}
    assert words(root.find(".//title")) == "Page not found - Sightline"
    assert len(root.findall(".//h1")) == 1


def test_a_page_without_a_frame_still_has_a_name_and_a_way_home():
    """A server error is drawn without context processors."""
    root = tree(render_to_string("500.html"))
    assert words(root.find(".//title")) == "There is a problem - Sightline"
    assert "/" in [one.get("href") for one in root.iter("a")]


def test_a_refusal_says_who_can_and_how_to_ask():
    context = {"message": "You cannot change this.", "who_can": ["Harbour master"], "how": "Ask."}
    text = words(tree(render_to_string("design/refused.html", context)).find(".//main"))
    for part in ("You cannot change this.", "Who can", "Harbour master", "How to ask", "Ask."):
        assert part in text


def test_more_primary_links_than_fit_are_refused():
    with pytest.raises(ValueError, match="7 primary links; at most 6 fit"):
        Frame(primary=tuple(Link(str(place), "/") for place in range(7)))
