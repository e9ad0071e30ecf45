"""Regular expressions that cannot run away: every state at once, never a step back.

Python's own matcher tries one way after another, so that a pattern from a stranger's form can take
hours over forty letters. Here a pattern becomes a small machine whose states are all followed at
the same time: work grows with the length of the text times that of the pattern. What such a machine
cannot do (looking ahead or behind, back references) is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_PATTERN: Final = 500
MOST_STATES: Final = 2_000
MOST_WORK: Final = 2_000_000
_SPLIT, _SIGN, _START, _END, _DONE = range(5)
Test = Callable[[str], bool]


@dataclass(slots=True)
class _State:
    """One state: what it waits for, and where it leads."""

    kind: int
    test: Test | None = None
    to: tuple[int, ...] = ()


class Pattern:
    """A pattern ready to match whole texts; `ValueError` says why one cannot be used."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_PATTERN:
            raise ValueError(f"it has {len(text)} characters; {LONGEST_PATTERN} is the most.")
        self._states: list[_State] = []
        tree = _Reader(text).whole()
        try:
            first = self._build(tree, self._add(_State(_DONE)))
        except RecursionError:
            raise ValueError("it is nested too deeply.") from None
        self._first = first
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole text is one the pattern describes; false where the work is too much."""
        current = self._reached((self._first,), at_start=True, at_end=not text)
        work = 0
        for place, sign in enumerate(text):
            last = place == len(text) - 1
            key = (current, sign)
            following = self._known.get(key) if not last else None
            if following is None:
                work += len(current) + 1
                if work > MOST_WORK // 10:
                    return False
                moved = [self._states[one].to[0] for one in current if self._takes(one, sign)]
                following = self._reached(moved, at_start=False, at_end=last)
                work += len(following)
                if not last and len(self._known) < 2_000:  # noqa: PLR2004
                    self._known[key] = following
            current = following
            if not current:
                return False
        return any(self._states[one].kind == _DONE for one in current)

    def _takes(self, index: int, sign: str) -> bool:
        test = self._states[index].test
        return test is not None and test(sign)

    def _reached(
        self, start: tuple[int, ...] | list[int], *, at_start: bool, at_end: bool
    ) -> frozenset[int]:
        seen: set[int] = set()
        waiting = list(start)
        while waiting:
            index = waiting.pop()
            if index in seen:
                continue
            seen.add(index)
            state = self._states[index]
            if (
                state.kind == _SPLIT
                or (state.kind == _START and at_start)
                or (state.kind == _END and at_end)
            ):
                waiting.extend(state.to)
        return frozenset(one for one in seen if self._states[one].kind in (_SIGN, _DONE))

    def _add(self, state: _State) -> int:
        if len(self._states) >= MOST_STATES:
            raise ValueError("it repeats too much; write smaller numbers in { }.")
        self._states.append(state)
        return len(self._states) - 1

    def _build(self, node: "_Node", after: int) -> int:
        """States of a node that lead on to `after`, from the last to the first."""
        if node.kind == "sign":
            return self._add(_State(_SIGN, node.test, (after,)))
        if node.kind in {"start", "end"}:
            return self._add(_State(_START if node.kind == "start" else _END, None, (after,)))
        if node.kind == "either":
            return self._add(
                _State(_SPLIT, None, tuple(self._build(one, after) for one in node.parts))
            )
        if node.kind == "all":
            for one in reversed(node.parts):
                after = self._build(one, after)
            return after
        return self._repeated(node, after)

    def _repeated(self, node: "_Node", after: int) -> int:
        inner = node.parts[0]
        if node.most is None:
            loop = self._add(_State(_SPLIT))
            self._states[loop].to = (self._build(inner, loop), after)
            after = loop
        else:
            done = after
            for _ in range(node.most - node.least):
                after = self._add(_State(_SPLIT, None, (self._build(inner, after), done)))
        for _ in range(node.least):
            after = self._build(inner, after)
        return after


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a pattern as it is written."""

    kind: str
    parts: tuple["_Node", ...] = ()
    test: Test | None = None
    least: int = 0
    most: int | None = None


def _word(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign == "_")


def _digit(sign: str) -> bool:
    return "0" <= sign <= "9"


def _space(sign: str) -> bool:
    return sign in " \t\n\r\f\v"


