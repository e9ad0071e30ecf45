"""The doors to what a sample keeps of children: the record of a draw, and which record is whose."""

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import NotFound
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Round, Sample, SampledRecord
from sightline.record_reading.permissions import Deed, get_round_for


def get_sample_for(actor: Actor, area: str, slug: str, number: int) -> Sample:
    """A draw with its references, for whoever runs the round. Opening it is recorded.

    Raises:
        NotFound: there is none. NotFound, NotPermitted: as `get_round_for`.
    """
    round = get_round_for(actor, area, slug, Deed.RUN)
    found = Sample.objects.filter(round=round, number=number).select_related("snapshot").first()
    if found is None:
        raise NotFound("No sample of this number was drawn in this record reading.")
    found.round = round
    audit.record_read(actor, f"record-sample:{round.area}/{round.slug}/{number}")
    return found


def get_record_for(actor: Actor, area: str, slug: str, number: int) -> SampledRecord:
    """A record of the sample in use by its reading number, for whoever runs the round.

    Raises:
        NotFound: there is none. NotFound, NotPermitted: as `get_round_for`.
    """
    round = get_round_for(actor, area, slug, Deed.RUN)
    found = (
        SampledRecord.objects.filter(
            sample__round=round, sample__set_aside_at__isnull=True, number=number
        )
        .select_related("sample", "sample__round")
        .defer("sample__record")
        .first()
    )
    if found is None:
        raise NotFound("There is no such record in the sample.")
    return found


def get_list_for(actor: Actor, area: str, slug: str) -> tuple[Round, list[SampledRecord]]:
    """The records to bring with the sender's own references. Opening it is recorded.

    Records in reserve are left out: nobody needs to bring them yet.

    Raises:
        NotFound: no sample was drawn. NotFound, NotPermitted: as `get_round_for`.
    """
    round = get_round_for(actor, area, slug, Deed.RETURN)
    sample = queries.sample_of(round)
    if sample is None:
        raise NotFound("No sample was drawn yet, so there are no records to bring.")
    audit.record_read(actor, f"record-sample:{round.area}/{round.slug}/{sample.number}")
    reserve = SampledRecord.State.RESERVE
    return round, [one for one in queries.records(round) if one.state != reserve]
