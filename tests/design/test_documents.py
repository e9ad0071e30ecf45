"""The content tree: what it refuses, and the page it becomes."""

import html
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.design.charts import examples as charts
from sightline.design.documents import (
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    Paragraph,
    Run,
    Table,
    example,
    file_name,
    to_html,
)
from sightline.design.documents.model import placed, slug

CHART = charts()[0][1]
printable = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda words: words.strip() and words.isprintable()
)


def document(*blocks: object, **fields: str) -> Document:
    return Document(title="Title", blocks=blocks, **fields)  # type: ignore[arg-type]


class Outline(HTMLParser):
    """Tags in order, with their attributes; complains of any left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_of_every_block_is_well_formed_with_no_h1_and_no_skipped_level():
    outline = Outline(str(to_html(example())))
    assert outline.open == []
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 2
    assert min(levels) == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere():
    outline = Outline(str(to_html(example())))
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in outline.tags if tag == "a"]
    assert {link[1:] for link in links if link and link.startswith("#")} <= set(ids)
    assert "https://example.org/programme" in links


def test_tables_have_captions_scoped_headings_and_scroll_by_keyboard():
    page = str(
        to_html(document(Table("Areas", ("Area", "Read"), (("Fife", "12"), ("Angus", "[x]")))))
    )
    assert re.search(r"<caption>.*Table 1. Areas.*</caption>", page)
    assert page.count('<th scope="col"') == 2
    assert page.count('<th scope="row">') == 2
    assert 'role="region" aria-label="Table 1: Areas" tabindex="0"' in page
    assert page.count('class="sl-number"') == 3


def test_a_table_without_row_headers_has_none():
    table = Table("Areas", ("Area", "Read"), (("Fife", "12"),), row_header=False)
    assert 'scope="row"' not in to_html(document(table))


def test_a_figure_without_its_table_has_none():
    assert "<table" in to_html(document(Figure(CHART)))
    assert "<table" not in to_html(document(Figure(CHART, with_table=False)))


def test_contents_list_each_part_with_its_own_headings_under_it():
    page = str(
        to_html(
            document(
                Contents("In this report"), Heading(1, "One"), Heading(2, "Inner"),
                Heading(3, "Deeper"), Heading(1, "Two"),
            )
        )
    )  # fmt: skip
    listed = page.split("<nav")[1].split("</nav>", maxsplit=1)[0]
    assert 'aria-label="In this report"' in listed
    assert re.sub(r"<[^>]*class[^>]*>|</?a[^>]*>|\s", "", listed.split("</p>")[1]) == (
        "<li>One<ul><li>Inner</li></ul></li><li>Two</li></ol>"
    )


def test_runs_carry_weight_slope_language_and_links():
    page = str(
        to_html(
            document(
                Paragraph(
                    (
                        Run("a", bold=True), Run("b", italic=True), Run("c", lang="gd"),
                        Run("d", href="mailto:x@example.org"),
                    )
                )
            )
        )
    )  # fmt: skip
    for expected in (
        "<strong>a</strong>", "<em>b</em>", '<span lang="gd">c</span>',
        '<a href="mailto:x@example.org">d</a>',
    ):  # fmt: skip
        assert expected in page


@settings(deadline=None)
@given(words=printable)
def test_whatever_people_type_stays_text(words):
    page = str(
        to_html(
            document(
                Heading(1, words), Paragraph(words), Bullets((words,)), Facts(((words, words),)),
                Box(words, (Note(words),)), Table(words, (words, "B"), ((words, "1"),)), Contents(),
            )
        )
    )  # fmt: skip
    outline = Outline(page)
    assert {tag for tag, _ in outline.tags} <= set(
        [
            "h2",
            "p",
            "ul",
            "li",
            "dl",
            "div",
            "dt",
            "dd",
            "strong",
            "table",
            "caption",
            "thead",
            "tr",
            "th",
            "tbody",
            "td",
            "nav",
            "ol",
            "a",
            "span",
        ]
    )
    assert page.count(html.escape(words)) >= 10


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (document, "has no content"),
        (lambda: Document(" ", blocks=(Paragraph("Text"),)), "The title of a document has no text"),
        (lambda: document(Heading(2, "Deep")), "level 2 after level 0; the next level is 1"),
        (lambda: document(Heading(1, "A"), Heading(3, "C")), "level 3 after level 1"),
        (lambda: document(Heading(1, "A", "x"), Heading(1, "B", "x")), "used twice"),
        (lambda: document(Paragraph((Run("see", href="#gone"),))), "no heading has that anchor"),
        (lambda: document(Box("B", (Note((Run("see", href="#gone"),)),))), "no heading has"),
        (lambda: Heading(5, "A"), "use 1 to 4"),
        (lambda: Heading(1, " "), "A heading has no text"),
        (lambda: Heading(1, "A", "Not An Anchor"), "lower-case letters"),
        (lambda: Paragraph(""), "A paragraph has no text"),
        (lambda: Paragraph(()), "A paragraph has no text"),
        (lambda: Paragraph("a\x07b"), "control character"),
        (lambda: Run(""), "no text"),
        (lambda: Run("x", href="javascript:alert(1)"), "a link starts https:"),
        (lambda: Run("x", href="https://a b"), "a link starts https:"),
        (lambda: Bullets(()), "no items"),
        (lambda: Bullets((" ",)), "An item of a list has no text"),
        (lambda: Facts(()), "Leave it out"),
        (lambda: Facts((("Name", ""),)), "The fact “Name” has no text"),
        (lambda: Table("T", ("A", "B"), (("1", "2"), ("1",))), "row 2: 1 cells under 2"),
        (lambda: Table("T", ("A",), ()), "has no rows"),
        (lambda: Table("", ("A",), (("1",),)), "caption has no text"),
        (lambda: Table("T", ("A", " "), (("1", "2"),)), "A heading of table “T” has no text"),
        (lambda: Table("T", ("A", "B"), (("1", ""),)), "row 1, B has no text"),
        (lambda: Box("B", ()), "is empty"),
        (lambda: Box("B", (Heading(1, "A"),)), "holds a Heading"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_what_a_reader_could_not_use_is_refused_in_words(build, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        build()


def test_headings_of_one_name_get_addresses_of_their_own():
    made = document(
        Heading(1, "Findings", "findings-2"), Heading(1, "Findings"), Heading(1, "Findings"),
        Heading(1, "Table 1"), Table("T", ("A",), (("1",),)),
    )  # fmt: skip
    anchors = [each.anchor for each in placed(made)]
    assert anchors == ["findings-2", "findings", "findings-3", "table-1-2", "table-1"]


@settings(deadline=None)
@given(words=printable)
def test_an_address_is_always_usable(words):
    assert re.fullmatch(r"[a-z][a-z0-9-]*", slug(words))


def test_the_name_of_a_file_says_what_it_is():
    assert file_name(example(), "pdf") == (
        "how-well-services-work-together-in-strathgarry-an-invented-report-that-shows-every-part"
        "-a-draft.pdf"
    )
    made = document(
        Paragraph("Text"), subtitle="North Lanarkshire’s report, 2023", status="Published"
    )
    assert file_name(made, ".docx") == "title-north-lanarkshires-report-2023.docx"
