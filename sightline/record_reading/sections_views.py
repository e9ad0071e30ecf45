"""The page of one section: answered as it is typed, by its reader or from paper."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sightline.access.http import SignedInRequest
from sightline.access.models import User
from sightline.kernel.errors import (
    BadInput,
    NotAllowed,
    NotAvailable,
    NotFound,
    NotPermitted,
    SightlineError,
)
from sightline.record_reading import reading_breaks as breaks
from sightline.record_reading import reading_presenters as presenters
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import Answers, asked, gaps, needs_why
from sightline.record_reading.definitions import Item
from sightline.record_reading.models import Reading, SectionEntry
from sightline.record_reading.permissions import Deed, address_for
from sightline.record_reading.reading_answers import carried, merged, normal
from sightline.record_reading.reading_doors import Opened, open_own, open_to_type
from sightline.record_reading.reading_forms import SectionForm, SettleForm, data_of, initial_of
from sightline.record_reading.reading_names import named
from sightline.record_reading.services import reading as services
from sightline.record_reading.services.reading import Beside, Saved
from sightline.saving.moments import clash_words, clock
from sightline.saving.queries import names_of_writers
from sightline.saving.services import end_typed
from sightline.saving.sheets import read_marker

NOT_SENT = "Nothing was sent that this page asks for. Load the page again."
STATUS = {NotFound: 404, NotPermitted: 403, NotAllowed: 409, NotAvailable: 503, BadInput: 400}


class Standing(NamedTuple):
    """A reading as it stands: its entries in use, all answers, and what it asks now."""

    entries: Mapping[str, SectionEntry]
    answers: Answers
    asked: frozenset[str]


def standing(opened: Opened) -> Standing:
    """Read a reading as it stands."""
    entries = queries.entries_in_use(opened.reading)
    answers = merged(entry.answers for entry in queries.in_order(opened.template, entries))
    wanted = frozenset(asked(opened.template, opened.facts, answers["values"]))
    return Standing(entries, answers, wanted)


def _items(opened: Opened, section: str, wanted: frozenset[str], shown: str = "") -> list[Item]:
    """The questions of a section that are asked, or were on the page that was sent."""
    on_page = wanted | set(shown.split())
    try:
        return [item for item in opened.template.section(section).items if item.code in on_page]
    except KeyError:
        raise NotFound("There is no such section in this form.") from None


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


Open = Callable[..., Opened]


def _answered(
    request: SignedInRequest, section: str, open_: Callable[[bool], Opened]
) -> HttpResponse:
    """The page, or what is done with what it sent; a script is told in JSON what is wrong."""
    if request.method != "POST":
        return _page(request, open_(True), section)
    try:
        return _sent(request, open_(False), section)
    except SightlineError as error:
        if not _is_script(request):
            raise
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        return JsonResponse({"message": str(error)}, status=status)


@address_for(Deed.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def section(
    request: SignedInRequest, area: str, slug: str, number: int, section: str
) -> HttpResponse:
    """One section of somebody's own reading."""
    return _answered(
        request,
        section,
        lambda opening: open_own(request.user, area, slug, number, opening=opening),
    )


