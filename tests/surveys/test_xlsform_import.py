"""Forms made elsewhere: the six collected ones, every kind of row, and hostile workbooks."""

import contextlib
import datetime as dt
import io
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.errors import BadInput, Faults
from sightline.surveys import flow, questionnaires
from sightline.surveys.xlsform import languages
from sightline.surveys.xlsform.importing import Imported, import_form
from sightline.surveys.xlsform.notices import Kind, Notice, as_data
from sightline.surveys.xlsform.types import edge, select
from tests.surveys.forms import shared, workbook

TODAY = dt.date(2026, 11, 21)
HEAD = ["type", "name", "label"]
YES_NO = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def read(survey: Sequence[Sequence[object]], **sheets: Any) -> Imported:
    return import_form(workbook(survey, **sheets), "form.xlsx", audience="staff")


def said(form: Imported, kind: Kind, row: int | None = None) -> str:
    found = [one for one in form.notices if one.kind is kind and row in {None, one.row}]
    return "\n".join(map(str, found))


def refused(survey: Sequence[Sequence[object]], **sheets: Any) -> str:
    with pytest.raises(BadInput) as caught:
        read(survey, **sheets)
    return str(caught.value)


# The six forms


def test_01_needs_lists_that_are_not_there() -> None:
    form = import_form(*shared("01"))
    assert not form.answerable
    needed = said(form, Kind.NEEDED)
    for name in (
        "UCL_regions",
        "UCL_districts",
        "UCL_villages",
        "ULC_Biomass_Plots",
        "species_names",
    ):
        assert f"{name}.csv" in needed
    assert {one.row for one in form.notices if one.kind is Kind.NEEDED} == {
        16, 17, 18, 20, 35, 57, 73, 81,
    }  # fmt: skip
    assert form.definition.languages == ("sw", "en")
    assert "survey, row 91: deviceid" in said(form, Kind.DROPPED)
    assert "a place" in said(form, Kind.LEFT_OUT, 22)
    assert "repeat within a repeat" in said(form, Kind.LEFT_OUT, 43)
    assert "curly" in said(form, Kind.CHANGED, 36)
    trees = next(one for one in form.definition.sections if one.code == "trees")
    assert (trees.repeat, trees.show_when) == ("Miti", "${any_trees} = 'yes'")
    assert form.definition.item("leader_number").identifies
    assert form.definition.item("slope_radius").calculation.startswith("round(15 div")


def test_02_is_refused_and_says_why() -> None:
    content, name = shared("02")
    with pytest.raises(Faults) as caught:
        import_form(content, name)
    assert "survey, row 1: the column “label” is there twice, in D and in E" in str(caught.value)
    assert "label::English (en)" in str(caught.value)


def test_05_narrows_its_answers_step_by_step() -> None:
    form = import_form(*shared("05"))
    assert form.answerable
    one = form.definition
    county, city = one.item("county"), one.item("city")
    washington = {"state": "washington"}
    assert [c.code for c in flow.options(one, county, washington, TODAY)] == ["king", "pierce"]
    assert [c.code for c in flow.options(one, county, {"state": "texas"}, TODAY)] == [
        "king",
        "cameron",
    ]
    answers = {"state": "washington", "county": "pierce", "city": "tacoma"}
    assert flow.tidy(one, answers, TODAY) == answers
    assert flow.tidy(one, answers | {"state": "texas"}, TODAY) == {"state": "texas"}
    assert len(flow.options(one, city, {"county": "king"}, TODAY)) == 4
    pages = flow.pages(one, {}, one_a_page=False, today=TODAY)
    assert [[item.code for item in page.items] for page in pages] == [
        ["state"],
        ["county"],
        ["city"],
    ]


def test_07_reads_saved_results_of_formulas_and_offers_what_was_typed() -> None:
    form = import_form(*shared("07"))
    assert form.answerable
    assert "changelog: this sheet is no part of a form" in said(form, Kind.LEFT_OUT)
    one = form.definition
    names = one.item("names")
    assert [c.code for c in flow.options(one, names, {"name2": "Bo"}, TODAY)] == ["name2"]
    assert flow.asked(one, {}, TODAY) == ("name1", "name2", "names")


def test_10_has_two_languages_and_ten_sheets() -> None:
    form = import_form(*shared("10"))
    one = form.definition
    assert one.languages == ("de", "en")
    assert one.item("python").text == {"de": "Python", "en": "Python"}
    assert one.item("email_address").identifies
    assert one.item("email_address").constraint_message["de"].startswith("Please")
    assert said(form, Kind.LEFT_OUT).count("this sheet is no part of a form") == 7
    assert "grid" in said(form, Kind.CHANGED, 18)
    assert {one.row for one in form.notices if one.kind is Kind.NEEDED} == {4}
    calculated = one.item("missing_coord").calculation
    assert "${NO_TC_project-alpha}" in calculated


