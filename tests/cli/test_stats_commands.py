"""`sightline stats …`: each prints text and JSON, and says of a bad file where it is bad."""

import json
import random

import openpyxl
import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """Runs a command; gives what it printed, or the status and the message it left with."""

    def call(*words):
        try:
            call_command(*words)
        except SystemExit as left:
            return left.code, capsys.readouterr().err
        return capsys.readouterr().out

    return call


@pytest.fixture
def file(tmp_path):
    def write(text, name="given.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def as_json(printed):
    return json.loads(printed)


def test_term(run):
    said = run("stats_term", "27", "38")
    assert said.splitlines() == [
        "27 of 38 (71%): the majority",
        "As a fraction: almost three quarters",
        "95% interval: 55.2% to 83.0% (Wilson)",
        "As a sample: the majority, possibly most",
        "The rest: just over a quarter",
    ]
    found = as_json(run("stats_term", "7", "12", "--format", "json"))
    assert (found["words"], found["term"], found["fraction"]) == ("7 of 12", "the majority", None)
    assert as_json(run("stats_term", "6", "8", "--partnerships", "--format", "json"))["words"] == (
        "most"
    )
    full = as_json(run("stats_term", "20", "20", "--frame", "20", "--format", "json"))
    assert (full["stability"], full["interval"]["low"]) == ("all", 1.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("5", "4"), "5 of 4 is more than all of them"),
        (("0", "0"), "the base is 0, so there is no share"),
        (("1", "4", "--frame", "3"), "the frame holds 3 and 4 were drawn"),
    ],
)
def test_a_term_of_no_share_is_refused(run, words, message):
    status, said = run("stats_term", *words)
    assert status == 3
    assert message in said


SERIES = "label,value\n" + "".join(
    f"month {i + 1},{value}\n" for i, value in enumerate([50, 52, 49, 51] * 4 + [60] * 7)
)


def test_trend(run, file):
    said = run("stats_trend", file(SERIES), "--better", "higher", "--unit", "months")
    assert said.startswith("Real improvement. ")
    assert "XmR chart, mean " in said
    found = as_json(
        run("stats_trend", file(SERIES), "--chart", "run", "--trends", "--format", "json")
    )
    assert found["verdict"] == "something changed"
    assert found["signals"][-1]["points"][-1] == "month 23"
    named = run("stats_trend", file(SERIES), "--chart", "xmr", "--screened", "--ceiling", "60")
    assert "limits" in named
    broken = run("stats_trend", file(SERIES), "--unit", "months", "--break", "month 12")
    assert broken.startswith(("Something", "No real", "Real"))
    short = run("stats_trend", file("label,value\n2024,5\n2025,[c]\n"), "--unit", "years")
    assert short == "Too few points to tell. We have 1; we need at least 10.\n"
    coded = run("stats_trend", file(SERIES), "--chart", "run", "--code", "--baseline", "6",
                "--break", "month 12")  # fmt: skip
    assert "Run chart, median " in coded
    assert "(a break: figures before it are not comparable)" in coded


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("label,value\na,x\n", (), "line 2, value: 'x' is no number. Give a number, or [c]"),
        ("label,value\na,nan\n", (), "line 2, value: 'nan' is no number."),
        ("label,value\n,3\n", (), "line 2, label: it is empty. Name the point."),
        ("name,value\na,3\n", (), "line 1: there is no column 'label'. It has: name, value."),
        ("label,value,Value\na,3,4\n", (), "line 1: column 'value' is there twice. Keep one."),
        ("label,value\n", (), "holds no rows under its header"),
        (" \n\n", (), "The file is empty"),
        (",,\n,,\n", (), "holds no rows"),
        ("label,value\na,3\n", ("--break", "b"), "--break b is no label of"),
        ("label,value\na,3\n", ("--chart", "xmr"), "no two neighbours with values"),
        ("label,value\na,#REF!\nb,2\n", (), "line 2, value"),
    ],
)
def test_a_bad_series_is_refused_with_line_column_and_mend(run, file, text, more, message):
    status, said = run("stats_trend", file(text), *more)
    assert status == 3
    assert message in said


def test_a_file_that_is_not_there(run):
    status, said = run("stats_trend", "nowhere.csv")
    assert status == 3
    assert "nowhere.csv is not a file; check how it is spelt." in said


FRAME = "reference,stratum,family\n" + "".join(
    f"r{i:02},{'abc'[i % 3]},f{i // 2}\n" for i in range(40)
)


def test_sample(run, file, tmp_path):
    kept = str(tmp_path / "draw.json")
    frame = file(FRAME)
    asked = ("--size", "10", "--seed", "Fife", "--minimum", "2", "--reserves", "1")
    said = run("stats_sample", frame, *asked, "--record", kept)
    assert "sightline stratified draw 1, seed 'Fife', from 40 records." in said
    again = run("stats_sample", frame, "--redraw", kept)
    assert again == f"{said.rstrip()}\n\nDrawn again: the sample is the same.\n"
    found = as_json(run("stats_sample", frame, *asked, "--format", "json"))
    assert found == json.loads((tmp_path / "draw.json").read_text("utf-8"))
    assert as_json(run("stats_sample", frame, "--redraw", kept, "--format", "json"))["redrawn"]
    whole = run("stats_sample", frame, "--size", "40", "--seed", "s", "--siblings")
    assert "families not kept apart" in whole


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        (FRAME, (), "Give --size and --seed, or --redraw"),
        (FRAME, ("--size", "99", "--seed", "s"), "99 are to be drawn and 20 can be"),
        (FRAME + "r00,a,f1\n", ("--size", "1", "--seed", "s"),
         "line 42, reference: r00 is on line 2 already. Keep one."),
        ("reference,stratum\nr,\n", ("--size", "1", "--seed", "s"),
         "line 2, stratum: it is empty. Fill it in, or take the line out."),
        (FRAME, ("--redraw", "none.json"), "none.json is not a file that can be read"),
    ],
)  # fmt: skip
def test_a_sample_that_cannot_be_drawn(run, file, text, more, message):
    status, said = run("stats_sample", file(text), *more)
    assert status == 3
    assert message in said