@address_for(Deed.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def section_from_paper(
    request: SignedInRequest, area: str, slug: str, number: int, part: int, section: str
) -> HttpResponse:
    """One section of a form that was filled in on paper."""
    return _answered(
        request,
        section,
        lambda opening: open_to_type(request.user, area, slug, number, part, opening=opening),
    )


# What was sent.


def _sent(request: SignedInRequest, opened: Opened, section: str) -> HttpResponse:
    now = standing(opened)
    items = _items(opened, section, now.asked, request.POST.get("of", ""))
    form = _form(opened, section, items, data=request.POST)
    if not form.is_valid():
        return _refused(request, opened, section, form)
    before = now.entries.get(section)
    done = services.save_section(
        actor=request.user,
        reading=opened.reading,
        section=section,
        answers=carried(before.answers if before else {}, form.answers(), form.shown),
        based_on=form.cleaned_data["based_on"],
        token=form.cleaned_data["token"],
    )
    if _is_script(request):
        return _said(request, opened, section, form, now, done)
    if isinstance(done, Beside):
        return redirect(opened.url("two", section))
    return _onward(request, opened, section, form, now)


def _refused(
    request: SignedInRequest, opened: Opened, section: str, form: SectionForm
) -> HttpResponse:
    """What cannot be kept: a text too long, or a page that is none of ours."""
    said = [str(message) for name in form.fields for message in form.errors.get(name, ())]
    hidden = {"based_on", "token"} & set(form.errors)
    if _is_script(request):
        return JsonResponse({"message": NOT_SENT if hidden else said[0]}, status=400)
    if hidden:
        messages.error(request, NOT_SENT)
        return redirect(opened.url("section", section))
    return _draw(request, opened, section, form, standing(opened))


def _said(
    request: SignedInRequest,
    opened: Opened,
    section: str,
    form: SectionForm,
    before: Standing,
    done: Saved | Beside,
) -> JsonResponse:
    """What the script is told: the version to go on from, or what it met."""
    marked = read_marker(request.POST)
    if marked is not None and marked.person == request.user.pk:
        end_typed(actor=request.user, sheet=marked.sheet)
    if isinstance(done, Beside):
        return JsonResponse(
            {
                "clash": done.mine.version,
                "on": done.mine.version,
                "message": _clash(done.theirs, request.user),
                "url": opened.url("two", section),
            }
        )
    notices = [one.sentence for one in named(opened.template, form.answers())]
    more = _new_items(opened, section, form, before)
    if more:
        count = _questions(len(more))
        notices.append(f"Your answers bring {count}. Save and continue shows what they bring.")
    if breaks.went_on(request.session):
        notices.append(breaks.WORDS)
    return JsonResponse({"saved": done.version, "at": clock(done.at), "notices": notices})


def _questions(count: int) -> str:
    return "1 more question" if count == 1 else f"{count} more questions"


def _values_after(form: SectionForm, section: str, before: Standing) -> dict[str, Any]:
    """Every answer of the reading, with those that were just sent."""
    was = before.entries.get(section)
    mine = carried(was.answers if was else {}, form.answers(), form.shown)
    here = {item.code for item in form.section.items}
    others = {code: v for code, v in before.answers["values"].items() if code not in here}
    return {**others, **mine["values"]}


def _new_items(opened: Opened, section: str, form: SectionForm, before: Standing) -> list[str]:
    """Questions of this section that are asked after what was sent, and were not on its page."""
    now = asked(opened.template, opened.facts, _values_after(form, section, before))
    here = {item.code for item in form.section.items}
    return [code for code in now if code in here and code not in form.shown]


def _clash(theirs: SectionEntry, person: User) -> str:
    if theirs.entered_by == person.audit_name:
        return clash_words("You, in another window,", theirs.entered_at)
    who = names_of_writers([theirs.entered_by])[theirs.entered_by]
    return clash_words(who, theirs.entered_at)


def _onward(
    request: SignedInRequest, opened: Opened, section: str, form: SectionForm, before: Standing
) -> HttpResponse:
    """Where a button leads: on, to a break, or to what the answers bring."""
    after = _values_after(form, section, before)
    _say_what_is_left_out(request, opened, form, before, after)
    if request.POST.get("go") == "break":
        return redirect(f"{opened.url('break')}?from={section}")
    new = _new_items(opened, section, form, before)
    if new:
        messages.info(request, f"Saved. Your answers bring {_questions(len(new))}.")
        return redirect(f"{opened.url('section', section)}#q-{new[0]}")
    if _lacks_reason(form):
        return redirect(f"{opened.url('section', section)}?look=reasons")
    return redirect(_next(opened, section, frozenset(asked(opened.template, opened.facts, after))))


def _lacks_reason(form: SectionForm) -> bool:
    own = form.answers()
    return any(
        needs_why(item, own["values"].get(item.code)) and item.code not in own["whys"]
        for item in form.items
    )


def _say_what_is_left_out(
    request: HttpRequest,
    opened: Opened,
    form: SectionForm,
    before: Standing,
    after: Mapping[str, Any],
) -> None:
    """Say which answers the ones just sent took out of the form."""
    was = presenters.left_out(opened.template, opened.facts, before.answers)
    now = presenters.left_out(opened.template, opened.facts, {"values": after})
    new = [words for words in now if words not in was]
    if new:
        messages.warning(
            request,
            f"Because of what you changed, this is left out: {', '.join(new)}. It is kept, and is "
            "there again if you change it back.",
        )


def _next(opened: Opened, section: str, wanted: frozenset[str]) -> str:
    """The next section that asks something; after the last, the list of sections."""
    codes = opened.section_codes()
    for code in codes[list(codes).index(section) + 1 :]:
        if _items(opened, code, wanted):
            return opened.url("section", code)
    return opened.url()


# The page.


def _form(
    opened: Opened, section: str, items: list[Item], *, data: Any = None, **more: Any
) -> SectionForm:
    return SectionForm(
        data, template=opened.template, section=section, items=items, facts=opened.facts, **more
    )


def _page(request: SignedInRequest, opened: Opened, section: str) -> HttpResponse:
    now = standing(opened)
    items = _items(opened, section, now.asked)
    if opened.reading.state == Reading.State.COMPLETE or not items:
        return redirect(opened.url())
    entry = now.entries.get(section)
    version = entry.version if entry else 0
    initial = initial_of(opened.template, entry.answers if entry else {})
    if request.GET.get("look") == "reasons" and entry is not None:
        hidden = {"based_on": version, "token": uuid4(), "of": " ".join(i.code for i in items)}
        form = _form(opened, section, items, data=data_of(initial | hidden))
        form.is_valid()
        missing = gaps(opened.template, opened.facts, now.answers)
        form.show_gaps([gap for gap in missing if gap.item in normal(entry.answers)["values"]])
    else:
        form = _form(opened, section, items, initial={**initial, "based_on": version})
    return _draw(request, opened, section, form, now)


def _draw(
    request: SignedInRequest, opened: Opened, section: str, form: SectionForm, now: Standing
) -> HttpResponse:
    besides = queries.open_besides(opened.reading)
    states = queries.states(
        opened.reading, opened.template, now.answers, now.entries, {one.section for one in besides}
    )
    entry = now.entries.get(section)
    own = entry.answers if entry else {}
    urls = {code: opened.url("section", code) for code in opened.section_codes()}
    context = {
        "opened": opened,
        "section": form.section,
        "form": form,
        "questions": list(form.questions()),
        "tasks": presenters.tasks(states, urls),
        "here": urls[section],
        "status": _status(entry, request.user),
        "notices": [one.sentence for one in named(opened.template, own)],
        "left_out": presenters.left_out(opened.template, opened.facts, _only(form, now)),
        "two_url": opened.url("two", section) if _has_two(besides, section) else "",
        "next_url": _next(opened, section, now.asked),
        "concern_url": opened.concern_url(request.path),
        "long": breaks.went_on(request.session) and breaks.WORDS,
        "crumbs": opened.crumbs((opened.title, opened.url())),
    }
    return render(request, "record_reading/reading_section.html", context)


def _only(form: SectionForm, now: Standing) -> dict[str, Any]:
    """All answers, but for those of other sections that are not asked: they are said there."""
    here = {item.code for item in form.section.items}
    values = now.answers["values"]
    return {"values": {code: v for code, v in values.items() if code in here or code in now.asked}}


def _has_two(besides: list[SectionEntry], section: str) -> bool:
    return any(one.section == section for one in besides)


def _status(entry: SectionEntry | None, person: User) -> str:
    if entry is None:
        return "Nothing is saved here yet."
    saved = f"Saved at {clock(entry.entered_at)}"
    if entry.entered_by == person.audit_name:
        return saved
    return f"{saved} by {names_of_writers([entry.entered_by])[entry.entered_by]}"


# Two versions.


def _two(request: SignedInRequest, opened: Opened, section: str) -> HttpResponse:
    """Both versions, and three ways on."""
    back = opened.url("section", section)
    besides = queries.open_besides(opened.reading, section)
    current = queries.entry_in_use(opened.reading, section)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_section(
                actor=request.user, reading=opened.reading, section=section, **form.cleaned_data
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Settled. Both versions are kept.")
        return redirect(back)
    if not besides or current is None:
        return redirect(back)
    mine = besides[0]
    writers = names_of_writers([mine.entered_by, current.entered_by])
    writers[request.user.audit_name] = "you"
    context = {
        "opened": opened,
        "section": opened.template.section(section),
        "sides": [
            (
                writers[entry.entered_by],
                clock(entry.entered_at),
                presenters.answer_sections(opened.template, entry.answers),
            )
            for entry in (current, mine)
        ],
        "words": _clash(current, request.user),
        "in_use": current.version,
        "beside": mine.version,
        "more": len(besides) - 1,
        "tokens": [(keep, words, uuid4()) for keep, words in WAYS],
        "crumbs": opened.crumbs((opened.title, opened.url())),
    }
    return render(request, "record_reading/reading_two.html", context)


WAYS = (
    ("in-use", "Use the first"),
    ("beside", "Use the second"),
    ("joined", "Join both"),
)


@address_for(Deed.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def two(request: SignedInRequest, area: str, slug: str, number: int, section: str) -> HttpResponse:
    """Two versions of a section of somebody's own reading."""
    return _two(request, open_own(request.user, area, slug, number), section)


@address_for(Deed.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def two_from_paper(
    request: SignedInRequest, area: str, slug: str, number: int, part: int, section: str
) -> HttpResponse:
    """Two versions of a section of a form that was filled in on paper."""
    return _two(request, open_to_type(request.user, area, slug, number, part), section)