def test_12_drops_what_tells_who_answered() -> None:
    form = import_form(*shared("12"))
    assert form.answerable
    dropped = said(form, Kind.DROPPED)
    for row, what in ((2, "began"), (3, "finished"), (4, "day"), (5, "number of the device"),
                      (6, "name of the account"), (9, "log of every tap")):  # fmt: skip
        assert f"survey, row {row}: " in dropped
        assert what in said(form, Kind.DROPPED, row)
    codes = {one.code for one in form.definition.items()}
    assert not codes & {"deviceid", "username", "audit", "start", "end", "today", "hidden1"}
    for row in (8, 18, 19, 22, 42, 48, 50):
        assert said(form, Kind.LEFT_OUT, row)
    likert = form.definition.item("q_likert")
    assert likert.kind == "scale"
    assert [one.value for one in form.definition.options(likert)] == [1, 2, 3]
    assert form.definition.item("q_multiline_text").lines == 4
    other = form.definition.item("q_sel1_other_other")
    assert other.show_when == "selected(${q_sel1_other}, 'other')"
    assert form.definition.item("matrix_header").kind == "note"
    assert form.definition.item("q_mandatory").required


@pytest.mark.parametrize("number", ["01", "05", "07", "10", "12"])
def test_every_row_is_read_or_said(number: str) -> None:
    """Each row of `survey` has become an item or a section, or a notice names it."""
    from sightline.surveys.xlsform import sheets

    content, name = shared(number)
    form = import_form(content, name)
    codes = {one.code for one in form.definition.items()}
    told = {one.row for one in form.notices if one.sheet == "survey"}
    for row in sheets.read(content, name).survey.rows:
        begins, _ = edge(row.get("type"))
        assert begins or row.get("name") in codes or row.number in told, row


# Kinds of rows


def test_a_plain_form() -> None:
    form = read(
        [
            [
                *HEAD,
                "hint",
                "required",
                "relevant",
                "constraint",
                "constraint_message",
                "appearance",
            ],
            ["begin group", "g", "About you"],
            ["select_one yn", "in", "In?", "Tick one", "yes"],
            ["integer", "n", "How many?", None, "no", "${in} = 'yes'", ". < 9", "Too many"],
            ["text", "t", "Why?", None, None, None, None, None, "multiline"],
            ["end group"],
            ["decimal", "d", "Part?"],
            ["date", "on", "When?"],
            ["select_multiple yn", "m", "Which?"],
        ],
        choices=YES_NO,
        settings=[["form_title", "form_id", "default_language"], ["A Form!", "A Form!", "en"]],
    )
    one = form.definition
    assert form.answerable
    assert not form.notices
    assert (one.code, one.title, one.languages) == ("a-form", "A Form!", ("en",))
    assert [s.code for s in one.sections] == ["g", "questions"]
    assert one.sections[1].title == {"en": "A Form!"}
    assert one.item("in").required
    assert one.item("in").hint == {"en": "Tick one"}
    number = one.item("n")
    assert (number.whole, number.show_when, number.constraint) == (True, "${in} = 'yes'", ". < 9")
    assert number.constraint_message == {"en": "Too many"}
    assert [one.item(code).kind for code in ("d", "on", "m")] == ["number", "date", "many"]
    assert not one.item("d").whole
    assert questionnaires.parse(form.content, "again") == one


def test_groups_within_groups_and_repeats() -> None:
    form = read(
        [
            [*HEAD, "relevant", "repeat_count", "appearance"],
            ["begin_group", "outer", "Outer", "1 = 1"],
            ["text", "a", "A?"],
            ["begin group", "inner", "Inner", "${a} = 'x'", None, "table-list"],
            ["text", "b", "B?"],
            ["end group"],
            ["text", "c", "C?"],
            ["end_group"],
            ["integer", "count", "How many?"],
            ["begin repeat", "kids", "Child", "${count} > 0", "${count}"],
            ["text", "nick", "Nick?"],
            ["begin group", "school", "School", "${nick} != ''"],
            ["text", "class", "Class?", "${count} > 1"],
            ["end group"],
            ["end repeat"],
            ["begin group", "bare", None],
            ["text", "z", "Z?"],
            ["end group"],
        ]
    )
    one = form.definition
    assert [(s.code, s.title["en"]) for s in one.sections] == [
        ("outer", "Outer"), ("inner", "Inner"), ("outer-2", "Outer"), ("questions", "form"),
        ("kids", "Child"), ("bare", "form"),
    ]  # fmt: skip
    assert one.sections[1].show_when == "(1 = 1) and (${a} = 'x')"
    kids = one.sections[4]
    assert (kids.repeat, kids.repeat_count, kids.show_when) == ("Child", "${count}", "${count} > 0")
    assert one.item("class").show_when == "(${nick} != '') and (${count} > 1)"
    assert "its title is not shown" in said(form, Kind.CHANGED, 12)
    assert "not as a grid" in said(form, Kind.CHANGED, 4)
    assert form.answerable


