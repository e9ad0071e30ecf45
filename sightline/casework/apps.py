"""Django's handle on this package."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Registers `casework` under its own name."""

    name = "sightline.casework"
    label = "casework"
