"""The privacy promise: made of settings, in five versions, and nobody else's to make."""

import datetime as dt
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.surveys import promise, questionnaires
from sightline.surveys.definitions import AUDIENCES
from sightline.surveys.promise import Kept
from tests.factories.surveys import SurveyFactory, own_questions

LAST = dt.date(2027, 6, 30)
MODES = ("open-link", "group-code", "single-use", "named")
LONGEST_FOR_CHILDREN = 22


def kept(**over):
    """Settings under which a survey is anonymous."""
    settings = {
        "mode": "group-code", "logs_drop_addresses": True, "identifies": False,
        "free_text": True, "base": 10, "destroy_on": LAST, "for_inspection": True,
    }  # fmt: skip
    return Kept(**(settings | over))


EVERY = [
    kept(mode=mode, logs_drop_addresses=logs, identifies=identifies, free_text=text)
    for mode, logs, identifies, text in itertools.product(MODES, *[(True, False)] * 3)
]


def may_say_anonymous(settings):
    """The table of the specification, written once more."""
    return (
        settings.mode in ("open-link", "group-code")
        and settings.logs_drop_addresses
        and not settings.identifies
    )


@pytest.mark.parametrize("settings", EVERY)
def test_anonymous_is_said_exactly_where_nothing_leads_back(settings):
    made = promise.make(settings, ["en"])
    assert made.anonymous == may_say_anonymous(settings)
    for audience in AUDIENCES:
        text = " ".join(made.sentences(audience, "en"))
        said = "We do not know who you are" in text
        assert said == made.anonymous, audience
        if not made.anonymous:
            assert "because" in text
            assert "This survey is anonymous" not in text
        assert ("trained" in text) == settings.free_text
        assert "groups of 10 or more" in text
        assert "30 June 2027" in text


@pytest.mark.parametrize("settings", EVERY)
def test_every_reason_is_given_once(settings):
    made = promise.make(settings, ["en"])
    words = promise.wording().languages["en"].audiences
    for audience in AUDIENCES:
        text = " ".join(made.sentences(audience, "en"))
        for reason in ("identifiers", "single_use", "named", "logs"):
            assert text.count(words[audience][f"because_{reason}"]) == (reason in made.reasons)


def test_sentences_for_children_are_short():
    for settings in EVERY:
        for line in promise.make(settings, ["en"]).sentences("child", "en"):
            for sentence in re.split(r"[.!?]", line):
                assert len(sentence.split()) <= LONGEST_FOR_CHILDREN, sentence


def test_who_reads_depends_on_whose_survey_it_is():
    ours = promise.make(kept(for_inspection=False), ["en"]).sentences("staff", "en")
    theirs = promise.make(kept(), ["en"]).sentences("staff", "en")
    assert "Your answers go to the inspection team." in theirs
    assert "Your answers go to the inspection team." not in ours


def test_without_a_day_nothing_is_said_of_one():
    made = promise.make(kept(destroy_on=None), ["en"])
    assert not any("delete" in line for line in made.sentences("staff", "en"))


def test_a_language_without_words_is_answered_in_the_main_one():
    made = promise.make(kept(), ["en", "xx"])
    assert made.sentences("staff", "xx") == made.sentences("staff", "en")
    assert made.spoken("staff", "xx") == made.spoken("staff", "en") == "en"
    assert made.sentences("nobody", "en") == ()


def test_every_language_says_everything_to_everybody():
    for code, language in promise.wording().languages.items():
        made = promise.make(kept(mode="named"), [code])
        for audience in AUDIENCES:
            assert made.spoken(audience, code) == code
            assert len(made.sentences(audience, code)) == 7
            assert not re.search(r"[{}]", " ".join(made.sentences(audience, code)))
        assert len(language.months) == 12


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (kept(), kept(mode="open-link"), True),
        (kept(), kept(mode="single-use"), False),
        (kept(), kept(base=12), False),
        (kept(), kept(destroy_on=dt.date(2027, 7, 1)), False),
        (kept(), kept(free_text=False), False),
        (kept(), kept(logs_drop_addresses=False), False),
        (kept(), kept(for_inspection=False), False),
    ],
)
def test_a_change_that_people_would_hear_of_is_another_promise(one, other, same):
    assert promise.make(one, ["en"]).says_the_same(promise.make(other, ["en"])) is same


