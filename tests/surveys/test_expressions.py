"""Expressions: what elementpath itself answers, and nothing that reaches out or runs away."""

import contextlib
import datetime as dt
import math
import time
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import elementpath
import pytest
from elementpath.datatypes import ArithmeticProxy
from elementpath.xpath1 import XPath1Parser
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sightline.surveys import functions
from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT
from sightline.surveys.expressions import (
    DEEPEST,
    LONGEST,
    MOST_PARTS,
    BadExpression,
    check,
    compiled,
    evaluate,
    holds,
    references,
)

TODAY = dt.date(2026, 11, 21)
ANSWERS = {
    "age": 15, "agency": "health", "works": ["at-risk", "others"], "name-of": "Ann",
    "dk": DONT_KNOW, "pn": PREFER_NOT, "born": "2011-11-20", "count": 4, "half": 0.5, "yes": True,
    "kids": [{"k": 2, "n": "Bo"}, {"k": 3}, {}, {"k": DONT_KNOW}],
}  # fmt: skip


def found(text: str, **more: Any) -> object:
    return evaluate(text, ANSWERS, today=TODAY, **more)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9.0), ("7 mod 3", 1.0), ("-7 mod 3", -1.0),
        ("1 mod -3", 1.0), ("1.5 mod 0.5", 0.0),
        ("5 div 2", 2.5), ("1--1", 2.0), ("+1", 1.0), ("${age}-1", 14.0), ("${count} * 2", 8.0),
        ("${ age } = 15", True), ("${age} = '15'", True), ("${age} != 15", False),
        ("${dk} = ''", True), ("${pn} = ''", True), ("${gone} = ''", True), ("${gone} > 0", False),
        ("${half}", 0.5), ("${yes} = true()", True), ("${yes}", True), ("'a' = false()", False),
        ("${age} >= 15 and ${age} < 16", True), ("1 = 2 or 2 = 2", True), ("not(1 = 2)", True),
        ("selected(${works}, 'others')", True), ("selected(${works}, 'other')", False),
        ("selected(${works}, '')", False), ("count-selected(${works})", 2.0),
        ("selected-at(${works}, 1)", "others"), ("selected-at(${works}, 9)", ""),
        ("selected-at(${works}, 0 div 0)", ""), ("count-selected(${gone})", 0.0),
        ("if(${age} > 16, 'old', 'young')", "young"), ("coalesce(${gone}, ${dk}, 'x')", "x"),
        ("coalesce(${gone}, ${dk})", ""), ("once('a')", "a"),
        ("string-length(${name-of})", 3.0), ("concat('a', 1, true(), ${gone})", "a1true"),
        ("substr('abcdef', 1, 3)", "bc"), ("substr('abc', -1)", "c"), ("substr('abc', 1, -1)", "b"),
        ("substr('abc', 1 div 0)", ""), ("substr('abc', -1 div 0)", "abc"),
        ("substr('abc', 0 div 0, 2)", "ab"), ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"), ("substring('12345', 0 div 0)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"), ("substring('abc', 2)", "bc"),
        ("substring-before('1999/04', '/')", "1999"), ("substring-before('a', '/')", ""),
        ("substring-before('a', '')", ""), ("substring-after('1999/04', '/')", "04"),
        ("substring-after('abc', '')", "abc"), ("normalize-space('  a  b ')", "a b"),
        ("translate('bar', 'abc', 'AB')", "BAr"), ("translate('aa', 'aa', 'xy')", "xx"),
        ("contains('abc', 'b')", True), ("starts-with('abc', 'b')", False),
        ("ends-with('abc', 'c')", True), ("join(', ', 'a', 'b')", "a, b"),
        ("join(', ', ${k})", "2, 3, "), ("string(12.50)", "12.5"), ("string(1 div 0)", "Infinity"),
        ("string(-1 div 0)", "-Infinity"), ("string(0 div 0)", "NaN"), ("string(true())", "true"),
        ("string(false())", "false"), ("boolean('')", False), ("boolean(0)", False),
        ("boolean-from-string('TRUE')", True), ("boolean-from-string('0')", False),
        ("number('12')", 12.0), ("number(true())", 1.0), ("number('1970-01-02')", 1.0),
        ("int(2.9)", 2.0), ("int(-2.9)", -2.0), ("round(2.5)", 3.0), ("round(-2.5)", -2.0),
        ("round(1.256, 2)", 1.26), ("round(125, -1)", 130.0), ("floor(1.5)", 1.0),
        ("ceiling(1.5)", 2.0), ("abs(-1)", 1.0), ("pow(2, 10)", 1024.0), ("pow(10, 999)", math.inf),
        ("sqrt(9)", 3.0), ("exp10(2)", 100.0), ("log10(100)", 2.0), ("log(1)", 0.0),
        ("exp(0)", 1.0), ("sin(0)", 0.0), ("cos(0)", 1.0), ("tan(0)", 0.0), ("asin(0)", 0.0),
        ("acos(1)", 0.0), ("atan(0)", 0.0), ("atan2(0, 1)", 0.0), ("round(pi(), 2)", 3.14),
        ("sum(${k})", 5.0), ("count(${kids})", 4.0), ("count(${k})", 3.0), ("count(${gone})", 0.0),
        ("count(${age})", 1.0), ("count-non-empty(${k}, ${gone}, 'x')", 3.0), ("min(${k})", 2.0),
        ("max(${k}, 9)", 9.0), ("sum(1 div 0)", "nan"), ("min(${gone})", "nan"),
        ("${k} = 3", True), ("${k} != 3", True), ("${k} > 3", False), ("3 < ${k}", False),
        ("${n}", "Bo"), ("${kids} = 1", False), ("string(${kids})", ""), ("boolean(${kids})", True),
        ("indexed-repeat(${k}, ${kids}, 2)", 3.0), ("indexed-repeat(${k}, ${kids}, 9)", ""),
        ("indexed-repeat(${age}, ${kids}, 1)", ""), ("position(..)", 1.0), ("position()", 1.0),
        ("today()", "2026-11-21"), ("now()", "2026-11-21"), ("today() - 365", 20413.0),
        ("date(today() - 365)", "2025-11-21"), ("date('rubbish')", ""), ("date(1 div 0)", ""),
        ("date('2026-02-31')", ""), ("date(99999999)", ""), ("date-time('2026-03-04')",
        "2026-03-04"),
        ("int((today() - ${born}) div 365.25)", 15.0), ("${born} < today()", True),
        ("decimal-date-time('1970-01-02T12:00:00')", 1.5),
        ("format-date('2026-03-04', '%Y %y %m %n %b %d %e %a %%%q')",
        "2026 26 03 3 Mar 04 4 Wed %%q"),
        ("format-date-time('1970-01-01T06:05:00', '%H %h %M %S.%3')", "06 6 05 00.000"),
        ("format-date('', '%Y')", ""),
        ("regex('Ann', '[A-Z][a-z]+')", True), ("regex('Ann1', '[A-Z][a-z]+')", False),
        ("jr:choice-name(${agency}, '${agency}')", "Health"),
        ("jr:choice-name(${agency}, ${agency})", "Health"),
        ("jr:choice-name('x', 'agency')", "x"),
        ("'it''s'", "it's"), ("sqrt(-1)", "nan"), ("log(0)", "nan"), ("1 mod 0", "nan"),
        (" or ".join(["1 = 2"] * 80), False), (" + ".join(["1"] * 80), 80.0),
        ("0 div 0", "nan"), ("1 div 0", math.inf), ("-1 div 0", -math.inf),
    ],
)  # fmt: skip
def test_what_expressions_come_to(text: str, wanted: object) -> None:
    value = found(text, choices={"agency": {"health": "Health"}})
    if wanted == "nan":
        assert isinstance(value, float)
        assert math.isnan(value)
    else:
        assert value == wanted
        assert type(value) is type(wanted)


