"""Django's handle on this package."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Registers `inspections` under its own name."""

    name = "sightline.inspections"
    label = "inspections"
