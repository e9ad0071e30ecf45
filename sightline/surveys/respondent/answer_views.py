"""Answering: a page of questions, what comes between them, all answers, sent or deleted."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from sightline.identifiers import find
from sightline.identifiers.kinds import Certainty
from sightline.surveys.flow import Page
from sightline.surveys.respondent import questions
from sightline.surveys.respondent.pages import DOOR, filled, go, page, said
from sightline.surveys.respondent.visiting import (
    ASKED_WHO_HELPED,
    Visit,
    answering_page,
    gone,
    offered,
    token_of,
    with_cookie,
    without_cookie,
)
from sightline.surveys.services import answering
from sightline.surveys.services.answering import Refused

HELPED: Final = ("no", "read", "wrote", "talked", "language")
"""What may be said of who helped."""

MOVES_ON: Final = frozenset({"next", "keep", "language", "check"})
"""Buttons that stay on the page while something on it is wrong."""

CHECKED_FOR_NAMES: Final = frozenset({"staff", "anyone"})
MOST_FOUND: Final = 5


@answering_page
def question(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A page of questions, and what its buttons do."""
    if not 1 <= number <= len(visit.pages):
        return go(request, visit.address(number))
    here = visit.pages[number - 1]
    if request.method != "POST":
        return _drawn(visit, here, from_check=request.GET.get("from") == "check")
    sent_of = request.POST.get("of", "")
    if sent_of != _mark(here):
        found = [one for one in visit.pages if _mark(one) == sent_of]
        if not found:
            return go(request, visit.address(number))
        here = found[0]
    return _take(request, visit, here)


def _mark(here: Page) -> str:
    """Says which questions a form holds, in case others stand on the page by now."""
    codes = " ".join(item.code for item in here.items)
    return codes if here.turn is None else f"{codes} {here.turn}"


def _drawn(
    visit: Visit,
    here: Page,
    *,
    posted: questions.Posted | None = None,
    from_check: bool = False,
    names: tuple[str, ...] = (),
) -> HttpResponse:
    frame = visit.frame
    drawn = questions.drawn(
        here, visit.questionnaire, visit.held.answers, frame, visit.today,
        typed=posted.typed if posted else None, errors=posted.errors if posted else None,
    )  # fmt: skip
    asks = [one for one in drawn if one.kind != "note"]
    return page(
        "question",
        frame,
        here=here,
        of=_mark(here),
        questions=drawn,
        alone=drawn[0] if frame.young and len(drawn) == 1 and asks else None,
        heading=questions.worded(here.section.title, frame, {}, visit.questionnaire),
        place=filled(frame.w["page_of"], n=here.number, of=here.of),
        errors=[one for one in drawn if one.error],
        names=names,
        names_found=filled(frame.w["names_1"], found=", ".join(names)),
        asks=bool(asks),
        optional=frame.young or not any(item.required for item in here.items),
        from_check=from_check,
        first=here.number == 1,
        turn=filled(here.section.repeat) + f" {here.turn + 1}" if here.turn is not None else "",
    )


def _take(request: HttpRequest, visit: Visit, here: Page) -> HttpResponse:
    """Keep what was posted, as far as it can be kept, and go where the button leads."""
    held, move = visit.held, request.POST.get("go", "next")
    from_check = request.POST.get("from") == "check"
    asked_before = len(visit.pages)
    posted = None
    if move == "skip" or move.startswith("clear:"):
        gone_with = [item.code for item in here.items]
        if move != "skip":
            gone_with = [code for code in gone_with if code == move.partition(":")[2]]
        questions.put(held.answers, here, dict.fromkeys(gone_with))
    else:
        posted = questions.read(
            here, visit.questionnaire, held.answers, request.POST, visit.frame, visit.today
        )
        questions.put(held.answers, here, posted.values)
    held.page = max(held.page, here.number if move in {"next", "skip", "keep"} else 0)
    visit.save()
    visit.changed()
    if posted and posted.errors and move in MOVES_ON:
        return _drawn(visit, here, posted=posted, from_check=from_check)
    if move == "next" and posted and (names := _names_in(visit, posted)):
        return _drawn(visit, here, from_check=from_check, names=names)
    if move.startswith("clear:"):
        return go(request, f"{visit.at}{here.number}/")
    if from_check and move in {"next", "skip", "keep"} and len(visit.pages) <= asked_before:
        return go(request, f"{visit.at}check/")
    return go(request, _where(visit, here, move))


def _where(visit: Visit, here: Page, move: str) -> str:
    """Where a button of a page leads."""
    match move:
        case "back":
            return f"{visit.at}{max(here.number - 1, 1)}/"
        case "stop":
            return f"{visit.at}stop/"
        case "language":
            return f"{visit.at}language/?page={here.number}"
        case "leave":
            return f"{visit.at}left/"
        case _:
            return visit.after(here.number)


def _names_in(visit: Visit, posted: questions.Posted) -> tuple[str, ...]:
    """What in a comment of staff looks like a name or a number of somebody."""
    if visit.survey.audience not in CHECKED_FOR_NAMES:
        return ()
    free = {item.code for item in visit.questionnaire.items() if item.kind == "text"}
    texts = [
        value for code, value in posted.values.items() if code in free and isinstance(value, str)
    ]
    found = [
        text[one.start : one.end]
        for text in texts
        for one in find(text, today=visit.today)
        if one.certainty >= Certainty.LIKELY
    ]
    return tuple(dict.fromkeys(found))[:MOST_FOUND]


