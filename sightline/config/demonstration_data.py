"""The demonstration's data: an invented partnership's extracts, loaded and published as its own.

One issue of them, of ten years up to the last 31 July, and so one build. Everything goes the way a
council's files go: sent, checked, imported, its days said, built, published.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.scopes import Scope
from sightline.children import services as children
from sightline.children.queries import current_build
from sightline.config.demonstration import PARTNERSHIP
from sightline.kernel.errors import NotAllowed
from sightline.uploads import services as uploads
from sightline.uploads.checking import quietly
from sightline.uploads.files import Incoming

CHILDREN: Final = 3_000
YEARS: Final = 10
SEED: Final = 7
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class DataLoaded:
    """What was loaded: the number of the build that is shown, and rows by dataset."""

    build: int
    rows: dict[str, int]


def load_demonstration_data(actor: Actor, *, number: int = CHILDREN) -> DataLoaded:
    """Generate, load and publish; changes nothing where a build is published already.

    Raises:
        NotAllowed: this installation is not a demonstration.
    """
    if not settings.SIGHTLINE_DEMONSTRATION:
        raise NotAllowed("This installation is not a demonstration, so it has no invented data.")
    shown = current_build(PARTNERSHIP)
    if shown is not None:
        return DataLoaded(shown.number, {})
    from sightline.outcomes.generating.areas import last_year_end, setting
    from sightline.outcomes.generating.making_files import generate

    until = last_year_end(timezone.localdate())
    lives = setting(PARTNERSHIP, children=number, years=YEARS, seed=SEED, until=until)
    with tempfile.TemporaryDirectory(prefix="sightline-demo-") as folder:
        made = generate(Path(folder) / "extracts", lives, known=False)
        rows = {one.dataset: _send(actor, one.dataset, one.file) for one in made.files}
    for dataset in rows:
        children.say_covers(
            actor=actor, area=PARTNERSHIP, dataset=dataset, vintage=1,
            first=lives.first, last=lives.until,
        )  # fmt: skip
    return DataLoaded(_build(actor), rows)


def _send(actor: Actor, dataset: str, path: Path) -> int:
    incoming = Incoming()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                incoming.write(chunk)
        incoming.finish()
        sent = uploads.receive(
            actor=actor, kind=dataset, scope=Scope("partnership", PARTNERSHIP),
            name=path.name, incoming=incoming, queue=False,
        ).upload  # fmt: skip
    finally:
        incoming.discard()
    sent = uploads.check(actor=actor, key=sent.pk, tell=quietly)
    done = uploads.commit(actor=actor, key=sent.pk, good=sent.good).upload
    return int(done.good)


def _build(actor: Actor) -> int:
    begun = children.start_build(actor=actor, area=PARTNERSHIP).build
    # Where jobs wait for a worker this makes it at once; where they do not, it is made already.
    made = children.make_build(actor=actor, area=PARTNERSHIP, number=begun.number)
    return int(children.publish_build(actor=actor, area=PARTNERSHIP, number=made.number).number)
