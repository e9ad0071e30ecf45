"""Moving, leaving, coming back, extending: each by the right person, in one step."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.access import queries, services
from sightline.access.actors import CommandLine
from sightline.access.models import Assignment, AuditEvent, IsDeed, User
from sightline.access.permissions import Permission, holds
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.factories.access import (
    PASSWORD,
    AssignmentFactory,
    InvitationFactory,
    OrganisationFactory,
    UserFactory,
    assign,
    authenticator,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def administrator() -> User:
    return assign(UserFactory(), "system-administrator")


def as_administrator() -> Client:
    client = Client()
    client.force_login(administrator())
    return client


def lines(verb: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=verb))


def deeds() -> list[str]:
    return [line.verb for line in AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")]


def not_for_them() -> list[tuple[User, type[Exception]]]:
    return [
        (UserFactory(), NotFound),
        (assign(UserFactory(), "inspection-lead"), NotFound),
        (assign(UserFactory(), "information-governance-officer"), NotPermitted),
    ]


def parts(name: str, day: dt.date) -> dict[str, int]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_all_of_it_is_for_those_who_manage_people() -> None:
    held, today = AssignmentFactory(ends=dt.date(2099, 1, 1)), timezone.localdate()
    person = held.person
    for outsider, refusal in not_for_them():
        for do in (
            lambda who: services.leave(actor=who, person=person, last_day=today),
            lambda who: services.readmit(actor=who, person=person),
            lambda who: services.sign_out(actor=who, person=person),
            lambda who: services.close_leavers(actor=who),
            lambda who: services.extend_assignment(
                actor=who, assignment_id=held.pk, ends=dt.date(2100, 1, 1), reason="x"
            ),
            lambda who: services.move(
                actor=who,
                person=person,
                moved_on=today,
                designation="",
                organisation=None,
                ending=[],
                shown=[held.pk],
            ),
        ):
            with pytest.raises(refusal):
                do(outsider)
    assert deeds() == []


def move(actor: User, person: User, **more: object) -> list[Assignment]:
    held = [item.pk for item in queries.not_over(person, today=timezone.localdate())]
    given = {
        "moved_on": timezone.localdate(),
        "designation": "Head of practice",
        "organisation": None,
        "ending": held,
        "shown": held,
        **more,
    }
    return services.move(actor=actor, person=person, **given)


def test_move_changes_the_post_and_ends_what_is_ticked() -> None:
    admin, angus = administrator(), OrganisationFactory(code="angus-council")
    first = AssignmentFactory(
        person__designation="Head", person__organisation=OrganisationFactory()
    )
    person = first.person
    second = AssignmentFactory(person=person, scope_key="angus", starts=timezone.localdate() + DAY)

    ended = move(admin, person, organisation=angus, ending=[first.pk])

    assert ended == [first]
    person.refresh_from_db()
    assert (person.designation, person.organisation) == ("Head of practice", angus)
    assert Assignment.objects.get(pk=first.pk).ended_by == admin.audit_name
    assert Assignment.objects.get(pk=second.pk).ended_at is None
    (line,) = lines("person.moved")
    assert line.before["post"] == "Head"
    assert (line.after["works_for"], line.after["ended"]) == ("angus-council", 1)
    move(admin, person, ending=[])
    assert Assignment.objects.get(pk=second.pk).ended_at is None


def test_move_is_refused_with_the_reason() -> None:
    admin, held = administrator(), AssignmentFactory()
    person, today = held.person, timezone.localdate()
    for more, reason in (
        ({"moved_on": today + DAY}, "still to come"),
        ({"shown": []}, "has changed since you opened"),
        ({"shown": [held.pk], "ending": [held.pk, 999]}, "has changed since you opened"),
    ):
        with pytest.raises(NotAllowed, match=reason):
            move(admin, person, **more)
    with pytest.raises(NotAllowed, match="no longer has access"):
        move(admin, UserFactory(is_active=False))
    with pytest.raises(NotAllowed, match="Nobody else can give and end roles"):
        move(admin, admin)
    assert deeds() == []


def test_moving_by_the_page_shows_what_would_happen_and_then_does_it() -> None:
    client, held = as_administrator(), AssignmentFactory(person__name="M. Mover")
    person = held.person
    stays = AssignmentFactory(
        person=person, role="inspector", scope_kind="inspection", scope_key="fife-2023"
    )
    angus = OrganisationFactory(name="Angus Council")
    page = reverse("access:move", args=[person.pk])
    form = client.get(page).context["form"]
    assert form.initial["ending"] == [str(held.pk)]  # those of a partnership are ticked

    sent = {
        "designation": "Head",
        "organisation": angus.pk,
        "ending": [held.pk],
        "shown": form.initial["shown"],
        **parts("moved_on", timezone.localdate()),
    }
    checked = client.post(page, sent)
    text = checked.content.decode()
    assert "Check before you move M. Mover" in text
    assert "→ Angus Council" in text
    assert [row.role for row in checked.context["ends"]] == ["Chief officer"]
    assert [row.pk for row in checked.context["stays"]] == [stays.pk]
    assert deeds() == []

    back = client.post(page, {**sent, "change": "yes"}).content.decode()
    assert "Move M. Mover to another post" in back
    AssignmentFactory(person=person, scope_key="moray")
    stale = client.post(page, {**sent, "commit": "yes"}).content.decode()
    assert "has changed since you opened this" in stale
    Assignment.objects.filter(scope_key="moray").update(ended_at=timezone.now(), ended_by="test")
    done = client.post(page, {**sent, "commit": "yes"}, follow=True).content.decode()
    assert "M. Mover moved. Roles ended: 1." in done
    wrong = client.post(page, {"moved_on_day": "99"}).content.decode()
    assert "There is a problem" in wrong


def test_moving_somebody_who_holds_nothing() -> None:
    client, person = as_administrator(), UserFactory()
    page = reverse("access:move", args=[person.pk])
    assert "Roles that end" not in client.get(page).content.decode()
    sent = {"designation": "Head", "shown": "", **parts("moved_on", timezone.localdate())}
    assert client.post(page, {**sent, "commit": "yes"}).status_code == 302
    assert User.objects.get(pk=person.pk).designation == "Head"


def test_leave_today_closes_everything_at_once() -> None:
    admin, person = administrator(), UserFactory(name="L. Leaver")
    AssignmentFactory(person=person)
    AssignmentFactory(person=person, scope_key="angus", starts=timezone.localdate() + 9 * DAY)
    AssignmentFactory(person=person, scope_key="moray", ends=dt.date(2021, 1, 1))
    authenticator(person)
    InvitationFactory(person=person)
    client = Client()
    client.force_login(person)

    services.leave(actor=admin, person=person, last_day=timezone.localdate())

    assert client.get(reverse("home")).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.is_active, person.has_usable_password()) == (False, False)
    assert not queries.authenticators(person).exists()
    assert queries.not_over(person, today=timezone.localdate()) == []
    assert person.invitations.get().withdrawn_by == admin.audit_name
    assert person.assignments.filter(ended_by=admin.audit_name).count() == 2
    (line,) = lines("person.left")
    assert line.after == {"on": str(timezone.localdate()), "ended": 2}
    with pytest.raises(NotAllowed, match="has no access already"):
        services.leave(actor=admin, person=person, last_day=timezone.localdate())


def test_leave_on_a_later_day_ends_everything_by_that_day() -> None:
    admin, person, today = administrator(), UserFactory(), timezone.localdate()
    day = today + 10 * DAY
    AssignmentFactory(person=person)
    AssignmentFactory(person=person, scope_key="angus", ends=today + 3 * DAY)
    AssignmentFactory(person=person, scope_key="moray", starts=day + DAY)
    client = Client()
    client.force_login(person)

    services.leave(actor=admin, person=person, last_day=day)

    ends = dict(person.assignments.filter(ended_at=None).values_list("scope_key", "ends"))
    assert ends == {"fife": day, "angus": today + 3 * DAY}
    assert client.get(reverse("home")).status_code == 200
    assert services.close_leavers(actor=CommandLine("root")) == []
    with time_machine.travel(timezone.now() + 11 * DAY):
        late = Client()
        late.force_login(person)
        assert late.get(reverse("home")).status_code == 302
        sent = {"login": person.email, "password": PASSWORD}
        answer = Client().post(reverse("account_login"), sent)
        assert answer.url == reverse("account_inactive")
        assert services.close_leavers(actor=admin) == [person]
        assert services.close_leavers(actor=admin) == []
    assert not User.objects.get(pk=person.pk).is_active
    assert [line.target for line in lines("person.deactivated")] == [person.audit_name]


def test_leave_is_refused_with_the_reason() -> None:
    admin, today = administrator(), timezone.localdate()
    with pytest.raises(NotAllowed, match="your own access"):
        services.leave(actor=admin, person=admin, last_day=today)
    with pytest.raises(NotAllowed, match="more than a year away"):
        services.leave(actor=admin, person=UserFactory(), last_day=today + 400 * DAY)


def test_who_alone_gives_roles_does_not_leave() -> None:
    admin, other = administrator(), administrator()
    assert holds(admin, Permission.PEOPLE_MANAGE)  # and from here on, in this request
    Assignment.objects.filter(person=admin).update(ends=dt.date(2021, 1, 1))
    with pytest.raises(NotAllowed, match="Nobody else can give and end roles"):
        services.leave(actor=admin, person=other, last_day=timezone.localdate())
    services.leave(actor=CommandLine("root"), person=other, last_day=timezone.localdate())
    assert not User.objects.get(pk=other.pk).is_active


def test_leaving_by_the_page() -> None:
    client, held = as_administrator(), AssignmentFactory(person__name="L. Leaver")
    page = reverse("access:leave", args=[held.person_id])
    assert "Chief officer" in client.get(page).content.decode()
    today = timezone.localdate()
    far = client.post(page, parts("last_day", today + 400 * DAY)).content.decode()
    assert "Check the year" in far
    later = client.post(page, parts("last_day", today + DAY), follow=True).content.decode()
    assert "L. Leaver leaves on" in later
    assert "Their last day is" in later
    now = client.post(page, parts("last_day", today), follow=True).content.decode()
    assert "L. Leaver has left" in now
    assert "Let them back in" in now
    assert "They hold no role" in client.get(page).content.decode()

    back = client.post(reverse("access:readmit", args=[held.person_id]), follow=True)
    assert "may sign in again" in back.content.decode()
    again = client.post(reverse("access:readmit", args=[held.person_id]), follow=True)
    assert "has access already" in again.content.decode()


def test_readmit() -> None:
    admin, gone = administrator(), UserFactory(is_active=False)
    services.readmit(actor=admin, person=gone)
    assert User.objects.get(pk=gone.pk).is_active
    assert not holds(User.objects.get(pk=gone.pk), Permission.PUBLISHED_VIEW)
    late = UserFactory(leaves_on=dt.date(2021, 1, 1))
    services.readmit(actor=admin, person=late)
    assert User.objects.get(pk=late.pk).leaves_on is None
    with pytest.raises(NotAllowed, match="let yourself back in"):
        services.readmit(actor=admin, person=admin)


def test_sign_out_by_the_page_and_by_oneself() -> None:
    person = UserFactory(name="S. Somebody")
    theirs = Client()
    theirs.force_login(person)
    said = as_administrator().post(reverse("access:sign-out", args=[person.pk]), follow=True)
    assert "S. Somebody is signed out everywhere" in said.content.decode()
    assert theirs.get(reverse("home")).status_code == 302
    theirs.force_login(User.objects.get(pk=person.pk))
    assert theirs.get(reverse("home")).status_code == 200
    services.sign_out(actor=person, person=person)
    assert theirs.get(reverse("home")).status_code == 302
    assert len(lines("person.signed-out")) == 2


def test_deactivating_signs_out_for_good() -> None:
    admin, person = administrator(), UserFactory()
    client = Client()
    client.force_login(person)
    services.deactivate(actor=admin, person=person)
    services.readmit(actor=admin, person=person)
    assert client.get(reverse("home")).status_code == 302


def test_extend() -> None:
    admin, today = administrator(), timezone.localdate()
    held = AssignmentFactory(ends=today)
    made = services.extend_assignment(
        actor=admin, assignment_id=held.pk, ends=today + DAY, reason=" Fieldwork is late. "
    )
    assert made.ends == today + DAY
    (line,) = lines("role.extended")
    assert (line.reason, line.after["until"]) == ("Fieldwork is late.", str(today + DAY))
    own = admin.assignments.get()
    own.ends = today
    own.save()
    for item, ends, reason, refusal, said in (
        (held, today + DAY, "x", NotAllowed, "Choose a later day"),
        (held, today + 2 * DAY, "", BadInput, "Say why"),
        (AssignmentFactory(), today, "x", NotAllowed, "no last day"),
        (AssignmentFactory(ends=dt.date(2021, 1, 1)), today, "x", NotAllowed, "ended by itself"),
        (own, today + DAY, "x", NotAllowed, "to yourself, or extend one"),
    ):
        with pytest.raises(refusal, match=said):
            services.extend_assignment(actor=admin, assignment_id=item.pk, ends=ends, reason=reason)


def test_extending_what_somebody_changed_a_moment_ago_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, today = administrator(), timezone.localdate()
    held = AssignmentFactory(ends=today)
    stale = Assignment.objects.get(pk=held.pk)
    Assignment.objects.filter(pk=held.pk).update(ends=today + 5 * DAY)
    monkeypatch.setattr(
        "sightline.access.services.assignments.get_assignment_for", lambda *asked: stale
    )
    with pytest.raises(NotAllowed, match="a moment ago"):
        services.extend_assignment(actor=admin, assignment_id=held.pk, ends=today + DAY, reason="x")


def test_extending_by_the_page_from_the_list_of_what_ends_soon() -> None:
    client, today = as_administrator(), timezone.localdate()
    held = AssignmentFactory(person__name="E. Ending", ends=today + 30 * DAY)
    AssignmentFactory(person__name="L. Later", ends=today + 31 * DAY)
    AssignmentFactory(ends=today + DAY, person__is_active=False)
    people = client.get(reverse("access:people")).content.decode()
    assert "1 role ends within 30 days" in people
    narrowed = client.get(reverse("access:people") + "?ending=on")
    assert [row.name for row in narrowed.context["people"]] == ["E. Ending"]
    assert "Extend" in client.get(reverse("access:person", args=[held.person_id])).content.decode()

    page = reverse("access:extend", args=[held.pk])
    assert "until" in client.get(page).content.decode()
    early = client.post(page, {"reason": "x", **parts("ends", today)}).content.decode()
    assert "Choose a later day" in early
    day = today + 60 * DAY
    done = client.post(page, {"reason": "Late", **parts("ends", day)}, follow=True)
    assert "Role of E. Ending extended" in done.content.decode()
    assert list(queries.ending_within(30, person=held.person)) == []
    assert list(queries.ending_within(60, person=held.person)) == [held]
