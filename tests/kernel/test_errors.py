"""Errors for people."""

import inspect

import pytest

from sightline.kernel import errors
from sightline.kernel.errors import Fault, Faults, NotPermitted, SightlineError


def test_every_kind_of_error_has_its_own_exit_status_except_a_list_of_faults():
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, SightlineError) and kind is not Faults
    ]
    statuses = [kind.status for kind in kinds]
    assert len(kinds) >= 8
    assert len(set(statuses)) == len(statuses)
    assert Faults.status == errors.BadInput.status
    assert not {0, 2} & set(statuses), "0 is success; 2 is what argparse says of a bad option"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("line 3", "it is empty.", "Fill it in."), "line 3: it is empty. Fill it in."),
        (Fault("line 3", "it is empty."), "line 3: it is empty."),
        (Fault("", "the file is empty."), "the file is empty."),
    ],
)
def test_a_fault_says_where_what_and_the_mend(fault, text):
    assert str(fault) == text


def test_faults_are_listed_at_once():
    found = Faults("six-point@1.yaml", (Fault("a", "one."), Fault("b", "two.")))
    assert str(found) == "six-point@1.yaml cannot be used:\n  a: one.\n  b: two."
    assert found.thing == "six-point@1.yaml"
    assert [fault.where for fault in found.faults] == ["a", "b"]


def test_what_is_not_permitted_names_the_permission():
    assert NotPermitted("No.", permission="title.correct").permission == "title.correct"
    assert NotPermitted("No.").permission == ""
