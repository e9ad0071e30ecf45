"""Django's handle on this package."""

from django.apps import AppConfig


class SavingConfig(AppConfig):
    """Registers `saving` under its own name."""

    name = "sightline.saving"
    label = "saving"
