"""Django's handle on this package, and what only the topmost layer may join together."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers `config`; tells commands who acts on the command line."""

    name = "sightline.config"
    label = "config"

    def ready(self) -> None:
        """`design` lies below `access`, so its command base is told here who acts and how."""
        from sightline.access.actors import acting_as, command_line
        from sightline.design.console import SightlineCommand

        SightlineCommand.make_actor = staticmethod(command_line)
        SightlineCommand.acting = staticmethod(acting_as)
