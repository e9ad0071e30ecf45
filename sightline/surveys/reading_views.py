"""The safety queue: what waits to be read, one text at a time, and what was decided."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.surveys import comments, policies, redacting
from sightline.surveys import reading_presenters as presenters
from sightline.surveys.building_views import METHODS, kept, posted
from sightline.surveys.models import Comment, Survey
from sightline.surveys.permissions import READ, SEE
from sightline.surveys.reading_forms import DecideForm, FollowsForm
from sightline.surveys.reading_permissions import get_survey_to_read
from sightline.surveys.services import reading
from sightline.surveys.views import Crumbs, survey_crumbs

ON_A_PAGE: Final = 50
ONE: Final = 1


def queue_crumbs(survey: Survey) -> Crumbs:
    """The way to a text."""
    here = reverse("surveys:comments", args=[survey.area, survey.slug])
    return survey_crumbs(survey, ("What people wrote", here))


@address(needs=READ, scope="partnership", seen_by=SEE)
@never_cache
@require_safe
def queue(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What waits for a safety check, without a word of it."""
    survey = get_survey_to_read(request.user, area, slug)
    today = timezone.localdate()
    late = comments.late_since(survey, today)
    rows = comments.waiting(survey).defer("words", "about", "cleared")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "page": page,
        "rows": presenters.queue(
            survey, page.object_list, start=page.start_index(), late=late, today=today
        ),
        "late": rows.filter(received_on__lte=late).count(),
        "on_site": comments.on_site(survey),
        "crumbs": survey_crumbs(survey),
    }
    return render(request, "surveys/comments.html", context)


@address(needs=READ, scope="partnership", seen_by=SEE)
@never_cache
@require_safe
def done(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What was decided, question by question."""
    survey = get_survey_to_read(request.user, area, slug)
    rows = comments.decided(survey).defer("words", "about", "cleared")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": survey,
        "page": page,
        "rows": presenters.done(survey, page.object_list, start=page.start_index()),
        "crumbs": queue_crumbs(survey),
    }
    return render(request, "surveys/comments_read.html", context)


@address(needs=READ, scope="partnership", seen_by=SEE)
@sensitive_post_parameters()
@never_cache
@METHODS
def waiting(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """One text that waits, by its place in the queue; on POST, what is decided of it."""
    survey = get_survey_to_read(request.user, area, slug)
    return _one(request, survey, comments.waiting(survey), number, "surveys:comments")


@address(needs=READ, scope="partnership", seen_by=SEE)
@sensitive_post_parameters()
@never_cache
@METHODS
def again(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """One text that was decided, with everything decided of it; on POST, what is decided anew."""
    survey = get_survey_to_read(request.user, area, slug)
    return _one(request, survey, comments.decided(survey), number, "surveys:comments-read")


@sensitive_variables()
def _one(
    request: SignedInRequest, survey: Survey, rows: QuerySet[Comment], number: int, back: str
) -> HttpResponse:
    policies.check_has_words(survey)
    comment = _posted_comment(request, survey) or _at(rows, number)
    if comment is None:  # it was the last, or somebody else read it meanwhile
        return redirect(back, area=survey.area, slug=survey.slug)
    readings = comments.readings_of(comment)
    first = {"key": comment.pk, "follows": readings[-1].number if readings else 0}
    pieces = redacting.pieces(comment.words)
    concerned = request.POST.get("deed") == "concern"
    data = posted(request)
    form = DecideForm(None if concerned else data, pieces=pieces, initial=first)
    raised = FollowsForm(data if concerned else None, initial=first, auto_id="concern_%s")
    if kept(form, lambda: _decide(request, survey, form)):
        messages.success(request, "Kept. Here is the next one, if any is left.")
        return redirect(_next(survey, back))
    if kept(raised, lambda: _concern(request, survey, raised)):
        messages.success(request, "It is marked that a concern was raised. Now decide about it.")
        return redirect(request.path)
    reading.note_opened(actor=request.user, survey=survey)
    context = {
        "survey": survey,
        "comment": comment,
        "pieces": pieces,
        "question": presenters.question_texts(survey).get(comment.item, comment.item),
        "language": comment.about.get("language", ""),
        "age": presenters.age(comment.received_on, timezone.localdate()),
        "open": survey.state != Survey.State.CLOSED,
        "form": form,
        "raised": raised,
        "waits": comment.state == Comment.State.WAITING,
        "history": presenters.history(readings, request.user),
        "from": reverse("surveys:comments", args=[survey.area, survey.slug]),
        "back": reverse(back, args=[survey.area, survey.slug]),
        "crumbs": queue_crumbs(survey),
    }
    return render(request, "surveys/comment.html", context)


def _next(survey: Survey, back: str) -> str:
    if back == "surveys:comments" and comments.waiting(survey).exists():
        return reverse("surveys:comment", args=[survey.area, survey.slug, ONE])
    return reverse(back, args=[survey.area, survey.slug])


def _at(rows: QuerySet[Comment], number: int) -> Comment | None:
    """The row of a place; places begin at 1."""
    return next(iter(rows[number - 1 : number]), None) if 0 < number <= MOST else None


MOST: Final = 1_000_000
"""Places beyond this are nobody's, and databases refuse offsets that are far beyond."""


def _posted_comment(request: SignedInRequest, survey: Survey) -> Comment | None:
    """What a form is about: its key, since places move while somebody reads."""
    if request.method != "POST":
        return None
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise NotFound(reading.NO_SUCH) from None
    found = Comment.objects.filter(survey=survey, pk=key).first()
    if found is None:
        raise NotFound(reading.NO_SUCH)
    return found


@sensitive_variables()
def _decide(request: SignedInRequest, survey: Survey, form: DecideForm) -> None:
    given = form.cleaned_data
    decided = reading.Decided(
        comment=given["key"], follows=given["follows"], decision=given["decision"],
        taken=form.words(), reason=given["reason"],
    )  # fmt: skip
    reading.decide(actor=request.user, survey=survey, decided=decided)


def _concern(request: SignedInRequest, survey: Survey, form: FollowsForm) -> None:
    given = form.cleaned_data
    reading.note_concern(
        actor=request.user, survey=survey, comment=given["key"], follows=given["follows"]
    )
