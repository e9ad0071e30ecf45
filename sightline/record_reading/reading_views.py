"""My reading, and the pages of one reading: its sections, a break, checking, handing in."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sightline.access.http import SignedInRequest
from sightline.access.models import User
from sightline.kernel.errors import NotAllowed
from sightline.partnerships.queries import names
from sightline.record_reading import reading_breaks as breaks
from sightline.record_reading import reading_presenters as presenters
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import gaps, template, tidy
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.permissions import Deed, address_for, get_round_for
from sightline.record_reading.reading_doors import Opened, open_own, open_to_type, own_readings
from sightline.record_reading.reading_forms import HandInForm, ReopenForm
from sightline.record_reading.reading_names import named
from sightline.record_reading.reading_policies import check_can_reopen, words_of_ending
from sightline.record_reading.services import reading as services
from sightline.saving.moments import clock


@address_for(Deed.READ, scope="signed-in")
@require_safe
def my_reading(request: SignedInRequest) -> HttpResponse:
    """What is allotted to somebody in every round, by how far it is."""
    rounds = _my_rounds(request.user)
    context = {
        "rounds": [one for one in rounds if one.goes_on],
        "over": [one for one in rounds if not one.goes_on],
        "ended": [words_of_ending(one) for one in queries.ended_of(request.user)],
    }
    return render(request, "record_reading/reading_mine.html", context)


def _my_rounds(person: User) -> list[presenters.MyRound]:
    """Every round in which somebody has something, the one that is read last first."""
    areas, found = names(), []
    for round, group in groupby(own_readings(person), key=lambda one: one.round):
        rows = list(group)
        made = [presenters.my_reading(template(one.template), one) for one in rows]
        pairs = list(zip(rows, made, strict=True))
        is_open = round.state == Round.State.READING
        to_do = tuple(line for one, line in pairs if one.state != Reading.State.COMPLETE)
        begun = [line for one, line in pairs if one.state == Reading.State.IN_PROGRESS]
        found.append(
            presenters.MyRound(
                round=round,
                area=areas.get(round.area, round.area),
                title=round.title,
                days=presenters.days(round),
                open=is_open,
                to_do=to_do,
                done=tuple(line for one, line in pairs if one.state == Reading.State.COMPLETE),
                next=next(iter([*begun, *to_do]), None) if is_open else None,
                minutes=template(rows[0].template).minutes,
                discuss=queries.open_differences(round, rows),
            )
        )
    return presenters.latest_first(found)


# One reading.


@address_for(Deed.READ)
@require_safe
def reading(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """The sections of somebody's own reading."""
    return _sections(request, open_own(request.user, area, slug, number))


@address_for(Deed.RUN)
@require_safe
def reading_from_paper(
    request: SignedInRequest, area: str, slug: str, number: int, part: int
) -> HttpResponse:
    """The sections of a form that was filled in on paper."""
    return _sections(request, open_to_type(request.user, area, slug, number, part))


def _sections(request: SignedInRequest, opened: Opened) -> HttpResponse:
    reading, made = opened.reading, opened.template
    if reading.state == Reading.State.COMPLETE:
        return _handed_in(request, opened)
    states = queries.sections(reading)
    urls = {code: opened.url("section", code) for code in opened.section_codes()}
    tasks = presenters.tasks(states, urls)
    first = next((one for one in tasks if one.url and one.words != "Completed"), None)
    context = {
        "opened": opened,
        "tasks": tasks,
        "first": first,
        "done": sum(one.state in {"complete", "nothing"} for one in states),
        "about": presenters.about(made, reading),
        "skips": presenters.skips_letters(made),
        "pair": queries.pair_of(reading.reader),
        "note": reading.round.content_note or made.content_note,
        "note_open": not opened.typing and not queries.has_begun(reading.reader),
        "open": reading.round.state == Round.State.READING,
        "crumbs": opened.crumbs(),
    }
    return render(request, "record_reading/reading.html", context)


def _handed_in(request: SignedInRequest, opened: Opened) -> HttpResponse:
    """A reading that is in, to look at."""
    reading = opened.reading
    try:
        check_can_reopen(reading, by_reader=True)
        can_reopen = not opened.typing
    except NotAllowed:
        can_reopen = False
    context = {
        "opened": opened,
        "sections": presenters.answer_sections(opened.template, reading.answers or {}),
        "at": clock(reading.submitted_at) if reading.submitted_at else "",
        "can_reopen": can_reopen,
        "crumbs": opened.crumbs(),
    }
    return render(request, "record_reading/reading_done.html", context)