@pytest.mark.parametrize(
    ("text", "own", "wanted"),
    [
        (". >= 18 and . <= 120", 18, True), (". >= 18 and . <= 120", 17, False),
        (". >= 18", "", False), ("string-length(.) < 3", "ab", True), ("string-length() < 3",
        "abc", False),
        ("not(selected(., 'a') and selected (., 'b'))", ["a", "b"], False),
        (". <= today()", "2026-11-22", False), (". <= today()", "2026-11-21", True),
        ("once('new') = 'old'", "old", True), (".", DONT_KNOW, False), ("", "x", True), ("  ", 1,
        True),
        (". = 'a'", ("a",), True), (". = 'x'", object(), False), (". > 1", 10**400, True),
        (". < 1", -(10**400), True),
    ],
)  # fmt: skip
def test_conditions_look_at_the_value_at_hand(text: str, own: object, wanted: bool) -> None:
    assert holds(text, {}, own=own, today=TODAY) is wanted


def test_a_filter_looks_at_the_columns_of_a_choice() -> None:
    assert holds("of = ${agency}", ANSWERS, today=TODAY, columns={"of": "health"})
    assert not holds("of = ${agency}", ANSWERS, today=TODAY, columns={})
    check("of = ${agency}", names={"agency"}, columns={"of"})
    with pytest.raises(BadExpression, match="“of” is not a question"):
        check("of = ${agency}", names={"agency"})


