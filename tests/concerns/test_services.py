"""Raising, every step, every refusal: who, in which state, over what they saw."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.access.permissions import forget
from sightline.concerns import policies, queries, services
from sightline.concerns.models import Concern, Danger, Deed, Letter, State, Step
from sightline.concerns.permissions import MAY, Part, get_concern_for
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.concerns.conftest import INSPECTION, WORRY, People, Raise
from tests.factories.access import UserFactory, assign
from tests.factories.concerns import ConcernFactory, StepFactory

pytestmark = pytest.mark.django_db

DO: dict[Deed, Any] = {
    Deed.PASSED_ON: services.pass_on,
    Deed.KEPT: services.keep_back,
    Deed.ACKNOWLEDGED: services.acknowledge,
    Deed.ACTED: services.record_action,
    Deed.CONCLUDED: services.record_outcome,
    Deed.RETURNED: services.send_back,
    Deed.CLOSED: services.close,
    Deed.ASKED: services.ask,
    Deed.ANSWERED: services.answer,
    Deed.HANDED_OVER: services.hand_over,
}
UNTIL_CLOSED: dict[str, Any] = {"due": None, "next_alarm": None, "keep_until": dt.date(2033, 1, 1)}


def do(deed: Deed, actor: Any, concern: Concern, **more: Any) -> Concern:
    """Take a step over the concern as it is now."""
    turn = more.pop("turn", queries.turn_of(concern))
    given = {"note": f"Words of {deed}"} | more
    return DO[deed](actor=actor, key=concern.pk, turn=turn, **given)  # type: ignore[no-any-return]


def told(why: Letter.Why) -> list[str]:
    """Whom letters of one kind were written to."""
    return sorted(Letter.objects.filter(why=why).values_list("person__name", flat=True))


def in_state(state: State, people: People) -> Concern:
    """A concern in a state, with a question open so that it could be answered."""
    passed_on = state not in {State.DECIDING, State.KEPT}
    more = UNTIL_CLOSED if state is State.CLOSED else {}
    concern: Concern = ConcernFactory(
        state=state, passed_on=passed_on, raised_by=people.raiser, **more
    )
    StepFactory(concern=concern)
    return concern


def test_one_in_an_inspection_waits_for_its_lead_and_nobody_else_is_told(
    people: People, raised: Raise
) -> None:
    concern = raised()
    assert (concern.state, concern.passed_on, concern.urgent) == (State.DECIDING, False, False)
    assert told(Letter.Why.RAISED) == ["L. Lead"]
    assert Letter.objects.count() == 1
    assert concern.due - concern.raised_at == dt.timedelta(hours=24)
    line = AuditEvent.objects.get(verb="concern.raised")
    assert (line.actor, line.target) == (people.raiser.audit_name, f"concern:{concern.label}")
    assert Step.objects.get().deed == Deed.RAISED


@pytest.mark.parametrize("danger", ["yes", "not-sure"])
def test_an_urgent_one_goes_to_local_lead_and_lead_at_once(
    people: People, raised: Raise, danger: str
) -> None:
    concern = raised(danger=danger)
    assert (concern.state, concern.passed_on, concern.urgent) == (State.PASSED, True, True)
    assert (told(Letter.Why.PASSED), told(Letter.Why.RAISED)) == (["O. Local"], ["L. Lead"])
    assert concern.due - concern.raised_at == dt.timedelta(hours=1)


def test_one_outside_an_inspection_goes_straight_to_the_local_lead(
    people: People, raised: Raise
) -> None:
    concern = raised(inspection="")
    assert concern.state == State.PASSED
    assert told(Letter.Why.PASSED) == ["O. Local"]
    with pytest.raises(NotFound):
        get_concern_for(people.lead, concern.pk)


def test_it_goes_round_whoever_it_may_be_about(people: People, raised: Raise) -> None:
    round_lead = raised(past_lead=True)
    assert (round_lead.state, told(Letter.Why.PASSED)) == (State.PASSED, ["O. Local"])
    with pytest.raises(NotFound):
        get_concern_for(people.lead, round_lead.pk)

    Letter.objects.all().delete()
    round_local = raised(past_local_lead=True, danger="yes")
    assert (told(Letter.Why.PASSED), told(Letter.Why.RAISED)) == (["M. Manager"], ["L. Lead"])
    assert not round_local.escalated
    with pytest.raises(NotFound):
        get_concern_for(people.local_lead, round_local.pk)
    do(Deed.ACKNOWLEDGED, people.manager, round_local)


def test_nobody_named_falls_to_the_service_manager_then_to_the_administrators(
    people: People, raised: Raise
) -> None:
    people.local_lead.assignments.all().delete()
    concern = raised(danger="yes")
    assert concern.escalated
    assert told(Letter.Why.PASSED) == ["M. Manager"]

    people.lead.assignments.all().delete()
    assert raised().escalated
    assert told(Letter.Why.RAISED) == ["L. Lead", "M. Manager"]

    people.manager.assignments.all().delete()
    assert told(Letter.Why.NOBODY) == []
    orphan = raised(inspection="")
    assert orphan.escalated
    assert told(Letter.Why.NOBODY) == ["Administrator"]
    with pytest.raises(NotFound):
        get_concern_for(people.outsiders[0], orphan.pk)


def test_the_lead_of_all_of_scotland_is_told_only_where_an_inspection_has_none(
    people: People, raised: Raise
) -> None:
    programme = assign(UserFactory(name="N. National"), "inspection-lead")
    concern = raised()
    assert told(Letter.Why.RAISED) == ["L. Lead"]
    assert get_concern_for(programme, concern.pk)[1] == {Part.LEAD}
    people.lead.assignments.all().delete()
    raised()
    assert told(Letter.Why.RAISED) == ["L. Lead", "N. National"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"worry": "  "}, "what you are worried about"),
        ({"worry": "x" * 20_001}, "20,000 characters"),
        ({"danger": "perhaps"}, "immediate danger"),
        ({"partnership": "nowhere"}, "partnership"),
        ({"partnership": "angus"}, "inspection of that partnership"),
        ({"inspection": "none-2026"}, "inspection of that partnership"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_half_done(
    raised: Raise, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        raised(**wrong)
    assert not Concern.objects.exists()
    assert not Letter.objects.exists()


def test_the_command_line_and_the_deactivated_raise_and_open_nothing(
    people: People, raised: Raise
) -> None:
    concern = raised()
    for nobody in (command_line(), people.outsiders[-1]):
        with pytest.raises(NotPermitted, match="Only a person"):
            raised(actor=nobody)
        with pytest.raises(NotFound):
            get_concern_for(nobody, concern.pk)
        for deed in DO:
            with pytest.raises(NotFound):
                do(deed, nobody, concern, **_with_person(deed, people))


def _with_person(deed: Deed, people: People) -> dict[str, Any]:
    return {"person": people.depute} if deed is Deed.HANDED_OVER else {}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", list(DO))
def test_each_step_from_each_state_by_everybody(people: People, deed: Deed, state: State) -> None:
    """The table: strangers never, others only what is theirs, and only where the state allows."""
    concern = in_state(state, people)
    Concern.objects.filter(pk=concern.pk).update(
        question_waits=deed is Deed.ANSWERED and state is not State.CLOSED
    )
    more = _with_person(deed, people)
    for stranger in (*people.elsewhere, *people.outsiders, people.depute):
        with pytest.raises(NotFound):
            do(deed, stranger, concern, **more)
    if not concern.passed_on:
        with pytest.raises(NotFound):
            do(deed, people.local_lead, concern, **more)
    parts = {
        Part.RAISER: people.raiser,
        Part.LEAD: people.lead,
        Part.MANAGER: people.manager,
        Part.RECEIVER: people.local_lead,
    }
    if not concern.passed_on:
        del parts[Part.RECEIVER]
    for part, person in parts.items():
        if part not in MAY[deed]:
            with pytest.raises(NotPermitted, match="It is for"):
                do(deed, person, concern, **more)
    assert not AuditEvent.objects.filter(verb__startswith="concern.").exists()
    able = next(person for part, person in parts.items() if part in MAY[deed])
    following = policies.TRANSITIONS[deed].get(state)
    if following is None:
        with pytest.raises(NotAllowed, match=concern.label):
            do(deed, able, concern, **more)
        return
    do(deed, able, concern, **more)
    concern.refresh_from_db()
    assert (concern.state, concern.turn) == (following, 2)
    step = concern.steps.get(turn=2)
    assert (step.deed, step.taken_by, step.note) == (deed, able, f"Words of {deed}")
    line = AuditEvent.objects.get(verb=f"concern.{deed}")
    assert (line.before, line.after, line.reason) == ({"state": state}, {"state": following}, "")


def test_nobody_acts_over_what_they_have_not_seen(people: People, raised: Raise) -> None:
    concern = raised()
    do(Deed.ASKED, people.manager, concern)
    with pytest.raises(NotAllowed, match="since you opened it"):
        do(Deed.PASSED_ON, people.lead, concern, turn=1)
    assert Concern.objects.get().state == State.DECIDING
    do(Deed.PASSED_ON, people.lead, concern, turn=2)


def test_two_at_the_same_moment_are_told_apart(
    people: People, raised: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read turn 1 before either writes: the second is refused by the write itself."""
    concern = raised()
    calls = []
    original = policies.check_as_seen

    def quicker(found: Concern, turn: int) -> None:
        original(found, turn)
        if not calls:
            calls.append(turn)
            Concern.objects.filter(pk=found.pk).update(turn=turn + 1)

    monkeypatch.setattr(policies, "check_as_seen", quicker)
    with pytest.raises(NotAllowed, match="since you opened it"):
        do(Deed.PASSED_ON, people.lead, concern)


