"""Django's handle on this package."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers `jobs` under its own name."""

    name = "sightline.jobs"
    label = "jobs"