def test_a_language_more_breaks_no_promise():
    assert promise.make(kept(), ["en"]).says_the_same(promise.make(kept(), ["en", "gd"]))


def test_versions_are_kept_beside_each_other():
    survey = SurveyFactory.build(promise={}, promise_version=0)
    assert promise.kept(survey) is None
    assert promise.given(survey, 1) is None
    for version, base in enumerate((10, 12, 15), 1):
        survey.promise = promise.next_of(survey, promise.make(kept(base=base), ["en"]))
        survey.promise_version = version
    assert promise.kept(survey).version == 3
    for version, base in enumerate((10, 12, 15), 1):
        found = promise.given(survey, version)
        assert found.version == version
        assert f"groups of {base} or more" in " ".join(found.sentences("staff", "en"))
    assert "earlier" not in survey.promise["earlier"][0]


@pytest.mark.parametrize(
    "text",
    [
        "This is anonymous.", "ANONYMITY is kept", "an anony\u00admous form", "a-n-o-nymous",
        "Tha e gun ainm", "Ankieta jest anonimowa", "\u0430n\u043enymous", "anonymised",
        "Анонімне опитування", "هذا الاستبيان مجهول",
    ],
)  # fmt: skip
def test_no_text_of_an_area_may_claim_it(text):
    assert promise.claimed(text)
    (fault,) = promise.claims_of([("The hint", text)])
    assert fault.where == "The hint"
    assert "Only the privacy promise" in fault.what


@given(st.text(alphabet="abcdefghijkl pqrstuvwz.,!?-'", max_size=80))
def test_other_words_are_left_alone(text):
    assert promise.claimed(text) == ""


def test_the_word_that_is_named_is_whole():
    assert promise.claimed("Our anonymous-looking survey") == "anonymous-looking"
    assert promise.claimed("Strictly anonymous") == "anonymous"


def test_no_shipped_questionnaire_claims_it():
    for one in questionnaires.shipped():
        assert promise.claims_of(promise.texts_of(one)) == ()


def test_texts_are_found_wherever_they_stand():
    word = {"en": "anonymous"}
    content = own_questions(title="anonymous", introduction=word, languages=["en"])
    section = content["sections"][0]
    section |= {"title": word, "notice": word}
    section["items"][0] |= {"text": word, "hint": word, "constraint_message": word}
    content["choices"]["yes-no"][0]["label"] = word
    found = promise.claims_of(promise.texts_of(questionnaires.parse(content, "it")))
    assert [fault.where for fault in found] == [
        "The title", "The introduction (en)", "Section work, its title (en)",
        "Section work, its notice (en)", "Question supported (en)",
        "Question supported, its hint (en)", "Question supported, its message (en)",
        "Answers yes-no, yes (en)",
    ]  # fmt: skip


def test_a_file_with_gaps_is_refused(tmp_path):
    from pathlib import Path

    from django.conf import settings

    from sightline.kernel.errors import Faults

    whole = (Path(settings.SIGHTLINE_DEFINITIONS) / "respondent/promise@1.yaml").read_text()
    folder = tmp_path / "respondent"
    folder.mkdir()
    for wrong, says in (
        (whole.replace("        not_who:", "        not_whom:", 1), "not_whom"),
        (re.sub(r"\n        not_who:.*", "", whole, count=1), "lacks not_who"),
        (whole.replace("groups of {base}", "groups of ten", 1), "must say {base}"),
    ):
        (folder / "promise@1.yaml").write_text(wrong)
        with pytest.raises(Faults, match=re.escape(says)):
            promise.load(tmp_path)
