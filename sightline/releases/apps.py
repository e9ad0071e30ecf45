"""Django's handle on this package."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Registers `releases` under its own name."""

    name = "sightline.releases"
    label = "releases"
