"""What every write of this context shares."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

from sightline.framework.definitions import Library, library
from sightline.inspections import models, queries
from sightline.inspections.assembly import Assembly
from sightline.inspections.checking import check_document
from sightline.kernel.errors import NotAllowed

T = TypeVar("T")


def bump() -> None:
    """Say that the data has changed, in the transaction that changes it."""
    token = secrets.token_hex(16)
    if not models.DataVersion.objects.filter(pk=1).update(token=token):
        models.DataVersion.objects.create(pk=1, token=token)


def write_or_refuse(write: Callable[[], T], reference: str) -> T:
    """Write, turning a rule the database alone could see broken into a refusal in words."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        raise NotAllowed(
            f"{reference} was changed by somebody else at the same moment, or the database refused "
            f"it ({error}). Nothing was kept. Read it again and try once more."
        ) from error


def check_again(reference: str, chosen: Library | None, name: str) -> None:
    """The whole must hold together after a correction has been kept or made."""
    for document in Assembly(reference).documents():
        check_document(
            document.model_dump(mode="json", by_alias=True),
            known=queries.known(),
            library=chosen or library(),
            name=name,
        )
