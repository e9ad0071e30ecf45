"""The demonstration's data goes in as a council's would, and once."""

import pytest

from sightline.access.actors import command_line
from sightline.children import building
from sightline.children.queries import current_build, latest_extracts
from sightline.config.demonstration import PARTNERSHIP, load_demonstration
from sightline.config.demonstration_data import load_demonstration_data
from sightline.kernel.errors import NotAllowed


@pytest.fixture
def without_steps(monkeypatch):
    """Builds that are checked and published, and in which no indicator is worked out."""
    monkeypatch.setattr(building, "_steps", {})
    monkeypatch.setattr(building, "_publishers", {})


@pytest.mark.django_db(transaction=True)
def test_it_is_loaded_published_and_loaded_no_second_time(
    settings, tmp_path, without_steps, monkeypatch
):
    settings.SIGHTLINE_DEMONSTRATION = True
    settings.SIGHTLINE_STATE = tmp_path
    load_demonstration(command_line())
    done = load_demonstration_data(command_line(), number=150)
    build = current_build(PARTNERSHIP)
    assert build is not None
    assert build.number == done.build
    assert done.rows["children"] == 150
    covers = {one.covers_from for one in latest_extracts(PARTNERSHIP).values()}
    assert len(covers) == 1
    again = load_demonstration_data(command_line(), number=150)
    assert (again.build, again.rows) == (done.build, {})


def test_it_is_only_for_demonstrations(settings):
    settings.SIGHTLINE_DEMONSTRATION = False
    with pytest.raises(NotAllowed, match="no invented data"):
        load_demonstration_data(command_line())
