"""Django's handle on this package."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Registers `concerns` under its own name."""

    name = "sightline.concerns"
    label = "concerns"
