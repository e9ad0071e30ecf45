"""Finding in a text: edges of each kind, what is held, overlaps, redaction."""

import datetime as dt
import random
from itertools import pairwise

import pytest

from sightline.identifiers import Certainty, Kind, Known, find, redact
from tests.identifiers import made

TODAY = dt.date(2025, 6, 1)
CHI = "0101010001"


def found(text, known=None):
    findings = find(text, known=known or Known(), today=TODAY)
    return [(finding.kind, text[finding.start : finding.end]) for finding in findings]


def kinds(text, known=None):
    return [kind for kind, _ in found(text, known)]


@pytest.mark.parametrize(
    "text",
    [
        "0101010000",  # the check digit is wrong
        "3213130004",  # no such day
        "REF0101010001",
        "12-0101010001-3",
        "9403-2211-0097",
        "the room B1 2nd floor",
        "E1 4th",
        "G12",
        "2019-08-01 to 2020-07-31",
        "01-02-2019 12-30",
        "0800 1111",
        "03 04 2015",
        "S01012345",
        "AB123456",
        "Born between 1 April 2019 and 31 March 2020",
        "24 Family Court hearings",
        "on 14 March Street work began",
        "UPN A123456789012B",
        "Dr",
        "I A said",
    ],
)
def test_what_is_no_identifier(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("a.b@example.org.", Kind.EMAIL, "a.b@example.org"),
        ("write to kim at example dot org", Kind.EMAIL, "kim at example dot org"),
        ("(0141) 496 0123", Kind.PHONE, "(0141) 496 0123"),
        ("0044 7700 900123", Kind.PHONE, "0044 7700 900123"),
        ("+44 (0)7700 900123", Kind.PHONE, "+44 (0)7700 900123"),
        ("01555 66012", Kind.PHONE, "01555 66012"),
        ("at ML126AB", Kind.POSTCODE, "ML126AB"),
        ("14 THE SQUARE", Kind.ADDRESS, "14 THE SQUARE"),
        ("in flat 2/1 now", Kind.ADDRESS, "flat 2/1"),
        ("DOB 29/02/2012", Kind.DATE_OF_BIRTH, "29/02/2012"),
        ("3 May 2014 (date of birth)", Kind.DATE_OF_BIRTH, "3 May 2014"),
        ("born 31/02/2012", Kind.DATE_OF_BIRTH, "31/02/2012"),
        ("UPN A12345678901Q", Kind.PUPIL, "A12345678901Q"),
        ("CHI 0101010000", Kind.CHI, "0101010000"),
        ("NHS number 000 000 0000", Kind.NHS, "000 000 0000"),
        ("passport no. 123456789", Kind.PASSPORT, "123456789"),
        ("prison number 44120", Kind.NUMBER, "44120"),
    ],
)
def test_edges_of_structured_kinds(text, kind, piece):
    assert found(text) == [(kind, piece)]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Dr. H. Voss agreed", "Dr. H. Voss"),
        ("ask mr brown", "mr brown"),
        ("Uncle Declan rang", "Uncle Declan"),
        ("by S. Drysdale", "S. Drysdale"),
        ("J Campbell signed", "J Campbell"),
        ("her son Torquhil", "Torquhil"),
        ("known as Boo at home", "Boo"),
        ("My name's Ella", "Ella"),
        ("I am Hannah", "Hannah"),
        ("Isla-May ran", "Isla-May"),
        ("the Broadfoot family", "Broadfoot"),
        ("wee Callaghan is well", "Callaghan"),
        ("seen with Zed Quarmby twice", "Zed Quarmby"),
        ("Torquhil Campbell sat", "Torquhil Campbell"),
        ("Campbell, Rory", "Campbell, Rory"),
        ("we met MacAllister-Bain, 9, today", "MacAllister-Bain"),
        ("Mother Agnieszka", "Agnieszka"),
        ("It was April who asked", "April"),
        ("my pal rosemary", "rosemary"),
        ("with jack mcgregor", "jack"),
        ("She told Ottoline so.", "Ottoline"),
        ("M\u00e0iri and the cat", "M\u00e0iri"),
        ("Is\u00adla went home", "Is\u00adla"),
        ("Isla Anne Mary Strathtest Brown", "Isla Anne Mary Strathtest"),
        ("thank you Will", "Will"),
        ("her name is Summer", "Summer"),
    ],
)
def test_names_nobody_told_of(text, piece):
    assert (Kind.NAME, piece) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Isla Road Nursery",
        "Douglas is a village.",
        "on Lewis the ferry said no",
        "St Margaret asked",
        "A group called Zephan",
        "Child A Campbell",
        "A Campbell",
        "Foster Carer Gazette",
        "Hope Will Mark Rose",
        "HOPE",
        "will may mark",
        "the Scottish family",
        "miss my mum",
        "Grace Communities Forum",
        "Ben Nevis",
        "mr and mrs",
        "P. Glasgow",
        "the ALPHA family",
        "by May",
    ],
)
def test_what_is_nobodys_name(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("held", "text", "piece"),
    [
        ("Calum MacDonald", "seen with Mc Donald at home", "Mc Donald"),
        ("Siobh\u00e1n O\u2019Dowd", "ODOWD", "ODOWD"),
        ("Siobh\u00e1n O\u2019Dowd", "siobhan o'dowd", "siobhan o'dowd"),
        ("Elizabeth Garrow", "we call her Lizzie", "Lizzie"),
        ("Ane Strang", "the strang was A. Strang", "A. Strang"),
        ("Hope Darroch", "hope is not Hope", "Hope"),
        ("Ty Xu", "Ty sat; ty is not", "Ty"),
        ("Zed Elm Quist", "Z.E.Q. and ZEQ", "Z.E.Q."),
        ("Kay Elm", "Kays coat", "Kays"),
        ("Se\u00f2naid NicGilleBhr\u00e0th", "Nic Gillebhrath", "Nic Gillebhrath"),
        ("Quist", "Ms Quist", "Ms Quist"),
        ("Quist-Baptie", "baptie", "baptie"),
    ],
)
def test_names_that_are_held(held, text, piece):
    assert (Kind.NAME, piece) in found(text, Known(names=[held]))


