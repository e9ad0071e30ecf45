"""The words: complete in each language, easy to read, claiming nothing."""

import re
import shutil

import pytest
from django.conf import settings

from sightline.kernel.errors import Faults
from sightline.stats.reading_level import reading_level
from sightline.surveys import promise
from sightline.surveys.respondent import content
from sightline.surveys.respondent.content import load, unconfirmed, words

HARDEST = {"child": 3, "young-person": 5, "parent-carer": 5, "staff": 6}
LONGEST_FOR_A_CHILD = 22
NOT_MEASURED = re.compile(r"^(line_|rights_5|code_hint|names_|error_|helping_now)")


def test_english_is_confirmed_and_the_drafts_are_not():
    assert set(content.languages()) == {"en", "gd", "pl", "ar"}
    assert not unconfirmed("en")
    assert all(unconfirmed(code) for code in ("gd", "pl", "ar", "xx"))
    assert content.direction("ar") == "rtl"
    assert content.direction("xx") == "ltr"


def test_what_a_language_has_not_for_an_audience_is_said_as_to_everybody_in_that_language():
    assert words("pl", "child")["next"] == "Dalej"
    assert words("en", "child")["next"] == "Next"
    assert words("en", "staff")["next"] == "Continue"
    assert words("xx", "child") == words("en", "child")


def test_no_words_claim_what_only_the_promise_may():
    for audience in HARDEST:
        for key, text in words("en", audience).items():
            assert not promise.claimed(text), key


@pytest.mark.parametrize("audience", HARDEST)
def test_the_words_are_as_easy_as_their_audience_needs(audience):
    said = {k: t for k, t in words("en", audience).items() if not NOT_MEASURED.match(k)}
    text = " ".join(t if t.endswith((".", "?", "!", ":")) else f"{t}." for t in said.values())
    assert reading_level(text).school_years <= HARDEST[audience]
    if audience == "child":
        long = [t for t in said.values() if reading_level(t).longest_sentence > LONGEST_FOR_A_CHILD]
        assert not long


def test_each_number_has_an_owner_and_a_day():
    held = content.helping()
    assert held.owner
    assert held.written_on
    assert [line.dialled for line in content.lines("child")][:2] == ["tel:999", "tel:08001111"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("  gd:\n", "  xx:\n"), None),
        (("      or: no\n", ""), "gd lacks or"),
        (("      or: no\n", "      or: no\n      more: x\n"), "gd has more, which en has not"),
        (("{n} de {of}", "{n} de {all}"), "gd, page_of"),
        (("  en:\n", "  yy:\n"), "no words in the main language"),
    ],
)
def test_a_gap_in_the_words_is_named(tmp_path, change, said):
    home = tmp_path / "respondent"
    shutil.copytree(settings.SIGHTLINE_DEFINITIONS / "respondent", home)
    file = home / "words@1.yaml"
    text = file.read_text()
    assert change[0] in text
    file.write_text(text.replace(*change, 1))
    if said is None:
        load(tmp_path)
        return
    with pytest.raises(Faults, match=said):
        load(tmp_path)
