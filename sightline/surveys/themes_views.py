"""What people wrote, once it may be shown: by question and theme, and how themes are made."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.surveys import comments
from sightline.surveys import reading_presenters as presenters
from sightline.surveys.building_views import METHODS, kept, posted
from sightline.surveys.comments import Said
from sightline.surveys.forms import NothingForm
from sightline.surveys.models import CommentReading, Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for, may
from sightline.surveys.reading_forms import NameThemeForm, QuoteForm, ThemeChoiceForm, theme_label
from sightline.surveys.services import reading, theming
from sightline.surveys.views import Crumbs, survey_crumbs

ON_A_PAGE: Final = 50
NONE: Final = "none"


def _crumbs(survey: Survey, item: str = "") -> Crumbs:
    words = reverse("surveys:own-words", args=[survey.area, survey.slug])
    found = [("In their own words", words)]
    if item:
        here = reverse("surveys:own-words-question", args=[survey.area, survey.slug, item])
        found.append((_text(survey, item), here))
    return survey_crumbs(survey, *found)


def _text(survey: Survey, item: str) -> str:
    return presenters.question_texts(survey).get(item, item)


@address(needs=SEE, scope="partnership")
@never_cache
@require_safe
def own_words(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The questions that people answered in their own words, with their themes."""
    survey = get_survey_for(request.user, area, slug)
    themes, sizes = list(comments.themes_of(survey, named=True)), comments.theme_sizes(survey)
    rows = []
    for question in presenters.questions(survey, comments.items_said(survey)):
        named = [theme for theme in themes if theme.item == question.code]
        rows.append((question, presenters.theme_rows(named, sizes)))
    context = {
        "survey": survey,
        "shown": comments.words_are_shown(survey),
        "closed": survey.state == Survey.State.CLOSED,
        "counted": bool(survey.results.get("counted")),
        "waiting": comments.waiting_count(survey),
        "rows": rows,
        "may_run": may(request.user, survey, RUN),
        "crumbs": survey_crumbs(survey),
    }
    return render(request, "surveys/own_words.html", context)


@address(needs=SEE, scope="partnership")
@never_cache
@require_safe
def question_words(request: SignedInRequest, area: str, slug: str, question: str) -> HttpResponse:
    """The cleared comments on one question; with `?theme=`, those of one named theme."""
    survey = get_survey_for(request.user, area, slug)
    found = _said(survey, question)
    named = list(comments.themes_of(survey, item=question, named=True))
    chosen = request.GET.get("theme", "")
    by_key = {str(theme.pk): theme for theme in named}
    if chosen and chosen != NONE and chosen not in by_key:
        raise NotFound("There is no such theme.")
    keys = {theme.pk for theme in named}
    shown = [one for one in found if _is_of(one, chosen, keys)]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    labels = {theme.pk: theme.name for theme in named}
    context = {
        "survey": survey,
        "item": question,
        "text": _text(survey, question),
        "counted": presenters.counted(len(shown)),
        "themes": presenters.theme_rows(named, comments.theme_sizes(survey)),
        "chosen": chosen,
        "chosen_label": by_key[chosen].name if chosen in by_key else "",
        "page": page,
        "rows": [(one, [labels[key] for key in one.themes if key in labels]) for one in page],
        "may_run": may(request.user, survey, RUN),
        "crumbs": _crumbs(survey),
    }
    return render(request, "surveys/own_words_question.html", context)


def _is_of(one: Said, chosen: str, named: set[UUID]) -> bool:
    mine = named.intersection(one.themes)
    if chosen == NONE:
        return not mine
    return not chosen or UUID(chosen) in mine


def _said(survey: Survey, item: str) -> tuple[Said, ...]:
    found = comments.said(survey, item=item)
    if not found:
        raise NotFound("Nothing that people wrote in answer to this is shown.")
    return found


