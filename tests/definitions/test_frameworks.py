"""The shipped frameworks, scale, terms and programmes, and what a bad file is told."""

import copy
import shutil

import pytest
from django.conf import settings

from sightline.framework import schemas
from sightline.framework.definitions import (
    Crosswalk,
    Framework,
    Library,
    Scale,
    Section,
    Terms,
    TitleStatus,
    check_together,
    library,
    load,
)
from sightline.kernel import plain_yaml
from sightline.kernel.definitions import Registry, parse_definition, plus
from sightline.kernel.errors import BadDefinition, Faults, NotFound
from tests.factories.framework import fourth_programme, fourth_programme_data, programme_from

FOLDER = settings.SIGHTLINE_DEFINITIONS
VERIFIED = {"1.1", "2.1", "2.2", "5.3", "5.4", "9.1", "9.2", "9.3", "9.4"}
HEADING = {"6.4", "7.1"}


@pytest.mark.parametrize("key", ["children@1", "children@2", "children@3"])
def test_an_edition_has_6_domains_10_areas_and_22_indicators_each_saying_how_sure_it_is(key):
    framework = library().frameworks.get(key)
    assert (len(framework.domains), len(framework.areas), len(framework.indicators)) == (6, 10, 22)
    assert [area.number for area in framework.areas] == list(range(1, 11))
    by_status = {
        status: {i.code for i in framework.indicators if i.title_status is status}
        for status in TitleStatus
    }
    assert by_status[TitleStatus.VERIFIED] == VERIFIED
    assert by_status[TitleStatus.HEADING] == HEADING
    assert len(by_status[TitleStatus.UNVERIFIED]) == 11


def test_areas_1_to_8_hold_the_17_indicators_that_reports_of_p1_speak_of():
    framework = library().frameworks.get("children@2")
    assert sum(len(a.indicators) for a in framework.areas if a.number <= 8) == 17
    assert library().programme("P1").indicators_printed == 17
    assert library().programme("P2").indicators_printed == len(framework.indicators)
    assert library().programme("P3").indicators_printed == len(framework.indicators)


def test_the_leadership_suite_is_area_9():
    for framework in library().frameworks:
        area = framework.area_of("9.3")
        assert area.title == "Leadership and direction"
        suite = library().programme("P1").judgement("9")
        assert suite.is_suite
        assert suite.indicators == tuple(i.code for i in area.indicators)


@pytest.mark.parametrize(
    ("short", "word", "items", "graded", "weeks"),
    [
        ("P1", "question", ["q1", "q2", "q3", "q4", "q5"], ["9", "2.1", "2.2", "1.1"], 35),
        ("P2", "statement", ["s1", "s2", "s3", "s4"], ["2.1"], 22),
        ("P3", "key line of enquiry", ["k1", "k2", "k3"], ["2.1", "5.3", "5.4", "9.2"], 21),
    ],
)
def test_each_programme_is_framed_evaluated_and_timed_in_its_own_way(
    short, word, items, graded, weeks
):
    programme = library().programme(short)
    assert programme.frame.word == word
    assert [item.code for item in programme.frame.items] == items
    assert [judgement.code for judgement in programme.graded] == graded
    assert programme.weeks == weeks
    assert all(item.official is (short != "P3") for item in programme.frame.items)


def test_programmes_count_the_same_channels_and_word_them_themselves():
    channels = [{c.code: c for c in p.channels} for p in library().programmes]
    assert len(channels) == 3
    assert {frozenset(found) for found in channels} == {frozenset(channels[0])}
    for code in channels[0]:
        assert {found[code].pooled for found in channels} == {code}
        assert {found[code].per_cent for found in channels} == {code == "staff-survey-rate"}


def test_each_programme_prints_its_sections_in_its_own_order():
    orders = {p.short: [part.section for part in p.report] for p in library().programmes}
    assert orders["P1"][-3:] == [Section.EVALUATIONS, Section.FRAMEWORK, Section.TERMS]
    assert orders["P2"].index(Section.EVALUATIONS) < orders["P2"].index(Section.CONCLUSION)
    assert orders["P2"][-2:] == [Section.FRAMEWORK, Section.TERMS]
    assert Section.KEY_MESSAGES not in orders["P1"]
    assert all(set(order) <= set(Section) for order in orders.values())


