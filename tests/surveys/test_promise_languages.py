"""The promise in every language: whole, the same places to fill, and never claiming more."""

import datetime as dt
import itertools
import re
import string
from pathlib import Path

import pytest
from django.conf import settings

from sightline.kernel.errors import Faults
from sightline.surveys import policies, promise
from sightline.surveys.definitions import AUDIENCES
from sightline.surveys.promise import MAIN, SENTENCES, Kept
from sightline.surveys.respondent import content as words
from sightline.surveys.respondent import pages
from tests.factories.surveys import SurveyFactory

TODAY = dt.date(2027, 3, 1)
DRAFTS = ("gd", "pl", "ar")
LONGEST_FOR_CHILDREN = 22
DENIED = {
    "gd": ("chan eil iad gun ainm",),
    "pl": ("nie jest anonimowa",),
    "ar": ("ليست مجهولة الهوية",),
}
CONFIDENTIAL = {"en": "confidential", "gd": "dìomhair", "pl": "poufn", "ar": "سري"}
EVERY_VERSION = list(itertools.product(DRAFTS, AUDIENCES))


def said(language, audience, name):
    return promise.wording().languages[language].audiences[audience][name]


def places(text):
    """What is filled into a text, read as the language's own formatting reads it."""
    return [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]


def settings_of(**over):
    """Settings of which nothing leads back to a person."""
    held = {
        "mode": "group-code", "logs_drop_addresses": True, "identifies": False,
        "free_text": True, "base": 22, "destroy_on": dt.date(2027, 6, 30), "for_inspection": True,
    }  # fmt: skip
    return Kept(**(held | over))


def test_the_promise_is_in_every_language_that_the_pages_are_in():
    assert set(promise.wording().languages) == set(words.languages()) == {MAIN, *DRAFTS}


def test_a_draft_is_marked_as_one_in_both_files():
    for language in DRAFTS:
        assert promise.unconfirmed(language)
        assert words.unconfirmed(language)
    assert not promise.unconfirmed(MAIN)
    assert promise.unconfirmed("xx")


@pytest.mark.parametrize(("language", "audience"), EVERY_VERSION)
def test_each_sentence_has_the_places_of_the_english_one(language, audience):
    for name in SENTENCES:
        here, there = said(language, audience, name), said(MAIN, audience, name)
        assert places(here) == places(there), name


@pytest.mark.parametrize(("language", "audience"), EVERY_VERSION)
def test_only_what_claims_in_english_claims(language, audience):
    """`claimed` knows the word for anonymous of each language: it stands where English has it."""
    for name in SENTENCES:
        here, there = said(language, audience, name), said(MAIN, audience, name)
        assert bool(promise.claimed(here)) == bool(promise.claimed(there)), name
        assert (CONFIDENTIAL[language] in here) == (CONFIDENTIAL[MAIN] in there), name


@pytest.mark.parametrize("language", DRAFTS)
def test_what_is_confidential_denies_being_more(language):
    for audience in AUDIENCES:
        lines = {name: said(language, audience, name).lower() for name in SENTENCES}
        denied = any(words in lines["confidential"] for words in DENIED[language])
        assert denied == ("not anonymous" in said(MAIN, audience, "confidential"))
        assert not any(words in lines["anonymous"] for words in DENIED[language])
        assert lines["anonymous"] != lines["confidential"]


def test_no_sentence_was_left_in_english():
    for audience, name in itertools.product(AUDIENCES, SENTENCES):
        spoken = [said(language, audience, name) for language in (MAIN, *DRAFTS)]
        assert len(set(spoken)) == len(spoken), (audience, name)


def test_arabic_is_written_in_arabic_and_the_others_are_not():
    letters = re.compile(r"[\u0600-\u06ff]")
    for audience, name in itertools.product(AUDIENCES, SENTENCES):
        bare = re.sub(r"\{[a-z]+\}", "", said("ar", audience, name))
        assert not re.search(r"[A-Za-z]", bare)
        assert not letters.search(said("gd", audience, name) + said("pl", audience, name))
    assert words.direction("ar") == "rtl"


def test_any_number_fits_the_words_around_it():
    """Gaelic and Arabic count with no noun after the number; Polish `od` takes one form for all."""
    around = {"gd": "bheil {base} no barrachd", "pl": "od {base} osób", "ar": "{base} أو أكثر"}
    for language, audience in itertools.product(DRAFTS, AUDIENCES):
        assert around[language] in said(language, audience, "base")


