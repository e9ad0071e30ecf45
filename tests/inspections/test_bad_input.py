"""What is refused: each with its place and what mends it, all at once, and nothing half-saved."""

import copy
import json
import time
from functools import reduce

import pytest
from pydantic import BaseModel, ValidationError

from sightline.inspections import models
from sightline.inspections.checking_shape import shape_faults
from sightline.inspections.reading import read_file, read_json
from sightline.inspections.services import import_document
from sightline.kernel.errors import BadInput, Faults
from sightline.kernel.periods import ImpreciseDate
from tests.factories.inspections import ACTOR, document_data, imported

pytestmark = pytest.mark.django_db
CITED = {"sources": ["report-a"], "confidence": "high"}


def faults_of(data, name="bad.json") -> dict[str, tuple[str, str]]:
    """What and mend, by place."""
    before = models.Inspection.objects.count(), models.Source.objects.count()
    with pytest.raises(Faults) as caught:
        import_document(actor=ACTOR, data=data, name=name)
    assert (models.Inspection.objects.count(), models.Source.objects.count()) == before
    assert str(caught.value).startswith(f"{name} cannot be used:")
    return {fault.where: (fault.what, fault.mend) for fault in caught.value.faults}


def spoilt(path: str, value) -> dict:
    """The document with one field at `a.1.b` set to something else."""
    data = document_data()
    *above, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    reduce(lambda item, part: item[part], above, data)[last] = value
    return data