@address(needs=RUN, scope="partnership", seen_by=SEE)
@never_cache
@METHODS
def themes(request: SignedInRequest, area: str, slug: str, question: str) -> HttpResponse:
    """The themes of a question, named or not; on POST, have them proposed anew."""
    survey = get_survey_for(request.user, area, slug, RUN)
    found = _said(survey, question)
    form = NothingForm(posted(request))
    if kept(form, lambda: theming.start_proposing(actor=request.user, survey=survey)):
        messages.success(request, "Themes are being proposed. Those with a name stay.")
        return redirect("surveys:themes", area=survey.area, slug=survey.slug, question=question)
    rows = presenters.theme_rows(
        list(comments.themes_of(survey, item=question)), comments.theme_sizes(survey)
    )
    context = {
        "survey": survey,
        "item": question,
        "text": _text(survey, question),
        "rows": rows,
        "without": presenters.counted(sum(not one.themes for one in found)),
        "base": survey.base,
        "form": form,
        "crumbs": _crumbs(survey, question),
    }
    return render(request, "surveys/themes.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@never_cache
@METHODS
def theme(
    request: SignedInRequest, area: str, slug: str, question: str, theme: UUID
) -> HttpResponse:
    """One theme: name it, merge it into another, drop it, or move one of its comments."""
    survey = get_survey_for(request.user, area, slug, RUN)
    found = _said(survey, question)
    all_themes = list(comments.themes_of(survey, item=question))
    one = next((row for row in all_themes if row.pk == theme), None)
    if one is None:
        raise NotFound(theming.NO_SUCH)
    deed, data = request.POST.get("deed", ""), posted(request)
    others = [row for row in all_themes if row.pk != theme]
    name = NameThemeForm(data if deed == "name" else None, initial={"name": one.name})
    merge = ThemeChoiceForm(data if deed == "merge" else None, themes=others, auto_id="merge_%s")
    drop = NothingForm(data if deed == "drop" else None)
    given: dict[str, Any] = {"actor": request.user, "survey": survey, "theme": theme}
    done: tuple[tuple[Any, Callable[[], Any], str], ...] = (
        (name, lambda: theming.name_theme(**given, name=name.cleaned_data["name"]),
         "The theme has its name."),
        (merge, lambda: theming.merge_themes(**given, into=merge.theme()), "The themes are one."),
        (drop, lambda: theming.drop_theme(**given), "The theme is dropped. Its comments stay."),
    )  # fmt: skip
    for form, act, words in done:
        if kept(form, act):
            messages.success(request, words)
            return redirect("surveys:themes", area=survey.area, slug=survey.slug, question=question)
    context = {
        "survey": survey,
        "item": question,
        "theme": one,
        "label": theme_label(one),
        "said": [row for row in found if theme in row.themes],
        "name": name,
        "merge": merge if others else None,
        "drop": drop,
        "crumbs": _crumbs(survey, question),
    }
    return render(request, "surveys/theme.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@never_cache
@METHODS
def move(
    request: SignedInRequest, area: str, slug: str, question: str, comment: UUID
) -> HttpResponse:
    """Put one comment into another theme, or into none."""
    survey = get_survey_for(request.user, area, slug, RUN)
    one = _one(_said(survey, question), comment)
    form = ThemeChoiceForm(
        posted(request), themes=list(comments.themes_of(survey, item=question)), other=True,
        initial={"into": str(one.themes[0]) if one.themes else ""},
    )  # fmt: skip

    def act() -> None:
        theming.move_comment(
            actor=request.user, survey=survey, comment=comment, into=form.theme_or_none()
        )

    if kept(form, act):
        messages.success(request, "The comment is moved.")
        return redirect("surveys:themes", area=survey.area, slug=survey.slug, question=question)
    context = {
        "survey": survey, "item": question, "one": one, "form": form,
        "crumbs": _crumbs(survey, question),
    }  # fmt: skip
    return render(request, "surveys/theme_move.html", context)


def _one(found: tuple[Said, ...], key: UUID) -> Said:
    one = next((row for row in found if row.key == key), None)
    if one is None:
        raise NotFound(reading.NO_SUCH)
    return one


@address(needs=RUN, scope="partnership", seen_by=SEE)
@never_cache
@METHODS
def quote(request: SignedInRequest, area: str, slug: str, comment: UUID) -> HttpResponse:
    """Confirm, as a second person, that nobody can be recognised by a comment."""
    survey = get_survey_for(request.user, area, slug, RUN)
    one = _one(comments.said(survey), comment)
    last = CommentReading.objects.filter(comment=comment).order_by("-number").first()
    form = QuoteForm(posted(request), initial={"follows": last.number if last else 0})

    def act() -> None:
        reading.confirm_quote(
            actor=request.user, survey=survey, comment=comment,
            follows=form.cleaned_data["follows"],
        )  # fmt: skip

    if kept(form, act):
        messages.success(request, "It may be quoted.")
        return redirect(
            "surveys:own-words-question", area=survey.area, slug=survey.slug, question=one.item
        )
    context = {
        "survey": survey, "one": one, "form": form, "text": _text(survey, one.item),
        "crumbs": _crumbs(survey, one.item),
    }  # fmt: skip
    return render(request, "surveys/quote.html", context)
