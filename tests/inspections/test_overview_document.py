"""The overview as a document: every part, tagged, and for a programme that no code knows of."""

import io

import pypdf
import pytest

from sightline.design.documents import Figure, Heading, Table, to_docx, to_html, to_pdf
from sightline.framework.definitions import library
from sightline.inspections.overview import build_overview
from sightline.inspections.overview_document import LONGEST_TABLE, overview_document
from sightline.inspections.overview_facts import for_programmes, load, overview_facts
from sightline.inspections.overview_tables import parts, xlsx_of
from sightline.kernel.errors import Faults
from tests.inspections.made_up import (
    at_random,
    document,
    evaluated,
    fourth_library,
    names,
    published,
    published_on,
    sources,
)
from tests.inspections.test_report import fourth_document


def made_of(documents, of=None, facts=()):
    """The overview of some inspections, and its document."""
    chosen = of or library()
    overview = build_overview(documents, chosen, names=names(), sources=sources(), facts=facts)
    return overview, overview_document(overview, chosen, view="All of them.", date="1 May 2026")


@pytest.fixture(scope="module")
def eight():
    """The programme of 2018 to 2020."""
    facts = for_programmes(overview_facts(), ["care-and-protection@1"])
    return made_of(published("care-and-protection@1"), facts=facts)


def test_every_part_of_the_page_is_in_the_document(eight):
    """Sentence, tables, charts with their figures, conflicts, what is not known, what is stated."""
    _, made = eight
    text = str(to_html(made))
    for part in (
        "13 of 16 evaluations of impact",
        "Shown here:",
        "Unsatisfactory (1)",
        "754",
        "91%. South Lanarkshire Council Executive Committee",
        "Evaluations are known for only one of them",
        "For leadership, six areas were good.",
        "2 of 3 known; 5 not known",
    ):
        assert part in text, part
    assert len([b for b in made.blocks if isinstance(b, Figure)]) == 2
    titles = [b.text for b in made.blocks if isinstance(b, Heading) and b.level == 1]
    assert titles[-1] == "How to read this"
    assert made.date == "1 May 2026"


def test_the_pdf_is_tagged(eight):
    """PDF/UA-1, with a title and a language."""
    pdf = pypdf.PdfReader(io.BytesIO(to_pdf(eight[1])))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert pdf.metadata.title.startswith("Overview of published joint inspections")
    assert to_docx(eight[1]).startswith(b"PK")


def test_a_fourth_programme_is_driven_through_overview_and_pdf():
    """Its suite, its short name and its own kind of evidence, from its file alone."""
    overview, made = made_of([fourth_document(), *published("risk-of-harm@1")], of=fourth_library())
    group = overview.groups[-1]
    assert (group.short, [view.code for view in group.judgements]) == ("P9", ["6", "5.1"])
    assert overview.summary[2].startswith("1 of 2 evaluations of policy, service development")
    journeys = next(k for k in overview.evidence if k.channel == "journeys-followed")
    assert (journeys.total_words, journeys.expected) == ("about 12", 1)
    assert to_pdf(made).startswith(b"%PDF")


def test_a_long_table_ends_with_where_the_rest_is():
    """Paper holds the first rows; nothing is dropped without a word."""
    many = [
        document(f"fife-{1900 + at}", dates=published_on(f"{1900 + at}"),
                 evaluations=evaluated(i2_1=4))
        for at in range(LONGEST_TABLE + 5)
    ]  # fmt: skip
    _, made = made_of(many)
    matrix = next(b for b in made.blocks if isinstance(b, Table))
    assert len(matrix.rows) == LONGEST_TABLE
    assert matrix.notes[-1] == "5 more rows are in the spreadsheet of the same view."


@pytest.mark.parametrize("seed", range(8))
def test_any_set_of_inspections_makes_a_document_and_tables(seed):
    """Whatever is missing, no table is ragged and no paragraph empty (the blocks refuse both)."""
    from sightline.inspections.definitions import InspectionDocument

    overview, made = made_of([InspectionDocument.model_validate(row) for row in at_random(seed)])
    assert str(to_html(made))
    for part in parts(overview):
        assert {len(row) for row in part.rows} == {len(part.header)}
    if overview.inspections:
        assert xlsx_of(overview, title="Overview", view="All of them.").startswith(b"PK")


def test_facts_that_do_not_add_up_are_refused(tmp_path):
    """Each fault with its place: an area's counts, more than all, an unknown field."""
    (tmp_path / "some-report@1.yaml").write_text(
        """
code: some-report
version: 1
title: Some report
period: 2019
grades: 3
stated_evaluations:
  - {judgements: ["2.1"], n: 9, base: 8, lowest: 4, highest: 6, text: Nine of eight.,
     sources: [a], confidence: high}
distributions:
  - {partnership: fife, published: 2016, indicators: 9, counts: {good: 4, weak: 4},
     confidence: high}
""",
        encoding="utf-8",
    )
    with pytest.raises(Faults) as raised:
        load(tmp_path)
    said = str(raised.value)
    assert "grades: Extra inputs" in said
    assert "9 of 8 is more than all of them" in said
    assert "add up to 8, not to 9 indicators" in said
