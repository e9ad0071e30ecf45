"""Changing keys: everything is readable before, during and after, and nothing stays behind."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sightline.access.triggers import described
from sightline.secrets import KeyMissing, SealingWriter, open_sealed, registry, seal, unseal
from sightline.secrets import resealing as module
from sightline.secrets.registry import SealedFile, SealedValue
from sightline.secrets.resealing import Resealed, reseal
from sightline.secrets.streams import CHUNK, key_id_of_file
from sightline.secrets.taking_stock import Place, opened, status
from tests.secrets.conftest import Keys, every_field, raw


@pytest.fixture
def rows(letter: Any) -> list[Any]:
    return [letter.objects.create(words=f"letter {n}", note=None) for n in range(7)]


@pytest.fixture
def files(tmp_path: Path, keys: Keys) -> list[SealedFile]:
    """Two sealed files, registered."""
    found = []
    for number in range(2):
        path = tmp_path / f"upload-{number}"
        with path.open("wb") as target, SealingWriter(target, about=path.name) as out:
            out.write(f"content {number}".encode() * CHUNK)
        path.chmod(0o600)
        found.append(SealedFile(path, path.name))
    registry.register_files("uploads", lambda: iter(found))
    return found


def step(steps: tuple[Resealed, ...], name: str) -> Resealed:
    return {found.name: found for found in steps}[name]


def by_key(name: str) -> dict[str, int]:
    return {found.name: found.by_key for found in status()}[name]


def words(letter: Any) -> list[str]:
    return sorted(row.words for row in letter.objects.all())


def test_a_change_of_keys_from_beginning_to_end(
    letter: Any, rows: list[Any], files: list[SealedFile], keys: Keys
) -> None:
    before = words(letter)
    assert by_key("jobs.Letter.words") == {"old": 7}

    keys("new", "old")
    letter.objects.create(words="letter 7")
    assert words(letter) == [*before, "letter 7"]
    assert by_key("jobs.Letter.words") == {"old": 7, "new": 1}

    steps = reseal(purpose="data", batch=3)
    assert step(steps, "jobs.Letter.words") == Resealed(
        "jobs.Letter.words", "data", resealed=7, already=1
    )
    assert step(steps, "uploads").resealed == 2
    assert words(letter) == [*before, "letter 7"]
    assert by_key("jobs.Letter.words") == {"new": 8}
    assert by_key("uploads") == {"new": 2}

    keys("new")
    assert words(letter) == [*before, "letter 7"]
    for found in files:
        with open_sealed(found.path, about=found.about) as file:
            assert file.read(9).startswith(b"content")
    assert all(place.lost == 0 for place in status())
    again = reseal(purpose="data")
    assert [s.resealed for s in again] == [0] * len(again)


def test_another_purpose_is_left_alone(letter: Any, keys: Keys, settings: Any) -> None:
    letter.objects.create(words="a", note="b")
    keys("new", "old")
    settings.SIGHTLINE_KEYS["concerns"] = (("young", b"y" * 32), ("vault", b"v" * 32))
    assert {s.name for s in reseal(purpose="concerns")} == {"jobs.Letter.note"}
    assert by_key("jobs.Letter.note") == {"young": 1}
    assert by_key("jobs.Letter.words") == {"old": 1}
    assert len(reseal()) == 3


def test_it_may_be_stopped_and_begun_again(letter: Any, rows: list[Any], keys: Keys) -> None:
    keys("new", "old")

    def stop(done: int, where: str) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(purpose="data", batch=2, said=stop)
    assert by_key("jobs.Letter.words") == {"new": 2, "old": 5}
    said: list[int] = []
    found = reseal(purpose="data", batch=2, said=lambda done, where: said.append(done))
    assert step(found, "jobs.Letter.words").resealed == 5
    assert said == [2, 4, 6, 8, 10, 12, 14, 14]


def test_what_is_saved_meanwhile_is_never_overwritten(
    letter: Any, rows: list[Any], keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys("new", "old")

    def somebody_saves(sealed: bytes, *, purpose: str, about: str) -> str:
        text = unseal(sealed, purpose=purpose, about=about)
        row = letter.objects.get(pk=about.rpartition(":")[2])
        if text == "letter 3":
            row.words = "saved meanwhile"
            row.save()
        elif text == "letter 4":
            row.delete()
        return text

    monkeypatch.setattr(module, "unseal", somebody_saves)
    found = step(reseal(purpose="data"), "jobs.Letter.words")
    assert (found.resealed, found.changed_meanwhile) == (5, 2)
    assert "saved meanwhile" in words(letter)
    assert len(words(letter)) == 6


def test_what_cannot_be_opened_is_counted_with_its_reason_and_left(
    letter: Any, rows: list[Any], keys: Keys
) -> None:
    keys("new")
    with connection.cursor() as cursor:
        key = rows[0]._meta.pk.get_db_prep_value(rows[0].pk, connection)
        cursor.execute("UPDATE planted_letter SET words = %s WHERE id = %s", [b"in the clear", key])
    before = raw(rows[1], "words")
    found = step(reseal(purpose="data"), "jobs.Letter.words")
    assert found.cannot == 7
    assert len(found.why) == 2
    assert any("data:old" in reason for reason in found.why)
    assert raw(rows[1], "words") == before
    place = next(p for p in status() if p.name == "jobs.Letter.words")
    assert place.by_key == {"": 1, "old": 6}
    assert place.lost == 7


def test_the_audit_trail_has_nothing_of_what_is_sealed() -> None:
    found = every_field()
    assert found
    for field in found:
        assert field.check() == [], "see sightline.secrets.fields"
        assert field.column in described(field.model).secret


def test_a_file_that_changes_or_goes_meanwhile_is_left(
    files: list[SealedFile], keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys("new", "old")
    first, second = files
    original = module.seal_stream

    def meanwhile(source: Any, target: Any, **more: Any) -> int:
        written = original(source, target, **more)
        if more["about"] == first.about:
            first.path.unlink()
        else:
            second.path.write_bytes(b"another")
        return written

    monkeypatch.setattr(module, "seal_stream", meanwhile)
    found = step(reseal(), "uploads")
    assert (found.resealed, found.changed_meanwhile) == (0, 2)
    assert second.path.read_bytes() == b"another"
    assert not list(first.path.parent.glob("*.resealing"))
    assert not first.path.exists()


def test_a_file_whose_key_is_missing_or_that_is_none_is_counted(
    files: list[SealedFile], keys: Keys
) -> None:
    keys("new")
    files[0].path.write_bytes(b"no sealed file")
    assert by_key("uploads") == {"": 1, "old": 1}
    found = step(reseal(), "uploads")
    assert (found.cannot, len(found.why)) == (2, 2)


def test_a_resealed_file_keeps_who_may_read_it(files: list[SealedFile], keys: Keys) -> None:
    keys("new", "old")
    reseal()
    assert key_id_of_file(files[0].path) == "new"
    assert files[0].path.stat().st_mode & 0o777 == 0o600


def test_other_values_and_indexes_are_done_too(keys: Keys, db: None) -> None:
    store = {key: seal(f"secret {key}", about=f"store:{key}") for key in ("a", "b", "c", "d")}
    keys("new", "old")
    store["c"] = seal("secret c", about="store:c")
    store["d"] = b"in the clear"

    def listed() -> Iterator[SealedValue]:
        for key in "abcd":

            def exchange(new: bytes, key: str = key) -> bool:
                if key == "b":
                    return False
                store[key] = new
                return True

            yield SealedValue(store[key], f"store:{key}", exchange)

    registry.register_values("a store", listed)
    registry.register_index("an index", lambda: 3)
    assert by_key("a store") == {"old": 2, "new": 1, "": 1}
    steps = reseal(purpose="data")
    assert step(steps, "a store") == Resealed(
        "a store", "data", resealed=1, already=1, changed_meanwhile=1, cannot=1,
        why=[step(steps, "a store").why[0]],
    )  # fmt: skip
    assert step(steps, "an index").resealed == 3
    assert unseal(store["a"], about="store:a") == "secret a"


def test_opening_everything_tells_what_does_not_open(
    letter: Any, rows: list[Any], files: list[SealedFile], keys: Keys
) -> None:
    value = SealedValue(seal("x", about="here"), "elsewhere", lambda new: True)
    registry.register_values("a store", lambda: [value])
    files[1].path.write_bytes(files[1].path.read_bytes()[:-1])
    rows[2].note = "in the vault"
    rows[2].save()
    found = list(opened())
    assert len(found) == 7 + 7 + 1 + 1 + 2
    shut = [one for one in found if one.why]
    assert {one.where for one in shut} == {"a store", "uploads"}
    assert not any("in the vault" in one.why for one in found)


def test_a_place_tells_what_is_lost(keys: Keys) -> None:
    place = Place("x", "data", {"old": 2, "gone": 3, "": 1})
    assert (place.under({"old"}), place.lost) == (2, 4)


def test_a_row_keeps_its_key_in_the_message(letter: Any, keys: Keys) -> None:
    row = letter.objects.create(id=uuid.UUID(int=5), words="x")
    keys("new")
    with pytest.raises(KeyMissing):
        _ = letter.objects.get(pk=row.pk).words
