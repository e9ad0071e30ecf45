"""What the rules share: the syntax of the checkout, read once and let go of afterwards."""

from collections.abc import Iterator

import pytest

from tests.architecture.rules.tree import forget_syntax


@pytest.fixture(autouse=True, scope="package")
def _syntax_is_let_go_of() -> Iterator[None]:
    yield
    forget_syntax()
