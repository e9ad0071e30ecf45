"""The overview as a page and as files: who sees it, what it says, what it costs."""

import csv
import io

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from sightline.access.actors import command_line
from sightline.framework.definitions import library
from sightline.inspections.overview_filters import Selection, choose, in_words, read_selection
from sightline.inspections.published import load_published
from sightline.inspections.services import import_document
from sightline.kernel.errors import Faults
from tests.factories.access import UserFactory, assign
from tests.inspections.made_up import counted, document, evaluated, names, published_on

FINDINGS = "/national/findings/"


def keep(made):
    """Put a made-up inspection into the database, with the two sources it names."""
    data = made.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["sources"] = [
        {"key": key, "kind": "press", "title": f"Source {key}", "address": ""} for key in "ab"
    ]
    import_document(actor=command_line(), data=data, name=made.reference)


@pytest.fixture
def analyst(client_for):
    """A client signed in as an analyst of one partnership: published findings are open to them."""
    return client_for(assign(UserFactory(), "partnership-analyst", "partnership", "fife"))


@pytest.fixture
def held(db):
    """The published inspections, in the database."""
    load_published(command_line())


@pytest.mark.usefixtures("held")
def test_the_page_says_the_sentence_first_and_shows_every_part(analyst):
    """What issue and chief officer look for, on one page."""
    response = analyst.get(FINDINGS, {"programme": "P1"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index("13 of 16 evaluations of impact") < page.index("Evaluations by inspection")
    for part in (
        "Known for only some inspections of P1: 9 for 3 of 8 and 1.1 for 3 of 8.",
        "states 754; known here of its inspections: 109, for 1 of 8 (South Lanarkshire)",
        "Where sources differ",
        "<strong>89%</strong>",
        "<strong>91%</strong>",
        "Partnerships inspected more than once",
        "What is not known",
        "For leadership, six areas were good.",
        'href="/p/south-lanarkshire/exercises/south-lanarkshire-2020/evaluations/2-1/"',
        "/national/findings/download/pdf/?programme=care-and-protection%401",
    ):
        assert part in page, part
    assert page.count("<h1") == 1


@pytest.mark.django_db
def test_a_person_without_a_role_is_told_who_can(client_for, client):
    """No assignment: the page that says who may open it. Nobody: sign in."""
    refused = client_for(UserFactory()).get(FINDINGS)
    assert refused.status_code == 403
    assert "evaluations" not in refused.content.decode()
    assert client.get(FINDINGS).status_code == 302


@pytest.mark.django_db
def test_with_nothing_held_the_page_says_so(analyst):
    """No inspection is not an error."""
    response = analyst.get(FINDINGS)
    assert response.status_code == 200
    assert "No inspection matches what was chosen." in response.content.decode()


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("programme=P2", "North Lanarkshire", "South Lanarkshire"),
        ("partnership=fife&partnership=moray", "Moray", "Midlothian</a>"),
        ("from=2023&to=2023", "North Lanarkshire", "Dundee City</a>"),
        ("kind=interim", "West Dunbartonshire", "Fife</a>"),
        ("programme=P1&judgement=2.2", "Impact on families", "Leadership and direction</small>"),
    ],
)
def test_an_address_says_what_is_shown(analyst, query, there, not_there):
    """Each filter, in the address, so that the view can be shared."""
    page = analyst.get(f"{FINDINGS}?{query}").content.decode()
    page = page[: page.index("What overview reports state</h2>")]
    page = page[page.index("On this page") :]
    assert there in page
    assert not_there not in page


@pytest.mark.usefixtures("held")
def test_an_address_that_names_nothing_is_refused_with_every_fault(analyst):
    """All faults at once, each with what there is."""
    response = analyst.get(
        f"{FINDINGS}?programme=P7&partnership=atlantis&kind=x&from=20&judgement=3"
    )
    page = response.content.decode()
    assert response.status_code == 400
    for fault in ("no programme P7", "atlantis", "&#x27;20&#x27; is not a year", "no judgement"):
        assert fault in page, fault


def choice(query: str) -> Selection:
    """What a query string asks for."""
    return read_selection(QueryDict(query), library(), names())


def test_years_that_run_backwards_are_refused():
    """And the last word on a year is the last one given."""
    with pytest.raises(Faults, match="the first year is after the last"):
        choice("from=2020&to=2019")
    assert choice("from=2018&from=2019").first_year == 2019


def test_one_choice_has_one_address():
    """Order and repetition in the address do not matter, and it reads back as itself."""
    one = choice("partnership=moray&programme=P1&partnership=fife&partnership=moray")
    other = choice("programme=care-and-protection@1&partnership=fife&partnership=moray")
    assert one == other
    assert choice(one.address()) == one
    assert choice("") == Selection()
    assert choice("").is_everything


def test_a_publication_that_may_be_of_either_year_matches_both():
    """And one whose date is not known is left out by name, not dropped."""
    either = document("fife-2025", dates=published_on("2025~2026"))
    undated = document("fife-2019")
    for year in ("2025", "2026"):
        found = choose([either, undated], choice(f"from={year}&to={year}"))
        assert found.documents == (either,)
        assert found.undated == (undated,)
    assert choose([either], choice("to=2024")).documents == ()
    assert choose([undated], choice("programme=P1")).documents == (undated,)


