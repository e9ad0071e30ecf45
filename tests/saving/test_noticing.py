"""What is said of a saved text that may identify somebody: the kind, the lines, never the thing."""

import pytest

from sightline.saving.noticing import notices

PHONE = "Rang 07700 900123."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nothing here.", ()),
        (PHONE, ("Line 1 may hold a phone number.",)),
        (f"{PHONE} {PHONE}", ("Line 1 may hold a phone number.",)),
        (f"{PHONE}\n\n{PHONE}", ("Lines 1 and 3 may hold a phone number.",)),
        (f"{PHONE}\n" * 3, ("Lines 1, 2 and 3 may hold a phone number.",)),
        (f"{PHONE}\n" * 5, ("Lines 1, 2, 3 and 2 more may hold a phone number.",)),
    ],
)
def test_the_lines_are_named(text: str, said: tuple[str, ...]) -> None:
    end = " Take it out if it could identify a child."
    assert notices(text) == tuple(one + end for one in said)
