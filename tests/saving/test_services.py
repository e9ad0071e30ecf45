"""Saving a text: who may, what is stored, what clashes, what a repeat does."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.saving import places, queries
from sightline.saving.models import SavedText, Version
from sightline.saving.queries import text_of, versions_of
from sightline.saving.services import (
    LONGEST_TEXT,
    Clash,
    Saved,
    restore_version,
    save_text,
    settle_clash,
)
from tests.factories.saving import SavedTextFactory, VersionFactory
from tests.saving.conftest import PLACE, Team

pytestmark = pytest.mark.django_db


def put(actor, text, based_on=0, token=None, place=PLACE):  # type: ignore[no-untyped-def]
    """Save a text and give the answer."""
    return save_text(actor=actor, place=place, text=text, based_on=based_on, token=token or uuid4())


def deeds() -> list[str]:
    return list(AuditEvent.objects.filter(verb__startswith="text.").values_list("verb", flat=True))


def test_the_team_writes_and_nobody_else_does(team: Team) -> None:
    for outsider in team.outsiders:
        with pytest.raises(NotFound):
            put(outsider, "mine")
    assert not Version.objects.exists()
    assert put(team.lead, "First.").version == 1
    assert put(team.inspector, "Second.", based_on=1).version == 2
    assert text_of(PLACE).words == "Second."
    assert text_of(PLACE).stored_by == team.inspector.audit_name


def test_outsiders_neither_restore_nor_settle(team: Team) -> None:
    put(team.lead, "First.")
    for outsider in team.outsiders:
        with pytest.raises(NotFound):
            restore_version(actor=outsider, place=PLACE, number=1, based_on=1, token=uuid4())
        with pytest.raises(NotFound):
            settle_clash(actor=outsider, place=PLACE, mine=1, theirs=1, text="x", token=uuid4())


def test_a_repeat_is_stored_once_and_answered_the_same(team: Team) -> None:
    token = uuid4()
    first = put(team.lead, "Words.", token=token)
    put(team.inspector, "Others.", based_on=1)
    assert put(team.lead, "Words.", token=token) == first
    assert len(versions_of(PLACE)) == 2


def test_a_token_is_for_one_text_of_one_writer_at_one_place(team: Team, open_place: str) -> None:
    token = uuid4()
    put(team.lead, "Words.", token=token)
    for actor, text, place in (
        (team.lead, "Other words.", PLACE),
        (team.inspector, "Words.", PLACE),
        (team.lead, "Words.", open_place),
    ):
        with pytest.raises(BadInput, match="token was used"):
            put(actor, text, token=token, place=place)
    assert len(versions_of(PLACE)) == 1


def test_what_came_second_is_kept_beside_and_overwrites_nothing(team: Team) -> None:
    put(team.lead, "First.")
    put(team.lead, "Theirs.", based_on=1)
    token = uuid4()
    clash = put(team.inspector, "Mine.", based_on=1, token=token)
    assert isinstance(clash, Clash)
    assert (clash.theirs.words, clash.mine.words) == ("Theirs.", "Mine.")
    assert clash.theirs.stored_by == team.lead.audit_name
    assert text_of(PLACE).words == "Theirs."
    again = put(team.inspector, "Mine.", based_on=1, token=token)
    assert isinstance(again, Clash)
    assert again.mine.number == clash.mine.number
    assert queries.open_clash_of(PLACE, team.inspector.audit_name) == clash.mine
    assert queries.open_clash_of(PLACE, team.lead.audit_name) is None


def test_two_who_write_the_same_do_not_clash(team: Team) -> None:
    put(team.lead, "The same.")
    assert put(team.inspector, "The same.") == Saved(2, text_of(PLACE).stored_at)


def test_settling_names_both_and_a_repeat_changes_nothing(team: Team) -> None:
    put(team.lead, "Theirs.")
    mine = put(team.inspector, "Mine.").mine.number
    token, sent = uuid4(), {"actor": team.inspector, "place": PLACE, "mine": mine, "theirs": 1}
    done = settle_clash(**sent, text="Both.", token=token)
    settled = queries.version_of(PLACE, done.version)
    assert (settled.kind, settled.based_on, settled.beside) == ("settled", 1, mine)
    assert text_of(PLACE).words == "Both."
    assert settle_clash(**sent, text="Both.", token=token) == done
    with pytest.raises(NotAllowed, match="settled already, as version 3"):
        settle_clash(**sent, text="Again.", token=uuid4())
    assert queries.open_clash_of(PLACE, team.inspector.audit_name) is None


def test_settling_one_writer_s_clash_leaves_another_s_open(team: Team) -> None:
    put(team.lead, "Theirs.")
    put(team.lead, "Theirs still.", based_on=1)
    first = put(team.inspector, "Mine.", based_on=1).mine
    second = put(team.lead, "Of another tab.", based_on=1).mine
    settle_clash(
        actor=team.lead, place=PLACE, mine=second.number, theirs=2, text="Both.", token=uuid4()
    )
    assert queries.open_clash_of(PLACE, team.lead.audit_name) is None
    assert queries.open_clash_of(PLACE, team.inspector.audit_name) == first


def test_a_clash_repeated_after_it_was_settled_is_saved(team: Team) -> None:
    put(team.lead, "Theirs.")
    token = uuid4()
    mine = put(team.inspector, "Mine.", token=token).mine.number
    done = settle_clash(
        actor=team.lead, place=PLACE, mine=mine, theirs=1, text="Both.", token=uuid4()
    )
    assert put(team.inspector, "Mine.", token=token) == done


def test_settling_over_a_third_text_is_a_clash_again(team: Team) -> None:
    put(team.lead, "Theirs.")
    mine = put(team.inspector, "Mine.").mine.number
    put(team.lead, "Third.", based_on=1)
    again = settle_clash(
        actor=team.inspector, place=PLACE, mine=mine, theirs=1, text="Both.", token=uuid4()
    )
    assert isinstance(again, Clash)
    assert again.mine.words == "Both."
    assert text_of(PLACE).words == "Third."


def test_only_a_clash_is_settled(team: Team) -> None:
    put(team.lead, "First.")
    with pytest.raises(BadInput, match="nothing to settle"):
        settle_clash(actor=team.lead, place=PLACE, mine=1, theirs=1, text="x", token=uuid4())
    with pytest.raises(NotFound):
        settle_clash(actor=team.lead, place=PLACE, mine=9, theirs=1, text="x", token=uuid4())


def test_putting_back_is_a_further_version(team: Team) -> None:
    put(team.lead, "First.")
    put(team.lead, "Second.", based_on=1)
    done = restore_version(actor=team.inspector, place=PLACE, number=1, based_on=2, token=uuid4())
    assert done.version == 3
    assert text_of(PLACE).words == "First."
    assert [(one.number, one.kind, one.beside) for one in versions_of(PLACE)] == [
        (3, "restored", 1),
        (2, "saved", None),
        (1, "saved", None),
    ]


def test_putting_back_over_what_was_not_seen_is_refused(team: Team) -> None:
    put(team.lead, "First.")
    put(team.lead, "Second.", based_on=1)
    with pytest.raises(NotAllowed, match="changed since you opened"):
        restore_version(actor=team.lead, place=PLACE, number=1, based_on=1, token=uuid4())
    assert len(versions_of(PLACE)) == 2


def test_what_cannot_be_kept_is_refused_with_the_reason(team: Team) -> None:
    with pytest.raises(BadInput, match=r"200,001 characters"):
        put(team.lead, "x" * (LONGEST_TEXT + 1))
    for version in (1, -1):
        with pytest.raises(BadInput, match="no version"):
            put(team.lead, "x", based_on=version)
    assert not Version.objects.exists()
    assert text_of(PLACE) == queries.Text("", 0)


def test_a_place_nobody_registered_is_not_found(team: Team) -> None:
    for place in ("nothing:x/notes", "inspection:x", "", "inspection:fife-2026/plans"):
        with pytest.raises(NotFound):
            put(team.lead, "x", place=place)
    with pytest.raises(NotFound):
        put(team.lead, "x", place="inspection:nowhere-2026/notes")


def test_a_place_says_what_it_is_called(open_place: str) -> None:
    place = places.place_of(open_place)
    assert (place.title, place.address, str(place)) == ("this text", "/", open_place)


def test_one_line_in_the_trail_for_one_sitting_and_none_of_the_words(team: Team) -> None:
    put(team.lead, "Secret words.")
    put(team.lead, "Secret words, more.", based_on=1)
    assert deeds() == ["text.saved"]
    put(team.inspector, "Secret others.", based_on=1)
    restore_version(actor=team.lead, place=PLACE, number=1, based_on=2, token=uuid4())
    assert deeds() == ["text.saved", "text.clash", "text.restored"]
    for event in AuditEvent.objects.all():
        assert "ecret" not in f"{event.before}{event.after}{event.reason}{event.target}"
    line = AuditEvent.objects.get(verb="text.saved")
    assert line.target == "inspection:fife-2026"
    assert line.actor == team.lead.audit_name


def test_the_words_are_sealed_in_the_database(team: Team) -> None:
    put(team.lead, "Heather and granite.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM saving_version")
        (stored,) = cursor.fetchone()
    assert b"eather" not in bytes(stored)


@pytest.mark.django_db(transaction=True)
def test_saving_inside_another_transaction_is_refused(team: Team, open_place: str) -> None:
    """What is acknowledged must not be undone by somebody else's transaction."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        put(team.lead, "x", place=open_place)
    assert put(team.lead, "x", place=open_place).version == 1


