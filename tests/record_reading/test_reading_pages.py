"""Pages of reading: my reading, a reading, a section, handing in."""

import pytest

from sightline.record_reading import reading_queries as queries
from sightline.record_reading.models import Reading
from tests.record_reading.reading_made import begun, posted, values, whole, save

pytestmark = pytest.mark.django_db


def test_somebody_reads_a_record_from_the_list_to_handing_in() -> None:
    who = begun()
    assert "Start next" in who.client.get("/reading/").content.decode()
    assert "Before you read" in who.client.get(who.url()).content.decode()
    plan = who.url("section", "plan")
    assert who.client.get(plan).status_code == 200

    sent = posted(of="plan-present", q_plan_present="yes")
    answer = who.client.post(plan, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{plan}#q-plan-risk")
    page = who.client.get(plan).content.decode()
    assert "1 more question" in page or "more questions" in page
    assert 'name="q-plan-quality"' in page

    whole(begun(name="Somebody else"))
    who.reading.refresh_from_db()
    assert who.reading.state == Reading.State.IN_PROGRESS
    page = who.client.get(who.url("check")).content.decode()
    assert "still need" in page
    assert "Hand in R-" not in page

    done = begun(name="B. Reader")
    whole(done)
    page = done.client.get(done.url("check")).content.decode()
    assert f"Hand in {done.reading.record.label}" in page
    assert done.client.post(done.url("check")).status_code == 302
    done.reading.refresh_from_db()
    assert done.reading.state == Reading.State.COMPLETE
    assert "It can only be looked at" in done.client.get(done.url()).content.decode()
    for page in ("check", "break", "reopen", "print"):
        assert done.client.get(done.url(page)).status_code in {200, 302}, page