def test_the_turn_of_a_repeat() -> None:
    assert found("position(..)", turn=2) == 3.0
    assert holds("position(..) = 2", {}, today=TODAY, turn=1)


HOSTILE = [
    "document('file:///etc/passwd')", "doc('http://example.org')", "collection('x')", "id('a')",
    "/html", "//a", "../x", "a/b", "a//b", "@x", "child::a", "ancestor::*", "*", "a[1]", "a | b",
    "text()", "node()", "comment()", "processing-instruction('a')", "namespace-uri()", "name()",
    "current()/a", "instance('x')/root", "pulldata('a', 'b', 'c', 'd')", "uuid()", "random()",
    "lang('en')", "last()", "local-name()", "unparsed-text('x')", "environment-variable('HOME')",
    "function-lookup('a', 1)", "xs:int(1)", "fn:concat('a')", "(1, 2)", "1 to 5",
    "for $x in 1 return 1",
    "if (1) then 2 else 3", "some $x in 1 satisfies 1", "$v0", "$x", "${", "${}", "${a b}", "${a",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "'open", "(1", "1)", "1 2", "1 +",
    "= 1", "and", "", " ", "\x00", "a:b", "a::b", "`1`", "{1}", "?", "1;2", "#", "if(1, 2)",
    "selected(1)", "today(1)", "position(1)", "position(a)", "regex(1)", "choice-name(1, 2)",
    "jr:choice-name(1)", "jr:unknown(1)", "regex('a', '(')", "regex('a', '(?=a)')",
    r"regex('a', '(a)\1')", "‘a’ = ‘a’", "“a”", "label::English != ''", "1 = 1 = 1 =", "eval('1')",
    "1 e 5", "9" * 5000, "1" + "+1" * 700, "(" * 60 + "1" + ")" * 60, "-" * 700 + "1",
    "not(" * 45 + "1" + ")" * 45, "concat(" + "'a'," * 700 + "'b')", "(((((" * 2000,
    "-" * 300 + "1",
    "abs(" * 39 + "-" * 200 + "1" + ")" * 39, "processing-instruction()", "a" * 4001,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_expressions_are_refused_plainly(text: str) -> None:
    if not text.strip():
        return check(text, names=())
    with pytest.raises(BadExpression) as caught:
        check(text, names={"a"})
    said = str(caught.value)
    assert said[0].islower() or said[0] in "“$"
    assert len(said) < 300
    assert "Traceback" not in said
    assert "err:" not in said
    return None


def test_limits_say_themselves() -> None:
    with pytest.raises(BadExpression, match=f"{LONGEST:,} is the most"):
        compiled("1" * (LONGEST + 1))
    with pytest.raises(BadExpression, match=f"more than {DEEPEST} deep"):
        compiled("(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1))
    with pytest.raises(BadExpression, match=f"more than {MOST_PARTS} parts"):
        compiled("1" + "+1" * (MOST_PARTS + 1))
    with pytest.raises(BadExpression, match=r"there is no question \$\{nobody\}"):
        check("${nobody} = 1", names={"a"})
    with pytest.raises(BadExpression, match=r"the function pulldata\(\)"):
        compiled("concat('f(', pulldata('a'))")
    with pytest.raises(BadExpression, match=r"if\(\) takes 3 values, not 2"):
        compiled("if(1, 2)")
    with pytest.raises(BadExpression, match="at least 1"):
        compiled("concat()")
    with pytest.raises(BadExpression, match="1 to 2 values"):
        compiled("round()")
    with pytest.raises(BadExpression, match="no values"):
        compiled("true(1)")
    with pytest.raises(BadExpression, match="1 value,"):
        compiled("not()")


def test_references_and_the_value_at_hand_are_known() -> None:
    one = compiled("${a} = ${b} and . > of")
    assert (set(one.references), set(one.columns), one.own) == ({"a", "b"}, {"of"}, True)
    assert references("jr:choice-name(${a}, '${c}')") == {"a", "c"}
    assert references(" ") == frozenset()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60) | st.text("${}ab'\"()[]/.=<>1+-*, \n‘", max_size=80))
