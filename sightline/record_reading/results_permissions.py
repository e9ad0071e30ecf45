"""Who sees exact figures of a round, and who those that may leave the team that read it."""

from sightline.access.actors import Actor, CommandLine
from sightline.access.permissions import Scope, holds, scopes_held
from sightline.record_reading.models import Round
from sightline.record_reading.results_names import EXACT, PROTECTED, profile_of
from sightline.releases.definitions import profile


def kind_for(actor: Actor, round: Round) -> str:
    """The fullest figures somebody may see of a round that they may see results of.

    Those who may be named to read hold the readings themselves, or could: they see exact figures.
    Of a partnership's own audits, those who run them do.
    """
    needs = profile(profile_of(round, EXACT)).needs
    if round.inspection:
        return (
            EXACT if holds(actor, needs, scope=Scope("inspection", round.inspection)) else PROTECTED
        )
    here = Scope("partnership", round.area)
    if isinstance(actor, CommandLine) or here in scopes_held(actor, needs):
        return EXACT
    return PROTECTED
