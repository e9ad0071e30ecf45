"""What a kind of reader may see: thresholds and rules, as a definition gives them."""

from dataclasses import dataclass, replace
from enum import StrEnum

_LEAST = 2


class Zeros(StrEnum):
    """What happens to a true zero."""

    SHOW = "show"
    HIDE = "hide"


@dataclass(frozen=True)
class Profile:
    """One kind of reader.

    Attributes:
        code, version: which definition.
        hides: whether anything is hidden at all; without it small counts are at most flagged.
        threshold: the smallest number of people that is shown. With `hides` false, below it a
            count is flagged; 0 flags nothing.
        narrow_threshold: the same for sensitive tables and for areas below council.
        family_threshold: the smallest number of families behind a count that is shown; 0: none.
        zeros: whether true zeros are shown.
        secondary: whether further cells are hidden to protect the first.
        rounding: counts are rounded to the nearest such number; 1: not at all.
        minimum_base: the smallest base that has a percentage.
        notice: how the reader must handle the figures, in words.
    """

    code: str
    version: int
    title: str
    hides: bool
    threshold: int
    narrow_threshold: int
    family_threshold: int
    zeros: Zeros
    secondary: bool
    rounding: int
    minimum_base: int
    notice: str = ""

    def __post_init__(self) -> None:
        if self.hides and self.threshold < _LEAST:
            raise ValueError(f"{self.code}: a threshold under 2 hides nothing; give 2 or more.")
        if self.narrow_threshold < self.threshold:
            raise ValueError(
                f"{self.code}: the threshold for sensitive tables is {self.narrow_threshold}, "
                f"less strict than the usual {self.threshold}."
            )
        if self.hides and not self.secondary:
            raise ValueError(f"{self.code}: hiding one count of a total shows it; set `secondary`.")
        for name in ("threshold", "family_threshold"):
            if getattr(self, name) < 0:
                raise ValueError(f"{self.code}: {name} is below zero.")
        if self.rounding < 1 or self.minimum_base < 1:
            raise ValueError(f"{self.code}: rounding and minimum_base are 1 or more.")

    @property
    def key(self) -> str:
        """`code@version`."""
        return f"{self.code}@{self.version}"

    def limit(self, *, narrow: bool) -> int:
        """The threshold for a table."""
        return self.narrow_threshold if narrow else self.threshold

    def small_group(self, *, narrow: bool) -> int:
        """Below this many, saying that all or none of a group do something tells of each of them.

        Twice the threshold: in a smaller group every number would be hidden for one reason or
        another, so hiding one tells nothing; in a group as large the numbers 0 and all are shown.
        """
        return max(self.minimum_base, 2 * self.limit(narrow=narrow))

    def stricter(self, threshold: int) -> "Profile":
        """The same with at least this threshold; a lower one changes nothing."""
        return replace(
            self,
            threshold=max(self.threshold, threshold),
            narrow_threshold=max(self.narrow_threshold, threshold),
        )
