"""Django's handle on this package."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    """Registers `outcomes` under its own name."""

    name = "sightline.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        """Have builds work out indicators, and their figures declared when they are published.

        Importing the checks registers them.
        """
        from sightline.outcomes import building, checks, publishing

        self.checks = checks
        building.registered()
        publishing.registered()
