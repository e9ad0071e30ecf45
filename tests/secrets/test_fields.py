"""Sealed model fields: text to the code, sealed to the database, held to their row."""

import copy
import pickle
import uuid
from typing import Any

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from sightline.secrets import KeyMissing, SealedJSON, SealedText, Tampered, unseal
from sightline.secrets import fields as module
from sightline.secrets.fields import Sealed
from tests.secrets.conftest import Keys, raw

WORDS = "What a child said"


@pytest.fixture
def row(letter: Any) -> Any:
    return letter.objects.create(words=WORDS, note="A note", facts={"age": 7})


@pytest.fixture
def unsealings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was unsealed, by what it is about."""
    seen: list[str] = []

    def counted(sealed: bytes, *, purpose: str, about: str) -> str:
        seen.append(about)
        return unseal(sealed, purpose=purpose, about=about)

    monkeypatch.setattr(module, "unseal", counted)
    return seen


def test_text_goes_in_and_comes_out_and_the_database_holds_neither(letter: Any, row: Any) -> None:
    again = letter.objects.get(pk=row.pk)
    assert (again.words, again.note, again.facts) == (WORDS, "A note", {"age": 7})
    for field in ("words", "note", "facts"):
        assert WORDS.encode() not in (raw(row, field) or b"")
    assert (raw(row, "words") or b"").startswith(b"\x01\x03old")
    assert (raw(row, "note") or b"").startswith(b"\x01\x05vault")


def test_the_empty_text_is_sealed_and_nothing_is_null(letter: Any) -> None:
    row = letter.objects.create(words="", note=None)
    assert len(raw(row, "words") or b"") > 16
    assert raw(row, "note") is None
    again = letter.objects.get(pk=row.pk)
    assert (again.words, again.note) == ("", None)
    assert letter.objects.filter(note__isnull=True).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.objects.create(words=None)


def test_a_text_that_was_not_given_is_empty_and_a_value_that_was_not_is_refused(
    letter: Any,
) -> None:
    (one,) = letter.objects.bulk_create([letter(facts={})])
    assert letter.objects.get(pk=one.pk).words == ""
    field = SealedJSON()
    with pytest.raises(TypeError):
        field.to_text(field.get_default())


def test_it_is_unsealed_when_it_is_read_and_once(
    letter: Any, row: Any, unsealings: list[str]
) -> None:
    (again,) = letter.objects.all()
    assert unsealings == []
    assert again.words == again.words == WORDS
    assert unsealings == [f"jobs.Letter.words:{row.pk}"]


def test_what_is_copied_to_another_row_or_field_does_not_open(letter: Any, row: Any) -> None:
    other = letter.objects.create(words="another", note="another")
    table = "UPDATE planted_letter SET"
    with connection.cursor() as cursor:
        cursor.execute(f"{table} words = %s", [raw(row, "words")])
        cursor.execute(f"{table} facts = words, note = %s", [raw(row, "note")])
    assert letter.objects.get(pk=row.pk).words == WORDS
    for field in ("words", "note", "facts"):
        with pytest.raises(Tampered, match=f"jobs.Letter.{field}:{other.pk}"):
            getattr(letter.objects.get(pk=other.pk), field)
    with pytest.raises(Tampered):
        _ = letter.objects.get(pk=row.pk).facts  # another field of the same row


def test_a_missing_key_is_a_plain_refusal_and_the_rest_of_the_row_is_there(
    letter: Any, row: Any, keys: Keys
) -> None:
    keys("new")
    again = letter.objects.get(pk=row.pk)
    assert again.note == "A note"
    with pytest.raises(KeyMissing, match="data:old"):
        _ = again.words


def test_bulk_create_seals_each_row_about_itself(letter: Any) -> None:
    letter.objects.bulk_create([letter(words=f"letter {n}") for n in range(3)])
    assert sorted(row.words for row in letter.objects.all()) == ["letter 0", "letter 1", "letter 2"]


def test_changing_and_saving(letter: Any, row: Any) -> None:
    row.words = "Something else"
    row.save(update_fields=["words"])
    assert letter.objects.get(pk=row.pk).words == "Something else"
    stale = letter.objects.get(pk=row.pk)
    row.words = "A third"
    row.save()
    stale.refresh_from_db()
    assert stale.words == "A third"
    stale.refresh_from_db(fields=["words"])
    assert stale.words == "A third"


def test_saving_what_was_not_changed_leaves_it_as_it_is(
    letter: Any, row: Any, unsealings: list[str]
) -> None:
    before = raw(row, "words")
    again = letter.objects.get(pk=row.pk)
    again.place = "Fife"
    again.save()
    assert unsealings == []
    assert again.words == WORDS
    again.words = WORDS  # the same text again
    again.full_clean()
    again.save()
    row.save()
    assert raw(row, "words") == before


def test_saving_under_an_older_key_seals_under_the_current_one(
    letter: Any, row: Any, keys: Keys
) -> None:
    again = letter.objects.get(pk=row.pk)
    keys("new", "old")
    again.save()
    assert (raw(row, "words") or b"").startswith(b"\x01\x03new")
    keys("new")
    assert letter.objects.get(pk=row.pk).words == WORDS


def test_a_row_saved_under_another_key_is_sealed_about_that(letter: Any, row: Any) -> None:
    again = letter.objects.get(pk=row.pk)
    assert (again.words, again.note, again.facts) == (WORDS, "A note", {"age": 7})
    again.pk = uuid.uuid4()
    again.save(force_insert=True)
    assert letter.objects.get(pk=again.pk).words == WORDS
    unread = letter.objects.get(pk=row.pk)
    unread.pk = uuid.uuid4()
    with pytest.raises(Tampered):
        unread.save(force_insert=True)


def test_a_deferred_field_is_fetched_when_it_is_read(
    letter: Any, row: Any, django_assert_num_queries: Any
) -> None:
    again = letter.objects.defer("words").get(pk=row.pk)
    assert "words" in again.get_deferred_fields()
    with django_assert_num_queries(1):
        assert again.words == WORDS
    with django_assert_num_queries(1):
        again.save(update_fields=["place"])
    deferred = letter.objects.only("place").get(pk=row.pk)
    deferred.save()
    assert letter.objects.get(pk=row.pk).words == WORDS


def test_pre_save_of_a_deferred_field_reads_it(letter: Any, row: Any) -> None:
    deferred = letter.objects.only("place").get(pk=row.pk)
    field = letter._meta.get_field("words")
    assert field.pre_save(deferred, False).open("data", field.about(deferred)) == WORDS


@pytest.mark.parametrize("how", ["exact", "contains", "in", "upper"])
def test_it_cannot_be_looked_for(letter: Any, row: Any, how: str) -> None:
    with pytest.raises(FieldError, match=r"words is sealed and cannot be looked for.*blind_index"):
        letter.objects.filter(**{f"words__{how}": WORDS}).count()


def test_it_is_not_written_by_update_or_bulk_update(letter: Any, row: Any) -> None:
    with pytest.raises(TypeError, match="words is sealed about its row"), transaction.atomic():
        letter.objects.update(words="in the clear")
    row.words = "in the clear"
    with pytest.raises(TypeError, match="words is sealed about its row"), transaction.atomic():
        letter.objects.bulk_update([row], ["words"])
    assert letter.objects.update(note=None) == 1


def test_values_show_nothing(letter: Any, row: Any) -> None:
    (found,) = letter.objects.values_list("words", flat=True)
    assert (repr(found), str(found)) == ("<sealed>", "<sealed>")
    assert WORDS not in repr(row.__dict__)


def test_a_row_without_a_key_is_refused(letter: Any) -> None:
    with pytest.raises(TypeError, match="this row has none yet"):
        letter(pk=None, words=WORDS)._meta.get_field("words").pre_save(
            letter(pk=None, words="a"), True
        )


def test_what_is_no_text_is_refused(letter: Any) -> None:
    with pytest.raises(TypeError, match="words takes text, not int"):
        letter.objects.create(words=7)


def test_what_is_sealed_can_be_copied_and_pickled() -> None:
    assert copy.deepcopy(Sealed(b"x")).raw == b"x"
    assert isinstance(pickle.loads(pickle.dumps(Sealed(b"x"))), Sealed)  # noqa: S301


def test_json_is_given_as_a_copy(letter: Any, row: Any) -> None:
    again = letter.objects.get(pk=row.pk)
    again.facts["age"] = 8
    assert again.facts == {"age": 7}
    again.facts = {"age": 8, "names": ["é", None]}
    again.save()
    assert letter.objects.get(pk=row.pk).facts == {"age": 8, "names": ["é", None]}


def test_full_clean_weighs_the_text(letter: Any) -> None:
    letter(words="text", facts={"a": 1}, place="Fife").full_clean()
    with pytest.raises(ValidationError) as refusal:
        letter(words="").full_clean()
    assert "words" in refusal.value.message_dict


def test_a_form_shows_a_text_area(letter: Any) -> None:
    field = letter._meta.get_field("words").formfield()
    assert isinstance(field, forms.CharField)
    assert isinstance(field.widget, forms.Textarea)
    assert field.required
    assert not letter._meta.get_field("note").formfield().required


def test_it_is_not_serialised(letter: Any, row: Any) -> None:
    from django.core import serializers

    with pytest.raises(TypeError, match="not serialised"):
        serializers.serialize("json", [row])


def test_a_migration_writes_it_down() -> None:
    from django.db.migrations.writer import MigrationWriter

    _, path, _, kwargs = SealedText(purpose="concerns", null=True).deconstruct()
    assert (path, kwargs) == (
        "sightline.secrets.fields.SealedText",
        {"purpose": "concerns", "null": True},
    )
    assert SealedText().deconstruct()[3] == {}
    assert SealedText(editable=False).deconstruct()[3] == {"editable": False}
    assert MigrationWriter.serialize(SealedJSON())[0] == "sightline.secrets.fields.SealedJSON()"


def test_the_attribute_of_the_class_is_the_descriptor(letter: Any) -> None:
    assert isinstance(letter.words, module.Unsealing)


@isolate_apps("sightline.jobs")
def test_a_model_that_would_not_work_is_pointed_out() -> None:
    class Bad(models.Model):
        words = SealedText()
        id = models.BigAutoField(primary_key=True)

        class Meta:
            app_label = "jobs"

        def __str__(self) -> str:
            return ""

    found = {problem.id: problem for problem in Bad._meta.get_field("words").check()}
    assert set(found) == {"secrets.E001", "secrets.E002"}
    assert "Bad has no key before it is saved" in found["secrets.E001"].msg
    assert "Sensitivity.secret" in found["secrets.E002"].msg


def test_a_good_model_passes(letter: Any) -> None:
    assert letter._meta.get_field("words").check() == []