@pytest.mark.engine("sqlite")
@pytest.mark.django_db(transaction=True)
def test_sqlite_waits_for_the_disk_while_saving_and_only_then(
    team: Team, open_place: str, django_assert_num_queries: Callable[..., object]
) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        put(team.lead, "x", place=open_place)
    asked_for = [one["sql"] for one in asked if "synchronous" in one["sql"]]
    assert asked_for == ["PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"number": 0}, "version_follows_what_it_is_based_on"),
        ({"beside": 1}, "version_names_the_other_it_was_made_from"),
        ({"kind": "settled"}, "version_names_the_other_it_was_made_from"),
        ({"stored_by": ""}, "version_is_stored_by_somebody"),
    ],
)
def test_the_database_refuses_a_version_that_cannot_be(
    changes: dict[str, object], name: str
) -> None:
    made = VersionFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Version.objects.filter(pk=made.pk).update(**changes)


def test_the_database_refuses_a_second_of_the_same_number_or_token() -> None:
    made = VersionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactory(text=made.text)
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactory(token=made.token)


def test_the_database_refuses_a_text_that_uses_no_version_of_its_own() -> None:
    made = SavedTextFactory()
    for changes, name in (
        ({"latest": 2}, "saved_text_uses_a_version_it_has"),
        ({"place": ""}, "saved_text_has_a_place"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SavedText.objects.filter(pk=made.pk).update(**changes)


def test_rows_say_what_they_are() -> None:
    made = VersionFactory(text__place="boat:ferry/log")
    assert str(made) == "boat:ferry/log version 1"
    assert queries.names_of_writers(["command:root"]) == {"command:root": "command:root"}
