"""Nothing starts with a bad role file; a database without its audit triggers is pointed out."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from sightline.access import sentences
from sightline.access.roles import roles
from sightline.access.triggers import missing_triggers
from sightline.kernel.errors import BadInput


def load_definitions() -> None:
    """Load the roles and the sentences of the audit trail.

    `config.wsgi` calls this, because a web server runs no system checks.

    Raises:
        BadInput: naming file, field, fault and fix, all faults at once.
    """
    roles()
    sentences.deeds()


@register(Tags.compatibility)
def roles_can_be_used(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except BadInput as fault:
        return [Error(str(fault), id="access.E001")]
    return []


@register(Tags.database)
def rows_are_audited(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None, **options: Any
) -> list[CheckMessage]:
    """The check of `manage.py check --database default`. `migrate` puts right what it finds."""
    missing = missing_triggers() if databases else []
    if not missing:
        return []
    said = f"Audit triggers are not as they should be: {', '.join(missing)}."
    return [Caution(said, hint="Run `python manage.py migrate`.", id="access.W001")]
