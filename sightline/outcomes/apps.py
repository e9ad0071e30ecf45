"""Django's handle on this package."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Registers `outcomes` under its own name."""

    name = "sightline.outcomes"
    label = "outcomes"