def test_languages_by_name_by_code_and_unknown() -> None:
    form = read(
        [
            ["type", "name", "label::Gàidhlig (gd)", "label::English", "label::Klingon",
            "label::Vulcan"],
            ["text", "a", "Ciamar?", "How?", "chay", "uf"],
        ],
        settings=[["default_language"], ["English"]],
    )  # fmt: skip
    assert form.definition.languages == ("en", "gd", "und-x3", "und-x4")
    assert form.definition.item("a").text["gd"] == "Ciamar?"
    assert "“Klingon” is; it is kept as und-x3" in said(form, Kind.CHANGED)
    assert languages.code_of("Chinese") == "zh"
    assert languages.code_of("English (en-GB)") == "en-GB"
    assert languages.code_of("polski") == "pl"
    assert languages.name_of("gd") == "Gàidhlig (gd)"
    assert languages.name_of("xx") == "xx (xx)"


def test_a_gap_in_a_language_is_to_be_filled() -> None:
    form = read(
        [["type", "name", "label::English (en)", "label::Gàidhlig (gd)"], ["text", "a", "How?"]]
    )
    assert not form.answerable
    assert "survey, row 2: it has no text in gd" in said(form, Kind.NEEDED)


def test_what_is_left_out_is_said_by_row() -> None:
    form = read(
        [
            [*HEAD, "default", "read_only", "media::audio", "parameters", "calculation",
            "constraint",
             "odd", "required", "image", "body::x", "trigger", "guidance_hint", "appearance"],
            ["text", "a", "A?", "x", "yes", "a.mp3", "rows=3", "1+1", None, "o", "${b} = 1",
            "p.png"],
            ["note", "n", "N", None, None, None, None, None, "1"],
            ["note", "empty", None, *[None] * 8, "p.png"],
            ["time", "t", "T?"], ["dateTime", "dt", "T?"], ["geopoint", "g", "G?"],
            ["image", "i", "I?"], ["barcode", "b", "B?"], ["rank yn", "r", "R?"],
            ["", None, None, "only a remark"],
            ["range", "rg", "How much?", None, None, None, "start=1 end=5 step=0.5"],
            ["range", "rw", "How much?"],
            ["acknowledge", "ok", "Fine?"],
            ["select_one yn", "lk", "Like?", *[None] * 12, "likert"],
            ["select_one yn", "mn", "Menu?", *[None] * 12, "minimal w1"],
            ["email", "em"],
            ["text", "mail", "What is your e-mail?"],
        ],
        choices=YES_NO,
        settings=[["form_title", "style", "submission_url"], ["F", "pages", "https://example.org"],
        ["G"]],
    )  # fmt: skip
    for row in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11):
        assert said(form, Kind.LEFT_OUT, row), row
    assert "the default is left out" in said(form, Kind.LEFT_OUT, 2)
    assert "a.mp3" in said(form, Kind.LEFT_OUT, 2)
    assert "column odd is not used" in said(form, Kind.LEFT_OUT, 1)
    assert "w1 is not used" in said(form, Kind.LEFT_OUT, 16)
    assert "plain list" in said(form, Kind.CHANGED, 16)
    assert "submission_url" in said(form, Kind.LEFT_OUT, 2)
    assert form.definition.item("rg").constraint == ". >= 1 and . <= 5"
    assert not form.definition.item("rg").whole
    assert form.definition.item("rw").whole
    assert form.definition.options(form.definition.item("ok"))[0].code == "OK"
    assert form.definition.item("lk").kind == "scale"
    assert "names the account" not in said(form, Kind.DROPPED, 17)
    assert "e-mail address" in said(form, Kind.DROPPED, 17)
    assert form.definition.item("mail").identifies
    assert as_data(form.notices)[0].keys() == {"sheet", "row", "kind", "what"}


