"""Expressions of ODK forms, read by elementpath's parser and run by our own few operations.

elementpath parses XPath 1.0; its tree is turned into plain functions, and only what is listed here
can be in it: values of `${item}`, the value at hand (`.`), columns of a choice, operators, and the
functions of `functions`. Paths, axes, documents and variables do not exist, so a hostile expression
has nothing to reach, and its work grows with its length alone. See ADR 0023.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from sightline.kernel.errors import BadInput
from sightline.surveys import functions
from sightline.surveys.functions import Nodes, Scope, Step, Value

LONGEST: Final = 4_000
DEEPEST: Final = 40
MOST_PARTS: Final = 600

_REFERENCE = re.compile(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")
_PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{[^}]*\}?|jr:choice-name|[‘’“”]|[^'\"$j‘’“”]+|.", re.S)
_SIGNS = re.compile(r"[-+*=<>,(]|\b(?:and|or|div|mod)\b")
_REFUSED: Final = {
    "/": "a path", "//": "a path", "..": "a path", "@": "an attribute", "::": "an axis",
    "|": "a union", "[": "a filter in brackets", "*": "a wildcard",
}  # fmt: skip
_KEPT: Final = (
    "(start)", "(end)", "(invalid)", "(unknown)", "(string)", "(float)", "(decimal)", "(integer)",
    "(name)", "and", "or", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "div", "mod", "(", ")",
    ",", "$", ".", "..", "|", "/", "//", "@", "[", "]", "::", ":",
)  # fmt: skip


class BadExpression(BadInput):
    """An expression that is not run: says what is wrong, where in it, and what mends it."""


@dataclass(frozen=True)
class Compiled:
    """An expression ready to run.

    Attributes:
        run: from a scope to a text, a number, a truth or the values of a repeat.
        references: codes named as `${code}`.
        columns: names without a sign, which only the filter of a list of choices has.
        own: whether it looks at the value at hand.
    """

    run: Step = field(repr=False)
    references: frozenset[str]
    columns: frozenset[str]
    own: bool


def check(text: str, *, names: Collection[str], columns: Collection[str] = ()) -> None:
    """Raise `BadExpression` unless the text can be run over these names.

    Args:
        text: an expression; empty is fine.
        names: codes of items and of repeated sections that `${…}` may name.
        columns: what a filter of choices may look at; empty everywhere else.
    """
    if not text.strip():
        return
    found = compiled(text)
    for name in sorted(found.references - set(names)):
        raise BadExpression(f"there is no question ${{{name}}}. Check how it is spelt.")
    for name in sorted(found.columns - set(columns)):
        raise BadExpression(
            f"“{name}” is not a question of this form. Write ${{{name}}} for a question, "
            f"'{name}' for a word."
        )


def evaluate(
    text: str,
    answers: Mapping[str, object],
    *,
    own: object = None,
    today: dt.date,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    columns: Mapping[str, str] | None = None,
    turn: int | None = None,
) -> str | float | bool:
    """What the expression comes to over these answers.

    Args:
        text: an expression that `check` would let pass; anything else raises `BadExpression`.
        answers: by item code; a repeat's are a list of such mappings under the section's code.
            What was not answered, not known or not said counts as the empty text.
        own: the value at hand, which the expression calls `.`.
        today: the day that `today()` and `now()` give; there is no finer time.
        choices: labels by option by item, for `jr:choice-name`.
        columns: of the choice that a filter looks at.
        turn: of a repeat, from 0, for `position(..)`.
    """
    scope = Scope(answers, own, today, choices or {}, columns or {}, turn)
    found = compiled(text).run(scope)
    return functions.string(found) if isinstance(found, Nodes) else found


def holds(
    text: str,
    answers: Mapping[str, object],
    *,
    own: object = None,
    today: dt.date,
    columns: Mapping[str, str] | None = None,
    turn: int | None = None,
) -> bool:
    """Whether a condition is met; an empty one always is."""
    if not text.strip():
        return True
    scope = Scope(answers, own, today, {}, columns or {}, turn)
    return functions.boolean(compiled(text).run(scope))


@lru_cache(maxsize=4096)
def compiled(text: str) -> Compiled:
    """Parse once; raises `BadExpression` for what is not supported or is too much."""
    plain, names = _without_references(text)
    builder = _Builder(text, names)
    parser = _parser()
    try:
        step = builder.step(parser(strict=True).parse(plain), 0)
    except RecursionError:
        raise _too_deep() from None
    except parser.faults as error:
        raise builder.unreadable(error) from None
    return Compiled(step, frozenset(builder.references), frozenset(builder.columns), builder.own)


def references(text: str) -> frozenset[str]:
    """Codes that the text names as `${…}`; none for an empty text."""
    return compiled(text).references if text.strip() else frozenset()


def _too_deep() -> BadExpression:
    return BadExpression(
        f"it is nested more than {DEEPEST} deep. Split it into calculations of its parts."
    )


def _without_references(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with `$v0`, `$v1` … for `${…}`, and the names; refuses what is too much."""
    if len(text) > LONGEST:
        raise BadExpression(f"it has {len(text):,} characters; {LONGEST:,} is the most.")
    pieces: list[str] = []
    names: list[str] = []
    depth = parts = 0
    for match in _PARTS.finditer(text):
        piece = match.group()
        if piece[0] in "$‘’“”":
            names.append(_name(piece, match.start() + 1))
            piece = f" $v{len(names) - 1} "
        elif piece == "jr:choice-name":
            piece = "choice-name"
        elif piece[0] not in "'\"":
            depth = _deeper(piece, depth)
            parts += len(_SIGNS.findall(piece))
        parts += 1
        if parts > MOST_PARTS:
            raise BadExpression(f"it has more than {MOST_PARTS} parts. Split it into calculations.")
        pieces.append(piece)
    return "".join(pieces), tuple(names)


