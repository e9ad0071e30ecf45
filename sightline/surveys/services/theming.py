"""Themes of cleared comments: proposed by words, then named, merged, moved or dropped by people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.jobs import services as jobs
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.surveys import comments
from sightline.surveys.models import Comment, Survey, Theme
from sightline.surveys.permissions import RUN, require_survey
from sightline.surveys.services.building import target
from sightline.surveys.theming import propose as proposed_of

PROPOSE: Final = "surveys.propose-themes"
NO_SUCH: Final = "There is no such theme, or it is not yours to see."
NOT_YET: Final = (
    "Themes are made of comments that may be shown: once the survey has closed, enough people "
    "answered, and the safety readers have cleared them."
)
ENGLISH: Final = "en"


def start_proposing(*, actor: Actor, survey: Survey) -> Job:
    """Have themes proposed for every question outside this request.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: what people wrote is not shown yet.
    """
    require_survey(actor, survey, RUN)
    _check(survey)
    return jobs.start(actor=actor, code=PROPOSE, about=target(survey), survey=str(survey.pk))


@sensitive_variables()
def propose(*, actor: Actor, survey: Survey) -> int:
    """Propose themes for every question of a closed survey; gives how many.

    Themes that nobody has named are proposed anew; those with a name stay, with their comments.
    Words of English alone are weighed: comments in other languages are left to people.

    Raises:
        NotFound, NotPermitted, NotAllowed: as `start_proposing`.
    """
    require_survey(actor, survey, RUN)
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        _check(survey)
        made = 0
        comments.themes_of(survey).filter(name="").delete()
        for item in comments.items_said(survey):
            made += _propose(actor, survey, item)
        survey.results = {**survey.results, "themes": True}
        survey.save(update_fields=["results"])
        audit.record(actor, "survey.themes-proposed", target(survey), after={"themes": made})
    return made


@sensitive_variables()
def _propose(actor: Actor, survey: Survey, item: str) -> int:
    free = [one for one in comments.said(survey, item=item) if not one.themes]
    english = _in_english(survey, item)
    free = [one for one in free if one.key in english]
    found = proposed_of([one.words for one in free], smallest=survey.base)
    now = timezone.now()
    for theme in found:
        made = Theme.objects.create(
            survey=survey, item=item, words=list(theme.words), proposed_at=now,
            proposed_by=actor.audit_name,
        )  # fmt: skip
        made.comments.set(Comment.objects.filter(pk__in=[free[at].key for at in theme.members]))
    return len(found)


def _in_english(survey: Survey, item: str) -> frozenset[UUID]:
    rows = Comment.objects.filter(survey=survey, item=item, state__in=comments.SHOWN)
    rows = rows.only("pk", "about")
    return frozenset(row.pk for row in rows if row.about.get("language", ENGLISH) == ENGLISH)


def name_theme(*, actor: Actor, survey: Survey, theme: UUID, name: str) -> Theme:
    """Give a theme a name, which shows it to everybody who sees the survey.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or there is no such theme.
        NotAllowed: what people wrote is not shown.
        BadInput: no name, or another theme of the question has it.
    """
    with _changing(actor, survey):
        found = _theme(survey, theme)
        name = " ".join(name.split())
        if not name:
            raise BadInput("Enter what the theme is called.")
        same = comments.themes_of(survey, item=found.item).filter(name__iexact=name)
        if same.exclude(pk=found.pk).exists():
            raise BadInput("Another theme of this question has that name. Merge them instead.")
        before, found.name = found.name, name
        found.named_at, found.named_by = timezone.now(), actor.audit_name
        found.save(update_fields=["name", "named_at", "named_by"])
        audit.record(
            actor, "survey.theme-named", target(survey), before=before or None,
            after={"name": name},
        )  # fmt: skip
    return found


def merge_themes(*, actor: Actor, survey: Survey, theme: UUID, into: UUID) -> Theme:
    """Put the comments of one theme into another of the same question, and drop it.

    Raises:
        NotFound, NotPermitted, NotAllowed: as `name_theme`.
        BadInput: it is the same theme, or one of another question.
    """
    with _changing(actor, survey):
        found, other = _theme(survey, theme), _theme(survey, into)
        if found.pk == other.pk or found.item != other.item:
            raise BadInput("Choose another theme of the same question.")
        other.comments.add(*found.comments.all())
        other.words = list(dict.fromkeys([*other.words, *found.words]))
        other.save(update_fields=["words"])
        found.delete()
        audit.record(actor, "survey.themes-merged", target(survey))
    return other


def drop_theme(*, actor: Actor, survey: Survey, theme: UUID) -> None:
    """Delete a theme; its comments stay, with none.

    Raises:
        NotFound, NotPermitted, NotAllowed: as `name_theme`.
    """
    with _changing(actor, survey):
        _theme(survey, theme).delete()
        audit.record(actor, "survey.theme-dropped", target(survey))


def move_comment(*, actor: Actor, survey: Survey, comment: UUID, into: UUID | None) -> None:
    """Put a comment into one theme of its question, or into none.

    Raises:
        NotFound, NotPermitted, NotAllowed: as `name_theme`; there is no such cleared comment.
        BadInput: the theme is one of another question.
    """
    with _changing(actor, survey):
        rows = Comment.objects.filter(survey=survey, state__in=comments.SHOWN)
        found = rows.filter(pk=comment).first()
        if found is None:
            raise NotFound("There is no such comment, or it is not yours to see.")
        other = _theme(survey, into) if into else None
        if other and other.item != found.item:
            raise BadInput("Choose a theme of the same question.")
        found.themes.set([other] if other else [])
        audit.record(actor, "survey.comment-moved", target(survey))


@contextmanager
def _changing(actor: Actor, survey: Survey) -> Iterator[None]:
    """A transaction of somebody who runs a survey whose words are shown."""
    require_survey(actor, survey, RUN)
    _check(survey)
    with transaction.atomic():
        yield


def _theme(survey: Survey, key: UUID) -> Theme:
    found = Theme.objects.select_for_update().filter(survey=survey, pk=key).first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _check(survey: Survey) -> None:
    if not comments.words_are_shown(survey):
        raise NotAllowed(NOT_YET)
