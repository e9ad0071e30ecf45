"""The overview in a terminal and on a page, for choices with little or very much in them."""

from typing import Any

import pytest
from django.http import QueryDict

from sightline.framework.definitions import library
from sightline.inspections import overview_page
from sightline.inspections.overview_filters import Selection
from sightline.inspections.overview_page import body_of, files
from sightline.inspections.overview_shown import FORMATS, Shown
from sightline.inspections.overview_text import LONGEST, text_of
from sightline.kernel.errors import NotFound
from tests.design.page import tree, words
from tests.inspections.made_up import counted, document, evaluated, names, published_on
from tests.inspections.test_overview import overview_of


def shown(*documents: Any, **changes: Any) -> Shown:
    """A choice of these inspections."""
    given: dict[str, Any] = {
        "selection": Selection(), "view": "All of them.", "overview": overview_of(*documents),
        "library": library(), "names": names(), "undated": (), "invented": (), **changes,
    }  # fmt: skip
    return Shown(**given)


def test_what_is_left_out_is_named_in_a_terminal():
    text = text_of(shown(document(), undated=("Fife", "Moray"), invented=("Strathgarry",)))
    assert "Left out, publication not known: Fife, Moray." in text
    assert "Not counted, invented: Strathgarry." in text
    plain = text_of(shown(document()))
    assert "Left out" not in plain
    assert "Not counted" not in plain


def test_a_choice_with_nothing_in_it_is_its_sentence_alone():
    assert text_of(shown()) == "No inspection matches what was chosen.\n\nShown: All of them."


def test_only_the_parts_there_are_have_a_heading():
    text = text_of(shown(document("fife-2021-review", kind="progress-review")))
    assert "How much evidence was gathered" not in text
    assert "Where sources differ" not in text
    assert "Partnerships inspected more than once" not in text


def test_changes_and_evidence_stand_under_their_headings():
    made = [
        document(
            f"fife-{year}",
            dates=published_on(str(year)),
            evaluations=evaluated(i2_1=value),
            evidence=[counted("records-read", 100)],
        )
        for year, value in ((2016, 2), (2020, 4))
    ]
    text = text_of(shown(*made))
    after = text[text.index("Partnerships inspected more than once") :]
    assert "1 rose, 0 fell and 0 stayed" in after
    assert "Weak (2)" in after
    assert "Good (4)" in after
    assert "200" in text[text.index("How much evidence was gathered") :]


def test_a_long_table_ends_with_how_to_have_the_rest():
    made = [
        document(f"fife-{1900 + at}", dates=published_on(f"{1900 + at}"),
                 evaluations=evaluated(i2_1=4))
        for at in range(LONGEST + 5)
    ]  # fmt: skip
    text = text_of(shown(*made))
    assert "… and 5 more; `--format csv` or `xlsx` gives every row." in text
    assert "more; `--format csv`" not in text_of(shown(*made[:LONGEST]))


def test_a_review_that_evaluates_one_thing_is_not_expected_to_evaluate_the_others():
    made = [
        document("fife-2019", dates=published_on("2019"), evaluations=evaluated(i2_2=4)),
        document("fife-2021-review", kind="progress-review", dates=published_on("2021"),
                 evaluations=evaluated(i2_1=5)),
    ]  # fmt: skip
    page = tree(body_of(shown(*made), {}))
    rows = {
        words(row.find("th")): [words(cell) for cell in row.findall("td")]
        for row in page.iter("tr")
        if row.find("th") is not None and row.find("td") is not None
    }
    full, review = rows["Fife 2019"], rows["Fife 2021, progress review"]
    assert full.count("Not known") == 3
    assert review.count("Does not apply") == 3
    assert "Not known" not in review


def test_a_page_without_overview_reports_does_not_lead_to_them():
    made = document("fife-2025", programme="supervision-at-home@1", dates=published_on("2025"))
    body = body_of(shown(made), {})
    assert 'href="#unknown"' in body
    assert 'href="#reports"' not in body
    assert 'href="#evidence"' not in body_of(shown(), {})


def test_pages_already_drawn_are_kept_up_to_a_number(monkeypatch):
    monkeypatch.setattr(overview_page, "MOST_BODIES", 2)
    made = [
        document(f"fife-{1900 + at}", dates=published_on(f"{1900 + at}"),
                 evaluations=evaluated(i2_1=4))
        for at in range(3 * overview_page.ROWS_TO_A_PAGE)
    ]  # fmt: skip
    choice = shown(*made)
    first = body_of(choice, {})
    assert body_of(choice, {}) is first
    name = overview_page.anchor_of(choice.overview.groups[0])
    for page in ("2", "3"):
        assert body_of(choice, {name: page}) != first
    assert len(choice.bodies) == 1
    again = body_of(choice, {})
    assert again == first
    assert again is not first


def test_every_format_has_its_file_and_no_other_has():
    choice = shown(document())
    kinds = {address.rstrip("/").rsplit("/", 1)[1] for _, address, _, _ in files(Selection())}
    assert kinds == set(FORMATS)
    assert choice.file("csv").startswith(b"\xef\xbb\xbf")
    with pytest.raises(NotFound, match=r"no odt of the overview\. There are: csv, xlsx"):
        choice.file("odt")
    assert QueryDict(Selection(first_year=2019).address())["from"] == "2019"
