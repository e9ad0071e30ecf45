"""`sightline overview` and `sightline inspection report`: text, JSON and files."""

import json

import pytest
from django.core.management import call_command

from sightline.access.actors import command_line
from sightline.inspections.published import load_published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _held():
    load_published(command_line())


def printed(capsys, *arguments: str) -> str:
    """What a command prints."""
    call_command(*arguments)
    return capsys.readouterr().out


def refused(capsys, *arguments: str) -> tuple[int, str]:
    """Exit status and message of a command that fails."""
    with pytest.raises(SystemExit) as left:
        call_command(*arguments)
    return left.value.code, capsys.readouterr().err


def test_text_reads_well_in_a_terminal(capsys):
    """The sentence first, then a table a person can read."""
    text = printed(capsys, "overview", "P1")
    assert text.startswith("13 of 16 evaluations of impact on children and young people (2.1)")
    assert "Orkney Islands 2020  February 2020  Unsatisfactory (1)  Weak (2)" in text
    assert "Children's records read" in text
    assert "754" in text
    assert "also said  91%" in text


def test_json_holds_the_figures_of_the_eight(capsys):
    """Names of fields are what others build on."""
    answer = json.loads(printed(capsys, "overview", "P1", "--format", "json"))
    assert set(answer) == {"shown", "address", "left_out", "overview"}
    overview = answer["overview"]
    assert set(overview) == {
        "summary", "inspections", "groups", "evidence", "conflicts", "changes", "not_compared",
        "unknown", "reports",
    }  # fmt: skip
    (group,) = overview["groups"]
    measure = group["together"]["good_or_better"]
    assert (measure["value"], measure["base"]) == (13, 16)
    families = next(view for view in group["judgements"] if view["code"] == "2.2")
    assert {c["word"]: c["count"] for c in families["counts"] if c["count"]} == {
        "Very Good": 1, "Good": 6, "Adequate": 1,
    }  # fmt: skip
    records = next(kind for kind in overview["evidence"] if kind["channel"] == "records-read")
    assert records["stated"][0]["saying"]["value"] == 754
    assert [item["saying"]["value"] for item in records["known"]] == [109]
    assert len(records["missing"]) == 7
    unknown = {item["judgement"]: len(item["inspections"]) for item in overview["unknown"]}
    assert (unknown["1.1"], unknown["9"]) == (5, 5)


def test_partnerships_go_by_any_of_their_names(capsys):
    """And an address of the page comes back with the answer."""
    arguments = ("overview", "--partnership", "Western Isles", "--from", "2024", "--format", "json")
    answer = json.loads(printed(capsys, *arguments))
    assert answer["address"] == "partnership=na-h-eileanan-siar&from=2024"
    assert [row["name"] for row in answer["overview"]["inspections"]] == ["Na h-Eileanan Siar"]


def test_files_are_written_where_they_were_asked_for(capsys, tmp_path):
    """CSV may also be printed; a PDF needs a file to go to."""
    for kind, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        target = tmp_path / f"overview.{kind}"
        said = printed(capsys, "overview", "P1", "--format", kind, "--output", str(target))
        assert target.read_bytes().startswith(begins)
        assert str(target) in said
    assert printed(capsys, "overview", "P1", "--format", "csv").startswith("programme,inspection")
    status, message = refused(capsys, "overview", "--format", "pdf")
    assert (status, "--output" in message) == (3, True)


def test_what_there_is_not_is_refused_with_what_there_is(capsys):
    """An exit status for bad input, and one for a thing that is not there."""
    status, message = refused(capsys, "overview", "P7", "--judgement", "12.9")
    assert status == 3
    assert "P1 (care-and-protection@1)" in message
    assert "12.9" in message
    assert refused(capsys, "overview", "--partnership", "Atlantis")[0] == 7


def test_a_report_is_written_whole_or_not_at_all(capsys, tmp_path):
    """Every empty section by its heading; with --partial, what there is."""
    target = tmp_path / "report.pdf"
    asked = ("inspection_report", "fife-2019", "--format", "pdf", "--output", str(target))
    status, message = refused(capsys, *asked)
    assert status == 3
    assert "Conclusion: nothing is recorded for this section." in message
    assert not target.exists()
    printed(capsys, *asked, "--partial")
    assert target.read_bytes().startswith(b"%PDF")
    assert refused(capsys, "inspection_report", "fife-1066")[0] == 7
    assert refused(capsys, "inspection_report", "fife-2019", "--format", "docx")[0] == 3


def test_a_report_as_data_and_as_a_page(capsys):
    """Blocks in order, each with its kind; or HTML."""
    answer = json.loads(printed(capsys, "inspection_report", "south-lanarkshire-2020"))
    kinds = [block["kind"] for block in answer["blocks"]]
    assert kinds[:3] == ["box", "facts", "contents"]
    assert answer["status"] == "Structured record, not the published report itself"
    html = printed(capsys, "inspection_report", "north-lanarkshire-2023", "--format", "html")
    assert "<h2" in html
    assert "Statement 4" in html
