"""Patterns match what Python's own matcher matches, and never run away."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.surveys.patterns import Pattern

_ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[a-c1]", r"[\d_-]",
    r"\.", "1", " "]
)  # fmt: skip


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})")
        | st.tuples(
            inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "+?"])
        ).map(lambda two: f"({two[0]}){two[1]}")
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(_ATOMS, _larger, max_leaves=6), st.text("abc1 ._-\n", max_size=8))
def test_a_pattern_matches_what_python_matches(pattern: str, text: str) -> None:
    assert Pattern(pattern).matches(text) is bool(re.fullmatch(pattern, text, re.ASCII))


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        ("^a$", "a", True), ("a^b", "ab", False), ("a$b", "ab", False), ("(^a|b)c", "ac", True),
        ("^$", "", True), ("", "", True), ("", "a", False), ("a|", "", True), ("(|b)", "b", True),
        (r"[\]]", "]", True), ("[]]", "]", True), ("[a-]", "-", True), (r"[\--a]", "^", True),
        (r"[+-\-]", ",", True),
        (r"\n\t", "\n\t", True), (r"[\n]", "\n", True), ("é", "é", True), (r"\w", "é", False),
        ("(([0-9]{1})*[- .(]*([0-9]{3})[- .)]*[0-9]{3}[- .]*[0-9]{4})+", "0131 496 0000", True),
        (r"^[\w-\.]+@([\w-]+\.)+[\w-]{2,}$", "a.b@c.example", True),
        ("a{2}{2}", "aaaa", True), ("(a*)*", "aaa", True), ("(a?){3}", "aa", True),
    ],
)  # fmt: skip
def test_edges_and_classes(pattern: str, text: str, wanted: bool) -> None:
    assert Pattern(pattern).matches(text) is wanted


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "(a", "a)", "[a", "[", "[]", "*", "+a", "?", "a{", "a{x}", "a{2,1}", "a{,2}", "^*",
    "$+",
     "(?=a)", "(?!a)", "(?<=a)", "(?P<n>a)", r"(a)\1", r"\b", r"\p{L}", "\\", "[b-a]", r"[a-\d]",
     "[a\\",
     "a" * 501, "(" * 40 + ")" * 40, "((a{99}){99}){99}", "a{99999999}", "a{9999}"],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Pattern(pattern)


def test_too_much_work_matches_nothing() -> None:
    many = "|".join(["a" * n for n in range(1, 12)])
    begun = time.process_time()
    assert not Pattern(f"(({many})*.?){{0,9}}b").matches("aab" * 6_000)
    assert time.process_time() - begun < 5
