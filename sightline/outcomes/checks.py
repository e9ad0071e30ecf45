"""Nothing starts with an indicator that cannot be read."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from sightline.kernel.errors import SightlineError
from sightline.outcomes import families
from sightline.outcomes.definitions import registry


def load_definitions() -> None:
    """Load the indicators and the family groups.

    `config.wsgi` calls this, because a web server runs no system checks.

    Raises:
        SightlineError: naming file, field, fault and fix.
    """
    registry()
    families.load(settings.SIGHTLINE_DEFINITIONS)


@register(Tags.compatibility)
def indicators_can_be_read(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except SightlineError as fault:
        return [Error(str(fault), id="outcomes.E001")]
    return []
