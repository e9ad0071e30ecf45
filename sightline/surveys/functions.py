"""What expressions of ODK forms can do: values, operators and functions, all total and bounded.

A value is a text, a number (days since 1970 for a date where a number is wanted), a truth,
or the `Nodes` of a repeat. Nothing here raises for any value: what makes no sense is the empty text
or not-a-number, as ODK has it.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sightline.surveys.patterns import Pattern

LONGEST_TEXT: Final = 20_000
EXACT: Final = 1e15
"""Below it a whole number has no decimals to lose."""
_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*", re.ASCII)
_DATE = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_EPOCH: Final = dt.date(1970, 1, 1)
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NAN: Final = float("nan")


class Nodes(tuple[object, ...]):
    """The values of one question in every turn of a repeat, or the turns themselves."""

    __slots__ = ()


Value = str | float | bool | Nodes


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see, and nothing else."""

    answers: Mapping[str, object]
    own: object
    today: dt.date
    choices: Mapping[str, Mapping[str, str]]
    columns: Mapping[str, str]
    turn: int | None


Step = Callable[[Scope], Value]


def plain(value: object) -> Value:
    """An answer as a value: skipped, not known and not said are the empty text."""
    if isinstance(value, str):
        return "" if value in {"!dont-know", "!prefer-not"} else value[:LONGEST_TEXT]
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if isinstance(value, list | tuple):
        if any(isinstance(one, Mapping) for one in value):
            return Nodes(value)
        return " ".join(str(one) for one in value)[:LONGEST_TEXT]
    return ""


def found(answers: Mapping[str, object], name: str) -> Value:
    """The answer of a name; from outside a repeat, the values of all its turns."""
    if name in answers:
        return plain(answers[name])
    turns = [
        turn[name]
        for value in answers.values()
        if isinstance(value, list)
        for turn in value
        if isinstance(turn, Mapping) and name in turn
    ]
    return Nodes(turns) if turns else ""


def each(value: Value) -> Iterator[Value]:
    """The values of nodes, or the one value."""
    if isinstance(value, Nodes):
        yield from (plain(one) for one in value)
    else:
        yield value


def string(value: Value) -> str:
    """As text; a whole number has no decimals, and of nodes it is the first."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Nodes):
        first = plain(value[0]) if value else ""
        return "" if isinstance(first, Nodes) else string(first)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) and abs(value) < EXACT else repr(value)


def days(text: str) -> float:
    """Days since 1 January 1970 of an ISO date or date with time; not-a-number for none."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return NAN
    try:
        whole = (dt.date(int(match[1]), int(match[2]), int(match[3])) - _EPOCH).days
    except ValueError:
        return NAN
    seconds = int(match[4] or 0) * 3600 + int(match[5] or 0) * 60 + int(match[6] or 0)
    return whole + seconds / 86_400


def number(value: Value) -> float:
    """As a number; a date counts its days, the empty text is not a number."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    text = string(value)
    if len(text) <= 320 and _NUMBER.fullmatch(text):  # noqa: PLR2004 - longer is no quantity
        return float(text)
    return days(text)


def boolean(value: Value) -> bool:
    """As a truth: nought, not-a-number, empty text and no nodes are false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def date(value: Value) -> str:
    """As an ISO day, from text or days since 1970; empty where it is none."""
    count = number(value)
    if math.isnan(count) or not -719_162 <= count <= 2_932_896:  # noqa: PLR2004 - years 1 to 9999
        return ""
    return (_EPOCH + dt.timedelta(days=math.floor(count))).isoformat()


def words(value: Value) -> list[str]:
    """The codes chosen in a question with several answers."""
    return [word for one in each(value) for word in string(one).split()]


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """A pattern ready to match; `ValueError` for one that cannot be used."""
    return Pattern(text)


def choice_name(scope: Scope, value: Value, code: str) -> str:
    """The label of an option of a question, else its code."""
    text = string(value)
    return scope.choices.get(code, {}).get(text, text)


# Operators


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return boolean(left) == boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return string(left) == string(right)


def _compared(test: Callable[[Value, Value], bool]) -> Callable[[Step, Step], Step]:
    def build(left: Step, right: Step) -> Step:
        def run(scope: Scope) -> Value:
            a, b = left(scope), right(scope)
            if not isinstance(a, Nodes) and not isinstance(b, Nodes):
                return test(a, b)
            others = list(each(b))[:50]
            return any(test(one, other) for one in each(a) for other in others)

        return run

    return build


def _calculated(work: Callable[[float, float], float]) -> Callable[[Step, Step], Step]:
    def build(left: Step, right: Step) -> Step:
        def run(scope: Scope) -> Value:
            try:
                return work(number(left(scope)), number(right(scope)))
            except (ArithmeticError, ValueError):
                return NAN

        return run

    return build


def _divided(a: float, b: float) -> float:
    if b:
        return a / b
    return NAN if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def _and(*steps: Step) -> Step:
    return lambda scope: all(boolean(step(scope)) for step in steps)


def _or(*steps: Step) -> Step:
    return lambda scope: any(boolean(step(scope)) for step in steps)


