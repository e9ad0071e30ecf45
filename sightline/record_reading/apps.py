"""Django's handle on this package."""

from django.apps import AppConfig


class RecordReadingConfig(AppConfig):
    """Registers `record_reading` under its own name."""

    name = "sightline.record_reading"
    label = "record_reading"
