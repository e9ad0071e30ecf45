"""Django's handle on this package."""

from django.apps import AppConfig


class SelfEvaluationConfig(AppConfig):
    """Registers `self_evaluation` under its own name."""

    name = "sightline.self_evaluation"
    label = "self_evaluation"
