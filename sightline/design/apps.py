"""Django's handle on this package."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Registers `design` under its own name."""

    name = "sightline.design"
    label = "design"