def test_names_and_codes_that_cannot_be_ours_are_changed_everywhere() -> None:
    form = read(
        [
            [*HEAD, "relevant", "constraint"],
            ["select_one a.b", "_first", "First?"],
            ["text", "häuser", "${_first}?", "${_first} = 'x/y'"],
            ["begin group", "g", "G"],
            ["text", "same", "Same?"],
            ["end group"],
            ["begin group", "h", "H"],
            ["text", "same", "Same?"],
            ["end group"],
        ],
        choices=[["list_name", "name", "label"], ["a.b", "x/y", "XY"], ["a.b", "z", None]],
    )
    one = form.definition
    codes = [item.code for item in one.items()]
    assert codes == ["q-first", "q-hauser", "same", "same-2"]
    assert one.item("q-hauser").show_when == "${q-first} = 'x-y'"
    assert one.item("q-hauser").text == {"en": "${q-first}?"}
    assert [choice.code for choice in one.choices["a.b"]] == ["x-y", "z"]
    assert "called x-y here" in said(form, Kind.CHANGED, 2)
    assert "no label" in said(form, Kind.CHANGED, 3)


def test_answers_that_are_needed_depend_on_who_is_asked() -> None:
    survey = [[*HEAD, "required"], ["text", "a", "A?", "yes"], ["text", "b", "B?", "${a} = 'x'"]]
    staff = read(survey)
    assert staff.definition.item("a").required
    assert "needed only at times" in said(staff, Kind.LEFT_OUT, 3)
    child = import_form(workbook(survey), "f.xlsx", audience="child", code="local")
    assert not child.definition.item("a").required
    assert child.definition.code == "local"
    assert "may skip" in said(child, Kind.CHANGED, 2)


def test_dates_in_cells_are_said() -> None:
    form = read(
        [[*HEAD, "constraint"], ["date", "a", dt.datetime(2026, 2, 1)], ["integer", "b", 7.0, True]]
    )
    assert form.definition.item("a").text == {"en": "2026-02-01"}
    assert "cell C2 holds a date" in said(form, Kind.CHANGED, 2)
    assert form.definition.item("b").constraint == "true()"


def test_an_expression_that_cannot_be_run_is_kept_and_has_to_be_mended() -> None:
    form = read(
        [
            [*HEAD, "relevant"],
            ["text", "a", "A?"],
            ["text", "b", "B?", "pulldata('x', 'y', 'z', ${a})"],
        ]
    )
    assert form.definition.item("b").show_when == "pulldata('x', 'y', 'z', ${a})"
    assert not form.answerable
    assert "survey, row 3: relevant: the function pulldata()" in said(form, Kind.NEEDED)


# Refused


def test_a_workbook_that_is_no_form_is_refused() -> None:
    assert "sheet called survey" in refused((), other=[["a"]])
    assert "no column “name”" in refused([["type", "label"], ["text", "A?"]])
    assert "has no questions" in refused([HEAD])
    assert "is a question that can be asked here" in refused([HEAD, ["note", "n", "Hello"]])
    with pytest.raises(BadInput, match="Excel workbook"):
        import_form(b"type,name\ntext,a\n", "form.csv")
    with pytest.raises(BadInput):
        import_form(b"PK\x03\x04rubbish", "form.xlsx")
    with pytest.raises(BadInput, match="at most 5 MB"):
        import_form(b"PK" + b"0" * 5_000_001, "form.xlsx")


def test_faults_of_structure_name_their_rows() -> None:
    text = refused(
        [HEAD, ["begin group", "g", "G"], ["text", "a", "A?"], ["end repeat"], ["end group"]]
    )
    assert "row 4: this ends a repeat, but the group of row 2 is open" in text
    assert "row 5: this ends a group, and none is open" in text
    assert "row 2: the repeat that begins here never ends" in refused(
        [HEAD, ["begin repeat", "r", "R"], ["text", "a", "A?"]]
    )
    assert "row 2: there is no type “slider”" in refused([HEAD, ["slider", "a", "A?"]])
    assert "row 2: the row has no type" in refused([HEAD, [None, "a", "A?"]])
    assert "row 2: the group has no name" in refused([HEAD, ["begin group"], ["end group"]])
    assert "row 2: the question has no name" in refused([HEAD, ["text", None, "A?"]])


def test_what_pyxform_refuses_is_refused_with_its_words() -> None:
    assert "cannot be used" in refused(
        [HEAD, ["select_one gone", "a", "A?"], ["text", "b", "${zz}"]]
    )


