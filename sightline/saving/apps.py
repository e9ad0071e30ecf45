"""Django's handle on this package."""

from django.apps import AppConfig


class SavingConfig(AppConfig):
    """Registers `saving` under its own name."""

    name = "sightline.saving"
    label = "saving"

    def ready(self) -> None:
        """Register what the clock does."""
        from sightline.saving import jobs  # noqa: F401 - importing registers