@address_for(Deed.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """What is missing of somebody's own reading; handing it in."""
    return _check(request, open_own(request.user, area, slug, number))


@address_for(Deed.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def check_from_paper(
    request: SignedInRequest, area: str, slug: str, number: int, part: int
) -> HttpResponse:
    """What is missing of a form that was filled in on paper; handing it in."""
    return _check(request, open_to_type(request.user, area, slug, number, part))


def _check(request: SignedInRequest, opened: Opened) -> HttpResponse:
    reading, made = opened.reading, opened.template
    if reading.state == Reading.State.COMPLETE:
        return redirect(opened.url())
    answers = queries.answers_so_far(reading)
    missing = gaps(made, opened.facts, answers)
    tidied = tidy(made, opened.facts, answers)
    seen = named(made, tidied)
    besides = queries.open_besides(reading)
    form = HandInForm(request.POST if request.method == "POST" else None, names=bool(seen))
    if request.method == "POST" and form.is_valid() and not missing and not besides:
        services.hand_in(actor=request.user, reading=reading, names_looked_at=bool(seen))
        messages.success(request, f"{opened.title} is handed in.")
        return redirect(opened.crumbs()[0][1])
    urls = {code: opened.url("section", code) for code in opened.section_codes()}
    context = {
        "opened": opened,
        "form": form,
        "gaps": presenters.gap_sections(made, missing, urls),
        "missing": len(missing),
        "two": [opened.url("two", one.section) for one in besides],
        "seen": [one.sentence for one in seen],
        "left_out": presenters.left_out(made, opened.facts, answers),
        "sections": presenters.answer_sections(made, tidied),
        "crumbs": opened.crumbs((opened.title, opened.url())),
    }
    return render(request, "record_reading/reading_check.html", context)


@address_for(Deed.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Somebody's own reading is opened again."""
    opened = open_own(request.user, area, slug, number)
    check_can_reopen(opened.reading, by_reader=True)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.reopen_reading(
            actor=request.user, reading=opened.reading, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"{opened.title} is open again. Hand it in when you are done.")
        return redirect(opened.url())
    context = {
        "reading": opened.reading,
        "title": opened.title,
        "back": opened.url(),
        "form": form,
        "crumbs": opened.crumbs((opened.title, opened.url())),
    }
    return render(request, "record_reading/reading_reopen.html", context)


@address_for(Deed.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen_as_lead(
    request: SignedInRequest, area: str, slug: str, number: int, part: int
) -> HttpResponse:
    """A reading is opened again by whoever leads; its answers are not on the page."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    found = queries.reading_in(round, number, part)
    check_can_reopen(found, by_reader=False)
    back = reverse("record_reading:moderation", args=[area, slug])
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.reopen_reading(
            actor=request.user, reading=found, reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"{found.record.label} is open again for its reader.")
        return redirect(back)
    context = {
        "reading": found,
        "title": f"Reading {found.record.label}",
        "by_lead": True,
        "back": back,
        "form": form,
        "crumbs": [("Moderation", back)],
    }
    return render(request, "record_reading/reading_reopen.html", context)


@address_for(Deed.READ)
@require_safe
def pause(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """A break: nothing of the record is on the page."""
    return _pause(request, open_own(request.user, area, slug, number))


@address_for(Deed.RUN)
@require_safe
def pause_from_paper(
    request: SignedInRequest, area: str, slug: str, number: int, part: int
) -> HttpResponse:
    """A break from typing in a form."""
    return _pause(request, open_to_type(request.user, area, slug, number, part))


def _pause(request: SignedInRequest, opened: Opened) -> HttpResponse:
    breaks.took_break(request.session)
    come_from = request.GET.get("from", "")
    is_section = come_from in opened.section_codes()
    context = {
        "opened": opened,
        "lines": presenters.LINES,
        "resume": opened.url("section", come_from) if is_section else opened.url(),
    }
    return render(request, "record_reading/reading_break.html", context)


@address_for(Deed.READ)
@require_POST
def on_paper(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """A reader says that they write on paper."""
    opened = open_own(request.user, area, slug, number)
    services.put_on_paper(actor=request.user, reading=opened.reading)
    messages.success(
        request, "This reading is made on paper. You, or whoever runs the reading, can type it in."
    )
    return redirect(opened.url())
