"""A build: every row in is published or faulted, and belongs to a child or does not."""

import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sightline.access.models import AuditEvent
from sightline.children import building, folders, policies, queries, services
from sightline.children.models import Build, BuildTable, Erasure, Extract
from sightline.children.permissions import open_tables
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable, NotFound, NotPermitted
from sightline.uploads import services as uploads
from sightline.uploads.models import Upload
from tests.children.conftest import CHILDREN, ENTRIES
from tests.children.test_extracts import chi_of
from tests.factories.access import UserFactory, assign
from tests.factories.children import BuildTableFactory, checked_build


@pytest.fixture
def build(sender, finds, django_capture_on_commit_callbacks):
    def made(**more):
        with django_capture_on_commit_callbacks(execute=True):
            done = services.start_build(actor=sender, area="fife", **more)
        done.build.refresh_from_db()
        return done.build

    return made


@pytest.fixture
def loaded(load):
    load("children", CHILDREN)
    load("register-entries", ENTRIES)


def clean(made, dataset):
    return pq.read_table(building.table_path(queries.build_folder(made), dataset)).to_pylist()


def test_rows_in_are_published_or_faulted(build, loaded, finds):
    finds(
        ("register-entries", 3, "registered_on", "V-020", "E", "It overlaps"),
        ("register-entries", 3, "child", "V-022", "E", "Two faults of one row"),
        ("register-entries", 2, "registered_on", "V-021", "W", "Odd"),
    )
    made = build()
    assert made.state == Build.State.CHECKED
    table = queries.tables_of(made)["register-entries"]
    assert (table.rows, table.published, table.faulted, table.joined) == (3, 2, 1, 2)
    assert [row["row"] for row in clean(made, "register-entries")] == [2, 4]
    assert {row["extract"] for row in clean(made, "children")} == {
        str(Extract.objects.get(dataset="children").pk)
    }
    assert clean(made, "irds") == []
    folder = queries.build_folder(made)
    (joined,) = pq.read_table(folder / building.JOINED).to_pylist()
    assert (joined["dataset"], joined["agency"], joined["share"]) == (
        "register-entries", "council", 1.0,
    )  # fmt: skip
    assert pq.read_table(folder / building.FAULTS).num_rows == 3
    assert made.summary["groups"][0]["severity"] == "E"
    assert not list(folder.rglob(".*"))


def test_what_is_waived_is_published(build, loaded, finds):
    finds(("register-entries", 3, "child", "V-020", "E", "It overlaps"), waived="a-waiver")
    made = build()
    assert queries.tables_of(made)["register-entries"].faulted == 0
    assert made.summary["groups"][0]["waived"] is True


def test_rows_of_other_agencies_join_by_hashed_numbers(build, load):
    number, other = chi_of(dt.date(2010, 5, 1)), chi_of(dt.date(2012, 11, 30))
    load(
        "children",
        f"Child,Date of birth,Sex,CHI\nC1,2010-05-01,male,{number}\n"
        f"C2,2012-11-30,male,{other}\nC3,2012-11-30,female,{other}\n".encode(),
    )
    load(
        "health-assessments",
        f"Child,CHI,Board notified\nC1,,2024-01-01\n,{number},2024-01-02\n"
        f",{other},2024-01-03\nX9,{number},2024-01-04\nX8,,2024-01-05\n".encode(),
    )
    made = build()
    table = queries.tables_of(made)["health-assessments"]
    assert table.published == 5
    # C1 by number, two by CHI; a number two children have joins nobody.
    assert table.joined == 3
    rows = clean(made, "health-assessments")
    assert sorted(str(row["child"]) for row in rows) == ["C1", "C1", "C1", "None", "X8"]
    links = pq.read_table(queries.build_folder(made) / building.LINKS).to_pylist()
    assert sorted(link["by"] for link in links) == ["chi", "chi", "number"]


def test_the_same_files_make_no_new_build(build, loaded, load):
    first = build()
    assert build() == first
    assert AuditEvent.objects.filter(verb="build.repeated").count() == 1
    assert build(again=True).number == 2
    load("register-entries", ENTRIES + b"\n")
    assert build().number == 2
    load("register-entries", ENTRIES + b"C003,2024-06-01,\n")
    assert build().number == 3


def test_nothing_sent_is_nothing_to_build_from(build):
    with pytest.raises(NotAllowed, match="nothing to build from"):
        build()