def _name(piece: str, place: int) -> str:
    """The name in `${name}`; refuses what only looks like one, and quotation marks of letters."""
    if piece[0] != "$":
        raise BadExpression(
            f"the quotation mark {piece} at character {place} is a curly one. Use ' or \"."
        )
    found = _REFERENCE.fullmatch(piece)
    if found is None:
        raise BadExpression(f"{piece[:40]} at character {place} names nothing. Write ${{name}}.")
    return found[1]


def _deeper(piece: str, depth: int) -> int:
    for sign in piece:
        depth += (sign in "([") - (sign in ")]")
        if depth > DEEPEST:
            raise _too_deep()
    return depth


@lru_cache(maxsize=1)
def _parser() -> Any:
    """elementpath's parser of XPath 1.0 with our functions in the place of its own.

    Imported here: a web process that never meets an expression never loads it.
    """
    from elementpath.exceptions import ElementPathError
    from elementpath.xpath1 import XPath1Parser
    from elementpath.xpath_tokens import XPathFunction

    table = {
        name: XPath1Parser.symbol_table[name] for name in _KEPT if name in XPath1Parser.symbol_table
    }

    def arguments(token: Any) -> Any:
        parser = token.parser
        parser.advance("(")
        if parser.next_token.symbol != ")":
            token.append(parser.expression(5))
            while parser.next_token.symbol == ",":
                parser.advance()
                token.append(parser.expression(5))
        parser.advance(")")
        return token

    for name in functions.FUNCTIONS:
        table[name] = type(
            "OdkFunction",
            (XPathFunction,),
            {"symbol": name, "lookup_name": name, "label": "function", "lbp": 90, "rbp": 90,
             "nud": arguments, "__module__": __name__},
        )  # fmt: skip

    class OdkParser(XPath1Parser):
        """XPath 1.0 without anything to reach outside the expression."""

        symbol_table = table
        faults = (
            ElementPathError,
            ArithmeticError,
            AttributeError,
            IndexError,
            KeyError,
            TypeError,
            ValueError,
        )

        def parse(self, source: str) -> Any:
            """Only parse; the base class would evaluate what can be already."""
            if type(self).tokenizer is None:
                type(self).tokenizer = self.create_tokenizer(self.symbol_table)
            return super(XPath1Parser, self).parse(source)

    OdkParser.tokenizer = None
    return OdkParser


