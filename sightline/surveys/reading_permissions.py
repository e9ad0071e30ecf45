"""The doors to what people wrote: for those who are named to read it, and for those who may not."""

from sightline.access.actors import Actor
from sightline.kernel.errors import NotPermitted
from sightline.surveys import queries
from sightline.surveys.models import Survey
from sightline.surveys.permissions import READ, get_survey_for, is_safety_reader, require_survey


def get_survey_to_read(actor: Actor, area: str, slug: str) -> Survey:
    """A survey whose free texts `actor` is named to read.

    Raises:
        NotFound: there is no such survey, or it is not theirs to see.
        NotPermitted: they may see it; who reads is said.
    """
    survey = get_survey_for(actor, area, slug, READ)
    require_reader(actor, survey)
    return survey


def require_reader(actor: Actor, survey: Survey) -> None:
    """Pass whoever is named to read the free texts of a survey, and still may.

    Raises:
        NotFound, NotPermitted: as `get_survey_to_read`.
    """
    require_survey(actor, survey, READ)
    if not is_safety_reader(actor, survey):
        names = [row.reader.name for row in queries.readers_of(survey)]
        said = ", ".join(names) if names else "nobody yet"
        raise NotPermitted(
            "What people write is read by those alone who are named and trained for this survey: "
            f"{said}.",
            permission=READ,
        )
