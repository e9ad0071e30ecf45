"""Django's handle on this package."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Registers `engagement` under its own name."""

    name = "sightline.engagement"
    label = "engagement"
