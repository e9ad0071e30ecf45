"""Django's handle on this package."""

from django.apps import AppConfig


class FrameworkConfig(AppConfig):
    """Registers `framework` under its own name."""

    name = "sightline.framework"
    label = "framework"
