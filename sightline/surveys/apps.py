"""Django's handle on this package."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Registers `surveys` under its own name."""

    name = "sightline.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Register the jobs of this context, and what is done when a survey closes."""
        from sightline.surveys import alerts, jobs, mailing_jobs, publishing, theming_jobs

        alerts.registered()
        jobs.registered()
        mailing_jobs.registered()
        publishing.registered()
        theming_jobs.registered()