def test_a_record_that_is_none(run, file):
    frame = file(FRAME)
    for text, message in (("{", "is no JSON"), ("{}", "this is no record of a draw")):
        status, said = run("stats_sample", frame, "--redraw", file(text, "draw.json"))
        assert status == 3
        assert message in said


def answers(**more):
    chance = random.Random(3)  # noqa: S311 - repeatable
    lines = ["record,reader,item,value,agency,period"]
    for i in range(30):
        for item in ("quality", "present"):
            value = chance.choice("123456") if item == "quality" else chance.choice(["yes", "no"])
            other = value if chance.random() < 0.7 else ("1" if item == "quality" else "yes")
            lines += [f"r{i},A,{item},{value},,2026-{i // 10}",
                      f"r{i},B,{item},{other},,2026-{i // 10}"]  # fmt: skip
    return "\n".join([*lines, *more.get("extra", ())]) + "\n"


SCALES = "item,scale,values\nquality,interval,1;2;3;4;5;6\n"


def test_agreement(run, file):
    given, scales = file(answers()), file(SCALES, "scales.csv")
    said = run("stats_agreement", given, "--scales", scales, "--threshold", "0.99")
    assert said.splitlines()[0].split() == [
        "Item", "Records", "Per", "cent", "Kappa", "Alpha", "AC1", "or", "AC2",
    ]  # fmt: skip
    assert "A and B" in said
    assert "does not clearly differ from 2026-0" in said
    assert "With their whole interval: " in said
    found = as_json(run("stats_agreement", given, "--scales", scales, "--format", "json"))
    assert [i["item"] for i in found["items"]] == ["present", "quality"]
    assert found["items"][1]["statistics"]["Krippendorff’s alpha"]["level"] == 0.95
    assert found["items"][0]["statistics"]["Gwet’s AC2"]["why"].startswith("the values are names")
    lone = run("stats_agreement", file(answers(extra=["r1,A,lone,3,,"])))
    assert "Not known: lone (agreement needs two readers" in lone
    assert "–" in lone


@pytest.mark.parametrize(
    ("text", "scales", "message"),
    [
        (answers(extra=["r1,A,quality,3,,"]), SCALES,
         "line 122, value: A answered quality on line 6 already. Keep one."),
        (answers(extra=["r99,A,quality,9,,"]), SCALES,
         "line 122, value: '9' is no value"),
        (answers(extra=["r99,A,quality,good,,"]), SCALES, "'good' is no value of quality."),
        (answers(extra=["r99,,quality,3,,"]), SCALES, "line 122, reader: it is empty."),
        ("record,reader,item,value\nr,A,i,1\n", "", "A is the only reader; agreement needs two"),
        (answers(), "item,scale\nquality,nice\n",
         "line 2, scale: 'nice' is no scale. Write nominal, ordinal or interval."),
        (answers(), "item,scale,values\nquality,interval,a;b\n", "an interval scale takes numbers"),
        (answers(), SCALES + "quality,interval,1;2\n", "line 3, item: quality, or a value of it"),
        (answers(), "item,scale\nother,nominal\n", "other has a scale and no answers"),
        (answers(extra=["r99,A,present,,,"]), "item,scale\npresent,ordinal\n",
         "'yes' is no value of present. It takes: numbers."),
    ],
)  # fmt: skip
def test_bad_ratings_are_refused_with_line_column_and_mend(run, file, text, scales, message):
    more = ("--scales", file(scales, "scales.csv")) if scales else ()
    status, said = run("stats_agreement", file(text), *more)
    assert status == 3
    assert message in said


def test_the_first_twenty_faults_are_named(run, file):
    text = "label,value\n" + "".join(f"m{i},bad\n" for i in range(25))
    _, said = run("stats_trend", file(text))
    assert said.count("is no number") == 20
    assert "and 5 more." in said


def test_a_workbook_is_read_as_it_was_typed(run, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["label", "value"])
    for i in range(12):
        book.active.append([2010.0 + i, i * 1.5])
    path = tmp_path / "series.xlsx"
    book.save(path)
    found = as_json(run("stats_trend", str(path), "--unit", "years", "--format", "json"))
    assert (found["points"], found["known"]) == (12, 12)
    assert found["chart"]["phases"][0]["centre"] == 8.25
    assert found["signals"][0]["points"][0] == "2010"
    book.active["B3"] = "=1/0"
    book.save(path)
    status, said = run("stats_trend", str(path))
    assert status == 3
    assert "line 3, value: it is broken. Open the file in a spreadsheet program" in said
