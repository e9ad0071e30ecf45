"""Codes, tokens, three words, and what is sealed under them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.secrets import Tampered, resealing
from sightline.secrets.taking_stock import status
from sightline.surveys import definitions, fields, renewing, sizes, stores, three_words
from sightline.surveys.models import Comment, Invitation, Part, Spent
from sightline.surveys.services import answering
from tests.factories.surveys import CommentFactory, InvitationFactory, SpentFactory
from tests.surveys import rounds

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=3_000)


class TestCodes:
    """Codes are easy to type and hard to guess."""

    def test_a_code_has_ten_letters_that_are_not_mistaken_for_others(self):
        codes = {stores.new_code() for _ in range(500)}
        assert len(codes) == 500
        assert all(re.fullmatch(r"[A-HJKMNP-Z2-9]{10}", code) for code in codes)

    @given(st.text(max_size=300))
    def test_tidying_twice_is_tidying_once(self, typed):
        once = stores.tidy_code(typed)
        assert stores.tidy_code(once) == once
        assert len(once) <= 40

    def test_a_shown_code_is_tidied_to_the_code(self):
        assert stores.shown_code("ABCDEFGHJK") == "ABCDE-FGHJK"
        assert stores.tidy_code(" abcde – fghjk ") == "ABCDEFGHJK"

    def test_the_digests_of_one_code_have_nothing_in_common(self):
        code = stores.new_code()
        index, spent = stores.code_index(code), stores.spent_code(code)
        assert index != spent
        assert stores.code_indexes(code.lower()) == (index,)
        assert stores.spent_codes(code) == (spent,)
        assert code not in index + spent
        assert max(len(index), len(spent)) <= 80

    def test_addresses_are_found_however_they_are_written(self):
        assert stores.address_index(" A@B.org ") == stores.address_index("a@b.ORG")

    def test_a_token_is_128_bits_and_its_digests_differ(self):
        token = stores.new_token()
        assert re.fullmatch(r"[0-9a-f]{32}", token)
        assert len({stores.token_index(token), stores.spent_token(token), token}) == 3
        assert len(stores.token_index(token)) == 64


class TestThreeWords:
    """Common, kind words, enough of them."""

    def test_there_are_enough_and_none_twice(self):
        words = three_words.all_words()
        assert len(set(words)) == len(words) >= three_words.FEWEST
        assert all(re.fullmatch(r"[a-z]{3,8}", word) for word in words)
        assert list(words) == sorted(words)

    def test_none_is_anothers_plural_or_about_harm(self):
        words = set(three_words.all_words())
        assert not {word + "s" for word in words} & words
        bad = "abuse alone blood child cry dead death die fear harm hate hurt kill mother sad"
        assert not words & set(bad.split())

    def test_three_are_given(self):
        given_words = three_words.new_words().split()
        assert len(given_words) == 3
        assert set(given_words) <= set(three_words.all_words())

    @given(st.text(max_size=60))
    def test_tidying_twice_is_tidying_once(self, typed):
        once = stores.tidy_words(typed)
        assert stores.tidy_words(once) == once


class TestSealing:
    """Only who holds the token, or the words and the keys, opens a part."""

    def test_a_key_opens_with_its_token_and_part_alone(self):
        key, token = stores.new_key(), stores.new_token()
        wrapped = stores.wrap_with_token(key, token, 1)
        assert stores.unwrap_with_token(wrapped, token, 1) == key
        for other in ((stores.new_token(), 1), (token, 2)):
            with pytest.raises(Tampered):
                stores.unwrap_with_token(wrapped, *other)
        with pytest.raises(Tampered):
            stores.unwrap_with_token(b"short", token, 1)

    def test_a_key_opens_with_its_words_alone(self):
        key, words = stores.new_key(), stores.stretched("maple river seven")
        wrapped = stores.wrap_with_words(key, words, 1)
        assert stores.unwrap_with_words(wrapped, stores.stretched("Maple, river seven"), 1) == key
        with pytest.raises(Tampered):
            stores.unwrap_with_words(wrapped, stores.stretched("maple river eight"), 1)
        assert stores.words_index_of(wrapped, 1) == stores.words_index(words.finds)
        assert "maple" not in repr(words)
        assert words.finds not in repr(words)

    @given(TEXTS)
    def test_what_is_closed_opens_again_and_is_of_few_lengths(self, text):
        key = stores.new_key()
        closed = stores.close_part({"answers": {"said": text}}, key, 1)
        assert stores.open_part(closed, key, 1) == {"answers": {"said": text}}
        assert len(closed) - 28 in {*stores.SIZES, stores.SIZES[-1] * 2}

    def test_very_much_is_a_multiple_of_the_last_size(self):
        closed = stores.close_part({"x": "y" * 300_000}, stores.new_key(), 1)
        assert len(closed) - 28 == 3 * stores.SIZES[-1]


class TestLengths:
    """A length tells nothing."""

    @given(TEXTS, st.integers(min_value=1, max_value=4_000))
    def test_filled_is_as_long_as_asked_or_doubled(self, text, size):
        content = {"answers": {"said": text}}
        full = stores.filled(content, size)
        length = stores.length_of(full)
        assert length >= size
        assert length % size == 0
        assert (length // size).bit_count() == 1
        assert stores.unfilled(full) == content

    @given(TEXTS)
    def test_a_filled_field_gives_the_text_again(self, text):
        field = fields.FilledText()
        assert len(field.to_text(text).encode()) in {1_024, 8_192, 32_768}
        assert field.from_text(field.to_text(field.to_text(text))) == text
        value = {"said": text}
        assert fields.FilledJSON().from_text(fields.FilledJSON().to_text(value)) == value
        assert len(fields.filled("x" * 70_000)) == 3 * 32_768

    def test_every_shipped_questionnaire_has_one_length_for_all_its_answers(self):
        for one in definitions.registry():
            size = sizes.longest(one)
            assert size == sizes.longest(one)
            assert size % sizes.STEP == 0
            assert stores.length_of(stores.filled(_most(one), size)) == size

    @pytest.mark.django_db
    def test_a_short_and_a_long_comment_are_equally_long(self):
        for words in ("", "No.", "Yes, and " * 80):
            CommentFactory(words=words)
        raw = [bytes(row) for row in Comment.objects.values_list(_raw("words"), flat=True)]
        assert len({len(row) for row in raw}) == 1
        assert sorted(len(row.words) for row in Comment.objects.all()) == [0, 3, 720]


def _raw(name):
    from django.db.models import BinaryField, ExpressionWrapper, F

    return ExpressionWrapper(F(name), output_field=BinaryField())


def _most(one):
    """The longest answers there can be."""
    longest = {}
    for section in one.sections:
        turn = {}
        for item in section.items:
            codes = [choice.code for choice in one.options(item)]
            if item.kind in definitions.CHOSEN:
                turn[item.code] = max(codes, key=len)
            elif item.kind == "many":
                turn[item.code] = codes
            elif item.kind == "number":
                turn[item.code] = 10**20
            elif item.kind != "note":
                turn[item.code] = "2026-01-01"
        longest |= {section.code: [turn] * section.repeat_most} if section.repeat else turn
    asked = [item.code for item in one.items()]
    return {"answers": longest, "asked": asked, "group": "A group with a long name", "wave": 12,
            "language": "en", "channel": "paper", "helped": "somebody", "promise": 3}  # fmt: skip


@pytest.mark.django_db
class TestNewKeys:
    """When keys change, codes, words and answers go on working, and the old key can go."""

    @pytest.fixture
    def newer(self, settings):
        """A new key in front, and a way to take the old one away."""
        keys = settings.SIGHTLINE_KEYS
        new = ("newer", b"n" * 32)

        def use(*, keep_old):
            data = (new, *keys["data"]) if keep_old else (new,)
            settings.SIGHTLINE_KEYS = {**keys, "data": data}

        return use

    def test_everything_works_under_the_new_key_alone(self, newer):
        survey = rounds.survey(mode="single-use")
        used, unused = (
            InvitationFactory(survey=survey),
            InvitationFactory(
                survey=survey, address="a@b.org", address_index=stores.address_index("a@b.org")
            ),
        )
        stray = SpentFactory(survey=survey)
        rounds.sent(survey, {"said": "x"}, code=used.code)
        token = rounds.begun(survey, {"years": 3}, code=unused.code)
        words = answering.finish_later(token)
        newer(keep_old=True)
        resealing.reseal(purpose="data")
        assert renewing.renew_indexes() == renewing.renew_spent() == 0
        stray.delete()
        newer(keep_old=False)
        places = {place.name: place.by_key for place in status()}
        assert places["surveys.Part.words_key"] == {"newer": 1}
        with pytest.raises(answering.Refused, match="used before"):
            answering.enter(used.code)
        assert answering.enter(unused.code)[0] == survey
        again = Invitation.objects.get(pk=unused.pk)
        assert again.address_index == stores.address_index("a@b.org")
        new = answering.resume(words)
        assert answering.held(new).answers == {"years": 3}
        answering.send(new)
        digests = list(Spent.objects.values_list("digest", flat=True))
        assert sum(":" in digest for digest in digests) == 2
        assert Comment.objects.get().words == "x"

    def test_a_used_code_of_nobody_keeps_its_digest(self, newer):
        stray = SpentFactory()
        newer(keep_old=True)
        assert renewing.renew_spent() == 0
        assert Spent.objects.get().digest == stray.digest

    def test_a_seal_that_changed_meanwhile_is_left(self):
        token = rounds.begun(rounds.survey(), {})
        answering.finish_later(token)
        (value,) = renewing.sealed_words()
        answering.finish_later(token)
        assert not value.exchange(b"other")
        (value,) = renewing.sealed_words()
        assert value.exchange(b"other")
        assert bytes(Part.objects.get().words_key) == b"other"
