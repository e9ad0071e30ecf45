"""Django's handle on this package."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Registers `uploads` under its own name."""

    name = "sightline.uploads"
    label = "uploads"

    def ready(self) -> None:
        """Register the jobs of this context."""
        from sightline.uploads import jobs

        jobs.registered()
