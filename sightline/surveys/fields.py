"""Sealed fields whose sealed bytes are of a few lengths only, so that a length tells nothing."""

from typing import Any, Final

from sightline.secrets.fields import SealedJSON, SealedText

FILLING: Final = "\0"
"""Stands at the end of no text: what people write has no control characters."""

SIZES: Final = (1_024, 8_192, 32_768)
"""Bytes that a text is filled up to; beyond the last, multiples of it."""


def filled(text: str) -> str:
    """The text with filling up to the next size."""
    needed = len(text.encode())
    size = next((size for size in SIZES if needed <= size), -(-needed // SIZES[-1]) * SIZES[-1])
    return text + FILLING * (size - needed)


class FilledText(SealedText):
    """Text, filled up before it is sealed."""

    description = "Sealed text of a few lengths"

    def to_text(self, value: Any) -> str:
        """The text with its filling; what is filled already stays."""
        return filled(super().to_text(value).rstrip(FILLING))

    def from_text(self, text: str) -> Any:
        """The text alone."""
        return text.rstrip(FILLING)


class FilledJSON(SealedJSON):
    """A value that JSON can hold, filled up before it is sealed."""

    description = "Sealed JSON of a few lengths"

    def to_text(self, value: Any) -> str:
        """The value as JSON with its filling."""
        return filled(super().to_text(value))

    def from_text(self, text: str) -> Any:
        """The value that was written."""
        return super().from_text(text.rstrip(FILLING))
