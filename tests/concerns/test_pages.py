"""The pages: raised from anywhere, opened by the right ones, never stored, in few queries."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.models import AuditEvent, User
from sightline.concerns import places, services
from sightline.concerns.models import Concern, Deed, Letter, State
from sightline.kernel.errors import BadInput, NotAvailable
from tests.concerns.conftest import HERE, INSPECTION, WORRY, People, Raise
from tests.concerns.test_services import do
from tests.factories.access import UserFactory
from tests.factories.concerns import ConcernFactory, LetterFactory, StepFactory

pytestmark = pytest.mark.django_db
RAISE = reverse("concerns:raise")
FROM = f"/p/{HERE}/exercises/{INSPECTION}/"
GIVEN = {"worry": WORRY, "danger": "no", "partnership": HERE, "inspection": INSPECTION}
ClientFor = Callable[[User], Client]


def page_of(concern: Concern) -> str:
    return reverse("concerns:concern", args=[concern.pk])


def step_of(concern: Concern, deed: Deed) -> str:
    return reverse("concerns:step", args=[concern.pk, deed.value])


def test_it_is_raised_from_the_head_of_any_page_by_anybody(client_for: ClientFor) -> None:
    client = client_for(UserFactory())  # without any role
    home = client.get("/home/").content.decode()
    assert f'href="{RAISE}?from=/home/" target="_blank"' in home
    page = client.get(f"{RAISE}?from={FROM}").content.decode()
    assert "call 999" in page
    assert page.index("call 999") < page.index("<form class")
    assert f"Fife, P3, page {FROM}" in page
    assert '<option value="fife" selected>' in page
    assert f'<option value="{INSPECTION}" selected>' in page
    assert 'spellcheck="false"' in page


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get(RAISE)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={RAISE}")
    assert "Raise a concern" not in client.get("/accounts/login/").content.decode()


def test_after_sending_the_raiser_reads_who_was_told_and_by_when(
    people: People, client_for: ClientFor, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_for(people.raiser)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(RAISE, GIVEN | {"from": FROM})
    concern = Concern.objects.get()
    assert answer["Location"] == f"{page_of(concern)}sent/?from={FROM}"
    text = client.get(answer["Location"]).content.decode()
    assert f"Concern {concern.label}: sent" in text
    assert "L. Lead" in text
    assert "Sent</span>" in text
    assert f'href="{FROM}"' in text
    assert WORRY not in text
    assert WORRY in client.get(page_of(concern)).content.decode()


def test_sent_twice_it_is_one_concern(people: People, client_for: ClientFor) -> None:
    client = client_for(people.raiser)
    token = re.search(r'name="token" value="([0-9a-f-]{36})"', client.get(RAISE).content.decode())
    assert token
    first, again = (client.post(RAISE, GIVEN | {"token": token[1]}) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Concern.objects.count() == 1
    assert str(Concern.objects.get().pk) == token[1]
    other = client_for(people.lead).post(RAISE, GIVEN | {"token": token[1]})
    assert "This form cannot be sent again." in other.content.decode()
    assert Concern.objects.count() == 1


def test_a_letter_that_is_only_a_file_is_not_called_sent(
    people: People, client_for: ClientFor, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_for(people.raiser)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(RAISE, GIVEN)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    text = client.get(answer["Location"]).content.decode()
    assert "This copy has no mail server. Telephone them." in text
    assert "Sent</span>" not in text
    page = client_for(people.lead).get(page_of(Concern.objects.get())).content.decode()
    assert "Not e-mailed" in page


def test_only_worry_danger_and_partnership_must_be_answered(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people.raiser)
    page = client.post(RAISE, {"about_whom": "Isla Example"}).content.decode()
    assert "<title>Error: Raise a concern" in page
    for said in (
        "Enter what you are worried about",
        "Select whether a child or adult is in immediate danger",
        "Select which partnership is responsible",
    ):
        assert said in page
    assert "Isla Example" in page
    wrong = client.post(RAISE, GIVEN | {"partnership": "angus"}).content.decode()
    assert "Select an inspection of that partnership, or none" in wrong
    assert client.post(RAISE, GIVEN).status_code == 302


def test_nobody_named_is_said_at_once(people: People, client_for: ClientFor) -> None:
    people.local_lead.assignments.all().delete()
    client = client_for(people.raiser)

    def said(**more: str) -> str:
        return client.post(RAISE, GIVEN | more, follow=True).content.decode()

    nobody = "Nobody is named as local lead for concerns in Fife; the service manager has been told"
    assert nobody in said(danger="yes")
    assert "as nobody else is named" in client.get(page_of(Concern.objects.get())).content.decode()
    around = said(past_local_lead="on", danger="yes")
    assert "Nobody is named" not in around
    assert "The service manager acknowledges it" in " ".join(around.split())
    people.lead.assignments.all().delete()
    assert "Nobody is named as lead of this inspection; the service manager" in said()
    people.manager.assignments.all().delete()
    assert "telephone the social work service of the council now" in said(inspection="")


def test_without_an_inspection_under_way_none_is_asked_for(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_sources", [lambda person: {}])
    client = client_for(people.raiser)
    text = client.get(RAISE).content.decode()
    assert "Which inspection" not in text
    assert "inspection lead: it may" not in text
    assert client.post(RAISE, GIVEN).status_code == 302
    assert Concern.objects.get().inspection == ""


def test_what_cannot_be_kept_stays_on_the_page_with_what_to_do(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(**given: Any) -> None:
        raise NotAvailable("The key is not here.")

    monkeypatch.setattr(services, "raise_concern", missing)
    answer = client_for(people.raiser).post(RAISE, GIVEN)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "Do not wait: telephone" in text
    assert WORRY in text


def test_without_its_key_nothing_opens_and_the_page_says_so(
    people: People, client_for: ClientFor, raised: Raise, settings: Any
) -> None:
    concern = raised()
    settings.SIGHTLINE_KEYS = {**settings.SIGHTLINE_KEYS, "concerns": (("other", b"o" * 32),)}
    opened = client_for(people.lead).get(page_of(concern))
    assert opened.status_code == 503
    assert WORRY not in opened.content.decode()


def test_what_the_service_refuses_is_said_on_the_page(
    people: People, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**given: Any) -> None:
        raise BadInput("Choose another partnership.")

    monkeypatch.setattr(services, "raise_concern", refuses)
    text = client_for(people.raiser).post(RAISE, GIVEN).content.decode()
    assert "Choose another partnership." in text
    assert WORRY in text


def test_no_page_may_be_stored_and_no_error_report_holds_it(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    client = client_for(people.lead)
    for url in (RAISE, reverse("concerns:concerns"), page_of(concern), f"{page_of(concern)}sent/",
                step_of(concern, Deed.PASSED_ON)):  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    for url in (RAISE, step_of(concern, Deed.PASSED_ON)):
        answer = client.post(url, {})
        assert answer.wsgi_request.sensitive_post_parameters == "__ALL__"


def test_the_raiser_reads_their_words_and_the_state_but_not_what_others_write(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    do(Deed.PASSED_ON, people.lead, concern, note="Private reason")
    do(Deed.ASKED, people.local_lead, concern, note="Which school?")
    text = client_for(people.raiser).get(page_of(concern)).content.decode()
    assert WORRY in text
    assert "Which school?" in text
    assert "Private reason" not in text
    assert "Who has opened it" not in text
    assert "Answer the question" in text
    lead = client_for(people.lead).get(page_of(concern)).content.decode()
    assert "Private reason" in lead
    assert "Who has opened it" in lead
    assert "Answer the question" not in lead


@pytest.mark.parametrize("deed", list(Deed)[1:])
def test_a_step_is_taken_on_its_page(people: People, client_for: ClientFor, deed: Deed) -> None:
    states = {
        Deed.PASSED_ON: State.DECIDING, Deed.KEPT: State.DECIDING, Deed.ACKNOWLEDGED: State.PASSED,
        Deed.ACTED: State.ACKNOWLEDGED, Deed.CONCLUDED: State.ACTING,
        Deed.RETURNED: State.CONCLUDED, Deed.CLOSED: State.CONCLUDED, Deed.ASKED: State.PASSED,
        Deed.ANSWERED: State.PASSED, Deed.HANDED_OVER: State.DECIDING,
    }  # fmt: skip
    state = states[deed]
    concern = ConcernFactory(
        state=state, passed_on=state != State.DECIDING, raised_by=people.raiser,
        question_waits=deed is Deed.ANSWERED,
    )  # fmt: skip
    StepFactory(concern=concern)
    person = people.raiser if deed is Deed.ANSWERED else people.manager
    client = client_for(person)
    url = step_of(concern, deed)
    assert client.get(url).status_code == 200
    given = {"turn": "1", "note": "Words", "person": str(people.depute.pk)}
    answer = client.post(url, given, follow=True)
    assert answer.redirect_chain == [(page_of(concern), 302)]
    assert f"Concern {concern.label}: " in answer.content.decode()
    assert concern.steps.filter(turn=2, deed=deed).exists()
    again = client.post(url, {"turn": "2"})
    assert again.status_code == 200
    assert "Error: " in again.content.decode()


def test_a_clash_keeps_the_words_and_offers_them_again(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    do(Deed.ASKED, people.manager, concern)
    client, url = client_for(people.lead), step_of(concern, Deed.PASSED_ON)
    text = client.post(url, {"turn": "1", "note": "My reason"}).content.decode()
    assert "since you opened it" in text
    assert "My reason" in text
    assert 'name="turn" value="2"' in text
    assert client.post(url, {"turn": "2", "note": "My reason"}).status_code == 302


def test_what_the_state_forbids_is_said_before_anybody_writes(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    answer = client_for(people.manager).get(step_of(concern, Deed.CONCLUDED))
    assert answer.status_code == 409
    assert "has not yet decided" in answer.content.decode()
    assert client_for(people.manager).get(f"{page_of(concern)}burn/").status_code == 404
    refused = client_for(people.lead).get(step_of(concern, Deed.ACKNOWLEDGED))
    assert refused.status_code == 403
    assert "the local lead for concerns or the service manager" in refused.content.decode()


def test_head_and_home_say_what_waits_to_those_who_act(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    text = client_for(people.lead).get("/home/").content.decode()
    assert "1 concern is waiting" in text
    assert text.index("Concerns that wait for you") < text.index("Your roles")
    for person in (people.local_lead, people.raiser, people.outsiders[0]):
        assert concern.label not in client_for(person).get("/home/").content.decode()
    Concern.objects.update(due="2020-01-01T00:00Z")
    raised()
    text = client_for(people.lead).get("/home/").content.decode()
    assert "2 concerns are waiting, 1 overdue" in text
    assert "sl-header__waiting--alarm" in text
    assert "Overdue</span>" in text
    assert "is waiting" in client_for(people.manager).get("/home/").content.decode()


def test_a_question_reaches_the_raisers_home(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    do(Deed.ASKED, people.lead, raised())
    assert "You were asked something" in client_for(people.raiser).get("/home/").content.decode()


def test_the_list_has_no_word_and_takes_as_many_queries_for_many_as_for_one(
    people: People, client_for: ClientFor, raised: Raise, django_assert_max_num_queries: Any
) -> None:
    raised()
    client = client_for(people.lead)
    client.get(reverse("concerns:concerns"))
    for _ in range(20):
        raised()
    ConcernFactory(closed=True)
    with django_assert_max_num_queries(12):
        text = client.get(reverse("concerns:concerns")).content.decode()
    assert WORRY not in text
    assert text.count("Waits for you") == 21
    assert "21 in all" in text
    closed = client.get(reverse("concerns:concerns") + "?closed=yes").content.decode()
    assert "Closed concerns you may open" in closed
    mine = client_for(people.raiser).get(reverse("concerns:concerns")).content.decode()
    assert "Concerns you may act on" not in mine
    assert mine.count("Waiting for the inspection lead") == 21


def test_the_page_takes_as_many_queries_for_a_long_story_as_for_a_short_one(
    people: People, client_for: ClientFor, raised: Raise, django_assert_max_num_queries: Any
) -> None:
    concern = raised(danger="yes")
    client = client_for(people.manager)
    with django_assert_max_num_queries(20):
        client.get(page_of(concern))
    for _ in range(10):
        do(Deed.ASKED, people.local_lead, concern)
        do(Deed.ANSWERED, people.raiser, concern)
        LetterFactory(concern=concern)
    with django_assert_max_num_queries(20):
        client.get(page_of(concern))


def test_a_letter_that_has_not_gone_is_said_on_the_page(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    Letter.objects.update(tries=2)
    text = client_for(people.raiser).get(page_of(concern)).content.decode()
    assert "Tried 2 times, and again every five minutes. Telephone them." in text
    text = client_for(people.raiser).get(f"{page_of(concern)}sent/").content.decode()
    assert "Not sent yet" in text


def test_destroyed_words_are_said_to_be(people: People, client_for: ClientFor) -> None:
    concern = ConcernFactory(closed=True, keep_until="2020-01-01")
    services.destroy_what_is_over(actor="test")
    text = client_for(people.manager).get(page_of(concern)).content.decode()
    assert "The words were destroyed on" in text
    assert "Nothing left to do" not in text


def test_opening_is_recorded_and_looking_at_the_list_is_not(
    people: People, client_for: ClientFor, raised: Raise
) -> None:
    concern = raised()
    client = client_for(people.lead)
    client.get(reverse("concerns:concerns"))
    client.get(f"{page_of(concern)}sent/")
    assert not AuditEvent.objects.filter(verb="concern.read").exists()
    client.get(page_of(concern))
    assert AuditEvent.objects.filter(verb="concern.read").count() == 1
