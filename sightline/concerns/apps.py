"""Django's handle on this package."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    """Registers `concerns` under its own name, and what it does by the clock."""

    name = "sightline.concerns"
    label = "concerns"

    def ready(self) -> None:
        """Importing the modules registers the checks and the jobs."""
        from sightline.concerns import checks, jobs

        self.checks, self.jobs = checks, jobs