ONE_FAULT = [
    (
        "programme", "risk@1", "programme",
        "there is no programme 'risk@1'.",
        "care-and-protection@1 (P1)",
    ),
    ("programme", "P1", "programme", "there is no programme 'P1'.", "There are:"),
    ("partnership", "atlantis", "partnership", "there is no partnership 'atlantis'.", "falkirk"),
    (
        "partnership", "Falkirk", "partnership",
        "there is no partnership 'Falkirk'.",
        "Write falkirk.",
    ),
    ("partnership", "S12000014", "partnership", "no partnership 'S12000014'", "Write falkirk."),
    (
        "evaluations.0.judgement", "8.9", "evaluations[0].judgement",
        "there is no indicator '8.9'.",
        "P1 evaluates 9, 2.1, 2.2, 1.1.",
    ),
    (
        "evaluations.0.judgement", "5.3", "evaluations[0].judgement",
        "P1 gives no evaluation of 5.3; it evaluates 9, 2.1, 2.2, 1.1.",
        "Take this one out, or mend the programme.",
    ),
    (
        "evaluations.0.judgement", "2.2", "evaluations[1].judgement",
        "2.2 is evaluated twice.",
        "under `also`",
    ),
    (
        "evaluations.0.stated.value", 7, "evaluations[0].stated.value",
        "7 is not on the scale.",
        "Give a whole point from 1 to 6.",
    ),
    (
        "evaluations.0.stated.value", 0, "evaluations[0].stated.value",
        "0 is not on the scale.",
        "whole point from 1 to 6",
    ),
    (
        "evaluations.0.stated.value", 3.5, "evaluations[0].stated.value",
        "3.5 is not a whole number.",
        "the scale has no half points",
    ),
    (
        "evaluations.0.stated.value", "3.5", "evaluations[0].stated.value",
        "'3.5' is not a whole number.",
        "no half points",
    ),
    (
        "evaluations.0.stated.value", True, "evaluations[0].stated.value",
        "True is not a whole number.",
        "no half points",
    ),
    (
        "evaluations.0.stated.sources", ["nowhere"], "evaluations[0].stated.sources[0]",
        "there is no source 'nowhere'.",
        "under `sources` of the document",
    ),
    (
        "evaluations.0.stated.sources", [], "evaluations[0].stated.sources",
        "this list is empty.",
        "Name at least one.",
    ),
    (
        "evaluations.0.stated.confidence", "sure", "evaluations[0].stated.confidence",
        "'sure' is not one of the words",
        "Write high, medium or low.",
    ),
    ("evidence.0.count", -1, "evidence[0].count", "-1 is below zero.", "A count is 0 or more."),
    (
        "evidence.0.count", 10**30, "evidence[0].count",
        "is more than anybody counted.",
        "Check the digits.",
    ),
    (
        "evidence.0.count", 1.5, "evidence[0].count",
        "1.5 is not a whole number.",
        "whole number, 0 or more",
    ),
    (
        "evidence.0.channel", "dreams", "evidence[0].channel",
        "P1 does not count 'dreams'.",
        "It counts: children-met",
    ),
    (
        "evidence.1.channel", "records-read", "evidence[1].channel",
        "records-read is counted twice.",
        "under `also`",
    ),
    (
        "evidence.1.count", 101, "evidence[1].count",
        "staff-survey-rate is a per cent, and 101 is over 100.",
        "from 0 to 100",
    ),
    (
        "evidence.1.also.0.count", "191", "evidence[1].also[0].count",
        "191 is over 100",
        "from 0 to 100",
    ),
    (
        "key_messages.0.frame_item", "s1", "key_messages[0].frame_item",
        "P1 has no question 's1'.",
        "It has q1, q2, q3, q4, q5",
    ),
    (
        "good_practice.0.frame_item", "k1", "good_practice[0].frame_item",
        "P1 has no question 'k1'.",
        "It has q1",
    ),
    (
        "follows", "falkirk-1999", "follows",
        "there is no inspection 'falkirk-1999'.",
        "Import that inspection first",
    ),
    (
        "follows", "falkirk-2021", "follows",
        "an inspection cannot follow itself.",
        "Name the earlier one.",
    ),
    (
        "dates.inspected.value", "2022-01", "dates.published.value",
        "published 16 March 2021 is before inspected January 2022.",
        "Put the two dates in order.",
    ),
    (
        "dates.published.value", "16 March 2021", "dates.published.value",
        "is not a date.",
        "Write 2020-06-16",
    ),
    (
        "dates.published.value", "2021-02-30", "dates.published.value",
        "is not a date.",
        "Write 2020-06-16",
    ),
    (
        "dates.published", None, "dates.published",
        "a published inspection has no published date.",
        "or make the status draft",
    ),
    (
        "pauses.0.ends", "2019-06", "pauses[0].ends",
        "ends June 2019, before it starts March 2020",
        "in order",
    ),
    ("pauses.0.ends", "soon", "pauses[0].ends", "'soon' is not a date.", "Write 2020-06-16"),
    (
        "reference", "Falkirk 2021", "reference",
        "'Falkirk 2021' is not written as a code.",
        "such as south-lanarkshire-2020",
    ),
    ("reference", None, "reference", "this is not text.", "in quotes"),
    (
        "kind", "rapid", "kind",
        "'rapid' is not one of the words",
        "Write full, interim or progress-review.",
    ),
    ("schema", "other", "schema", "'other' is not one of the words", "Write sightline-inspection."),
    ("schema_version", 2, "schema_version", "2 is not one of the words", "Write 1."),
    (
        "dates.published.value", "16/03/2021", "dates.published.value",
        "'16/03/2021' is not a date.",
        "Write 2020-06-16, 2020-06 or 2020",
    ),
    ("title", "x" * 301, "title", "this has 301 characters.", "Write at most 300."),
    (
        "good_practice.0.title", "x" * 301, "good_practice[0].title",
        "this has 301 characters.",
        "Write at most 300.",
    ),
    (
        "strengths.0.text", "x" * 20_001, "strengths[0].text",
        "this has 20,001 characters.",
        "Write at most 20,000.",
    ),
    (
        "strengths.0.note", "x" * 20_001, "strengths[0].note",
        "this has 20,001 characters.",
        "Write at most 20,000.",
    ),
    (
        "dates.published.value", "2198", "dates.published.value",
        "a published inspection cannot be dated 2198, after today.",
        "Mend the date, or make the status draft.",
    ),
    ("colour", "blue", "colour", "there is no such field here.", "take it out"),
    ("title", 5, "title", "this is not text.", "in quotes"),
    ("title", "bell\x07", "title", "character 5 (U+0007) cannot be printed.", "Take it out"),
    ("title", "\ud800", "title", "character 1 (U+D800) cannot be printed.", "plain text"),
    ("title", "nul\x00", "title", "character 4 (U+0000) cannot be printed.", "Take it out"),
    ("strengths", {"text": "x"}, "strengths", "this is not a list.", "Write it as […]."),
    ("strengths", ["x"], "strengths[0]", "this is not an object with fields.", "Write it as {…}."),
    ("strengths.0.text", " ", "strengths[0].text", "this is empty.", "take the field out"),
    (
        "strengths", [{"text": "x", **CITED}] * 1001, "strengths",
        "this list has 1,001 entries.",
        "at most 1,000",
    ),
    ("sources.0.key", "report-a", "sources[1].key", "report-a is described twice.", "Keep one."),
    ("conclusion.basis", "x", "conclusion.basis", "this is not a list.", "Write it as […]."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "where", "what", "mend"),
    ONE_FAULT,
    ids=[f"{fault[0]}={fault[1]!r:.20}" for fault in ONE_FAULT],
)
def test_one_fault_is_refused_with_its_place_and_mend(path, value, where, what, mend):
    found = faults_of(spoilt(path, value))
    assert where in found, found
    assert what in found[where][0]
    assert mend in found[where][1]


