"""Django's handle on this package."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers `documents` under its own name."""

    name = "sightline.documents"
    label = "documents"
