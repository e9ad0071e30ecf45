"""Django's handle on this package."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers `evidence` under its own name."""

    name = "sightline.evidence"
    label = "evidence"