def test_dates_that_may_overlap_are_in_order():
    """A span that ends after publication, and a year that holds both, are no contradiction."""
    data = spoilt("dates.inspected.value", "2020-08/2021-06")
    assert import_document(actor=ACTOR, data=data).new
    data["dates"]["inspected"]["value"] = data["dates"]["published"]["value"] = "2021"
    assert import_document(actor=ACTOR, data=data).changed


def test_a_missing_field_is_named():
    data = document_data()
    del data["kind"]
    del data["strengths"][0]["confidence"]
    found = faults_of(data)
    assert found == {
        "kind": ("this is missing.", "Add it."),
        "strengths[0].confidence": ("this is missing.", "Add it."),
    }


def test_every_fault_is_listed_at_once_whatever_its_sort():
    """Shape, reference and text faults of one document, in one answer."""
    data = document_data(partnership="atlantis", colour="blue", follows="falkirk-1999")
    data["evaluations"][0]["stated"]["value"] = 3.5
    data["evaluations"][1]["judgement"] = "8.9"
    data["evidence"][0]["count"] = -1
    data["evidence"][1]["count"] = 120
    data["key_messages"][0]["frame_item"] = "q9"
    data["conclusion"]["sources"] = ["nowhere"]
    data["title"] = "bell\x07"
    del data["dates"]["published"]
    assert set(faults_of(data)) == {
        "partnership",
        "colour",
        "follows",
        "evaluations[0].stated.value",
        "evaluations[1].judgement",
        "evidence[0].count",
        "evidence[1].count",
        "key_messages[0].frame_item",
        "conclusion.sources[0]",
        "title",
        "dates.published",
    }


def test_faults_of_shape_do_not_hide_others_beside_them():
    """Where a list, an object or a code has the wrong shape, the rest is still looked at."""
    data = document_data(evidence=["x", {"count": 1}, {"channel": "dreams", "count": 1, **CITED}])
    data["sources"].append({"key": "report-a", "kind": 5})
    data["evaluations"] = "none"
    data["strengths"] = [{"text": "x", "confidence": "high", "sources": "report-a"}]
    data["pauses"] = [{**data["pauses"][0], "starts": 2020}]
    assert set(faults_of(data)) == {
        "evidence[0]",
        "evidence[1].channel",
        "evidence[1].sources",
        "evidence[1].confidence",
        "evidence[2].channel",
        "evaluations",
        "sources[2].key",
        "sources[2].kind",
        "sources[2].title",
        "strengths[0].sources",
        "pauses[0].starts",
    }


def test_a_source_of_the_wrong_shape_is_not_compared_with_the_one_known():
    imported()
    data = document_data()
    data["sources"][0]["kind"] = 5
    assert set(faults_of(data)) == {"sources[0].kind"}


def test_a_fault_without_words_of_ours_is_still_named():
    class Other(BaseModel):
        flag: bool

    with pytest.raises(ValidationError) as caught:
        Other.model_validate({"flag": "perhaps"})
    (fault,) = shape_faults(caught.value)
    assert fault.where == "flag"
    assert fault.what.startswith("Input should be a valid boolean")
    assert fault.mend == "See /schemas/inspection.json for what is expected."


@pytest.mark.parametrize("data", [None, [], "text", 5, [document_data()]])
def test_what_is_no_inspection_is_refused(data):
    found = faults_of(data)
    assert found["the whole file"][0] == "this is not one inspection."