@pytest.mark.parametrize("error", [KeyError("label"), ValueError("odd"), RecursionError()])
def test_what_pyxform_stumbles_over_is_refused(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("pyxform.xls2xform.convert", stumble)
    assert "stops at it" in refused([HEAD, ["text", "a", "A?"]])


def test_columns_of_answers_that_nothing_looks_at_are_said() -> None:
    choices = [
        ["list_name", "name", "label", "of", "image", "sightline"],
        ["yn", "yes", "Yes", "a", None, None],
    ]
    rows = [HEAD, ["select_one yn", "q", "Q?"]]
    form = read(rows, choices=choices)
    assert "the column of of answers is not used" in said(form, Kind.LEFT_OUT, 1)
    assert "the column image of answers" in said(form, Kind.LEFT_OUT, 1)


def test_a_workbook_of_a_form_and_nothing_else_in_it() -> None:
    form = read(
        [HEAD, ["select_one yn or_other", "q", "Q?"]],
        choices=[*YES_NO, ["yn", "other", "Something else"]],
    )
    assert [one.code for one in form.definition.choices["yn"]] == ["yes", "no", "other"]
    empty = read([HEAD, ["text", "a", "A?"]], choices=[[" "]])
    assert not read([HEAD, ["text", "a", "A?"]], choices=[[None]]).definition.choices
    assert empty.definition.choices == {}


def test_formulas_without_a_result_and_errors_are_refused() -> None:
    text = refused([HEAD, ["text", "a", "=1+1"]])
    assert "survey, C2: it holds a formula without its result" in text


def test_too_many_rows_and_columns_are_refused() -> None:
    assert "more than 2,000 rows" in refused(
        [HEAD, *[["text", f"a{n}", "A?"] for n in range(2_001)]]
    )
    assert "more than 200 columns" in refused(
        [[*HEAD, *[f"c{n}" for n in range(200)]], ["text", "a", "A?"]]
    )


def test_deep_groups_and_long_cells_are_refused() -> None:
    deep = [["begin group", f"g{n}", "G"] for n in range(900)]
    assert "row 22: groups lie more than 20 deep" in refused([HEAD, *deep, ["text", "a", "A?"]])
    assert "C2: it has 16,001 characters" in refused([HEAD, ["text", "a", "x" * 16_001]])
    many = read([HEAD, *[["text", f"a{n}", "A?"] for n in range(501)]])
    assert "there are 501 questions" in said(many, Kind.NEEDED)


def test_a_large_form_is_read_in_seconds() -> None:
    begun = time.process_time()
    head = [*HEAD, "relevant", "choice_filter", "constraint"]
    rows = [["select_one yn", f"a{n}", "A?", "1 = 1", "c1 = c2", ". != 'x y'"] for n in range(600)]
    choices = [["list_name", "name", "label", "c1", "c2"]]
    choices += [["yn", f"x y {n}", "X", "1", "2"] for n in range(1_000)]
    with contextlib.suppress(BadInput):
        read([head, *rows], choices=choices)
    assert time.process_time() - begun < 20


def test_a_bomb_is_refused() -> None:
    content = io.BytesIO(workbook([HEAD, ["text", "a", "A?"]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<a>" + b" " * 60_000_000)
    with pytest.raises(BadInput, match="unpacks to far more"):
        import_form(content.getvalue(), "form.xlsx")


def test_external_entities_are_refused() -> None:
    source = zipfile.ZipFile(io.BytesIO(workbook([HEAD, ["text", "a", "A?"]])))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + data
            archive.writestr(name, data)
    with pytest.raises(BadInput, match="damaged"):
        import_form(written.getvalue(), "form.xlsx")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["text", "a", "b", "select_one yn", "begin group", "end group",
            "begin repeat",
                             "end repeat", "${a}", "${", "yes", "note", "calculate", "=1", "(",
                             "x" * 300, None, 4, True])
            | st.text("ab${}'(). =", max_size=12),
            min_size=3, max_size=7,
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_rubbish_is_refused_or_read_and_nothing_else(rows: list[list[Any]]) -> None:
    head = [*HEAD, "relevant", "constraint", "calculation", "choice_filter"]
    with contextlib.suppress(BadInput):
        assert read([head, *rows], choices=YES_NO).definition.sections


def test_types_are_told_apart() -> None:
    assert select("select one from fruits or other") is not None
    found = select("select_multiple_from_file a.csv")
    assert found is not None
    assert (found.kind, found.list, found.from_file) == ("many", "a.csv", True)
    assert select("text") is None
    assert edge("begin_repeat") == ("begin", "repeat")
    assert edge("text") == ("", "")
    assert str(Notice("choices", 0, Kind.NEEDED, "x.")) == "choices: x."
    assert all(kind.words for kind in Kind)
