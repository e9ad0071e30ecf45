"""Django's handle on this package."""

from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    """Registers `improvement` under its own name."""

    name = "sightline.improvement"
    label = "improvement"
