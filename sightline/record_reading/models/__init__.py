"""Reading of children's records, as the database keeps it.

A round of reading has a return (whose rows are a snapshot), a sample drawn from one snapshot,
readers, readings of the sampled records, and what was settled where two readers differed. What is
about a child is sealed; a record is known by its reading number. Only the services of this context
write here.
"""

from sightline.record_reading.models.audits import AuditAction, RollingAudit
from sightline.record_reading.models.moderation import DipCheck, Settlement
from sightline.record_reading.models.readers import Conflict, Reader
from sightline.record_reading.models.readings import Reading, SectionEntry
from sightline.record_reading.models.rounds import Round
from sightline.record_reading.models.samples import Sample, SampledRecord, Snapshot

__all__ = [
    "AuditAction", "Conflict", "DipCheck", "Reader", "Reading", "RollingAudit", "Round", "Sample",
    "SampledRecord", "SectionEntry", "Settlement", "Snapshot",
]  # fmt: skip