def test_a_choice_is_said_in_words():
    """On every page and file."""
    said = in_words(
        choice("programme=P2&partnership=fife&from=2020&judgement=2.1"), library(), names()
    )
    assert said.startswith("All published reports of Joint inspections")
    assert said.endswith("(P2), in Fife, published in 2020 or later, judgements 2.1 only.")
    assert in_words(Selection(), library(), names()) == "All published inspections held here."


@pytest.mark.usefixtures("held")
def test_an_invented_area_is_counted_only_when_it_is_chosen(analyst, settings):
    """The demonstration never changes the figures of real areas, and says what it left out."""
    settings.SIGHTLINE_DEMONSTRATION = True
    keep(
        document("strathgarry-2019", partnership="strathgarry", dates=published_on("2019"),
                 evaluations=evaluated(i2_1=6, i2_2=6))
    )  # fmt: skip
    page = analyst.get(FINDINGS, {"programme": "P1"}).content.decode()
    assert "13 of 16 evaluations" in page
    assert "Not counted: 1 inspection of Strathgarry, an invented area" in page
    chosen = analyst.get(FINDINGS, {"partnership": "strathgarry"}).content.decode()
    assert "2 of 2 evaluations" in chosen


@pytest.mark.usefixtures("held")
def test_csv_has_a_row_for_each_evaluation_known_or_not(analyst):
    """Eight inspections and two reviews by four judgements; no cell blank, none a formula."""
    response = analyst.get(f"{FINDINGS}download/csv/", {"programme": "P1"})
    assert response["Content-Disposition"] == 'attachment; filename="sightline-overview.csv"'
    text = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 40
    assert all(cell != "" for row in rows for cell in row.values())
    assert not any(cell[0] in "=+@" for row in rows for cell in row.values())
    fife = [r for r in rows if r["inspection"] == "fife-2019" and r["judgement"] == "1.1"]
    assert (fife[0]["value"], fife[0]["evaluation"], fife[0]["confidence"]) == (
        "4",
        "Good",
        "medium",
    )
    unknown = [r for r in rows if r["value"] == "[x]"]
    assert len(unknown) == 10
    assert sum(r["value"] == "[z]" for r in rows) == 8


@pytest.mark.usefixtures("held")
def test_workbook_has_every_part_of_the_view(analyst):
    """One sheet for each table, with the view it was taken from on the notes."""
    response = analyst.get(f"{FINDINGS}download/xlsx/", {"programme": "P1"})
    book = load_workbook(io.BytesIO(response.content))
    assert {"Evaluations", "Distribution", "Evidence", "Conflicts", "Not known"} <= set(
        book.sheetnames
    )
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert any("13 of 16 evaluations" in cell for cell in cells)
    assert any(cell.startswith("All published reports of") for cell in cells)
    assert "754 (Review of findings from inspection programme 2018 - 2020)" in cells


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_view_as_a_document(analyst, kind, begins):
    """PDF and Word of the same address."""
    response = analyst.get(f"{FINDINGS}download/{kind}/", {"programme": "P1"})
    assert response.content.startswith(begins)
    assert analyst.get(f"{FINDINGS}download/odt/").status_code == 404


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_inspections(analyst):
    """Five queries for one inspection and for forty; the same again for a view seen before."""
    costs = []
    for batch in (range(1), range(1, 40)):
        for at in batch:
            keep(
                document(f"fife-{1980 + at}", dates=published_on(f"{1980 + at}"),
                         evaluations=evaluated(i2_1=1 + at % 6),
                         evidence=[counted("records-read", at)])
            )  # fmt: skip
        analyst.get(FINDINGS)
        with CaptureQueriesContext(connection) as captured:
            analyst.get(FINDINGS)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 5


@pytest.mark.django_db
def test_a_long_matrix_is_shown_page_by_page(analyst):
    """Thirty-two to a page; the rest is one link away and in every file."""
    counted_once = {"evidence": [counted("records-read", 60)]}
    for at in range(40):
        more = {} if at else counted_once
        keep(document(f"fife-{1980 + at}", dates=published_on(f"{1980 + at}"), **more))
    page = analyst.get(FINDINGS).content.decode()
    assert "Fife 1980</a>" in page
    assert "Fife 2019</a>" not in page
    assert "and 7 more, all named in the workbook of this view: Children" in page
    following = analyst.get(FINDINGS, {"care-and-protection-1": "2"}).content.decode()
    assert "Fife 2019</a>" in following
    assert "Fife 1980</a>" not in following
    rows = analyst.get(f"{FINDINGS}download/csv/").content.decode().splitlines()
    assert len(rows) == 1 + 40 * 4


@pytest.mark.django_db
def test_a_correction_is_seen_at_once(analyst):
    """What is kept in memory is kept for one version of the data."""
    keep(document("fife-2018", dates=published_on("2018"), evaluations=evaluated(i2_1=4, i2_2=4)))
    assert "2 of 2 evaluations" in analyst.get(FINDINGS).content.decode()
    keep(document("moray-2018", partnership="moray", dates=published_on("2018"),
                  evaluations=evaluated(i2_1=3, i2_2=4)))  # fmt: skip
    assert "3 of 4 evaluations" in analyst.get(FINDINGS).content.decode()
