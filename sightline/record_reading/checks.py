"""Nothing starts with a template of record reading that cannot be used."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from sightline.framework.definitions import Library, library
from sightline.kernel.errors import Fault, Faults, NotFound, SightlineError
from sightline.record_reading import template_faults
from sightline.record_reading.definitions import TemplateDefinition, load, load_lists


def load_definitions() -> None:
    """Load templates and lists of answers, and check them together. `config.wsgi` calls this.

    Raises:
        Faults: naming file, field, fault and mend, all at once.
    """
    check(Path(settings.SIGHTLINE_DEFINITIONS), library())


def check(folder: Path, frameworks: Library) -> None:
    """Check the templates of a folder of definitions.

    Args:
        folder: has `record-reading` in it.
        frameworks: what indicators and programmes there are.

    Raises:
        Faults: as `load_definitions`.
    """
    lists, templates = load_lists(folder), tuple(load(folder))
    faults = list(template_faults.faults_of_lists(lists))
    for template in templates:
        faults += _programme(template, frameworks)
        codes = _indicators(template, frameworks)
        faults += template_faults.faults_of(template, lists, indicators=codes)
    faults += template_faults.faults_between(templates)
    if faults:
        raise Faults("definitions/record-reading", faults)


def _programme(template: TemplateDefinition, frameworks: Library) -> Iterator[Fault]:
    if template.programme and template.programme not in frameworks.programmes.items:
        known = ", ".join(sorted(frameworks.programmes.items))
        yield Fault(
            f"{template.key}.yaml programme",
            f"there is no programme {template.programme}.",
            f"There are: {known}.",
        )


def _indicators(template: TemplateDefinition, frameworks: Library) -> frozenset[str]:
    """Codes of the programme's framework; of every framework for a template of no programme."""
    try:
        programme = frameworks.programmes.get(template.programme)
        found = [frameworks.frameworks.get(programme.framework)]
    except NotFound:
        found = list(frameworks.frameworks)
    return frozenset(one.code for framework in found for one in framework.indicators)


@register(Tags.compatibility)
def templates_can_be_used(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """The system check of `manage.py check`, `migrate` and `runserver`."""
    try:
        load_definitions()
    except SightlineError as fault:
        return [Error(str(fault), id="record_reading.E001")]
    return []