@pytest.mark.parametrize("language", DRAFTS)
@pytest.mark.parametrize("mode", ["group-code", "single-use", "named"])
@pytest.mark.parametrize("logs", [True, False])
@pytest.mark.parametrize("identifies", [True, False])
def test_every_language_gives_the_same_reasons_once(language, mode, logs, identifies):
    held = settings_of(mode=mode, logs_drop_addresses=logs, identifies=identifies)
    made = promise.make(held, [language])
    for audience in AUDIENCES:
        lines = made.sentences(audience, language)
        assert len(lines) == len(made.sentences(audience, MAIN))
        text = " ".join(lines)
        for reason in ("identifiers", "single_use", "named", "logs"):
            once = text.count(said(language, audience, f"because_{reason}"))
            assert once == (reason in made.reasons)
        assert (said(language, audience, "anonymous") in lines) == made.anonymous
        assert " 22 " in text
        assert re.search(r"30 \S.* 2027", text)


@pytest.mark.parametrize("language", DRAFTS)
def test_sentences_for_children_are_short_in_every_language(language):
    for mode, logs in itertools.product(("group-code", "named"), (True, False)):
        held = settings_of(mode=mode, logs_drop_addresses=logs)
        for line in promise.make(held, [language]).sentences("child", language):
            for sentence in re.split(r"[.!?]", line):
                assert len(sentence.split()) <= LONGEST_FOR_CHILDREN, sentence


def test_dates_are_those_of_the_pages():
    for language, month in itertools.product((MAIN, *DRAFTS), range(1, 13)):
        day = dt.date(2027, month, 9)
        made = promise.make(settings_of(destroy_on=day), [language])
        assert pages.day(day, language) in made.sentences("staff", language)[-1]


# A draft is offered only where somebody confirms it.


def unconfirmed_of(survey):
    """The languages of a survey that keep it shut because nobody confirmed them."""
    found = policies.missing(policies.ready(survey, 1), TODAY)
    return [one for one in found if one.task == "languages" and "confirmed" in one.what]


def survey_in(language, *done):
    return SurveyFactory.build(area="fife", languages=[MAIN, language], done=list(done))


@pytest.mark.parametrize("language", DRAFTS)
def test_a_draft_is_offered_only_where_somebody_confirms_it(language):
    (found,) = unconfirmed_of(survey_in(language))
    assert "the privacy promise in " + policies.language_name(language) in found.what
    assert unconfirmed_of(survey_in(language, policies.confirmed_language(language))) == []
    other = next(one for one in DRAFTS if one != language)
    assert unconfirmed_of(survey_in(language, policies.confirmed_language(other)))


@pytest.mark.parametrize("of_words", [True, False])
@pytest.mark.parametrize("of_promise", [True, False])
def test_either_draft_is_enough_to_need_confirming(monkeypatch, of_words, of_promise):
    monkeypatch.setattr(words, "unconfirmed", lambda language: of_words)
    monkeypatch.setattr(promise, "unconfirmed", lambda language: of_promise)
    survey = survey_in("gd")
    assert policies.is_confirmed(survey, "gd") is not (of_words or of_promise)
    assert bool(unconfirmed_of(survey)) is (of_words or of_promise)
    survey.done = [policies.confirmed_language("gd")]
    assert policies.is_confirmed(survey, "gd")


def test_what_was_read_of_the_promise_is_read_again_with_a_language_more():
    questions = policies.readable(policies.ready(survey_in("gd"), 1))
    marks = {policies.privacy_mark(survey_in(one), questions) for one in (MAIN, *DRAFTS)}
    assert len(marks) == 1 + len(DRAFTS)


# What the file may not hold.


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("\\{reason\\}", "{name}", "must say {reason} in"),
        ("\\{base\\}", "{base} {date}", "must say {base} in base"),
        ("\\{date\\}", "{date", "must say {date} in retention"),
        ("Nie pytamy,", "Nie pytamy {base},", "child must say nothing in braces in anonymous"),
    ],
)
def test_a_draft_with_other_places_is_refused(tmp_path, wrong, right, says):
    whole = (Path(settings.SIGHTLINE_DEFINITIONS) / "respondent/promise@1.yaml").read_text("utf-8")
    english, polish = whole.split("\n  pl:\n")
    (tmp_path / "respondent").mkdir()
    broken = english + "\n  pl:\n" + re.sub(wrong, right, polish, count=1)
    (tmp_path / "respondent/promise@1.yaml").write_text(broken, "utf-8")
    with pytest.raises(Faults, match=re.escape(says)):
        promise.load(tmp_path)
