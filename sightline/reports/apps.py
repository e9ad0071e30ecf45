"""Django's handle on this package."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers `reports` under its own name."""

    name = "sightline.reports"
    label = "reports"
