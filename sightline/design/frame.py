"""The frame round every page: what `config` must say for `design/base.html` to draw it.

`config` gives one `Frame` to every template as the context variable `navigation`; `design` knows no
address and no word of the domain. A page rendered without it (a server error) still has a name.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple


class Crumb(NamedTuple):
    """One step of a breadcrumb trail: words and address. The page itself is not a step."""

    label: str
    url: str


@dataclass(frozen=True)
class Link:
    """A link in the frame. `current` marks the one whose section the page is in."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Frame:
    """What stands round a page for one person.

    `place` is where they are working (one area, or "National"), with the address that opens it or
    lets them change it. `alert` is the link every signed-in page has at its head, opened beside the
    page so that what is in hand stays; `waiting` says beside it what waits for this person, and
    `waiting_alarm` that its time has run out. `primary` holds at most six links. `account` holds
    what is theirs: people, audit, their password. `sign_out_url` is posted to, never followed.
    `notice` is one line about the whole service, shown above everything ("Everything here is
    invented").
    """

    service_name: str = "Sightline"
    service_line: str = "Improving services for children"
    home_url: str = "/"
    place: str = ""
    place_url: str = ""
    alert: Link | None = None
    waiting: Link | None = None
    waiting_alarm: bool = False
    primary: tuple[Link, ...] = ()
    account: tuple[Link, ...] = ()
    person: str = ""
    sign_in_url: str = ""
    sign_out_url: str = ""
    notice: str = ""
    footer: tuple[Link, ...] = ()

    MOST_PRIMARY: ClassVar[int] = 6

    def __post_init__(self) -> None:
        """Refuse more primary links than fit in a row and in a head."""
        if len(self.primary) > self.MOST_PRIMARY:
            raise ValueError(
                f"{len(self.primary)} primary links; at most {self.MOST_PRIMARY} fit. "
                "Move what is left over to the account menu."
            )