def test_publishing_shows_a_build_and_undoing_the_one_before(build, loaded, load, sender):
    told = []
    building.register_publisher(lambda actor, one: told.append(one.number), "test")
    building.register_withdrawer(lambda actor, one: told.append(-one.number), "test")
    first = build()
    services.publish_build(actor=sender, area="fife", number=1)
    services.publish_build(actor=sender, area="fife", number=1)
    load("register-entries", ENTRIES + b"C003,2024-06-01,\n")
    second = build()
    services.publish_build(actor=sender, area="fife", number=2)
    assert queries.current_build("fife") == second
    with pytest.raises(NotAllowed, match="not the current one"):
        services.undo_build(actor=sender, area="fife", number=1, reason="x")
    with pytest.raises(BadInput, match="Say why"):
        services.undo_build(actor=sender, area="fife", number=2, reason=" ")
    services.undo_build(actor=sender, area="fife", number=2, reason="Wrong file")
    assert queries.current_build("fife") == first
    assert told == [1, 2, -2]
    with pytest.raises(NotAllowed, match="was undone"):
        services.publish_build(actor=sender, area="fife", number=2)
    with pytest.raises(NotAllowed, match="not published"):
        services.undo_build(actor=sender, area="fife", number=2, reason="x")


def test_a_publisher_that_fails_publishes_nothing(build, loaded, sender):
    def fails(actor, one):
        raise RuntimeError("no")

    building.register_publisher(fails, "test")
    build()
    with pytest.raises(RuntimeError):
        services.publish_build(actor=sender, area="fife", number=1)
    assert queries.current_build("fife") is None
    assert Build.objects.get().state == Build.State.CHECKED


def test_steps_are_given_the_clean_tables(build, loaded, finds):
    finds(("register-entries", 3, "child", "V-020", "E", "It overlaps"))
    seen = {}

    def step(context):
        seen["rows"] = context.engine.fetch(context.tables["register-entries"]).num_rows
        seen["supplied"] = dict(context.supplied)
        seen["none"] = context.engine.fetch(context.tables["irds"]).num_rows
        (context.folder / "of-the-step.txt").write_text("x")

    building.register_step("test", step)
    assert "test" in building.steps()
    made = build()
    assert (seen["rows"], seen["none"]) == (2, 0)
    assert seen["supplied"]["register-entries"].last == dt.date(2024, 5, 31)
    assert "irds" not in seen["supplied"]
    assert (queries.build_folder(made) / "of-the-step.txt").exists()


def test_a_build_that_fails_leaves_nothing_and_makes_room(build, loaded, sender):
    def fails(context):
        raise NotAvailable("The places are not loaded.")

    building.register_step("test", fails)
    broken = build()
    assert broken.state == Build.State.STAGED
    assert Job.objects.get(pk=broken.job).told == "The places are not loaded."
    assert not folders.build_path("fife", 1).exists()
    assert not folders.making_path("fife", 1).exists()
    with pytest.raises(NotAvailable, match="are not here"):
        queries.build_folder(broken)
    with pytest.raises(NotAllowed, match="still being made"):
        services.publish_build(actor=sender, area="fife", number=1)
    building.forget("test")
    assert build().state == Build.State.CHECKED
    assert Build.objects.count() == 1


def test_a_build_killed_half_way_is_made_again_from_nothing(loaded, finds, sender):
    begun = services.start_build(actor=sender, area="fife", queue=False).build
    half = folders.begin("fife", begun.number)
    (half / "rubbish").write_text("x")
    made = services.make_build(actor=sender, area="fife", number=begun.number)
    assert made.state == Build.State.CHECKED
    assert not (queries.build_folder(made) / "rubbish").exists()
    again = services.make_build(actor=sender, area="fife", number=begun.number)
    assert again.checked_at == made.checked_at


def test_an_extract_whose_file_is_gone_is_said(loaded, finds, sender):
    extract = queries.latest_extract("fife", "children")
    folders.extract_path("fife", extract.content).unlink()
    begun = services.start_build(actor=sender, area="fife", queue=False).build
    with pytest.raises(NotAvailable, match="Send the file again"):
        services.make_build(actor=sender, area="fife", number=begun.number)


def test_rows_that_do_not_add_up_stop_the_build(loaded, finds, sender, monkeypatch):
    from sightline.warehouse.engines.duckdb import DuckDB

    write = DuckDB.write
    monkeypatch.setattr(DuckDB, "write", lambda *a: write(*a) - 1)
    begun = services.start_build(actor=sender, area="fife", queue=False).build
    with pytest.raises(RuntimeError, match="rows in"):
        services.make_build(actor=sender, area="fife", number=begun.number)