def test_who_decided_not_to_pass_it_on_does_not_close_it(people: People, raised: Raise) -> None:
    concern = raised()
    do(Deed.KEPT, people.lead, concern)
    assert told(Letter.Why.MOVED) == ["L. Lead", "M. Manager"]
    with pytest.raises(NotAllowed, match="a second person must agree"):
        do(Deed.CLOSED, people.lead, concern)
    do(Deed.CLOSED, people.manager, concern)
    concern.refresh_from_db()
    assert (concern.due, concern.state) == (None, State.CLOSED)
    assert told(Letter.Why.NEWS) == ["R. Raiser"]


def test_from_raised_to_closed(people: People, raised: Raise) -> None:
    """Every step in its order, with who is told of each."""
    with time_machine.travel(dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC), tick=False):
        concern = raised(about_whom="Isla Example, 1 Example Street")
        do(Deed.PASSED_ON, people.lead, concern)
        do(Deed.ACKNOWLEDGED, people.local_lead, concern, note="")
        do(Deed.ACTED, people.local_lead, concern, local_reference="SW-12")
        do(Deed.ACTED, people.local_lead, concern, local_reference="SW-13")
        do(Deed.CONCLUDED, people.local_lead, concern)
        do(Deed.RETURNED, people.lead, concern)
        do(Deed.CONCLUDED, people.local_lead, concern)
        do(Deed.CLOSED, people.lead, concern)
    concern.refresh_from_db()
    assert concern.state == State.CLOSED
    assert concern.keep_until == dt.date(2026, 11, 2) + dt.timedelta(days=2557)
    assert [step.deed for step in queries.steps(concern)] == [
        "raised", "pass-on", "acknowledge", "act", "act", "conclude", "return", "conclude", "close",
    ]  # fmt: skip
    assert told(Letter.Why.PASSED) == ["O. Local"]
    assert told(Letter.Why.MOVED) == ["L. Lead", "L. Lead", "O. Local"]
    assert told(Letter.Why.NEWS) == ["R. Raiser", "R. Raiser"]