def _plus(*steps: Step) -> Step:
    return lambda scope: sum(number(step(scope)) for step in steps)


CHAINS: Final[Mapping[str, Callable[..., Step]]] = {"and": _and, "or": _or, "+": _plus}
"""Signs that join any number of values, however long the row of them."""

OPERATIONS: Final[Mapping[str, Callable[[Step, Step], Step]]] = {
    "=": _compared(_equal),
    "!=": _compared(lambda a, b: not _equal(a, b)),
    "<": _compared(lambda a, b: number(a) < number(b)),
    "<=": _compared(lambda a, b: number(a) <= number(b)),
    ">": _compared(lambda a, b: number(a) > number(b)),
    ">=": _compared(lambda a, b: number(a) >= number(b)),
    "-": _calculated(lambda a, b: a - b),
    "*": _calculated(lambda a, b: a * b),
    "div": _calculated(_divided),
    "mod": _calculated(math.fmod),
}

# Functions


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how many values it takes (`most` empty: any number), and what it does."""

    least: int
    most: int | None
    build: Callable[..., Step]

    @property
    def takes(self) -> str:
        """How many values it takes, in words."""
        if self.least == self.most:
            return {0: "no values", 1: "1 value"}.get(self.least, f"{self.least} values")
        most = "any number of" if self.most is None else self.most
        return f"{self.least} to {most} values" if self.most else f"at least {self.least}"


def _eager(work: Callable[..., Value]) -> Callable[..., Step]:
    """A function of its values alone."""

    def build(*steps: Step) -> Step:
        if len(steps) == 1:
            only = steps[0]
            return lambda scope: _tried(work, only(scope))
        return lambda scope: _tried(work, *(step(scope) for step in steps))

    return build


def _tried(work: Callable[..., Value], *values: Value) -> Value:
    try:
        found = work(*values)
    except (ArithmeticError, ValueError):
        return NAN
    return found[:LONGEST_TEXT] if isinstance(found, str) else found


def _of(least: int, most: int | None, work: Callable[..., Value]) -> Function:
    return Function(least, most, _eager(work))


def _maths(work: Callable[..., float], count: int = 1) -> Function:
    return _of(count, count, lambda *values: work(*(number(one) for one in values)))


def _if(test: Step, yes: Step, no: Step) -> Step:
    return lambda scope: yes(scope) if boolean(test(scope)) else no(scope)


def _coalesce(*steps: Step) -> Step:
    def run(scope: Scope) -> Value:
        return next((value for step in steps if string(value := step(scope)) != ""), "")

    return run


def _once(step: Step) -> Step:
    def run(scope: Scope) -> Value:
        own = plain(scope.own)
        return own if string(own) else step(scope)

    return run


def _today(*_: Step) -> Step:
    return lambda scope: scope.today.isoformat()


def _selected(value: Value, code: Value) -> bool:
    return string(code).strip() in words(value)


def _selected_at(value: Value, place: Value) -> str:
    chosen, index = words(value), number(place)
    whole = int(index) if math.isfinite(index) else -1
    return chosen[whole] if 0 <= whole < len(chosen) else ""


def _matches(value: Value, expression: Value) -> bool:
    try:
        return pattern(string(expression)).matches(string(value))
    except ValueError:
        return False


def _bound(value: Value, otherwise: int) -> int:
    found = number(value)
    if math.isnan(found):
        return 0
    return int(found) if math.isfinite(found) else (otherwise if found > 0 else 0)


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    text = string(value)
    return text[_bound(start, len(text)) : _bound(end, len(text)) if end is not None else None]


def _substring(value: Value, start: Value, length: Value | None = None) -> str:
    text, first = string(value), _rounded(number(start))
    last = math.inf if length is None else first + _rounded(number(length))
    return "".join(sign for place, sign in enumerate(text, 1) if first <= place < last)


def _rounded(value: float, places: float = 0) -> float:
    """Halves go up, as XPath has it."""
    if not math.isfinite(value) or not math.isfinite(places):
        return value
    factor = 10.0 ** max(-15, min(15, int(places)))
    return math.floor(value * factor + 0.5) / factor


def _round(value: Value, places: Value = 0.0) -> float:
    return _rounded(number(value), number(places))


def _whole(value: float, cut: Callable[[float], int]) -> float:
    return float(cut(value)) if math.isfinite(value) else value


def _int(value: Value) -> float:
    return _whole(number(value), math.trunc)


def _numbers(values: Iterable[Value]) -> list[float]:
    """Every number among values and nodes; what is empty is left out."""
    return [number(one) for value in values for one in each(value) if string(one) != ""]


def _sum(*values: Value) -> float:
    every = _numbers(values)
    return math.fsum(every) if all(map(math.isfinite, every)) else NAN


def _min(*values: Value) -> float:
    return min(_numbers(values), default=NAN)


def _max(*values: Value) -> float:
    return max(_numbers(values), default=NAN)


def _count(value: Value) -> float:
    return float(len(value)) if isinstance(value, Nodes) else float(string(value) != "")


def _count_non_empty(*values: Value) -> float:
    return float(sum(1 for value in values for one in each(value) if string(one) != ""))


def _concat(*values: Value) -> str:
    return "".join(string(one) for value in values for one in each(value))


def _join(separator: Value, *values: Value) -> str:
    return string(separator).join(string(one) for value in values for one in each(value))


def _translate(value: Value, old: Value, new: Value) -> str:
    after = string(new)
    table: dict[int, str] = {}
    for place, sign in enumerate(string(old)):
        table.setdefault(ord(sign), after[place] if place < len(after) else "")
    return string(value).translate(table)


def _format_date(value: Value, layout: Value) -> str:
    day = date(value)
    if not day:
        return ""
    one = dt.date.fromisoformat(day)
    seconds = round((number(value) % 1) * 86_400)
    known = {
        "Y": f"{one.year:04d}", "y": f"{one.year % 100:02d}", "m": f"{one.month:02d}",
        "n": str(one.month), "b": _MONTHS[one.month - 1], "d": f"{one.day:02d}",
        "e": str(one.day), "a": _DAYS[one.weekday()], "H": f"{seconds // 3600:02d}",
        "h": str(seconds // 3600), "M": f"{seconds // 60 % 60:02d}", "S": f"{seconds % 60:02d}",
        "3": "000", "%": "%",
    }  # fmt: skip
    return re.sub(r"%(.)", lambda match: known.get(match[1], match[0]), string(layout))


def _truth(value: Value) -> bool:
    return string(value).strip().lower() in {"1", "true"}


def _indexed(values: Value, _repeat: Value, place: Value) -> Value:
    index = number(place)
    if not isinstance(values, Nodes) or not math.isfinite(index) or not 1 <= index <= len(values):
        return ""
    return plain(values[int(index) - 1])


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _before(text: str, sign: str) -> str:
    return text.partition(sign)[0] if sign and sign in text else ""


def _length(*steps: Step) -> Step:
    """Of the value given, or of the one at hand."""
    if steps:
        return lambda scope: float(len(string(steps[0](scope))))
    return lambda scope: float(len(string(plain(scope.own))))


FUNCTIONS: Final[Mapping[str, Function]] = {
    "if": Function(3, 3, _if),
    "coalesce": Function(2, None, _coalesce),
    "once": Function(1, 1, _once),
    "today": Function(0, 0, _today),
    "now": Function(0, 0, _today),
    "position": Function(0, 1, _today),
    "choice-name": Function(2, 2, _today),
    "indexed-repeat": _of(3, 3, _indexed),
    "selected": _of(2, 2, _selected),
    "selected-at": _of(2, 2, _selected_at),
    "count-selected": _of(1, 1, lambda value: float(len(words(value)))),
    "regex": _of(2, 2, _matches),
    "contains": _of(2, 2, lambda a, b: string(b) in string(a)),
    "starts-with": _of(2, 2, lambda a, b: string(a).startswith(string(b))),
    "ends-with": _of(2, 2, lambda a, b: string(a).endswith(string(b))),
    "substr": _of(2, 3, _substr),
    "substring": _of(2, 3, _substring),
    "substring-before": _of(2, 2, lambda a, b: _before(string(a), string(b))),
    "substring-after": _of(
        2, 2, lambda a, b: string(a).partition(string(b))[2] if b else string(a)
    ),
    "string-length": Function(0, 1, _length),
    "normalize-space": _of(1, 1, lambda value: " ".join(string(value).split())),
    "translate": _of(3, 3, _translate),
    "concat": _of(1, None, _concat),
    "join": _of(2, None, _join),
    "string": _of(1, 1, string),
    "not": _of(1, 1, lambda value: not boolean(value)),
    "boolean": _of(1, 1, boolean),
    "boolean-from-string": _of(1, 1, _truth),
    "true": Function(0, 0, lambda: lambda scope: True),
    "false": Function(0, 0, lambda: lambda scope: False),
    "number": _of(1, 1, number),
    "int": _of(1, 1, _int),
    "round": _of(1, 2, _round),
    "floor": _maths(lambda value: _whole(value, math.floor)),
    "ceiling": _maths(lambda value: _whole(value, math.ceil)),
    "abs": _maths(abs),
    "pow": _maths(_power, 2),
    "sqrt": _maths(math.sqrt),
    "exp": _maths(math.exp),
    "exp10": _maths(lambda value: _power(10.0, value)),
    "log": _maths(math.log),
    "log10": _maths(math.log10),
    "sin": _maths(math.sin),
    "cos": _maths(math.cos),
    "tan": _maths(math.tan),
    "asin": _maths(math.asin),
    "acos": _maths(math.acos),
    "atan": _maths(math.atan),
    "atan2": _maths(math.atan2, 2),
    "pi": Function(0, 0, lambda: lambda scope: math.pi),
    "sum": _of(1, None, _sum),
    "min": _of(1, None, _min),
    "max": _of(1, None, _max),
    "count": _of(1, 1, _count),
    "count-non-empty": _of(1, None, _count_non_empty),
    "date": _of(1, 1, date),
    "date-time": _of(1, 1, date),
    "decimal-date-time": _of(1, 1, number),
    "format-date": _of(2, 2, _format_date),
    "format-date-time": _of(2, 2, _format_date),
}
