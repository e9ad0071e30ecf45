"""Nothing starts with a procedure that cannot be used."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from sightline.concerns.definitions import procedure
from sightline.kernel.errors import SightlineError


def load_definitions() -> None:
    """Load the procedure. `config.wsgi` calls this, because a web server runs no system checks.

    Raises:
        SightlineError: naming file, field, fault and fix.
    """
    procedure()


@register(Tags.compatibility)
def procedure_can_be_used(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except SightlineError as fault:
        return [Error(str(fault), id="concerns.E001")]
    return []