def test_a_question_and_its_answer(people: People, raised: Raise) -> None:
    concern = raised(danger="yes")
    with pytest.raises(NotAllowed, match="Nobody has asked"):
        do(Deed.ANSWERED, people.raiser, concern)
    due = concern.due
    do(Deed.ASKED, people.local_lead, concern)
    assert told(Letter.Why.ASKED) == ["R. Raiser"]
    with pytest.raises(NotAllowed, match="waits for its answer"):
        do(Deed.ASKED, people.lead, concern)
    do(Deed.ANSWERED, people.raiser, concern)
    assert told(Letter.Why.ANSWERED) == ["O. Local"]
    concern.refresh_from_db()
    assert (concern.question_waits, concern.due) == (False, due)


def test_the_lead_is_away_so_the_depute_decides(people: People, raised: Raise) -> None:
    concern = raised()
    with pytest.raises(NotFound):
        get_concern_for(people.depute, concern.pk)
    with pytest.raises(BadInput, match="cannot stand in"):
        do(Deed.HANDED_OVER, people.manager, concern, person=people.raiser)
    do(Deed.HANDED_OVER, people.manager, concern, person=people.depute)
    assert told(Letter.Why.MOVED) == ["D. Depute"]
    concern.refresh_from_db()
    assert queries.leads(concern) == [people.depute]
    do(Deed.PASSED_ON, people.depute, concern)
    people.depute.assignments.update(ends="2026-01-31")  # and is of the team no more
    forget(people.depute)
    with pytest.raises(NotFound):
        get_concern_for(people.depute, concern.pk)
    concern.refresh_from_db()
    assert queries.leads(concern) == [people.lead]
    assert concern not in queries.in_hand_of(people.depute)
    outside = raised(inspection="")
    with pytest.raises(NotAllowed, match="nothing to hand over"):
        do(Deed.HANDED_OVER, people.manager, outside, person=people.depute)