def test_an_empty_object_names_everything_that_must_be_there():
    assert set(faults_of({})) == {
        "schema", "schema_version", "reference", "programme", "partnership", "kind", "status",
    }  # fmt: skip


def test_two_inspections_of_one_partnership_with_one_date():
    imported()
    found = faults_of(document_data(reference="falkirk-2021-b", kind="interim"))
    what, mend = found["dates.published.value"]
    assert what == (
        "another inspection of the partnership, falkirk-2021, was published on 16 March 2021 too."
    )
    assert mend.startswith("If this is that inspection, use its reference, falkirk-2021;")
    elsewhere = document_data(reference="moray-2021", partnership="moray")
    assert import_document(actor=ACTOR, data=elsewhere).new


@pytest.mark.parametrize("written", ["2021-03", "2021", "2020-12/2021-04", "2021-03~2021-04"])
def test_a_report_does_not_come_in_twice_under_a_looser_date(written):
    imported()
    again = document_data(reference="falkirk-again")
    again["dates"] = {"published": {"value": written, **CITED}}
    what, mend = faults_of(again)["dates.published.value"]
    assert "falkirk-2021, was published 16 March 2021, and this one, published " in what
    assert str(ImpreciseDate(written)) in what
    assert mend == (
        "Give the exact dates if they are two inspections, or import with the reference "
        "falkirk-2021."
    )


def test_a_report_does_not_come_in_twice_under_a_more_exact_date():
    loose = {"published": {"value": "2021", **CITED}}
    imported(dates=loose)
    found = faults_of(document_data(reference="falkirk-again"))
    assert "falkirk-2021, was published 2021, and this one" in found["dates.published.value"][0]
    assert import_document(actor=ACTOR, data=document_data(dates=loose, title="New")).changed


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"kind": "interim"}, "2021-03"),
        ({"kind": "interim"}, "2021"),
        ({}, "2022"),
        ({}, "2021-04"),
    ],
)
def test_two_reports_of_two_kinds_or_times_are_two(changes, written):
    imported()
    other = document_data(reference="falkirk-other", **changes)
    other["dates"] = {"published": {"value": written, **CITED}}
    assert import_document(actor=ACTOR, data=other).new


def test_a_draft_may_have_a_published_date_ahead():
    data = document_data(status="draft")
    data["dates"]["published"]["value"] = "2198"
    assert import_document(actor=ACTOR, data=data).new


def test_the_longest_texts_are_taken():
    data = document_data(title="x" * 300)
    data["strengths"][0]["text"] = "x" * 20_000
    assert import_document(actor=ACTOR, data=data).new


def test_the_same_reference_is_the_same_inspection():
    imported()
    found = faults_of(document_data(partnership="moray"))
    assert found["partnership"][0] == (
        "the inspection falkirk-2021 held here is of falkirk, not moray."
    )
    other = document_data(programme="risk-of-harm@1", evidence=[], key_messages=[])
    assert "programme" in faults_of({**other, "evaluations": [], "good_practice": []})


def test_an_inspection_follows_an_earlier_one_of_its_own_partnership():
    imported()
    later = document_data(reference="falkirk-2023", follows="falkirk-2021")
    later["dates"] = {"published": {"value": "2020-01-05", **CITED}}
    what, mend = faults_of(later)["follows"]
    assert what == "the inspection falkirk-2021 was published 16 March 2021, after this one."
    assert mend.startswith("Name an earlier inspection")
    later["dates"]["published"]["value"] = "2023-01-05"
    assert (
        "the inspection falkirk-2021 is of falkirk."
        in faults_of({**later, "partnership": "moray"})["follows"][0]
    )
    import_document(actor=ACTOR, data=later)
    back = document_data(follows="falkirk-2023")
    with pytest.raises(Faults, match="so each would follow the other"):
        import_document(actor=ACTOR, data=back)


def test_a_source_known_as_another_publication_is_refused():
    imported()
    data = document_data()
    data["sources"][0]["title"] = "Something else"
    what, mend = faults_of(data)["sources[0].key"]
    assert what == "the source paper-b is known here as another publication: Paper B."
    assert "its own key" in mend


def test_faults_can_always_be_printed():
    data = document_data(reference="falkirk-\ud800")
    data["bad\ud800field"] = 1
    data["evidence"][0]["channel"] = "bell\x07"
    with pytest.raises(Faults) as caught:
        import_document(actor=ACTOR, data=data)
    str(caught.value).encode("utf-8")
    assert "\x07" not in str(caught.value)


