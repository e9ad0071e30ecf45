"""Django's handle on this package."""

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """Registers `children` under its own name."""

    name = "sightline.children"
    label = "children"
