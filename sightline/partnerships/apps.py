"""Django's handle on this package."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Registers `partnerships` under its own name."""

    name = "sightline.partnerships"
    label = "partnerships"