def test_the_scale_is_read_by_value_word_and_band():
    scale = library().scales.get("six-point@1")
    assert [point.word for point in scale.points] == [
        "Excellent", "Very Good", "Good", "Adequate", "Weak", "Unsatisfactory"
    ]  # fmt: skip
    assert scale.value_of("very good") == 5
    assert scale.point(3).descriptor == "Strengths just outweigh weaknesses"
    assert (scale.band("good or better").low, scale.band("good or better").high) == (4, 6)
    with pytest.raises(NotFound, match=r"7 is not on the scale; it runs from 1 to 6 in whole"):
        scale.point(7)
    with pytest.raises(NotFound, match=r"'Fair' is not on the scale\. The words are: Excellent"):
        scale.value_of("Fair")
    with pytest.raises(NotFound, match=r"There is no band 'fair'\. There are: good or better"):
        scale.band("fair")


def test_what_is_not_there_is_said_with_what_there_is():
    held = library()
    with pytest.raises(NotFound, match=r"children@3 has no indicator 2\.3\. It has: 1\.1, 2\.1"):
        held.frameworks.get("children@3").indicator("2.3")
    with pytest.raises(NotFound, match=r"There is no programme P7\. There are: P1 \(care-and-"):
        held.programme("P7")
    p1 = held.programme("P1")
    assert p1 is held.programme("care-and-protection") is held.programme("care-and-protection@1")
    evaluated = r"P1 gives no evaluation of 5\.3; it evaluates 9, 2\.1, 2\.2, 1\.1"
    with pytest.raises(NotFound, match=evaluated):
        p1.judgement("5.3")
    with pytest.raises(NotFound, match="P1 has no question q6; it has q1, q2"):
        p1.frame_item("q6")
    with pytest.raises(NotFound, match="P1 counts no cats; it counts children-met"):
        p1.channel("cats")
    assert p1.frame_item("q5").number == 5
    assert p1.channel("records-read").unit == "records"


def test_every_indicator_has_a_place_in_every_crosswalk():
    for crosswalk in library().crosswalks:
        assert crosswalk.status is TitleStatus.UNVERIFIED
        new = library().frameworks.get(crosswalk.new)
        assert {code for row in crosswalk.rows for code in row.new} == {
            indicator.code for indicator in new.indicators
        }


# --- what a bad file is told ---


@pytest.fixture
def folder(tmp_path):
    """A copy of the definitions, to spoil."""
    target = tmp_path / "definitions"
    for name in ("frameworks", "scales", "terms", "programmes"):
        shutil.copytree(FOLDER / name, target / name)
    return target


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


P1 = "programmes/care-and-protection@1.yaml"
P2 = "programmes/risk-of-harm@1.yaml"
LATEST = "frameworks/children@3.yaml"
TERMS = "terms/quantity@1.yaml"
SCALE = "scales/six-point@1.yaml"
WALK = "frameworks/crosswalks/children-2-to-3@1.yaml"

