"""Django's handle on this package."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers `jobs` under its own name."""

    name = "sightline.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register the jobs of this context, and what the audit trail calls a job."""
        from sightline.access.sentences import name_things
        from sightline.jobs import jobs, queries, upkeep

        name_things("job", queries.titles)
        jobs.registered()
        upkeep.register()