def test_no_text_does_anything_but_run_or_be_refused(text: str) -> None:
    with contextlib.suppress(BadExpression):
        evaluate(text, {"a": "1", "b": ["x"]}, today=TODAY, own="1")


_TEXTS = st.text("ab 1.-", max_size=5)
_LITERALS = (
    st.integers(-99, 99).map(str)
    | _TEXTS.map(lambda text: f"'{text}'")
    | st.sampled_from(["1.5", "0", "true()", "false()", "''"])
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    signs = ["+", "-", "*", "div", "=", "!=", "and", "or"]
    order = ["<", "<=", ">", ">="]  # of numbers alone: elementpath compares truths in its own way
    one = [
        "string",
        "number",
        "boolean",
        "not",
        "normalize-space",
        "string-length",
        "floor",
        "ceiling",
        "round",
    ]
    pairs = ["concat", "contains", "starts-with", "substring-before", "substring"]
    return (
        st.tuples(st.sampled_from(signs), two).map(lambda x: f"({x[1][0]} {x[0]} {x[1][1]})")
        | st.tuples(st.sampled_from(order), two).map(
            lambda x: f"(number({x[1][0]}) {x[0]} number({x[1][1]}))"
        )
        | st.tuples(st.sampled_from(one), inner).map(lambda x: f"{x[0]}({x[1]})")
        | st.tuples(st.sampled_from(pairs), two).map(lambda x: f"{x[0]}({x[1][0]}, {x[1][1]})")
    )


_DIV = XPath1Parser.symbol_table["div"]
_as_elementpath_divides = _DIV.evaluate


def _divided(self: Any, context: Any = None) -> Any:
    """By IEEE 754, as XPath asks: elementpath makes -INF of what is no number divided by nought."""
    dividend, _ = self.get_operands(context, cls=ArithmeticProxy)
    if isinstance(dividend, float) and math.isnan(dividend):
        return math.nan
    return _as_elementpath_divides(self, context)


@settings(max_examples=80, deadline=None)
@given(st.recursive(_LITERALS, _larger, max_leaves=6))
@example("('' div 0)")
def test_plain_xpath_comes_to_what_elementpath_makes_of_it(text: str) -> None:
    try:
        with mock.patch.object(_DIV, "evaluate", _divided):
            wanted: object = elementpath.select(ElementTree.XML("<a/>"), text, parser=XPath1Parser)
    except Exception:
        assume(False)
    wanted = wanted[0] if isinstance(wanted, list) else wanted
    value = evaluate(text, {}, today=TODAY)
    if isinstance(wanted, bool) or isinstance(value, bool):
        assert value == wanted
    elif isinstance(value, float):
        other = float(wanted)  # type: ignore[arg-type]
        assert value == pytest.approx(other) or (math.isnan(value) and math.isnan(other))
    else:
        assert value == wanted


def test_texts_cannot_grow_without_end() -> None:
    doubling = "concat(" + ", ".join(["${a}"] * 100) + ")"
    value = evaluate(doubling, {"a": "x" * 20_000}, today=TODAY)
    assert len(str(value)) == functions.LONGEST_TEXT


def test_time_is_bounded() -> None:
    """The worst a form can hold, over the longest answer, within a second on a slow machine."""
    begun = time.process_time()
    evaluate("regex(., '(a+)+$')", {}, own="a" * 19_999 + "b", today=TODAY)
    evaluate("regex(., '(a|aa|aaa)*(a|b)*c')", {}, own="ab" * 10_000, today=TODAY)
    evaluate("regex(., '.*.*.*.*.*.*.*.*=')", {}, own="a" * 20_000, today=TODAY)
    evaluate("normalize-space(translate(., 'a', 'b'))", {}, own="a " * 10_000, today=TODAY)
    kids = {"kids": [{"k": number} for number in range(50)]}
    evaluate(" or ".join(["${k} = ${k} + 1000"] * 60), kids, today=TODAY)
    assert time.process_time() - begun < 3


def test_an_evaluation_is_quick() -> None:
    """A fifth of a millisecond is asked; ten times that leaves room for a busy machine."""
    text = "selected(${works}, 'others') and (${age} > 12 or not(${agency} = 'police'))"
    holds(text, ANSWERS, today=TODAY)
    begun = time.process_time()
    for _ in range(500):
        holds(text, ANSWERS, today=TODAY)
    assert (time.process_time() - begun) / 500 < 0.002
