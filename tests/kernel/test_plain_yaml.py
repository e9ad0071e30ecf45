"""YAML as text only."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel import plain_yaml
from sightline.kernel.errors import BadDefinition

words = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)
plain = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def test_scalars_stay_as_typed():
    text = "a: no\nb: 1.10\nc: 007\nd: 2025-07-31\ne: on\nf: 0x1F\ng: ~\nh:\ni: 1_000\n"
    assert plain_yaml.parse(text) == {
        "a": "no", "b": "1.10", "c": "007", "d": "2025-07-31", "e": "on", "f": "0x1F", "g": "~",
        "h": "", "i": "1_000",
    }  # fmt: skip


@given(plain)
def test_text_lists_and_mappings_come_back_as_they_were(value):
    assert plain_yaml.parse(yaml.safe_dump(value, allow_unicode=True)) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml, line 1: a is given twice; keep one."),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml, line 3: c is given twice; keep one."),
        (
            "a: &x 1\nb: *x\n",
            "x.yaml, line 2: an alias (*x) is not read here; write the value out.",
        ),
        ("a: [1\n", "x.yaml, line 2: expected ',' or ']', but got '<stream end>'."),
        ("a: b: c\n", "x.yaml, line 1: mapping values are not allowed here."),
        ("a: 1\n\tb: 2\n", "x.yaml, line 2: found character '\\t' that cannot start any token."),
        ("? [a]\n: 1\n", "x.yaml, line 1: found unhashable key."),
        ("a: 1\n---\nb: 2\n", "x.yaml, line 2: but found another document."),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text, message):
    with pytest.raises(BadDefinition) as refused:
        plain_yaml.parse(text, name="x.yaml")
    assert str(refused.value).startswith(message)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text):
    message = "x.yaml"
    try:
        plain_yaml.parse(text, name="x.yaml")
    except BadDefinition as refused:
        message = str(refused)
    assert message.startswith("x.yaml")


def test_depth_is_refused_rather_than_crashing():
    with pytest.raises(BadDefinition, match=r"x\.yaml is nested too deeply"):
        plain_yaml.parse("[" * 5000 + "]" * 5000, name="x.yaml")


def test_size_is_refused(monkeypatch):
    monkeypatch.setattr(plain_yaml, "LARGEST", 10)
    with pytest.raises(BadDefinition, match="larger than 10 characters; split it"):
        plain_yaml.parse("a: 01234567890")


def test_another_encoding_is_refused_with_its_place(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("a: Fàs".encode("latin-1"))
    with pytest.raises(
        BadDefinition, match=r"x\.yaml: byte 4 is not UTF-8; save the file as UTF-8"
    ):
        plain_yaml.read(path)


def test_a_byte_order_mark_is_not_part_of_the_first_key(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert plain_yaml.read(path) == {"a": "1"}