_CLASSES: Final[dict[str, Test]] = {
    "d": _digit, "w": _word, "s": _space,
    "D": lambda sign: not _digit(sign), "W": lambda sign: not _word(sign),
    "S": lambda sign: not _space(sign),
}  # fmt: skip
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def whole(self) -> _Node:
        """All of it."""
        node = self.either()
        if self.at < len(self.text):
            raise ValueError(f"the bracket at character {self.at + 1} closes nothing.")
        return node

    def peek(self) -> str:
        """The next sign; empty at the end."""
        return self.text[self.at : self.at + 1]

    def next(self) -> str:
        """The next sign, gone past."""
        sign = self.peek()
        if not sign:
            raise ValueError("it ends too early.")
        self.at += 1
        return sign

    def either(self) -> _Node:
        """Parts between bars."""
        self.depth += 1
        if self.depth > 30:  # noqa: PLR2004
            raise ValueError("it is nested too deeply.")
        parts = [self.series()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.series())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else _Node("either", tuple(parts))

    def series(self) -> _Node:
        """Parts one after another."""
        parts: list[_Node] = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.repeated(self.part()))
        return _Node("all", tuple(parts))

    def part(self) -> _Node:
        """One sign, class, group or edge."""
        sign = self.next()
        if sign == "(":
            return self.group()
        if sign == "[":
            return _Node("sign", test=self.set_of_signs())
        if sign == ".":
            return _Node("sign", test=lambda one: one != "\n")
        if sign == "^":
            return _Node("start")
        if sign == "$":
            return _Node("end")
        if sign == "\\":
            return _Node("sign", test=self.escaped())
        if sign in "*+?":
            raise ValueError(f"the {sign} at character {self.at} repeats nothing.")
        return _Node("sign", test=_is(sign))

    def group(self) -> _Node:
        """What stands in round brackets."""
        if self.peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise ValueError("looking ahead or behind, and names of groups, cannot be used.")
            self.at += 2
        node = self.either()
        if self.peek() != ")":
            raise ValueError("a bracket is not closed.")
        self.at += 1
        return node

    def escaped(self) -> Test:
        """What stands after a backslash."""
        sign = self.next()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _ESCAPES:
            return _is(_ESCAPES[sign])
        if sign.isalnum():
            raise ValueError(f"\\{sign} cannot be used.")
        return _is(sign)

    def set_of_signs(self) -> Test:
        """What stands in square brackets."""
        turned = self.peek() == "^"
        self.at += turned
        tests: list[Test] = []
        first = True
        while first or self.peek() != "]":
            first = False
            tests.append(self.range_of_signs())
        self.at += 1
        return lambda sign: any(test(sign) for test in tests) != turned

    def range_of_signs(self) -> Test:
        """One sign, one class, or from one sign to another."""
        low = self.next()
        if low == "\\":
            if self.peek() in _CLASSES:
                return _CLASSES[self.next()]
            low = self.next()
            low = _ESCAPES.get(low, low)
        following = self.text[self.at : self.at + 2]
        if len(following) < 2 or following[0] != "-" or following[1] == "]":  # noqa: PLR2004
            return _is(low)
        self.at += 1
        high = self.next()
        if high == "\\":
            if self.peek() in _CLASSES:
                raise ValueError("a range ends in a class.")
            high = self.next()
        if high < low:
            raise ValueError(f"the range {low}-{high} runs backwards.")
        return lambda sign: low <= sign <= high

    def repeated(self, node: _Node) -> _Node:
        """A part with the signs after it that say how often."""
        while self.peek() and self.peek() in "*+?{":
            sign = self.next()
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self.times()
            if self.peek() == "?":
                self.at += 1
            if node.kind in {"start", "end"}:
                raise ValueError(f"the {sign} at character {self.at} repeats nothing.")
            node = _Node("repeat", (node,), least=least, most=most)
        return node

    def times(self) -> tuple[int, int | None]:
        """What stands in curly brackets."""
        end = self.text.find("}", self.at)
        inside = self.text[self.at : end] if end >= 0 else ""
        least, comma, most = inside.partition(",")
        if not least.isdecimal() or (most and not most.isdecimal()) or len(inside) > 9:  # noqa: PLR2004
            raise ValueError("{ } holds how often, such as {2} or {2,4}.")
        self.at = end + 1
        upper = int(most) if most else (None if comma else int(least))
        if upper is not None and upper < int(least):
            raise ValueError(f"{{{inside}}} runs backwards.")
        return int(least), upper


def _is(wanted: str) -> Test:
    return lambda sign: sign == wanted


def signs(text: str) -> Iterator[str]:
    """Each sign of a text."""
    yield from text
