"""Which answers differ, and which of them count."""

import pytest

from sightline.record_reading.differences import counted, differences
from tests.factories import record_reading as make
from tests.record_reading.moderated import a_round, read_twice

pytestmark = pytest.mark.django_db


def test_smoke() -> None:
    round = a_round()
    pair = make.ReaderFactory(round=round), make.ReaderFactory(round=round)
    read_twice(round, 1, {"plan-present": "yes", "plan-quality": "4"}, {"plan-present": "yes", "plan-quality": "2"}, pair)
    read_twice(round, 2, {"plan-present": "yes", "plan-quality": "4"}, {"plan-present": "no"}, pair)
    read_twice(round, 3, {"plan-present": "no"}, None, pair)
    print(differences(round))
    for one in counted(round):
        print(one)
