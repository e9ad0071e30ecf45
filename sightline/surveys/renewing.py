"""Bringing what is kept of codes and words under the current keys, when keys change.

Sealed fields are renewed by themselves. Here are the digests by which codes, addresses and words
are found, and the seal around the key of a part. Digests of tokens need no key.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from sightline.secrets import registry
from sightline.secrets.keys import DATA, current
from sightline.surveys import stores
from sightline.surveys.models import Invitation, Part, Spent, Survey

AT_A_TIME: Final = 500


def _prefix() -> str:
    return f"{current(DATA).id}:"


def sealed_words() -> Iterator[registry.SealedValue]:
    """The seal around each part's key that three words open."""
    there = Part.objects.filter(words_key__isnull=False).values_list("pk", "words_key")
    for key, wrapped in there.iterator(chunk_size=AT_A_TIME):
        sealed = bytes(wrapped or b"")
        exchange = partial(_exchange, key, sealed)
        yield registry.SealedValue(sealed, stores.words_about(key), exchange)


def _exchange(key: UUID, before: bytes, after: bytes) -> bool:
    return bool(Part.objects.filter(pk=key, words_key=before).update(words_key=after))


@sensitive_variables()
def renew_indexes() -> int:
    """Digests of invitations' codes and addresses, and of words; gives how many changed."""
    changed = 0
    old = Invitation.objects.exclude(code_index__startswith=_prefix()).order_by("pk")
    for row in old.iterator(chunk_size=AT_A_TIME):
        row.code_index = stores.code_index(row.code)
        row.address_index = stores.address_index(row.address) if row.address_index else ""
        row.save(update_fields=["code_index", "address_index"])
        changed += 1
    parts = Part.objects.exclude(words_index="").exclude(words_index__startswith=_prefix())
    for part in parts.order_by("pk").iterator(chunk_size=AT_A_TIME):
        index = stores.words_index_of(bytes(part.words_key or b""), part.pk)
        same = Part.objects.filter(pk=part.pk, words_index=part.words_index)
        changed += same.update(words_index=index)
    return changed


def renew_spent() -> int:
    """Digests of used codes, survey by survey; gives how many changed."""
    kept = Spent.objects.filter(digest__contains=":").exclude(digest__startswith=_prefix())
    return sum(map(_renew_spent_of, list(kept.values_list("survey", flat=True).distinct())))


@sensitive_variables()
def _renew_spent_of(key: UUID) -> int:
    """One survey's, written anew in the order of their digests: which code is whose stays unsaid.

    A used code whose invitation is gone keeps its digest; nobody can enter with it in any case.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=key)
        before = set(Spent.objects.filter(survey=survey).values_list("digest", flat=True))
        after = set(before)
        for row in Invitation.objects.filter(survey=survey).iterator(chunk_size=AT_A_TIME):
            new, *older = stores.spent_codes(row.code)
            if used := before.intersection(older):
                after = (after - used) | {new}
        Spent.objects.filter(survey=survey).delete()
        rows = [Spent(digest=digest, survey=survey) for digest in sorted(after)]
        Spent.objects.bulk_create(rows, batch_size=AT_A_TIME)
    return len(before - after)
