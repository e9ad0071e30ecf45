"""Django's handle on this package."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers `config`, so that its checks and templates are found."""

    name = "sightline.config"
    label = "config"
