"""Nothing starts with an area, a dataset or a rule of time that cannot be used."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from sightline.kernel.errors import SightlineError
from sightline.partnerships import datasets, definitions


def load_definitions() -> None:
    """Load areas, datasets and rules of time. `config.wsgi` calls this for the web server.

    Raises:
        SightlineError: naming file, field, fault and fix.
    """
    definitions.areas()
    datasets.registry()
    definitions.check_taken_up(definitions.local_details(), definitions.rulebook())


@register(Tags.compatibility)
def places_can_be_used(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except SightlineError as fault:
        return [Error(str(fault), id="partnerships.E001")]
    return []