class _Builder:
    """Turns elementpath's tree into functions, and keeps what the expression looks at."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self.text, self.names = text, names
        self.references: set[str] = set()
        self.columns: set[str] = set()
        self.own = False

    def unreadable(self, error: Exception) -> BadExpression:
        """A fault of the parser, in words."""
        called = re.search(r"\(name\)|'(?P<name>[\w.:-]+)'", str(error))
        unknown = _unknown_function(self.text)
        if unknown:
            return BadExpression(f"the function {unknown}() is not one that can be used here.")
        near = f" near {called['name']}" if called and called["name"] else ""
        return BadExpression(
            f"it cannot be read{near}. Check brackets, quotation marks and commas: {self.text[:80]}"
        )

    def step(self, token: Any, depth: int) -> Step:
        """What a token of the tree does."""
        if depth > DEEPEST:
            raise _too_deep()
        symbol = token.symbol
        if token.label == "function" and symbol in functions.FUNCTIONS:
            return self._call(symbol, list(token), depth)
        if symbol in {"(string)", "(integer)", "(decimal)", "(float)"}:
            return _constant(token.value if symbol == "(string)" else float(token.value))
        if symbol == "$":
            return self._reference(self.names[int(token[0].value[1:])])
        if symbol == "(" and len(token) == 1:
            return self.step(token[0], depth + 1)
        if symbol == ".":
            self.own = True
            return lambda scope: functions.plain(scope.own)
        if symbol == "(name)" and not len(token):
            return self._column(str(token.value))
        if symbol in functions.CHAINS and len(token) == 2:  # noqa: PLR2004
            return functions.CHAINS[symbol](*(self.step(one, depth + 1) for one in _chain(token)))
        return self._operation(symbol, list(token), depth)

    def _operation(self, symbol: str, operands: list[Any], depth: int) -> Step:
        if len(operands) == 1 and symbol in {"-", "+"}:
            one = self.step(operands[0], depth + 1)
            sign = -1.0 if symbol == "-" else 1.0
            return lambda scope: sign * functions.number(one(scope))
        known = functions.OPERATIONS.get(symbol)
        if known is None or len(operands) != 2:  # noqa: PLR2004
            what = _REFUSED.get(symbol, f"“{symbol}”")
            raise BadExpression(f"{what} cannot be used here. Name questions as ${{name}}.")
        left, right = (self.step(one, depth + 1) for one in operands)
        return known(left, right)

    def _reference(self, name: str) -> Step:
        self.references.add(name)
        return lambda scope: functions.found(scope.answers, name)

    def _column(self, name: str) -> Step:
        self.columns.add(name)
        return lambda scope: scope.columns.get(name, "")

    def _call(self, name: str, operands: list[Any], depth: int) -> Step:
        function = functions.FUNCTIONS[name]
        most = function.most if function.most is not None else MOST_PARTS
        if not function.least <= len(operands) <= most:
            raise BadExpression(f"{name}() takes {function.takes}, not {len(operands)}.")
        if name == "position":
            if operands and operands[0].symbol not in {"..", "$"}:
                raise BadExpression("position() takes (..) here, the turn of the repeat.")
            return lambda scope: float((scope.turn or 0) + 1)
        if name == "regex" and operands[1].symbol == "(string)":
            try:
                functions.pattern(operands[1].value)
            except ValueError as error:
                raise BadExpression(f"the pattern of regex(): {error}") from None
        if name == "choice-name":
            named = operands[1]
            if named.symbol == "(string)":
                found = _REFERENCE.fullmatch(str(named.value).strip())
                code = found[1] if found else str(named.value)
            elif named.symbol == "$":
                code = self.names[int(named[0].value[1:])]
            else:
                raise BadExpression("jr:choice-name() takes a value and the name of its question.")
            self.references.add(code)
            value = self.step(operands[0], depth + 1)
            return lambda scope: functions.choice_name(scope, value(scope), code)
        steps = [self.step(one, depth + 1) for one in operands]
        return function.build(*steps)


def _chain(token: Any) -> list[Any]:
    """What one sign joins, from left to right: `a or b or c` is three, not one within another."""
    parts: list[Any] = []
    current = token
    while current.symbol == token.symbol and len(current) == 2:  # noqa: PLR2004
        parts.append(current[1])
        current = current[0]
    return [current, *reversed(parts)]


def _constant(value: Value) -> Step:
    return lambda scope: value


def _unknown_function(text: str) -> str:
    """The first function of a text that there is not, or empty."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    for match in re.finditer(r"([A-Za-z_][\w.:-]*)\s*\(", bare):
        name = match[1].removeprefix("jr:")
        if name not in functions.FUNCTIONS and name not in {"and", "or", "div", "mod"}:
            return match[1]
    return ""