BAD = [
    (P1, '["9.1", "9.2", "9.3", "9.4"]\n    question', '["9.1", "9.5"]\n    question',
     "care-and-protection@1.yaml graded.9: children@2 has no indicator 9.5."),
    (P1, '["5.1", "5.2", "6.1"', '["5.9", "5.2", "6.1"',
     "frame.q1: children@2 has no indicator 5.9."),
    (P1, "short: P1\n", "short: P2\n", "P2 names two programmes. Give each its own."),
    (P1, "framework: children@2", "framework: adults@1",
     "framework: there is no adults@1. There are: children@1, children@2, children@3."),
    (P1, "scale: six-point@1", "scale: ten-point@1", "scale: there is no ten-point@1."),
    (P1, "title: Impact on families", "title: Impact on cats",
     "'Impact on cats' is not a title of 2.2 in children@2. Use its title, or add this one"),
    (P1, "code: q2", "code: q1", "frame.items: q1 is given twice; keep one."),
    (P1, "      number: 2", "      number: 3", "frame.items are numbered [1, 3, 3, 4, 5]"),
    (P1, '- code: "2.2"', '- code: "2.1"', "graded: 2.1 is given twice; keep one."),
    (P1, "- code: parents-met", "- code: children-met", "channels: children-met is given twice"),
    (P1, "{section: strengths,", "{section: summary,", "report: summary is given twice"),
    (P1, "{section: strengths,", "{section: songs,", "report.2.section: Input should be"),
    (P1, '"{count} elected members met us."', '"Elected members met us."',
     "channels.elected-members-met.sentence must have {count} once and no other gap"),
    (P1, '"{count} elected members met us."', '"{count} elected members met {who}."',
     "channels.elected-members-met.sentence must have {count} once and no other gap"),
    (P1, "protection in {area}", "protection in {place}", "sample_caveat must have {area}"),
    (P1, "    first_week: 12", "    first_week: 13",
     "phase On site runs from week 13 to 19; it must"),
    (P1, "      - week: 18", "      - week: 30", "which does not start in its phase, On site"),
    (P1, "        last_week: 19\n        what", "        last_week: 17\n        what",
     "is in week 18 to 17"),
    (P1, "version: 1", "version: 2", "holds care-and-protection@2; rename the file or mend"),
    (P1, "version: 1", "version: one", "version: Input should be a valid integer"),
    (P1, "practice_word:", "practise_word:", "practise_word: Extra inputs are not permitted"),
    (P1, "short: P1\n", "short: P1\nshort: P4\n", "short is given twice; keep one."),
    (P1, 'years: "2018-04/2020-03"', 'years: "2020/2018"', "ends before it starts"),
    (LATEST, '- code: "9.4"', '- code: "9.3"', "9.3 is given twice; keep one."),
    (LATEST, '- code: "9.4"', '- code: "8.4"', "8.4 stands in area 9; move it."),
    (LATEST, "- number: 4", "- number: 3", "4.1 stands in area 3; move it."),
    (LATEST, "supersedes: children@2", "supersedes: children@7",
     "frameworks/children@3.yaml supersedes: there is no children@7."),
    (LATEST, 'title: "Impact on staff"\n            title_status: unverified',
     'title: "Impact on staff"\n            title_status: verified', "say in `source` where"),
    (TERMS, "low: 15", "low: 14", "0 to 100 in order, with no gap or overlap"),
    (TERMS, "low: 15", "low: 16", "0 to 100 in order, with no gap or overlap"),
    (TERMS, "high: 100", "high: 101", "less than or equal to 100"),
    (SCALE, "value: 6", "value: 5", "the points must be 6, 5, 4, 3, 2, 1 in that order."),
    (SCALE, "word: Very Good", "word: good", "two points have one word"),
    (SCALE, "low: 4, high: 6", "low: 6, high: 4", "'good or better' runs from 6 down to 4"),
    (WALK, '{old: "3.1", new: ["3.1"], comparable: true}',
     '{old: "3.1", new: ["3.9"], comparable: no}',
     "children@3 has no indicator 3.9."),
    (WALK, '  - {old: "3.1", new: ["3.1"], comparable: true}\n', "",
     "3.1 of children@2 is missing. Say what it became."),
    (WALK, "old: children@2", "old: adults@2", "old: there is no framework adults@2."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), BAD, ids=[f"{b[0]} {b[2]}" for b in BAD]
)
def test_a_bad_file_is_refused_with_file_field_and_fault(folder, file, old, new, message):
    spoil(folder / file, old, new)
    with pytest.raises((Faults, BadDefinition)) as refused:
        load(folder)
    assert message in str(refused.value)


def test_the_copy_that_these_tests_spoil_is_good(folder):
    assert len(load(folder).programmes) == 3


def test_faults_of_several_files_are_listed_together(folder):
    spoil(folder / P1, "framework: children@2", "framework: adults@1")
    spoil(folder / P2, "terms: quantity@1", "terms: words@1")
    spoil(folder / WALK, "new: children@3", "new: adults@3")
    with pytest.raises(Faults) as refused:
        load(folder)
    assert len(refused.value.faults) == 3


def test_a_file_with_another_name_than_its_content_is_refused(folder):
    (folder / P1).rename(folder / "programmes/p-one@1.yaml")
    with pytest.raises(Faults, match=r"p-one@1\.yaml holds care-and-protection@1; rename"):
        load(folder)


def test_a_second_version_of_a_programme_may_keep_its_short_name(folder):
    shutil.copy(folder / P1, folder / "programmes/care-and-protection@2.yaml")
    spoil(folder / "programmes/care-and-protection@2.yaml", "version: 1", "version: 2")
    held = load(folder)
    assert held.programme("P1").version == 2
    assert held.programme("care-and-protection@1").version == 1


# --- a further programme is a file ---


def test_a_fourth_programme_needs_only_its_file():
    held = library().with_programmes([fourth_programme()])
    found = held.programme("P9")
    assert (found.frame.word, len(found.frame.items)) == ("theme", 6)
    assert found.judgement("6").indicators == ("6.1", "6.2", "6.3", "6.4")
    assert found.weeks == 9
    assert len(library().programmes) == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("short", "P1", "P1 names two programmes"),
        ("framework", "children@9", "there is no children@9"),
        ("terms", "words@1", "there is no words@1"),
    ],
)
def test_a_programme_that_does_not_fit_the_others_is_refused(field, value, message):
    spoilt = programme_from({**fourth_programme_data(), field: value})
    with pytest.raises(Faults, match=message):
        library().with_programmes([spoilt])


