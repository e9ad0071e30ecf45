"""Django's handle on this package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers `access` under its own name."""

    name = "sightline.access"
    label = "access"
