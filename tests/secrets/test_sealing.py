"""Sealing a text: it opens with its key, where it belongs, and nowhere else."""

import logging
import re
import traceback
from typing import Any

import pytest

from sightline.kernel.errors import BadInput, NotAvailable, SightlineError
from sightline.secrets import (
    KeyMissing,
    Tampered,
    blind_index,
    blind_indexes,
    key_id_of,
    seal,
    unseal,
)
from sightline.secrets.keys import current
from tests.secrets.conftest import NEW, OLD, Keys

WORDS = "Nobody may read this"


@pytest.mark.parametrize("text", ["", "a", WORDS, "Ünïcode ✓", "x" * 100_000])
def test_what_is_sealed_opens(keys: Keys, text: str) -> None:
    sealed = seal(text, about="a row")
    assert unseal(sealed, about="a row") == text
    assert unseal(memoryview(sealed), about="a row") == text  # type: ignore[arg-type]
    # One byte or two turn up in any ciphertext now and then.
    assert len(text.encode()) < 4 or text.encode() not in sealed


def test_the_same_text_is_never_sealed_the_same(keys: Keys) -> None:
    assert seal(WORDS, about="a row") != seal(WORDS, about="a row")


def test_the_layout_is_the_one_that_is_written_down(keys: Keys) -> None:
    sealed = seal(WORDS, about="a row")
    assert sealed[:5] == b"\x01\x03old"
    assert len(sealed) == 5 + 12 + len(WORDS) + 16
    assert key_id_of(sealed) == "old"


@pytest.mark.parametrize(
    ("purpose", "about"),
    [("data", "another row"), ("data", ""), ("concerns", "a row")],
    ids=["elsewhere", "nowhere", "for another purpose"],
)
def test_it_does_not_open_elsewhere(keys: Keys, settings: Any, purpose: str, about: str) -> None:
    settings.SIGHTLINE_KEYS["concerns"] = (("old", OLD),)  # the very same key
    sealed = seal(WORDS, about="a row")
    with pytest.raises(Tampered) as refusal:
        unseal(sealed, purpose=purpose, about=about)
    assert "cannot be opened" in str(refusal.value)


def test_purpose_and_about_do_not_run_together(keys: Keys, settings: Any) -> None:
    settings.SIGHTLINE_KEYS = {"a": (("k", OLD),), "ab": (("k", OLD),)}
    with pytest.raises(Tampered):
        unseal(seal(WORDS, purpose="a", about="bc"), purpose="ab", about="c")


@pytest.mark.parametrize("place", [0, 1, 2, 5, 17, -17, -1])
def test_any_byte_changed_is_found(keys: Keys, place: int) -> None:
    sealed = bytearray(seal(WORDS, about="a row"))
    sealed[place] ^= 1
    with pytest.raises((Tampered, KeyMissing)) as refusal:
        unseal(bytes(sealed), about="a row")
    assert WORDS not in str(refusal.value)


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01\x00", b"\x01\x09old", b"\x02\x03old", b"\x01\x03old", b"plain",
               b"\x01\x02\xc3\x28" + b"x" * 40],
)  # fmt: skip
def test_what_is_not_sealed_is_refused(keys: Keys, sealed: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(sealed, about="a row")


def test_a_key_that_is_not_held_is_named_with_what_to_do(keys: Keys) -> None:
    sealed = seal(WORDS, about="a row")
    keys("new")
    with pytest.raises(KeyMissing) as refusal:
        unseal(sealed, about="a row")
    said = str(refusal.value)
    assert said.startswith(
        "This is sealed with the key data:old, which this copy does not hold. "
        "The administrator puts it back into SIGHTLINE_DATA_KEYS"
    )
    assert isinstance(refusal.value, NotAvailable)
    assert refusal.value.status == 9
    keys("new", "old")
    assert unseal(sealed, about="a row") == WORDS


def test_there_is_no_key_for_an_unknown_purpose(keys: Keys) -> None:
    with pytest.raises(BadInput, match="There is no purpose nonsense"):
        seal(WORDS, purpose="nonsense", about="a row")


def test_the_first_key_seals(keys: Keys) -> None:
    keys("new", "old")
    assert key_id_of(seal(WORDS, about="a row")) == "new"


def test_neither_key_nor_text_is_in_a_traceback_or_repr(
    keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = seal(WORDS, about="a row")
    try:
        unseal(sealed, about="another row")
    except SightlineError as fault:
        logging.getLogger("test").exception("failed")
        shown = "".join(traceback.format_exception(fault)) + caplog.text
    assert WORDS not in shown
    assert "ooooo" not in shown + repr(current("data")) + str(current("data"))


def test_a_debug_page_hides_what_a_sealing_function_holds(keys: Keys, rf: Any) -> None:
    from django.views.debug import ExceptionReporter

    try:
        seal(WORDS, purpose="nonsense", about="a row")
    except BadInput as fault:
        report = ExceptionReporter(rf.get("/"), type(fault), fault, fault.__traceback__)
    data, page = report.get_traceback_data(), report.get_traceback_html()
    (held,) = [dict(f["vars"]) for f in data["frames"] if f["function"] == "seal"]
    assert "********************" in held["text"]
    (shown,) = re.findall(r"<td>SIGHTLINE_KEYS</td>.*?</tr>", page, flags=re.S)
    assert "********************" in shown
    assert "ooooooo" not in page


def test_equal_texts_have_equal_indexes_within_a_column_alone(keys: Keys) -> None:
    first = blind_index("a@example.org", about="access.User.email")
    assert first == blind_index("a@example.org", about="access.User.email")
    assert first != blind_index("b@example.org", about="access.User.email")
    assert first != blind_index("a@example.org", about="access.User.name")
    assert first != blind_index("a@example.org", purpose="concerns", about="access.User.email")
    assert first.startswith("old:")
    assert len(first) <= 80


def test_rows_indexed_under_an_older_key_are_found(keys: Keys) -> None:
    before = blind_index("a@example.org", about="access.User.email")
    keys("new", "old")
    after, found = blind_indexes("a@example.org", about="access.User.email")
    assert (found, after[:4]) == (before, "new:")


def test_what_is_derived_is_not_the_key(keys: Keys) -> None:
    keys("new", "old")
    assert current("data").derived("file", salt=b"s") not in {NEW, OLD}
    assert current("data").derived("file") != current("data").derived("blind index")
