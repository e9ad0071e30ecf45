"""Who is asked: lists, codes, groups and waves, through services and through pages."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.jobs.progress import Cancelled, Progress
from sightline.kernel.errors import (
    BadInput,
    Faults,
    NotAllowed,
    NotAvailable,
    NotFound,
    NotPermitted,
)
from sightline.surveys import invitations, mailing_jobs, stores
from sightline.surveys import inviting_queries as queries
from sightline.surveys.invitations import Person, read
from sightline.surveys.models import Group, Invitation
from sightline.surveys.services import inviting
from sightline.uploads import files
from sightline.warehouse.reading import Source
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import (
    ClosedSurveyFactory,
    GroupFactory,
    InvitationFactory,
    OpenSurveyFactory,
    SurveyFactory,
    WaveFactory,
)
from tests.surveys import rounds

US = command_line()
HERE = "fife"
GOOD = "Agency,Locality,E-mail\nHealth,Levenmouth,a@example.org\nPolice,,b@example.org\n"


def source(content, name="list.csv"):
    content = content.encode() if isinstance(content, str) else content
    return Source(open=lambda: io.BytesIO(content), name=name, size=len(content))


def rows(content, mode="single-use"):
    return read(source(content), mode)


def faults(content, mode="single-use"):
    return [(one.where, one.what) for one in rows(content, mode).faults]


class TestReading:
    """A list as somebody sends it."""

    def test_rows_by_agency_and_locality(self):
        found = rows(GOOD)
        assert found.faults == ()
        assert found.people == (
            Person(2, "Health", "Levenmouth", "a@example.org"),
            Person(3, "Police", "", "b@example.org"),
        )
        assert "example.org" not in repr(found)

    @pytest.mark.parametrize(
        "content",
        [
            "\ufeff" + GOOD,
            GOOD.replace(",", ";"),
            GOOD.replace(",", "\t"),
            "A list of ours\n\n" + GOOD,
            GOOD.replace("Agency,Locality,E-mail", "SERVICE,Area, Email address "),
            GOOD.encode("utf-16"),
            GOOD.replace("\n", "\r\n"),
        ],
    )
    def test_however_a_spreadsheet_program_saved_it(self, content):
        found = rows(content)
        assert [one.address for one in found.people] == ["a@example.org", "b@example.org"]

    def test_accents_of_an_old_program(self):
        found = rows("Agency,E-mail\nCafé,a@example.org\n".encode("cp1252"))
        assert found.people[0].agency == "Café"
        assert "Windows-1252" in found.said[0]

    def test_a_workbook(self):
        book, content = Workbook(), io.BytesIO()
        for line in (["Agency", "E-mail"], ["Health", "a@example.org"], ["Police", "=1+1"]):
            book.active.append(line)
        book.save(content)
        found = read(source(content.getvalue(), "list.xlsx"), "single-use")
        assert len(found.people) == 1
        assert found.faults[0].where == "Row 3"
        assert "formula" in found.faults[0].what

    @pytest.mark.parametrize("mode", ["open-link", "group-code", "single-use"])
    @pytest.mark.parametrize("title", ["Name", "Full name", "SURNAME", "first_name"])
    def test_names_are_refused_where_they_are_not_needed(self, mode, title):
        with pytest.raises(Faults) as refused:
            rows(f"E-mail,{title}\na@example.org,Ann Other\n", mode)
        assert "Nothing of the list was kept" in str(refused.value)
        assert "Ann" not in str(refused.value)

    def test_names_where_they_are(self):
        found = rows("E-mail,Name\na@example.org,Ann\n,Bob\n,\nc@example.org,\n", "named")
        assert [one.name for one in found.people] == ["Ann", "Bob", ""]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("Agency,Shoe size\nx,1\n", "The column “Shoe size” is not asked for"),
            ("E-mail,Email\nx,1\n", "there is twice"),
            ("Agency\nHealth\n", "There is no column “E-mail”"),
            ("E-mail,How many\na@example.org,3\n", "each person has a row"),
            ("just,some\nthings,here\n", "No row has the names of the columns"),
            ("E-mail\n", "has headings and no rows"),
        ],
    )
    def test_headings_that_cannot_be_used(self, content, said):
        with pytest.raises(BadInput) as refused:
            rows(content)
        assert said.replace("there is twice", "is there twice") in str(refused.value)

    def test_rows_that_cannot_be_used_are_named_and_the_others_go_in(self):
        content = (
            "E-mail,Agency\na@example.org,Health\nnobody,Health\nA@Example.org,Police\n\n"
            "=cmd|' /C calc'!A0,Health\n,Health\nb@example.org,+1\nc@example.org,"
            + "x" * 61
            + "\nAnn <d@example.org>,Health\nz@example.org,Health\n"
        )
        found = rows(content)
        assert [one.address for one in found.people] == ["a@example.org", "z@example.org"]
        assert [(one.where, one.what) for one in found.faults] == [
            ("Row 3", "The e-mail address is broken."),
            ("Row 4", "The e-mail address is the one of row 2."),
            ("Row 6", "“E-mail” is a formula."),
            ("Row 7", "There is no e-mail address."),
            ("Row 8", "“Agency” is a formula."),
            ("Row 9", "“Agency” is too long."),
            ("Row 10", "The e-mail address is broken."),
        ]
        assert "d@example" not in str(found.faults)

    def test_groups_with_how_many(self):
        content = "Agency,Locality,Invited\nHealth,,40\nPolice,,\nSchools,,many\n,,7\n"
        found = rows(content, "open-link")
        assert [one.invited for one in found.people] == [40, None]
        assert [one.where for one in found.faults] == ["Row 4", "Row 5"]

    def test_a_column_without_a_title_is_passed_over_and_a_far_heading_is_not_looked_for(self):
        assert len(rows("Agency,,E-mail\nHealth,,a@example.org\n").people) == 1
        assert rows("E-mail\n" + "\n" * 20 + "a@example.org\n").people[0].row == 22
        for mode, said in (("named", "“Name”"), ("open-link", "“How many invited”")):
            with pytest.raises(Faults, match=said):
                rows("\n" * 25 + GOOD, mode)

    def test_neither_name_nor_address(self):
        assert faults("Agency,Name\nHealth,\n", "named") == [
            ("Row 2", "There is neither a name nor an e-mail address.")
        ]

    def test_more_than_can_be_taken(self, monkeypatch):
        monkeypatch.setattr(invitations, "MOST_ROWS", 1)
        with pytest.raises(BadInput, match="Send it in parts"):
            rows(GOOD)

    @given(st.lists(st.text(max_size=30), max_size=8))
    def test_no_row_is_lost(self, cells):
        clean = ["".join(c for c in cell if c.isprintable() and c not in '",') for cell in cells]
        content = "Agency,E-mail\n" + "".join(f"x,{cell}\n" for cell in clean) + "y,q@example.org\n"
        found = rows(content)
        assert len(found.people) + len(found.faults) == len(clean) + 1


def people(count, **more):
    return [Person(n, "Health", "", f"p{n}@example.org", **more) for n in range(count)]


@pytest.mark.django_db
class TestLists:
    """What becomes of a list."""

    def test_each_is_asked_once(self):
        survey = OpenSurveyFactory(mode="single-use")
        assert inviting.invite(actor=US, survey=survey, people=people(3)) == (3, 0)
        assert inviting.invite(actor=US, survey=survey, people=people(5)) == (2, 3)
        group = Group.objects.get()
        assert (group.label, group.agency, group.invited) == ("Health", "Health", None)
        found = Invitation.objects.order_by("pk").first()
        assert found.code_index == stores.code_index(found.code)
        assert queries.invited(survey) == queries.Invited(5, {"Health": 5})
        lines = AuditEvent.objects.filter(verb="survey.list-added").order_by("at")
        assert [line.after for line in lines] == [{"added": 3}, {"added": 2}]

    def test_names_are_kept_by_name_alone(self):
        survey = OpenSurveyFactory(mode="named")
        wave = WaveFactory(survey=survey)
        listed = [Person(2, "Health", "", name="Ann"), Person(3, "", "", "b@example.org", "Bob")]
        assert inviting.invite(actor=US, survey=survey, people=listed, wave=wave) == (2, 0)
        assert sorted(one.name for one in Invitation.objects.all()) == ["Ann", "Bob"]
        survey = OpenSurveyFactory(mode="single-use")
        inviting.invite(actor=US, survey=survey, people=people(1, name="Ann"))
        assert Invitation.objects.get(survey=survey).name == ""

    def test_a_group_without_people(self):
        survey = rounds.survey(mode="open-link", groupings=["service"])
        listed = [Person(2, "Health", "", invited=40), Person(3, "Police", "Leven")]
        assert inviting.invite(actor=US, survey=survey, people=listed) == (0, 0)
        assert queries.invited(survey) == queries.Invited(
            None, {"Health": 40, "Police, Leven": None}
        )
        choices = dict(Group.objects.values_list("label", "choice"))
        assert choices == {"Health": "health", "Police, Leven": "police"}

    def test_a_long_list_is_a_job(self, monkeypatch, django_capture_on_commit_callbacks):
        monkeypatch.setattr(inviting, "AT_ONCE", 2)
        survey = OpenSurveyFactory(mode="single-use", area=HERE)
        wave = WaveFactory(survey=survey)
        with django_capture_on_commit_callbacks(execute=True):
            job = inviting.invite(actor=US, survey=survey, people=people(3), wave=wave)
        job.refresh_from_db()
        assert job.state == "done"
        assert job.result == {"added": 3, "there already": 0}
        assert Invitation.objects.filter(wave=wave).count() == 3
        assert not files.path_of(job.arguments["listed"]).exists()
        assert "example.org" not in str(job.arguments)

    def test_a_long_list_that_was_stopped_adds_nobody_twice(self, monkeypatch):
        monkeypatch.setattr(inviting, "BATCH", 2)
        survey = OpenSurveyFactory(mode="named")
        listed = [Person(n, "Health", "", name=f"P {n}") for n in range(5)]
        key = inviting._put_by(listed, None)
        sealed = files.path_of(key).read_bytes()
        assert b"P 1" not in sealed

        def stop(at):
            if at.done == 2:
                raise Cancelled

        arguments = {"survey": str(survey.pk), "listed": str(key)}
        with pytest.raises(Cancelled):
            mailing_jobs.add_list(Progress("test", US, told=stop), **arguments)
        assert Invitation.objects.count() == 2
        result = mailing_jobs.add_list(Progress("test", US), **arguments)
        assert result == {"added": 3, "there already": 2}
        with pytest.raises(NotAvailable):
            mailing_jobs.add_list(Progress("test", US), **arguments)

    def test_a_list_that_cannot_be_put_by_leaves_nothing(self, monkeypatch):
        before = set(files.folder().iterdir())
        monkeypatch.setattr(files.Incoming, "keep", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            inviting._put_by(people(1), None)
        assert set(files.folder().iterdir()) == before

    def test_not_once_it_has_closed(self):
        with pytest.raises(NotAllowed):
            inviting.invite(actor=US, survey=ClosedSurveyFactory(), people=people(1))


@pytest.mark.django_db
class TestGroupsAndWaves:
    """Who is asked together, and when."""

    def test_nobody_has_said_how_many_is_not_nought(self):
        survey = OpenSurveyFactory()
        group = inviting.add_group(actor=US, survey=survey, agency="Health", locality="")
        assert group.invited is None
        assert queries.invited(survey).total is None
        inviting.count_group(actor=US, survey=survey, group=group, invited=0)
        assert queries.invited(survey).total == 0
        inviting.count_group(actor=US, survey=survey, group=group, invited=None)
        assert queries.invited(survey).total is None
        line = AuditEvent.objects.filter(verb="survey.group-counted").latest("at")
        assert line.after == {"group": "Health", "invited": "not known"}

    def test_groups_that_cannot_be(self):
        survey = OpenSurveyFactory()
        made = inviting.add_group(
            actor=US, survey=survey, agency="Health", locality="Leven", invited=4
        )
        assert made.label == "Health, Leven"
        with pytest.raises(BadInput, match="already"):
            inviting.add_group(actor=US, survey=survey, agency="HEALTH", locality="leven")
        with pytest.raises(BadInput, match="Enter"):
            inviting.add_group(actor=US, survey=survey, agency="", locality="")
        with pytest.raises(NotFound):
            inviting.count_group(actor=US, survey=OpenSurveyFactory(), group=made, invited=1)
        by_person = GroupFactory(survey=OpenSurveyFactory(mode="single-use"))
        with pytest.raises(NotAllowed, match="counted by their codes"):
            inviting.count_group(actor=US, survey=by_person.survey, group=by_person, invited=1)
        survey.state, survey.closed_at, survey.closed_by = "destroyed", survey.made_at, "test"
        survey.save()
        with pytest.raises(NotAllowed, match="deleted"):
            inviting.count_group(actor=US, survey=survey, group=made, invited=1)

    def test_waves_are_numbered_and_lie_within_the_survey(self):
        survey = OpenSurveyFactory()
        day, later = dt.date(2026, 3, 1), dt.date(2026, 3, 9)
        made = [
            inviting.add_wave(
                actor=US, survey=survey, title=" Schools ", opens_on=day, closes_on=later
            )
            for _ in range(2)
        ]
        assert [(one.number, one.title) for one in made] == [(1, "Schools"), (2, "Schools")]
        cases = [("", day, later), ("W", later, day), ("W", dt.date(2019, 1, 1), day),
                 ("W", day, dt.date(2100, 1, 1))]  # fmt: skip
        for title, opens_on, closes_on in cases:
            with pytest.raises(BadInput):
                inviting.add_wave(
                    actor=US, survey=survey, title=title, opens_on=opens_on, closes_on=closes_on
                )

    def test_codes_are_printed_once(self):
        group = GroupFactory(survey=OpenSurveyFactory(mode="single-use"))
        survey = group.survey
        assert inviting.make_codes(actor=US, survey=survey, group=group, count=3) == 3
        assert queries.codes_waiting(survey) == {group.pk: 3}
        found = inviting.print_codes(actor=US, survey=survey, group=group)
        assert {stores.code_index(code) for code in found} == set(
            Invitation.objects.values_list("code_index", flat=True)
        )
        with pytest.raises(NotAllowed, match="was printed"):
            inviting.print_codes(actor=US, survey=survey, group=group)
        for count in (0, 5001):
            with pytest.raises(BadInput):
                inviting.make_codes(actor=US, survey=survey, group=group, count=count)
        other = GroupFactory()
        with pytest.raises(NotAllowed):
            inviting.make_codes(actor=US, survey=other.survey, group=other, count=1)


@pytest.mark.django_db
class TestLetters:
    """Asking for letters and reminders to go."""

    def ready(self, count=5, **more):
        survey = OpenSurveyFactory(mode="single-use", base=5, **more)
        for n in range(count):
            InvitationFactory(survey=survey, address=f"p{n}@e.org", address_index=str(n))
        return survey

    def test_letters_go_once_at_a_time(self):
        survey = self.ready()
        inviting.send_letters(actor=US, survey=survey)
        with pytest.raises(NotAllowed, match="are being sent"):
            inviting.send_letters(actor=US, survey=survey)
        Job.objects.all().delete()
        Invitation.objects.update(state="sent")
        with pytest.raises(NotAllowed, match="no letter"):
            inviting.send_letters(actor=US, survey=survey)

    def test_a_reminder_a_day(self):
        survey = self.ready()
        with pytest.raises(NotAllowed, match="5 people or more"):
            inviting.remind(actor=US, survey=survey)
        Invitation.objects.update(state="sent")
        job = inviting.remind(actor=US, survey=survey)
        assert job.arguments["round"] == 1
        with pytest.raises(NotAllowed, match="being sent"):
            inviting.remind(actor=US, survey=survey)
        Job.objects.all().delete()
        with pytest.raises(NotAllowed, match="today"):
            inviting.remind(actor=US, survey=survey)

    def test_people(self):
        survey = self.ready(area=HERE)
        services = [
            (inviting.send_letters, {}), (inviting.remind, {}), (inviting.send_again, {}),
            (inviting.invite, {"people": []}),
            (inviting.add_group, {"agency": "x", "locality": ""}),
        ]  # fmt: skip
        stranger = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
        viewer = assign(UserFactory(), "chief-officer", "partnership", HERE)
        for service, more in services:
            with pytest.raises(NotFound):
                service(actor=stranger, survey=survey, **more)
            with pytest.raises(NotPermitted):
                service(actor=viewer, survey=survey, **more)
        owner = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
        assert inviting.send_letters(actor=owner, survey=survey).asked_by == owner.audit_name


@pytest.fixture
def owner(client):
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
    client.force_login(person)
    return person


def at(survey, name, *more):
    return reverse(f"surveys:{name}", args=[survey.area, survey.slug, *more])


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def sent(content, name="list.csv", **more):
    return {"file": SimpleUploadedFile(name, content.encode()), **more}


@pytest.mark.django_db
class TestPages:
    """The pages, in the order somebody meets them."""

    def test_single_use_codes_from_group_to_slip(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        assert "No group has been added" in text_of(client.get(at(survey, "invitations")))
        client.post(at(survey, "new-group"), {"agency": "Health", "locality": "Leven"})
        wave = {"title": "First", "opens_on_day": 1, "opens_on_month": 3, "opens_on_year": 2026,
                "closes_on_day": 9, "closes_on_month": 3, "closes_on_year": 2026}  # fmt: skip
        client.post(at(survey, "new-wave"), wave)
        assert "1. First" in text_of(client.get(at(survey, "invitations")))
        client.post(at(survey, "codes", 1), {"count": 2, "wave": "1"})
        assert Invitation.objects.filter(wave__number=1).count() == 2
        assert "Print 2 codes" in text_of(client.get(at(survey, "invitations")))
        assert "2 wait." in text_of(client.get(at(survey, "slips", 1)))
        answer = client.post(at(survey, "slips", 1))
        page = text_of(answer)
        assert answer["Cache-Control"] == "no-store"
        assert page.count("<li>") == 2
        assert all(stores.shown_code(one.code) in page for one in Invitation.objects.all())
        again = text_of(client.post(at(survey, "slips", 1)))
        assert "Every code of this group was printed" in again
        assert client.get(at(survey, "slips", 0)).status_code == 404

    def test_a_group_is_counted(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="group-code")
        group = GroupFactory(survey=survey)
        page = text_of(client.get(at(survey, "invitations")))
        assert "not known" in page
        assert stores.shown_code(group.code) in page
        client.post(at(survey, "invited-group", 1), {"invited": "40"})
        group.refresh_from_db()
        assert group.invited == 40
        assert 'value="40"' in text_of(client.get(at(survey, "invited-group", 1)))

    def test_a_list(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        assert "E-mail" in text_of(client.get(at(survey, "invite-list")))
        page = text_of(client.post(at(survey, "invite-list"), sent(GOOD + "x,y,broken\n")))
        assert "2 added." in page
        assert "Row 4" in page
        page = text_of(client.post(at(survey, "invite-list"), sent(GOOD)))
        assert "2 were there already" in page.replace("0 added. ", "")
        page = text_of(client.post(at(survey, "invite-list"), sent("E-mail,Name\na@b.org,Ann\n")))
        assert "holds names" in page
        assert Invitation.objects.count() == 2
        page = text_of(client.post(at(survey, "invite-list"), sent("E-mail\nbroken\n")))
        assert "0 added." in page

    def test_a_list_that_is_too_large_or_long(self, client, owner, monkeypatch):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        monkeypatch.setattr(inviting, "AT_ONCE", 1)
        page = text_of(client.post(at(survey, "invite-list"), sent(GOOD)))
        assert "2 rows are being added" in page
        monkeypatch.setattr("sightline.surveys.inviting_forms.LARGEST_MB", 0)
        page = text_of(client.post(at(survey, "invite-list"), sent(GOOD)))
        assert "must be smaller" in page

    def test_letters_and_a_reminder_round(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="single-use", base=5)
        for n in range(5):
            InvitationFactory(survey=survey, address=f"p{n}@e.org", address_index=str(n))
        assert "5 were not sent yet" in text_of(client.get(at(survey, "letters")))
        client.post(at(survey, "letters"))
        assert Job.objects.get().code == inviting.LETTERS
        Job.objects.all().delete()
        Invitation.objects.update(state="sent")
        assert "Nobody is told who they" in text_of(client.get(at(survey, "remind")))
        page = text_of(client.post(at(survey, "remind"), follow=True))
        assert "A reminder round was sent." in page
        survey = OpenSurveyFactory(area=HERE)
        assert "nobody can tell" in text_of(client.get(at(survey, "remind")))

    def test_what_came_back(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        assert "No letter came back" in text_of(client.get(at(survey, "came-back")))
        assert not AuditEvent.objects.filter(verb="survey.read").exists()
        for number, (state, bounce) in enumerate(
            [("bounced", "550 no such mailbox"), ("sent", queries.UNSURE)]
        ):
            InvitationFactory(
                survey=survey, address=f"p{number}@e.org", address_index=str(number),
                state=state, bounce=bounce,
            )  # fmt: skip
        assert "See which came back" in text_of(client.get(at(survey, "invitations")))
        page = text_of(client.get(at(survey, "came-back")))
        assert "p0@e.org" in page
        assert "550 no such mailbox" in page
        assert AuditEvent.objects.filter(verb="survey.read").count() == 1
        client.post(at(survey, "came-back"))
        assert Invitation.objects.filter(state="new").count() == 1

    def test_not_while_it_is_set_up(self, client, owner):
        survey = SurveyFactory(area=HERE)
        assert client.get(at(survey, "letters")).status_code == 409
        assert client.get(at(survey, "remind")).status_code == 409
        assert "Letters go out while the survey is open" in text_of(
            client.get(at(survey, "invitations"))
        )

    def test_who_may_only_see(self, client):
        survey = OpenSurveyFactory(area=HERE)
        client.force_login(assign(UserFactory(), "chief-officer", "partnership", HERE))
        assert client.get(at(survey, "invitations")).status_code == 403
        assert client.get(at(survey, "monitor")).status_code == 200

    def test_what_cannot_be_done_is_said_on_the_form(self, client, owner):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        GroupFactory(survey=survey)
        assert "Enter an agency" in text_of(client.post(at(survey, "new-group"), {}))
        assert "Enter" in text_of(client.post(at(survey, "new-wave"), {}))
        page = text_of(client.get(at(survey, "codes", 1)))
        assert "Make codes for" in page
        assert "Wave" not in page

    def test_queries_do_not_grow(self, client, owner, django_assert_max_num_queries):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        GroupFactory(survey=survey)
        client.get(at(survey, "invitations"))
        with django_assert_max_num_queries(13):
            client.get(at(survey, "invitations"))
        for group in GroupFactory.create_batch(20, survey=survey):
            InvitationFactory.create_batch(2, survey=survey, group=group)
        with django_assert_max_num_queries(13):
            client.get(at(survey, "invitations"))
