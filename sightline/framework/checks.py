"""Nothing starts with a bad definition: loaded as a system check, and by the web entry itself."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from sightline.framework.definitions import library
from sightline.framework.register import check
from sightline.kernel.errors import BadInput


def load_definitions() -> None:
    """Load every framework, scale and programme, and compare released files with the register.

    `config.wsgi` calls this, because a web server runs no system checks.

    Raises:
        BadInput: naming file, field, fault and fix, all faults at once.
    """
    library()
    check(settings.SIGHTLINE_DEFINITIONS, complete=False)


@register(Tags.compatibility)
def definitions_can_be_used(
    app_configs: Sequence[Any] | None, **options: Any
) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except BadInput as fault:
        return [Error(str(fault), id="framework.E001")]
    return []
