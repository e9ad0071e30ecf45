"""Files of a return, made up: rows as a partnership sends them, and ways of sending them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from sightline.access.models import User
from sightline.record_reading import return_uploads
from sightline.record_reading.models import Round
from sightline.record_reading.services.returning import give_totals
from sightline.uploads import services
from sightline.uploads.files import Incoming
from sightline.uploads.models import Upload
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import SnapshotFactory, facts

AREA = "fife"
TITLES = (
    "Reference", "Population", "Stratum", "Age band", "Care type", "Child protection register",
    "Disability recorded", "Locality", "Lead agency", "Agencies that hold records",
    "Date of the concern", "Sibling group", "Teams that worked with the child",
)  # fmt: skip
FACTS = (
    "reference", "population", "stratum", "age_band", "care_type", "register", "disability",
    "locality", "lead_agency", "agencies", "concern_on", "family", "teams",
)  # fmt: skip
"""By the titles, what the columns are called in the facts of a child."""


def row(number: int, **over: Any) -> list[Any]:
    """One child, by the titles of its columns; `over` names them by the names of the facts."""
    values = {
        "reference": f"SG-{number:04d}", "population": "audit", "stratum": "audit",
        "age_band": "5 to 10", "care_type": "at-home", "register": "no", "disability": "no",
        "locality": "", "lead_agency": "Social work", "agencies": "social-work; health",
        "concern_on": "", "family": "", "teams": "Locality team East",
    } | over  # fmt: skip
    return list(values.values())


def rows(count: int, **over: Any) -> list[list[Any]]:
    """Children 1 to `count`."""
    return [row(number, **over) for number in range(1, count + 1)]


def as_csv(lines: Sequence[Sequence[Any]], titles: Sequence[str] = TITLES) -> bytes:
    """A CSV file with these lines under its titles."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(titles)
    writer.writerows(lines)
    return text.getvalue().encode()


def as_xlsx(lines: Sequence[Sequence[Any]], titles: Sequence[str] = TITLES) -> Workbook:
    """A workbook with these lines under its titles."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Rows"
    for line in (titles, *lines):
        sheet.append(list(line))
    return book


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def send(actor: User, round: Round, content: bytes, name: str = "return.csv") -> Upload:
    """Send a file as the return of a round, and have it checked."""
    incoming = Incoming()
    incoming.write(content)
    incoming.finish()
    scope = return_uploads.scope_of(round)
    done = services.receive(
        actor=actor, kind=return_uploads.CODE, scope=scope, name=name, incoming=incoming,
        queue=False,
    )  # fmt: skip
    if done.repeated:
        return done.upload
    return services.check(actor=actor, key=done.upload.pk, tell=lambda read, total: None)


def taken(actor: User, round: Round, content: bytes, name: str = "return.csv") -> Upload:
    """Send a file, and import it."""
    upload = send(actor, round, content, name)
    return services.commit(actor=actor, key=upload.pk, good=upload.good).upload


def runner() -> User:
    """Somebody who runs audits of the area's own."""
    return assign(UserFactory(), "quality-lead", "partnership", AREA)


def total(actor: User, round: Round, number: int, why: str = "") -> Round:
    """Totals of a round whose template has one population and one stratum."""
    return give_totals(
        actor=actor, round=round, populations={"audit": number}, strata={"audit": number}, why=why
    )


def said(upload: Upload) -> list[str]:
    """What the check of an upload says is wrong, once each."""
    return [group["what"] for group in upload.result.get("groups", ())]


def taken_by_hand(round: Round, count: int) -> None:
    """Keep a version of the return without a file."""
    SnapshotFactory(
        round=round, number=1, held=count, rows=[facts(n) for n in range(1, count + 1)],
        strata={"audit": count},
    )  # fmt: skip
