"""Django's handle on this package."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Registers `surveys` under its own name."""

    name = "sightline.surveys"
    label = "surveys"
