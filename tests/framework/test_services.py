"""Correcting a title: who may, what is kept, what is refused."""

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import CommandLine
from sightline.access.models import AuditEvent
from sightline.framework import queries
from sightline.framework.definitions import TitleStatus
from sightline.framework.models import CorrectedTitle
from sightline.framework.services import correct_title
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.factories.access import UserFactory, assign
from tests.factories.framework import CorrectedTitleFactory

pytestmark = pytest.mark.django_db

NEW = "Impact on staff and volunteers"


def correct(actor, **fields):
    given = {
        "framework": "children@3",
        "indicator": "3.1",
        "title": NEW,
        "status": TitleStatus.VERIFIED,
        "source": "The framework itself, page 12",
        "reason": "Read in the framework",
        "shown": 0,
    }
    return correct_title(actor=actor, **(given | fields))


def lines():
    return AuditEvent.objects.filter(verb="title.corrected")


def test_only_somebody_who_keeps_titles_for_all_of_scotland_may_correct_one_and_old_ones_stay():
    stranger = UserFactory()
    administrator = assign(UserFactory(), "system-administrator")
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    elsewhere = assign(UserFactory(), "service-manager", "inspection", "fife-2019")
    manager = assign(UserFactory(), "service-manager")

    for outsider in (stranger, administrator):
        with pytest.raises(NotFound):
            correct(outsider)
    for reader in (member, elsewhere):
        with pytest.raises(NotPermitted, match="service manager") as refused:
            correct(reader)
        assert refused.value.permission == "title.correct"
    assert not CorrectedTitle.objects.exists()
    assert not lines().exists()

    shown = correct(manager)

    assert (shown.title, shown.status, shown.corrected) == (NEW, TitleStatus.VERIFIED, True)
    assert shown.released == "Impact on staff"
    assert queries.title_of("children@3", "3.1") == shown
    assert queries.title_of("children@2", "3.1").title == "Impact on staff"
    line = lines().get()
    assert (line.actor, line.target) == (manager.audit_name, "indicator:children@3/3.1")
    assert line.before == {"title": "Impact on staff", "status": "unverified"}
    assert line.after == {"title": NEW, "status": "verified"}
    assert line.reason == "Read in the framework"

    correct(manager, title="Impact on staff", shown=1, reason="Misread")
    history = queries.history_of("children@3", "3.1")
    assert [(past.number, past.title) for past in history] == [(2, "Impact on staff"), (1, NEW)]
    assert queries.title_of("children@3", "3.1").title == "Impact on staff"


def test_the_command_line_may_correct_and_is_named():
    correct(CommandLine("ops"))
    assert queries.history_of("children@3", "3.1")[0].corrected_by == "command:ops"


def test_a_title_that_changed_since_it_was_shown_is_not_written_over():
    CorrectedTitleFactory(number=1)
    for shown in (0, 2):
        with pytest.raises(NotAllowed, match="has changed since you opened it"):
            correct(CommandLine("ops"), shown=shown)
    assert CorrectedTitle.objects.count() == 1


def test_two_corrections_at_once_cannot_both_be_the_first(monkeypatch):
    """The second finds the number taken between its reading and its writing."""
    real = queries.history_of
    answers = [(), ()]
    monkeypatch.setattr(
        queries, "history_of", lambda *place: answers.pop() if answers else real(*place)
    )
    CorrectedTitleFactory(number=1)
    with pytest.raises(NotAllowed, match="has changed since you opened it"):
        correct(CommandLine("ops"), shown=0)
    assert CorrectedTitle.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"title": "  "}, BadInput, "Give the title and the reason"),
        ({"reason": ""}, BadInput, "Give the title and the reason"),
        ({"title": "x" * 301}, BadInput, "The title is longer than 300 characters; shorten it"),
        ({"reason": "x" * 501}, BadInput, "The reason is longer than 500 characters"),
        ({"source": " "}, BadInput, "Say where the title was seen, or mark it as not confirmed"),
        (
            {"title": " Impact  on staff", "status": TitleStatus.UNVERIFIED, "source": ""},
            NotAllowed,
            r"3\.1 has this title, status and source already",
        ),
        ({"indicator": "3.9"}, NotFound, r"children@3 has no indicator 3\.9"),
        ({"framework": "adults@1"}, NotFound, r"There is no edition adults@1\. There are: childr"),
    ],
)
def test_a_correction_that_says_nothing_or_not_enough_is_refused(fields, kind, message):
    with pytest.raises(kind, match=message):
        correct(CommandLine("ops"), **fields)
    assert not CorrectedTitle.objects.exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"title": ""}, "corrected_title_has_words"),
        ({"reason": ""}, "corrected_title_has_a_reason"),
        ({"status": "sure"}, "corrected_title_status_is_known"),
        ({"source": ""}, "a_title_that_was_seen_has_a_source"),
        ({"corrected_by": ""}, "title_corrected_at_and_by_together"),
        ({"number": 0}, "title_corrections_start_at_1"),
    ],
)
def test_the_database_refuses_what_the_service_would(fields, constraint):
    row = CorrectedTitleFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CorrectedTitle.objects.filter(pk=row.pk).update(**fields)


def test_the_database_refuses_a_number_twice():
    CorrectedTitleFactory(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectedTitleFactory(number=1)
    CorrectedTitleFactory(number=1, indicator="4.1")


def test_a_row_reads_as_what_it_is():
    assert str(CorrectedTitleFactory(title="X")) == "children@3 3.1: X"
