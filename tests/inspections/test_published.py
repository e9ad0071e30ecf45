"""Loading the inspections that come with Sightline."""

import time

import pytest

from sightline.access.models import AuditEvent
from sightline.inspections import models, published, queries
from sightline.inspections.definitions import Source
from sightline.kernel.errors import BadDefinition, Faults
from tests.factories.inspections import ACTOR, imported

pytestmark = pytest.mark.django_db


def test_every_published_inspection_is_loaded_quickly_and_once():
    start = time.process_time()
    first = published.load_published(ACTOR)
    assert time.process_time() - start < 2
    assert len(first) >= 22
    assert all(done.new for done in first)
    events, version = AuditEvent.objects.count(), queries.data_version()
    assert not any(done.changed for done in published.load_published(ACTOR))
    assert (AuditEvent.objects.count(), queries.data_version()) == (events, version)


def test_south_lanarkshire_is_as_the_sources_say():
    published.load_published(ACTOR)
    found = queries.document("south-lanarkshire-2020")
    values = {e.judgement: e.stated.value for e in found.evaluations}
    assert values == {"9": 4, "2.1": 3, "2.2": 4, "1.1": 3}
    (rate,) = (c for c in found.evidence if c.channel == "staff-survey-rate")
    assert (rate.count, [other.count for other in rate.also]) == (89, [91])


def test_the_demonstration_inspection_needs_its_invented_area(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    published.load_published(ACTOR)
    (done,) = published.load_demonstration_inspections(ACTOR)
    assert queries.document(done.reference).partnership == "strathgarry"
    settings.SIGHTLINE_DEMONSTRATION = False
    with pytest.raises(Faults, match="there is no partnership 'strathgarry'"):
        published.load_demonstration_inspections(ACTOR)


def put(folder, name: str, **more: str) -> None:
    fields = {
        "schema": "sightline-inspection",
        "schema_version": "1",
        "reference": name,
        "programme": "risk-of-harm@1",
        "partnership": "fife",
        "kind": "full",
        "status": "draft",
        **more,
    }
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    (folder / f"{name}.yaml").write_text(lines, encoding="utf-8")


def test_an_inspection_is_loaded_before_those_that_follow_it(tmp_path):
    put(tmp_path, "aaa-2", follows="bbb-1")
    put(tmp_path, "bbb-1", follows="ccc-0")
    put(tmp_path, "ccc-0")
    done = published.load_folder(ACTOR, tmp_path)
    assert [d.reference for d in done] == ["ccc-0", "bbb-1", "aaa-2"]


def test_inspections_that_follow_each_other_are_refused_and_nothing_is_kept(tmp_path):
    put(tmp_path, "aaa-1", follows="bbb-1")
    put(tmp_path, "bbb-1", follows="aaa-1")
    put(tmp_path, "ccc-1")
    with pytest.raises(Faults, match="there is no inspection"):
        published.load_folder(ACTOR, tmp_path)
    assert not models.Inspection.objects.exists()


def test_a_file_is_named_as_its_inspection(tmp_path):
    put(tmp_path, "aaa-1")
    (tmp_path / "aaa-1.yaml").rename(tmp_path / "zzz-1.yaml")
    with pytest.raises(BadDefinition, match=r"zzz-1\.yaml must hold the inspection"):
        published.load_folder(ACTOR, tmp_path)


def test_a_source_keeps_its_meaning():
    imported()
    published.add_sources([Source(key="report-a", kind="report", title="Report A")])
    with pytest.raises(Faults, match="report-a: is known here as Report A"):
        published.add_sources([Source(key="report-a", kind="report", title="Another")])
