"""What every test of surveys begins with."""

from collections.abc import Iterator

import pytest

from sightline.surveys import questionnaires


@pytest.fixture(autouse=True)
def _no_questionnaire_remembered() -> Iterator[None]:
    """A released questionnaire is remembered by its key, which the next test may give anew."""
    questionnaires._kept.cache_clear()
    yield
    questionnaires._kept.cache_clear()
