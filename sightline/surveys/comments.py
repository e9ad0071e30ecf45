"""Every read of what people wrote: what waits for a safety reader, and what may be shown.

Words come out of here unsealed for two alone: the named readers, who see what was written, and
whoever may see the survey once it has closed, who sees what was cleared. The group somebody belongs
to lies sealed beside their words and is given to nobody.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max, QuerySet

from sightline.kernel.clocks import Calendar, add_working_days
from sightline.kernel.errors import BadInput
from sightline.partnerships.localities import calendar_of
from sightline.surveys.models import Comment, CommentReading, ContactRequest, Survey, Theme

WAITING: Final = Comment.State.WAITING
SHOWN: Final = (Comment.State.CLEARED, Comment.State.REDACTED)
DECISIONS: Final = (
    CommentReading.Decision.CLEARED,
    CommentReading.Decision.REDACTED,
    CommentReading.Decision.WITHHELD,
)
"""Those that make a comment's state."""
DAY: Final = dt.timedelta(days=1)
SATURDAY: Final = 5


def waiting(survey: Survey) -> QuerySet[Comment]:
    """What nobody has decided yet: what words say is urgent first, then the oldest day.

    Within a day the order is that of identities, which are of chance: it says nothing of who was
    first.
    """
    return Comment.objects.filter(survey=survey, state=WAITING).order_by(
        "-urgency", "received_on", "pk"
    )


def decided(survey: Survey) -> QuerySet[Comment]:
    """What a reader has decided, question by question."""
    return Comment.objects.filter(survey=survey).exclude(state=WAITING).order_by("item", "pk")


def waiting_count(survey: Survey) -> int:
    """How many comments wait for a safety check: what anybody who sees the survey may know."""
    return waiting(survey).count()


def readings_of(comment: Comment) -> tuple[CommentReading, ...]:
    """Every decision on a comment, the first first."""
    return tuple(CommentReading.objects.filter(comment=comment).order_by("number"))


def last_number(comment: Comment) -> int:
    """How many readings there are of a comment; each reading knows which it follows."""
    found = CommentReading.objects.filter(comment=comment).aggregate(last=Max("number"))["last"]
    return int(found or 0)


# By when.


def on_site(survey: Survey) -> bool:
    """Whether inspectors are on site in its area, so that everything is read on its day."""
    return survey.area in settings.SIGHTLINE_ON_SITE


def late_since(survey: Survey, today: dt.date) -> dt.date:
    """What came on this day or before and still waits is late.

    Everything is read within one working day; while inspectors are on site, on its day.
    """
    if on_site(survey):
        return today - DAY
    try:
        calendar = calendar_of(survey.area)
    except BadInput:  # its holidays are not held
        calendar = None
    day = today - DAY
    while _working_day_after(day, calendar) >= today:
        day -= DAY
    return day


def _working_day_after(day: dt.date, calendar: Calendar | None) -> dt.date:
    if calendar is not None:
        try:
            return add_working_days(day, 1, calendar)
        except BadInput:  # it does not reach this year
            pass
    day += DAY
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


# Once it has closed.


def words_are_shown(survey: Survey) -> bool:
    """Whether cleared comments are shown: closed, counted, and enough people answered."""
    return survey.state == Survey.State.CLOSED and bool(survey.results.get("shown"))


@dataclass(frozen=True, repr=False)
class Said:
    """A cleared comment: its words as they may be shown, its themes, if it may be quoted."""

    key: UUID
    item: str
    words: str
    changed: bool
    quoted: bool
    themes: tuple[UUID, ...]


def said(survey: Survey, *, item: str = "") -> tuple[Said, ...]:
    """The cleared comments of a survey, of one question where it is given, in an order of words.

    Empty while words are not shown. The same order whenever it is asked, and none of time.
    """
    if not words_are_shown(survey):
        return ()
    found = Comment.objects.filter(survey=survey, state__in=SHOWN).defer("words", "about")
    rows = list(found.filter(item=item) if item else found)
    quoted = _quoted(survey)
    themes: dict[UUID, list[UUID]] = {}
    for theme, comment in Theme.comments.through._default_manager.filter(
        theme__survey=survey
    ).values_list("theme_id", "comment_id"):
        themes.setdefault(comment, []).append(theme)
    made = (
        Said(
            key=row.pk,
            item=row.item,
            words=row.cleared,
            changed=row.state == Comment.State.REDACTED,
            quoted=row.pk in quoted,
            themes=tuple(themes.get(row.pk, ())),
        )
        for row in rows
    )
    return tuple(sorted(made, key=lambda one: (one.item, one.words.casefold(), str(one.key))))


def _quoted(survey: Survey) -> frozenset[UUID]:
    """Comments whose last reading but one of a concern confirms that they may be quoted."""
    last: dict[UUID, str] = {}
    rows = CommentReading.objects.filter(comment__survey=survey)
    rows = rows.exclude(decision=CommentReading.Decision.RAISED).order_by("number")
    for comment, decision in rows.values_list("comment_id", "decision"):
        last[comment] = decision
    quote = CommentReading.Decision.QUOTE
    return frozenset(key for key, decision in last.items() if decision == quote)


def items_said(survey: Survey) -> Counter[str]:
    """How many comments are cleared, by question."""
    if not words_are_shown(survey):
        return Counter()
    found = Comment.objects.filter(survey=survey, state__in=SHOWN)
    return Counter(found.values_list("item", flat=True))


def theme_sizes(survey: Survey) -> Counter[UUID]:
    """How many cleared comments each theme has; none while words are not shown."""
    if not words_are_shown(survey):
        return Counter()
    rows = Theme.comments.through._default_manager.filter(
        theme__survey=survey, comment__state__in=SHOWN
    )
    return Counter(rows.values_list("theme_id", flat=True))


def themes_of(survey: Survey, *, item: str = "", named: bool = False) -> QuerySet[Theme]:
    """Themes of a survey or of one question; those alone that a person has named, if asked."""
    found = Theme.objects.filter(survey=survey).order_by("item", "name", "pk")
    found = found.filter(item=item) if item else found
    return found.exclude(name="") if named else found


# To be spoken to.


def contacts(survey: Survey) -> QuerySet[ContactRequest]:
    """Who asked to be spoken to: those nobody has handled first, the oldest day first."""
    first = F("handled_at").asc(nulls_first=True)
    return ContactRequest.objects.filter(survey=survey).order_by(first, "asked_on", "pk")