def test_a_suite_with_an_unknown_member_is_refused():
    data = copy.deepcopy(fourth_programme_data())
    data["graded"][0]["indicators"].append("6.5")
    with pytest.raises(Faults, match=r"graded\.6: children@3 has no indicator 6\.5"):
        library().with_programmes([programme_from(data)])


def test_a_programme_may_have_no_timetable():
    assert programme_from({**fourth_programme_data(), "phases": []}).weeks == 0


def test_an_empty_library_is_whole():
    empty = Library(
        Registry(Framework), Registry(Crosswalk), Registry(Scale), Registry(Terms),
        Registry(type(fourth_programme())),
    )  # fmt: skip
    check_together(empty)
    with pytest.raises(NotFound, match="There are: "):
        empty.programme("P1")


def test_two_areas_with_one_number_in_two_domains_are_refused():
    data = plain_yaml.read(FOLDER / "frameworks/children@3.yaml")
    data["domains"].append(copy.deepcopy(data["domains"][0]))
    area = data["domains"][-1]["areas"][0]
    area["indicators"][0]["code"] = "1.2"
    with pytest.raises(Faults, match="give each number once"):
        parse_definition(Framework, data, name="children@3.yaml")


def test_a_registry_with_more_is_a_new_one():
    walk = next(iter(library().crosswalks))
    assert len(plus(library().crosswalks, [walk])) == len(library().crosswalks)


# --- schemas for editors ---


@pytest.mark.parametrize("kind", sorted(schemas.KINDS))
def test_the_schemas_in_the_reference_are_those_of_the_code(kind):
    published = FOLDER.parent / "docs/reference/schemas" / f"{kind}.json"
    assert published.read_text(encoding="utf-8") == schemas.schema_of(kind), (
        "Run `sightline framework schema --write docs/reference/schemas`."
    )


def test_every_shipped_file_fits_its_schema_as_an_editor_reads_it():
    import jsonschema
    import yaml

    folders = {
        "framework": "frameworks", "crosswalk": "frameworks/crosswalks", "scale": "scales",
        "terms": "terms", "programme": "programmes", "fractions": "terms/fractions",
    }  # fmt: skip
    checked = 0
    for kind, name in folders.items():
        validator = jsonschema.Draft202012Validator(schemas.KINDS[kind].model_json_schema())
        for path in (FOLDER / name).glob("*.yaml"):
            assert not list(validator.iter_errors(yaml.safe_load(path.read_text("utf-8")))), path
            checked += 1
    assert checked == 11


# --- fractions in words ---

FRACTIONS = "terms/fractions/fractions@1.yaml"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("words: two thirds, low", "words: half, low", "half is given twice; keep it once."),
        ("also: [a half,", "also: [a quarter,", "a quarter is given twice; keep it once."),
        ("words: three quarters, low: 75, high: 75", "words: three quarters, low: 74, high: 75",
         "a share lies in two phrases"),
        ("low: 66, high: 67", "low: 67, high: 66", "a share lies in two phrases, or a range runs"),
        ("low: 76, high: 79", "low: 76, high: 90",
         "fractions@1.yaml phrases: 'over three quarters' runs over the edge of a term of "
         "quantity@1. Split it there."),
        ("terms: quantity@1", "terms: words@1", "fractions@1.yaml terms: there is no words@1."),
        ("low: 50, high: 50", "low: 0, high: 50", "greater than or equal to 1"),
    ],
)  # fmt: skip
def test_fractions_that_do_not_fit_are_refused(folder, old, new, message):
    spoil(folder / FRACTIONS, old, new)
    with pytest.raises((Faults, BadDefinition)) as refused:
        load(folder)
    assert message in str(refused.value)


def test_each_fraction_lies_inside_one_term_and_is_no_term_itself():
    held = library()
    fractions = held.fractions.get("fractions@1")
    terms = held.terms.get(fractions.terms)
    words = {term.word for term in terms.terms} | {"all", "none"}
    for phrase in fractions.phrases:
        assert any(t.low <= phrase.low and phrase.high <= t.high for t in terms.terms)
        assert not words & {phrase.words, *phrase.also}
