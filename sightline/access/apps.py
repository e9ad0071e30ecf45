"""Django's handle on this package."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers `access` under its own name, and its system checks."""

    name = "sightline.access"
    label = "access"

    def ready(self) -> None:
        """Importing the module registers the checks."""
        from sightline.access import checks

        self.checks = checks