@answering_page
def notice(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What is said before questions that may be hard: go on, skip them, or talk to someone."""
    if not 1 <= number <= len(visit.pages):
        return go(request, visit.address(number))
    section = visit.pages[number - 1].section
    if request.method != "POST":
        frame = visit.frame
        count = visit.question_count(section.code)
        one = count == 1
        return page(
            "notice",
            frame,
            notice=questions.worded(section.notice, frame, {}, visit.questionnaire),
            heading=questions.worded(section.title, frame, {}, visit.questionnaire),
            skip=frame.w["skip_one"] if one else filled(frame.w["skip_these"], n=count),
            back=number - 1,
            here=visit.pages[number - 1],
        )
    move = request.POST.get("go", "next")
    if move == "back":
        return go(request, f"{visit.at}{max(number - 1, 1)}/")
    told = visit.held.extra.setdefault("told", [])
    if section.code not in told:
        told.append(section.code)
    target = number
    if move == "skip":
        _forget(visit, section.code)
        visit.changed()
        target = visit.first_after(section.code, number)
        visit.held.page = max(visit.held.page, target - 1)
    visit.save()
    if move == "talk":
        return go(request, f"{visit.at}help/?page={number}")
    return go(request, visit.address(target))


def _forget(visit: Visit, section: str) -> None:
    """Take away what was answered in a section that somebody skips whole."""
    for one in visit.pages:
        if one.section.code == section:
            questions.put(visit.held.answers, one, {item.code: None for item in one.items})
    if visit.held.answers.get(section):
        del visit.held.answers[section]


@answering_page
def again(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Whether there is another of what a section is asked for each of."""
    if not 1 <= number <= len(visit.pages):
        return go(request, visit.address(number))
    here = visit.pages[number - 1]
    if here.turn is None:
        return go(request, visit.address(number + 1))
    if request.method != "POST":
        frame = visit.frame
        return page(
            "again",
            frame,
            heading=filled(frame.w["again"], what=here.section.repeat),
            here=here,
        )
    move = request.POST.get("go", "no")
    if move == "back":
        return go(request, f"{visit.at}{number}/")
    if move == "yes":
        turns = visit.held.answers.setdefault(here.section.code, [{}])
        if len(turns) == here.turn + 1 < here.section.repeat_most:
            turns.append({})
            visit.save()
            visit.changed()
    return go(request, visit.address(number + 1))


@answering_page
def helped(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Whether anybody helped; like every question it can be skipped."""
    frame = visit.frame
    if visit.survey.audience not in ASKED_WHO_HELPED:
        return go(request, f"{visit.at}check/")
    if request.method != "POST":
        choices = [(value, frame.w[f"helped_{value}"]) for value in HELPED]
        return page("helped", frame, choices=choices, chosen=visit.held.helped)
    move = request.POST.get("go", "next")
    said_so = request.POST.get("helped", "")
    if move == "skip":
        visit.held.helped = ""
    elif said_so in HELPED:
        visit.held.helped = said_so
    visit.save()
    if move == "back":
        return go(request, f"{visit.at}{max(len(visit.pages), 1)}/")
    return go(request, f"{visit.at}{'stop' if move == 'stop' else 'check'}/")


def check(request: HttpRequest, code: str) -> HttpResponse:
    """All answers on one page: change, send, or delete them."""
    if request.method == "POST" and request.POST.get("go") == "send":
        return _send(request, code)
    return _checked(request, code)


@answering_page
def _checked(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        move = request.POST.get("go", "")
        if move == "delete":
            answering.discard(visit.token)
            return next_person(said(request, "deleted", "deleted_1", frame=visit.frame), visit)
        if move == "back":
            asks = visit.survey.audience in ASKED_WHO_HELPED
            last = f"{max(len(visit.pages), 1)}/"
            return go(request, visit.at + ("helped/" if asks else last))
        return go(request, f"{visit.at}{'stop' if move == 'stop' else 'check'}/")
    frame = visit.frame
    lines = questions.all_lines(visit.pages, visit.questionnaire, visit.held.answers, frame)
    return page("check", frame, given=lines)


def _send(request: HttpRequest, code: str) -> HttpResponse:
    """Send them, once: who sends twice is thanked twice and counted once."""
    token = token_of(request)
    held = answering.held(token) if token else None
    where = f"/s/{code}/sent/"
    try:
        if token:
            answering.send(token)
    except Refused as refused:
        if refused.why == "sent":
            return without_cookie(go(request, where))
        return _not_sent(request, refused.why, code)
    if held is None:
        return gone(request)
    language = "" if held.language == offered(held.survey)[0] else f"?l={held.language}"
    return next_person(go(request, where + language), Visit(token, held))


def _not_sent(request: HttpRequest, why: str, code: str) -> HttpResponse:
    """Why it could not be sent, to whoever holds what was not."""

    def refuse(_: HttpRequest, visit: Visit) -> HttpResponse:
        raise Refused(why)

    return answering_page(refuse)(request, code)


def next_person(response: HttpResponse, visit: Visit) -> HttpResponse:
    """The session is over; a device that others use keeps the group's code for the next of them."""
    if visit.survey.shared_device and visit.survey.mode == "group-code" and visit.held.code:
        return with_cookie(response, DOOR + visit.held.code)
    return without_cookie(response)


def handed_on(request: HttpRequest, code: str) -> HttpResponse:
    """The next person: what was answered before stays kept, and is not here any more."""
    token = token_of(request)
    held = answering.held(token) if token else None
    response = go(request, f"/s/{code}/")
    return next_person(response, Visit(token, held)) if held else without_cookie(response)


@answering_page
def language(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another language, for the pages from here on."""
    back = request.GET.get("page", "")
    number = int(back) if back.isascii() and back.isdecimal() and len(back) <= 4 else 1  # noqa: PLR2004
    if request.method != "POST":
        return page("language", visit.frame, back=number)
    wanted = request.POST.get("l", "")
    if wanted in offered(visit.survey):
        visit.held.language = wanted
        visit.save()
    return go(request, f"{visit.at}{number}/")
