"""Work done outside a request: started by a person or by the clock, watched, retried, cancelled.

Owns: what ran, who started it, how far it is. A job is never told anything that may not be read by
whoever looks after the service.
Must not know: what a job is about; contexts register theirs.
"""

from sightline.jobs.progress import Cancelled, Progress
from sightline.jobs.registry import every, job

__all__ = ["Cancelled", "Progress", "every", "job"]
