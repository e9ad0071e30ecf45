"""The doors: what is not there is not found, and what the state does not allow says why."""

import uuid

import pytest

from sightline.children import permissions, policies
from sightline.children.models import Build
from sightline.kernel.errors import NotAllowed, NotFound
from tests.factories.children import BuildFactory, ExtractFactory


def test_what_is_not_there_is_not_found(sender):
    for door, key in (
        (permissions.get_build_for, (9,)),
        (permissions.get_extract_for, ("irds", 9)),
        (permissions.get_waiver_for, (uuid.uuid4(),)),
        (permissions.get_dataset_for, ("nonsense",)),
    ):
        with pytest.raises(NotFound):
            door(sender, "fife", *key)


def test_what_a_build_does_not_allow_is_said(db):
    staged, checked = BuildFactory.build(number=1), BuildFactory.build(number=2, checked=True)
    done = BuildFactory.build(number=3, published=True)
    for build, said in ((staged, "still being made"), (done, "published already")):
        with pytest.raises(NotAllowed, match=said):
            policies.check_can_publish(build, latest=None)
    with pytest.raises(NotAllowed, match="Build 3 is published, and it is later"):
        policies.check_can_publish(checked, latest=done)
    withdrawn = BuildFactory.build(number=4, state=Build.State.WITHDRAWN)
    with pytest.raises(NotAllowed, match="was undone"):
        policies.check_can_publish(withdrawn, latest=None)
    with pytest.raises(NotAllowed, match="nothing to undo"):
        policies.check_can_undo(checked, current=done)
    with pytest.raises(NotAllowed, match="not the current one"):
        policies.check_can_undo(done, current=BuildFactory.build(number=5, published=True))
    with pytest.raises(NotAllowed, match="nothing to build from"):
        policies.check_can_build({})


def test_an_extract_taken_back_answers_for_nothing(db):
    gone = ExtractFactory(taken_back_at="2026-11-02T09:00:00Z", taken_back_by="test")
    with pytest.raises(NotAllowed, match="taken back already"):
        policies.check_can_take_back(gone)
    with pytest.raises(NotAllowed, match="answers for nothing"):
        policies.check_is_used(gone)
