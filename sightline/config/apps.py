"""Django's handle on this package, and what only the topmost layer may join together."""

from collections.abc import Iterator
from uuid import UUID

from django.apps import AppConfig

from sightline.secrets import registry


def sealed_uploads() -> Iterator[registry.SealedFile]:
    """The sealed files of uploads, to be counted and sealed anew with everything else.

    A file there that no upload is called by is somebody's stray, sealed about nothing we know.
    """
    from sightline.uploads import files

    for path in sorted(files.folder().glob("*.sealed")):
        try:
            upload = UUID(path.stem)
        except ValueError:
            continue
        yield registry.SealedFile(path, files.about(upload))


class ConfigConfig(AppConfig):
    """Registers `config`; joins lower contexts to higher ones."""

    name = "sightline.config"
    label = "config"

    def ready(self) -> None:
        """Lower contexts are told here what they cannot ask for themselves.

        `design` lies below `access`, so its command base is told who acts and how; `access` lies
        below what a scope names, so it is told which there are and what they are called.
        """
        from sightline.access import scopes
        from sightline.access.actors import acting_as, command_line
        from sightline.concerns import places
        from sightline.config import leavers
        from sightline.config.concern_places import inspections_for
        from sightline.design.console import SightlineCommand
        from sightline.inspections.queries import documents
        from sightline.partnerships import exercises
        from sightline.partnerships.queries import names

        scopes.register("partnership", names)
        scopes.register(
            "inspection",
            lambda: {d.reference: d.reference for d in documents(published_only=False)},
        )
        places.register(inspections_for)
        exercises.register(
            lambda: {d.reference: d.partnership for d in documents(published_only=False)}
        )
        registry.register_files("uploads", sealed_uploads)
        self.leavers = leavers  # importing it registered its job
        SightlineCommand.make_actor = staticmethod(command_line)
        SightlineCommand.acting = staticmethod(acting_as)