# Files


def refused(text, name="bad.json"):
    with pytest.raises(BadInput) as caught:
        import_document(actor=ACTOR, text=text, name=name)
    assert not models.Inspection.objects.exists()
    return caught.value


def test_broken_json_is_refused_with_line_and_column():
    text = json.dumps(document_data(), indent=1).replace('"kind": "full",', '"kind": "full"')
    line = text[: text.index('"kind"')].count("\n") + 2
    (fault,) = refused(text).faults
    assert fault.where.startswith(f"line {line}, column ")
    assert "this is not JSON: expecting ',' delimiter" in fault.what
    assert fault.mend == "Check commas, quotes and brackets there and just before."


def test_a_file_in_another_encoding_is_refused_with_the_byte():
    text = json.dumps(document_data(title="Café"), ensure_ascii=False, indent=1)
    content = text.encode("latin-1")
    at = content.index(b"\xe9")
    (fault,) = refused(content).faults
    line = content[:at].count(b"\n") + 1
    assert fault.where == f"byte {at + 1}, line {line}"
    assert fault.what == "the byte 0xE9 is not UTF-8."
    assert fault.mend == "Save the file as UTF-8 and try again."
    assert "is not UTF-8" in str(refused(text.encode("utf-16")))


def test_a_file_of_50_mb_is_refused_before_it_is_read():
    content = b"[" * 50_000_000
    start = time.process_time()
    error = refused(content, name="huge.json")
    assert time.process_time() - start < 0.5
    assert str(error) == (
        "huge.json is 50.0 MB. One inspection is at most 5 MB; "
        "give a file that holds one inspection only."
    )


def test_a_key_given_twice_is_refused_with_its_object():
    text = json.dumps(document_data(), indent=1)
    text = text.replace('"judgement": "2.2",', '"judgement": "2.2",\n"judgement": "9",')
    text = text.replace('"kind": "full",', '"kind": "full", "kind": "interim",')
    faults = {fault.where: fault for fault in refused(text).faults}
    assert len(faults) == 2
    assert faults["line 1, the object that starts there"].what == "'kind' is given twice."
    (other,) = (fault for where, fault in faults.items() if not where.startswith("line 1,"))
    line = text[: text.index('"judgement": "2.2"')].count("\n")
    assert other.where == f"line {line}, the object that starts there"
    assert (other.what, other.mend) == ("'judgement' is given twice.", "Keep one of the two.")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_json_does_not_know_is_refused(word):
    text = json.dumps(document_data()).replace("109", word)
    assert f"{word} is not a number JSON knows" in str(refused(text))


def test_a_number_of_too_many_digits_is_refused():
    text = json.dumps(document_data()).replace("109", "9" * 5000)
    assert "at most 18" in str(refused(text))


@pytest.mark.parametrize("depth", [20, 900, 100_000])
def test_a_file_nested_too_deeply_is_refused(depth):
    message = str(refused('{"a":' * depth + "1" + "}" * depth))
    assert "too deeply" in message


def test_data_nested_too_deeply_is_refused():
    data = {}
    inner = data
    for _ in range(5000):
        inner["a"] = [{}]
        inner = inner["a"][0]
    assert "too deeply" in faults_of(data)["the whole file"][0]


def test_files_are_read_by_their_name(tmp_path):
    with pytest.raises(BadInput, match="There is no file"):
        read_file(tmp_path / "none.json")
    with pytest.raises(BadInput, match="is a folder"):
        read_file(tmp_path)
    big = tmp_path / "big.yaml"
    with big.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(BadInput, match=r"big\.yaml is 50\.0 MB"):
        read_file(big)
    (tmp_path / "a.yaml").write_text("a: 1")
    (tmp_path / "a.json").write_text('{"a": 1}')
    assert read_file(tmp_path / "a.yaml") == {"a": "1"}
    assert read_file(tmp_path / "a.json") == {"a": 1}


def test_reading_does_not_change_what_it_reads():
    data = document_data()
    assert read_json(json.dumps(data), name="x") == data
    before = copy.deepcopy(data)
    import_document(actor=ACTOR, data=data)
    assert data == before