def test_initials_that_are_words_of_the_work_are_not_taken_for_a_held_name():
    assert found("the SW and the IRD", Known(names=["Sam West", "Ina Rae Dow"])) == []


def test_dates_and_numbers_that_are_held():
    known = Known(dates_of_birth=[dt.date(2013, 2, 9)], numbers=["SW-448120", "9"])
    assert found("on 9.2.13 at 9", known) == [(Kind.DATE_OF_BIRTH, "9.2.13")]
    assert found("case sw 448120", known) == [(Kind.NUMBER, "sw 448120")]
    assert found("on 31.2.13", known) == []


def test_a_year_of_two_digits_is_the_latest_that_has_begun():
    assert kinds("on 9.2.26", Known(dates_of_birth=[dt.date(1926, 2, 9)])) == [Kind.DATE_OF_BIRTH]


def test_a_date_right_after_a_name_is_a_date_of_birth():
    assert kinds("Isla Strathmore (03/04/2015)") == [Kind.NAME, Kind.DATE_OF_BIRTH]
    assert kinds("Isla Strathmore came on 03/04/2015") == [Kind.NAME]


def test_the_surer_or_fuller_kind_stays_where_findings_overlap():
    assert kinds("14 Douglas Street") == [Kind.ADDRESS]
    assert kinds("isla@example.org") == [Kind.EMAIL]
    assert found("Rory Macbeth", Known(names=["Ann Macbeth"])) == [(Kind.NAME, "Rory Macbeth")]


def test_findings_say_how_sure_and_why_and_never_what():
    text = "Mrs Oyelaran, DOB 3/4/2012, CHI 0101010000"
    for finding in find(text):
        assert finding.certainty in Certainty
        assert text[finding.start : finding.end] not in repr(finding)
    known = Known(names=["Isla Strathmore"], numbers=["448120"], dates_of_birth=[TODAY])
    assert repr(known) == "Known()"


def test_what_is_taken_out_is_named_by_its_kind():
    text = "Isla rang 07700 900123."
    assert redact(text, find(text)) == "[name removed] rang [phone number removed]."
    assert redact("nobody", ()) == "nobody"


def test_kinds_are_said_in_words():
    assert [kind.words.split(" ")[0] for kind in Kind] == [
        "an" if kind.noun[0] in "aeN" and kind.noun[:4] != "Nati" else "a" for kind in Kind
    ]


def test_every_number_made_by_rule_is_found():
    rng = random.Random(5)  # noqa: S311 (not a secret)
    for _ in range(200):
        assert kinds(made.chi(rng)) == [Kind.CHI]
        assert kinds(f"NHS {made.nhs(rng)}") == [Kind.NHS]
        assert kinds(made.upn(rng)) == [Kind.PUPIL]
        assert kinds(made.licence(rng)) == [Kind.LICENCE]


def test_positions_are_those_of_the_text_that_was_given():
    rng = random.Random(7)  # noqa: S311 (not a secret)
    letters = "Isla Màiri\u0301 ́ł ß’‘– \u00ad\u200bDOB 03/04/2015 o'Łukasz, Mc Żak ﬁ"
    for _ in range(300):
        text = "".join(rng.choice(letters) for _ in range(60))
        findings = find(text)
        assert all(0 <= one.start < one.end <= len(text) for one in findings)
        assert all(a.end <= b.start for a, b in pairwise(findings))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name: Wenna Treloar", "Wenna Treloar"),
        ("Patient: Zoltan Bakacs", "Zoltan Bakacs"),
        ("Pupil Zephan disclosed it after PE.", "Zephan"),
        ("Niamh & Zephan were seen.", "Zephan"),
        ("Niamh and Zephan were seen.", "Zephan"),
        ("Zephan Balogh, aged 15, spoke first", "Zephan Balogh"),
    ],
)
def test_an_unlisted_name_is_found_after_a_label_beside_a_name_and_before_an_age(text, name):
    assert (Kind.NAME, name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Name: Improvement plan", "Re: Joint Inspection", "Pupil Equity Fund", "Fort William",
        "Port William", "Dr Gray's Hospital", "Angus and Dundee", "Teacher Training continues",
    ],
)  # fmt: skip
def test_a_label_a_place_and_a_hospital_are_nobody(text):
    assert kinds(text) == []


@pytest.mark.parametrize("before", ["CHI-", "CHI_", "file_"])
def test_a_number_is_found_behind_letters_and_a_stroke(before):
    assert found(f"{before}{CHI} of it") == [(Kind.CHI, CHI)]
    assert found(f"{CHI}_copy") == [(Kind.CHI, CHI)]