def test_old_builds_go_unless_something_refers_to_them(sender, monkeypatch):
    monkeypatch.setattr(policies, "KEPT", 1)
    made = [checked_build(number=number) for number in (1, 2, 3, 4)]
    building.register_citer(lambda area: {2}, "test")
    Build.objects.filter(number=3).update(
        state="published", published_at=made[0].checked_at, published_by="test"
    )
    assert services.sweep(actor=sender)["builds removed"] == 1
    assert [one.number for one in Build.objects.filter(removed_at=None).order_by("number")] == [
        2, 3, 4,
    ]  # fmt: skip
    assert not folders.build_path("fife", 1).exists()
    gone = Build.objects.get(number=1)
    with pytest.raises(NotAllowed, match="no longer kept"):
        services.publish_build(actor=sender, area="fife", number=gone.number)


def test_one_childs_rows_go_out_of_everything(build, load, sender):
    number = chi_of(dt.date(2010, 5, 1))
    people = f"Child,Date of birth,Sex,CHI\nC001,2010-05-01,male,{number}\nC002,2012-11-30,male,\n"
    sent = load("children", people.encode())
    load("register-entries", ENTRIES)
    health = f"CHI,Board notified\n{number},2024-01-02\n"
    load("health-assessments", health.encode())
    made = build()
    officer = assign(UserFactory(), "information-governance-officer", "partnership", "fife")
    with pytest.raises(NotPermitted):
        services.erase_child(actor=sender, area="fife", child="C001", reason="Asked for")
    for child, reason in (("", "x"), ("C001", " ")):
        with pytest.raises(BadInput):
            services.erase_child(actor=officer, area="fife", child=child, reason=reason)
    done = services.erase_child(actor=officer, area="fife", child="C001", reason="Asked for")
    assert done.rows == 4  # one of children, two entries, one by health number
    for path in folders.area_folder("fife").rglob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            assert "C001" not in str(row)
    assert [row["child"] for row in clean(made, "children")] == ["C002"]
    table = queries.tables_of(made)["register-entries"]
    assert (table.rows, table.published) == (3, 3)
    extract = Extract.objects.get(dataset="register-entries")
    assert (extract.rows, extract.erased) == (3, 2)
    assert Upload.objects.get(pk=sent.pk).destroyed_at is not None
    line = AuditEvent.objects.get(verb="child.erased")
    assert "C001" not in f"{line.target}{line.after}{line.reason}"
    assert "C001" not in Erasure.objects.get().child
    again = services.erase_child(actor=officer, area="fife", child="C001", reason="Again")
    assert again.rows == 0


def test_opening_rows_about_children_is_recorded(sender):
    made = checked_build(number=1)
    assert open_tables(sender, made).is_dir()
    assert AuditEvent.objects.filter(verb="build.read", target="build:fife/1").exists()
    viewer = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    with pytest.raises(NotPermitted):
        open_tables(viewer, made)


def test_who_may(db):
    checked_build(number=1)
    viewer = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    stranger = assign(UserFactory(), "partnership-analyst", "partnership", "angus")
    for person, refusal in ((viewer, NotPermitted), (stranger, NotFound)):
        for act in (
            lambda p: services.start_build(actor=p, area="fife"),
            lambda p: services.make_build(actor=p, area="fife", number=1),
            lambda p: services.start_publishing(actor=p, area="fife", number=1),
            lambda p: services.publish_build(actor=p, area="fife", number=1),
            lambda p: services.undo_build(actor=p, area="fife", number=1, reason="x"),
            lambda p: services.save_column_map(
                actor=p, area="fife", dataset="irds", headings={}, codes={}
            ),
        ):
            with pytest.raises(refusal):
                act(person)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"published": 8}, "build_rows_in_are_published_or_faulted"),
        ({"joined": 10}, "build_joins_rows_it_publishes"),
    ],
)
def test_the_database_keeps_count(db, changes, name):
    from django.db import IntegrityError, transaction

    table = BuildTableFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BuildTable.objects.filter(pk=table.pk).update(**changes)


def test_an_upload_of_an_erased_file_is_destroyed_once(load, sender):
    upload = load("children", CHILDREN)
    with pytest.raises(BadInput, match="Say why"):
        uploads.destroy_file(actor=sender, key=upload.pk, reason=" ")
    first = uploads.destroy_file(actor=sender, key=upload.pk, reason="x")
    assert uploads.destroy_file(actor=sender, key=upload.pk, reason="x") == first
    assert isinstance(pa.table({}), pa.Table)
