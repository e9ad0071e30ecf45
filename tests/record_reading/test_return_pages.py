"""Pages of a return: its tasks, totals, columns, versions, and the file that is sent."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import NotFound, NotPermitted
from sightline.record_reading import return_uploads, returning
from sightline.record_reading.models import Round, Snapshot
from sightline.record_reading.services.returning import take_back_return
from sightline.record_reading.services.sampling import draw_sample
from sightline.stats.sampling import Plan
from sightline.uploads import services as uploads
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import RoundFactory
from tests.record_reading import returns

ClientFor = Callable[[User], Client]


@pytest.fixture
def lead(db: None, settings: Any, tmp_path: Path) -> User:
    """Who runs audits of the area; files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"
    return returns.runner()


@pytest.fixture
def round(lead: User) -> Round:
    """A round of the area's own."""
    made: Round = RoundFactory(area=returns.AREA)
    return made


def at(round: Round, name: str = "return", **more: Any) -> str:
    """An address of the round."""
    kwargs = {"area": round.area, "slug": round.slug, **more}
    return reverse(f"record_reading:{name}", kwargs=kwargs)


def page(client: Client, path: str) -> str:
    """A page that opens, as text."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_hub_leads_from_totals_to_what_was_sent(
    lead: User, round: Round, client_for: ClientFor
) -> None:
    client = client_for(lead)
    said = page(client, at(round))
    assert "Partnership structure" not in said
    assert "Nothing has been sent yet" in said
    assert "Not started" in said
    returns.total(lead, round, 3)
    returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    said = page(client, at(round))
    assert "Version 1" in said
    assert "Do the counts add up?" in said
    assert "3 were given and the file has as many" in said
    assert said.count("Completed") == 3
    assert "The records to bring" not in said
    draw_sample(actor=lead, round=round, plan=Plan(size=2), seed="s")
    assert "The records to bring" in page(client, at(round))


def test_a_task_says_how_the_last_file_stands(
    lead: User, round: Round, client_for: ClientFor
) -> None:
    client = client_for(lead)
    returns.total(lead, round, 3)
    returns.send(lead, round, returns.as_csv(returns.rows(3)))
    assert "Checked, not sent" in page(client, at(round))
    returns.send(lead, round, returns.as_csv(returns.rows(4)))
    assert "Could not be used" in page(client, at(round))
    returns.send(lead, round, returns.as_csv([returns.row(1, reference="Isla Macdonald")]))
    assert "Held identifiers, destroyed" in page(client, at(round))


def test_totals_are_typed(lead: User, round: Round, client_for: ClientFor) -> None:
    client = client_for(lead)
    form = at(round, "return-totals")
    assert "Records in the audit: children in all" in page(client, form)
    assert "Enter a number" in client.post(form, {}).content.decode()
    answer = client.post(form, {"population-audit": "20", "why": " "})
    assert answer["Location"] == at(round)
    round.refresh_from_db()
    assert round.totals == {"populations": {"audit": 20}, "strata": {"audit": 20}, "why": ""}


def test_totals_of_several_strata_add_up(lead: User, client_for: ClientFor) -> None:
    round = RoundFactory(area=returns.AREA, template="care-and-protection@1")
    lies_in = returning.population_of(round)
    part = max(returning.populations(round), key=list(lies_in.values()).count)
    layers = [layer for layer, there in lies_in.items() if there == part]
    posted = {f"population-{code}": "5" for code in returning.populations(round)}
    posted |= {f"stratum-{code}": "0" for code in lies_in}
    posted |= {f"stratum-{layers[0]}": "4"}
    client = client_for(lead)
    said = client.post(at(round, "return-totals"), posted).content.decode()
    assert "its strata add up to 4, and 5 were given." in said


def test_columns_are_explained_and_can_be_downloaded(
    lead: User, round: Round, client_for: ClientFor
) -> None:
    client = client_for(lead)
    said = page(client, at(round, "return-columns"))
    for title in returns.TITLES:
        assert title in said
    assert "Kinship care" in said
    assert "5 to 10" in said
    answer = client.get(at(round, "return-template"))
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]] == list(returns.TITLES)
    assert answer["Content-Disposition"] == 'attachment; filename="children-in-scope.xlsx"'


def test_the_page_of_uploads_has_the_columns_of_the_round(
    lead: User, round: Round, client_for: ClientFor
) -> None:
    client = client_for(lead)
    scope = return_uploads.scope_of(round)
    send = reverse("uploads:send", args=[return_uploads.CODE, scope.kind, scope.key])
    said = page(client, send)
    assert f"Send a file: Children in scope, {round.title}, Fife" in said
    assert "Teams that worked with the child" in said
    assert at(round) in said
    answer = client.get(f"{send}template/")
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0][1]] == list(returns.TITLES)


def test_a_version_in_counts(lead: User, round: Round, client_for: ClientFor) -> None:
    lines = [returns.row(n, family="F1" if n < 3 else "", locality="") for n in range(1, 8)]
    returns.taken(lead, round, returns.as_csv(lines))
    said = page(client_for(lead), at(round, "return-version", version=1))
    assert "7 children" in said
    assert "Sibling groups" in said
    assert "In use" in said
    assert "SG-0001" in said
    assert AuditEvent.objects.filter(verb="record-return.read").count() == 1
    assert client_for(lead).get(at(round, "return-version", version=2)).status_code == 404
    returns.taken(lead, round, returns.as_csv(lines[:5]))
    assert "Replaced" in page(client_for(lead), at(round, "return-version", version=1))
    take_back_return(actor=lead, round=round, snapshots=Snapshot.objects.filter(number=1))
    assert "Withdrawn" in page(client_for(lead), at(round, "return-version", version=1))


# An inspection's return: the partnership sends it and sees its own.


@pytest.fixture
def inspected(lead: User) -> Round:
    """A round of an inspection of the area."""
    made: Round = RoundFactory(area=returns.AREA, inspection="fife-2030")
    return made


def test_the_partnership_sends_and_sees_no_references(
    inspected: Round, client_for: ClientFor
) -> None:
    sender = assign(UserFactory(), "partnership-co-ordinator", "partnership", returns.AREA)
    client = client_for(sender)
    said = page(client, at(inspected))
    assert "Pre-inspection return" in said
    assert "Cannot start yet" in said
    assert "Partnership structure" in said
    assert "Key strategic groups: 0 on the page of the partnership" in said
    returns.total(sender, inspected, 3)
    returns.taken(sender, inspected, returns.as_csv(returns.rows(3)))
    said = page(client, at(inspected, "return-version", version=1))
    assert "SG-0001" not in said
    assert "References" not in said
    assert client.get(at(inspected, "sample")).status_code == 403
    assert f'href="{at(inspected, "sample")}"' not in page(client, at(inspected))


@pytest.mark.parametrize(
    ("role", "kind", "key", "status"),
    [
        ("partnership-co-ordinator", "partnership", "angus", 404),
        ("young-inspection-volunteer", "inspection", "fife-2030", 404),
        ("partnership-analyst", "partnership", "fife", 404),
        ("quality-lead", "partnership", "fife", 404),
        ("inspection-lead", "inspection", "angus-2030", 404),
        ("inspection-lead", "inspection", "fife-2030", 200),
        ("depute-lead", "national", "scotland", 200),
        ("programme-lead", "national", "scotland", 404),  # holds no records
    ],
)
def test_doors_of_an_inspections_return(
    role: str, kind: str, key: str, status: int, lead: User, client_for: ClientFor
) -> None:
    round = RoundFactory(area=returns.AREA, inspection="fife-2030")
    returns.taken_by_hand(round, 3)
    client = client_for(assign(UserFactory(), role, kind, key))
    scope = return_uploads.scope_of(round)
    send = reverse("uploads:send", args=[return_uploads.CODE, scope.kind, scope.key])
    for path in (
        at(round), at(round, "return-totals"), at(round, "return-columns"),
        at(round, "return-template"), at(round, "return-version", version=1), send,
    ):  # fmt: skip
        assert client.get(path).status_code == status, path


@pytest.mark.parametrize(
    ("role", "kind", "key", "status"),
    [
        ("quality-lead", "partnership", "angus", 404),
        ("partnership-co-ordinator", "partnership", "fife", 404),
        ("partnership-analyst", "partnership", "fife", 403),  # sees results
        ("programme-lead", "national", "scotland", 404),  # never opens an area's own
    ],
)
def test_doors_of_an_areas_own(
    role: str, kind: str, key: str, status: int, round: Round, client_for: ClientFor
) -> None:
    client = client_for(assign(UserFactory(), role, kind, key))
    for path in (at(round), at(round, "return-totals"), at(round, "sample")):
        assert client.get(path).status_code == status, path
    with pytest.raises((NotFound, NotPermitted)):
        returns.send(client_for_user(client), round, returns.as_csv(returns.rows(1)))


def client_for_user(client: Client) -> User:
    """Who a client is signed in as."""
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_a_place_that_is_none(lead: User, client_for: ClientFor) -> None:
    for key in ("no-round", "7f3cbd4e-0000-4000-8000-000000000000"):
        send = reverse("uploads:send", args=[return_uploads.CODE, return_uploads.SENT_TO, key])
        assert client_for(lead).get(send).status_code == 404
    wrong = reverse("uploads:send", args=[return_uploads.CODE, "partnership", returns.AREA])
    assert client_for(lead).get(wrong).status_code == 404


# What becomes of a file


def test_the_upload_leads_back(lead: User, round: Round, client_for: ClientFor) -> None:
    returns.total(lead, round, 4)
    refused = returns.send(lead, round, returns.as_csv(returns.rows(3)))
    said = page(client_for(lead), reverse("uploads:upload", args=[refused.pk]))
    assert "4 were given and the file has 3, which is 1 fewer" in said
    assert at(round, "return-totals") in said
    other = returns.send(lead, round, b"nothing,known\n1,2\n")
    assert at(round, "return-totals") not in page(
        client_for(lead), reverse("uploads:upload", args=[other.pk])
    )


def test_a_file_with_a_bad_row_is_not_imported(
    lead: User, round: Round, client_for: ClientFor
) -> None:
    lines = [*returns.rows(2), returns.row(3, stratum="attic")]
    upload = returns.send(lead, round, returns.as_csv(lines))
    client = client_for(lead)
    said = page(client, reverse("uploads:upload", args=[upload.pk]))
    assert "Nothing is imported until every row can be used." in said
    assert "Import the" not in said
    assert "What will happen if you import" not in said
    assert "Download my file with comments" in said
    assert client.get(reverse("uploads:import", args=[upload.pk])).status_code == 409
    assert returning.latest(round) is None


def test_an_import_is_undone(lead: User, round: Round, client_for: ClientFor) -> None:
    returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    second = returns.taken(lead, round, returns.as_csv(returns.rows(4)))
    assert (second.added, second.unchanged) == (1, 3)
    outcome = uploads.undo(actor=lead, key=second.pk)
    assert outcome.removed == 4
    snapshot = returning.latest(round)
    assert snapshot is not None
    assert (snapshot.number, snapshot.held) == (1, 3)
    said = page(client_for(lead), at(round))
    assert '<span class="sl-tag sl-tag--quiet">Withdrawn</span>' in said
    assert '<span class="sl-tag sl-tag--good">In use</span>' in said


def test_queries_of_pages_do_not_grow(
    lead: User, round: Round, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    client = client_for(lead)
    returns.total(lead, round, 40)
    for count in (39, 40):
        returns.total(lead, round, count)
        returns.taken(lead, round, returns.as_csv(returns.rows(count)))
    draw_sample(actor=lead, round=round, plan=Plan(size=20, reserves=3), seed="s")
    page(client, at(round))
    with django_assert_max_num_queries(45):
        page(client, at(round))
    with django_assert_max_num_queries(40):
        page(client, at(round, "return-version", version=1))
    with django_assert_max_num_queries(50):
        page(client, at(round, "sample"))
    with django_assert_max_num_queries(40):
        page(client, at(round, "sample-list"))
