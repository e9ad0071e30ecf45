"""What happens at once: two who load, one who erases while another builds or imports, a death."""

import datetime as dt

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from sightline.children import building, folders, queries, services, uploaded
from sightline.children.models import Build, Erasure
from sightline.kernel.errors import NotAllowed
from sightline.uploads import services as uploads
from tests.children.conftest import CHILDREN, ENTRIES, FIFE
from tests.children.test_extracts import chi_of
from tests.factories.access import UserFactory, assign

LONG_AGO = dt.timedelta(hours=1)


@pytest.fixture
def officer(db):
    return assign(UserFactory(), "information-governance-officer", "partnership", "fife")


@pytest.fixture
def begun(load, sender, finds):
    """A build of two extracts that a command has begun."""
    load("children", CHILDREN)
    load("register-entries", ENTRIES)
    return services.start_build(actor=sender, area="fife", queue=False).build


def erased(officer):
    return services.erase_child(actor=officer, area="fife", child="C001", reason="Asked for")


def naming(child):
    """Files of the area that name a child."""
    return [
        path for path in folders.area_folder("fife").rglob("*.parquet")
        if child in str(pq.read_table(path).to_pylist())
    ]  # fmt: skip


def test_a_build_in_the_making_is_left_to_whoever_makes_it(begun, load, sender):
    Build.objects.update(started_at=timezone.now() - LONG_AGO)
    load("register-entries", ENTRIES + b"C002,2024-06-01,\n")
    with folders.making("fife", begun.number):
        assert queries.is_being_made(begun)
        other = services.start_build(actor=sender, area="fife", queue=False).build
    assert other.number == begun.number + 1
    assert not queries.is_being_made(begun)
    for number in (begun.number, other.number):
        made = services.make_build(actor=sender, area="fife", number=number)
        assert made.state == Build.State.CHECKED


def test_what_a_command_has_just_begun_is_left_and_what_died_makes_room(begun, load, sender):
    load("register-entries", ENTRIES + b"C002,2024-06-01,\n")
    assert services.start_build(actor=sender, area="fife", queue=False).build.number == 2
    Build.objects.update(started_at=timezone.now() - LONG_AGO)
    load("register-entries", ENTRIES)
    assert services.start_build(actor=sender, area="fife", queue=False).build.number == 1
    assert Build.objects.count() == 1


def test_a_build_that_died_is_taken_up_again_from_the_page(begun, sender):
    folders.begin("fife", begun.number)
    again = services.start_build(actor=sender, area="fife")
    assert again.repeated
    assert again.build.pk == begun.pk
    assert again.build.job is not None


def test_a_build_that_two_make_is_made_once(begun, sender, monkeypatch):
    made = []
    true = building.make
    monkeypatch.setattr(building, "make", lambda **given: made.append(1) or true(**given))
    for _ in range(2):
        done = services.make_build(actor=sender, area="fife", number=begun.number)
        assert done.state == Build.State.CHECKED
    assert made == [1]


def test_a_child_erased_while_a_build_is_made_is_not_in_it(begun, sender, officer, monkeypatch):
    monkeypatch.setattr(queries, "is_being_made", lambda _: False)
    true, times = building.make, []

    def make(**given):
        times.append(1)
        done = true(**given)
        if len(times) == 1:
            erased(officer)
        return done

    monkeypatch.setattr(building, "make", make)
    made = services.make_build(actor=sender, area="fife", number=begun.number)
    assert (made.state, len(times)) == (Build.State.CHECKED, 2)
    assert naming("C001") == []
    assert naming("C002")


def test_nothing_is_erased_while_a_command_makes_a_build(begun, officer):
    with folders.making("fife", begun.number), pytest.raises(NotAllowed, match="being made"):
        erased(officer)
    assert not Erasure.objects.exists()


def test_what_a_dead_build_and_a_rehearsal_left_is_erased_too(begun, send, officer):
    folder = folders.begin("fife", begun.number)
    send("register-entries", ENTRIES + b"C001,2024-06-01,\n")  # checked, and not imported
    kept = folders.extract_path("fife", queries.latest_extract("fife", "children").content)
    (folder / "half.parquet").write_bytes(kept.read_bytes())
    assert len(naming("C001")) == 4
    assert erased(officer).rows == 3
    assert naming("C001") == []
    assert not folder.exists()


def test_a_file_read_while_a_child_is_erased_is_not_imported(send, sender, officer, monkeypatch):
    upload = send("register-entries", ENTRIES)
    monkeypatch.setattr(uploaded, "_beside_the_last", _erasing(officer, uploaded._beside_the_last))
    with pytest.raises(NotAllowed, match="were erased here while"):
        uploads.commit(actor=sender, key=upload.pk, good=upload.good)
    monkeypatch.undo()
    with pytest.raises(NotAllowed, match="changed"):
        uploads.commit(actor=sender, key=upload.pk, good=upload.good)
    with pytest.raises(NotAllowed, match="were erased here while"):
        uploaded.prepare(
            "register-entries", scope=FIFE, rows=[_Row({"child": "C001"})],  # type: ignore[list-item]
        )  # fmt: skip


class _Row:
    number = 2

    def __init__(self, values):
        self.values = values


def _erasing(officer, true):
    def beside(*given):
        erased(officer)
        return true(*given)

    return beside


def test_numbers_under_a_key_the_child_is_not_held_under_stop_an_erasure(load, officer, settings):
    number = chi_of(dt.date(2010, 5, 1))
    people = f"Child,Date of birth,Sex,CHI\nC001,2010-05-01,male,{number}\n".encode()
    health = f"CHI,Board notified\n{number},2024-01-02\n".encode()
    load("children", people)
    load("health-assessments", health)
    old = settings.SIGHTLINE_KEYS
    settings.SIGHTLINE_KEYS = {**old, "data": (("newer", b"n" * 32), *old["data"])}
    load("health-assessments", health + f"{number},2024-05-02\n".encode())
    with pytest.raises(NotAllowed, match="Send the children again"):
        erased(officer)
    load("children", people + b"C002,2010-05-01,female,\n")
    assert erased(officer).rows == 5
    assert naming("C001") == []
    left = [
        row for path in folders.extracts_folder("fife").glob("*.parquet")
        for row in pq.read_table(path).to_pylist()
    ]  # fmt: skip
    assert [row["child"] for row in left] == ["C002"]
