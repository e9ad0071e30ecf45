"""Reading level: the formula by hand, sentences and syllables counted as the page says."""

import pytest

from sightline.stats.reading_level import reading_level, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1), ("the", 1), ("table", 2), ("children", 2), ("family", 3), ("people", 2),
        ("worked", 1), ("wanted", 2), ("needed", 2), ("houses", 2), ("places", 2), ("goes", 1),
        ("safe", 1), ("child’s", 1), ("inspection", 3), ("idea", 2), ("a", 1), ("hmm", 1),
    ],
)  # fmt: skip
def test_syllables(word, count):
    assert syllables(word) == count


def test_sentences_end_at_marks_and_blank_lines_but_not_in_short_forms():
    text = "Dr. Example met us, e.g. on Monday. It took 2.5 hours! Why?\n\nA heading\n\n…"
    assert sentences(text) == (
        "Dr. Example met us, e.g. on Monday.", "It took 2.5 hours!", "Why?", "A heading",
    )  # fmt: skip


def test_the_formula_by_hand():
    found = reading_level("The cat sat on the mat. We met 12 children.")
    # ten words in two sentences; 6 + 1 + 1 + 1 (the number) + 2 syllables
    assert (found.sentences, found.words, found.syllables, found.longest_sentence) == (2, 10, 11, 6)
    assert found.mean_sentence == 5
    assert found.school_years == pytest.approx(max(0, 0.39 * 5 + 11.8 * 1.1 - 15.59))
    assert found.ease == pytest.approx(206.835 - 1.015 * 5 - 84.6 * 1.1)
    assert found.age == 5


def test_long_words_read_at_a_greater_age():
    easy = reading_level("We help you. You can tell us what you think.")
    hard = reading_level(
        "Multidisciplinary organisational accountability necessitates comprehensive evaluation."
    )
    assert easy.age < 9
    assert hard.age > 16
    assert easy.ease > hard.ease


@pytest.mark.parametrize("text", ["", " \n\n ", "…!?", "—"])
def test_a_text_without_words_is_refused(text):
    with pytest.raises(ValueError, match="there are no words to measure"):
        reading_level(text)