@pytest.mark.parametrize("deed", [deed for deed in DO if deed is not Deed.ACKNOWLEDGED])
def test_a_step_without_words_is_refused(people: People, deed: Deed) -> None:
    state = next(iter(policies.TRANSITIONS[deed]))
    concern = in_state(state, people)
    able = {Part.LEAD: people.lead, Part.RECEIVER: people.local_lead, Part.RAISER: people.raiser}
    person = next(who for part, who in able.items() if part in MAY[deed])
    with pytest.raises(BadInput, match="Enter"):
        do(deed, person, concern, note=" ", **_with_person(deed, people))


def test_letters_go_at_once_and_say_nothing(
    people: People, raised: Raise, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        concern = raised(danger="yes", about_whom="Isla Example")
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [people.lead.email, people.local_lead.email]
    )
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        assert concern.label in text
        assert f"/concerns/{concern.pk}/" in text
        for word in ("Isla", "afraid", WORRY, "Fife", "fife", INSPECTION, "R. Raiser"):
            assert word not in text
    assert not Letter.objects.filter(sent=None).exists()


def test_a_letter_that_cannot_go_is_kept_and_tried_again(
    raised: Raise,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable(self: Any, *args: Any, **kwargs: Any) -> int:
        raise ConnectionRefusedError

    with time_machine.travel("2026-11-02 09:00Z", tick=False) as clock:
        with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
            patch.setattr("django.core.mail.EmailMessage.send", unreachable)
            raised()
        letter = Letter.objects.get()
        assert (letter.sent, letter.tries) == (None, 1)
        assert services.send_what_waits(actor="test") == 0  # whoever wrote it may still be sending
        clock.shift(dt.timedelta(minutes=2))
        assert services.send_what_waits(actor="test") == 1
        assert services.send_what_waits(actor="test") == 0
    letter.refresh_from_db()
    assert letter.tries == 2
    assert AuditEvent.objects.get(verb="concern.letters-sent").after == {"sent": 1}
    assert len(mail.outbox) == 1


def test_a_letter_to_administrators_leads_to_people_and_not_to_the_concern(
    people: People, raised: Raise, django_capture_on_commit_callbacks: Any
) -> None:
    people.local_lead.assignments.all().delete()
    people.manager.assignments.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        concern = raised(inspection="")
    (message,) = mail.outbox
    assert message.to == [people.outsiders[0].email]
    assert "/admin/people/" in message.body
    assert str(concern.pk) not in message.body


def test_words_that_are_stored_are_those_that_were_written(raised: Raise) -> None:
    concern = raised(danger="not-sure", about_whom=" Isla ", told="The head teacher")
    fresh = Concern.objects.get(pk=concern.pk)
    assert (fresh.worry, fresh.about_whom, fresh.told) == (WORRY, "Isla", "The head teacher")
    assert fresh.danger == Danger.NOT_SURE
    assert fresh.raised_at <= timezone.now()
    assert str(fresh) == fresh.label
    assert [str(step) for step in fresh.steps.all()] == [f"{fresh.pk} 1 raised"]
    assert str(fresh.letters.get(person__name="L. Lead")) == f"raised about {fresh.pk}"
