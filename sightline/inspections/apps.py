"""Django's handle on this package."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Registers `inspections` under its own name."""

    name = "sightline.inspections"
    label = "inspections"

    def ready(self) -> None:
        """Say who may read and write the notes of a team."""
        from sightline.inspections import notes

        notes.register()
