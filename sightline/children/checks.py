"""Nothing starts with a dataset or a list of codes that cannot be used."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from sightline.children import definitions
from sightline.kernel.errors import SightlineError


def load_definitions() -> None:
    """Load datasets and lists of codes. `config.wsgi` calls this for the web server.

    Raises:
        SightlineError: naming file, field, fault and fix.
    """
    definitions.registry()


@register(Tags.compatibility)
def datasets_can_be_used(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except SightlineError as fault:
        return [Error(str(fault), id="children.E001")]
    return []
