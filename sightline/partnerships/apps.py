"""Django's handle on this package."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Registers `partnerships` under its own name, and the kinds of file it takes."""

    name = "sightline.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """The check is registered, and the kinds of file are made known to `uploads`."""
        from sightline.partnerships import checks
        from sightline.partnerships.uploaded import KINDS
        from sightline.uploads.kinds import register

        self.checks = checks
        for kind in KINDS:
            register(kind)
