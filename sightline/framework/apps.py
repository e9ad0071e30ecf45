"""Django's handle on this package."""

from django.apps import AppConfig


class FrameworkConfig(AppConfig):
    """Registers `framework` under its own name, and its system check."""

    name = "sightline.framework"
    label = "framework"

    def ready(self) -> None:
        """Importing the module registers the check."""
        from sightline.framework import checks

        self.checks = checks
