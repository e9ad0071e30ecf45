"""What every service of record reading begins with."""

from sightline.access.actors import Actor
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, may, require_round


def target(round: Round) -> str:
    """How the audit trail names a round."""
    return f"record-round:{round.area}/{round.slug}"


def held(actor: Actor, round: Round, *deeds: Deed) -> Round:
    """The round as it is now, locked until the transaction ends, if it is theirs.

    One of the deeds is enough; a refusal names the first.

    Raises:
        NotFound: nothing in it is theirs. NotPermitted: something else in it is.
    """
    fresh = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if not any(may(actor, fresh, deed) for deed in deeds):
        require_round(actor, fresh, deeds[0])
    return fresh
