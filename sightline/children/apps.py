"""Django's handle on this package."""

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """Registers `children` under its own name, its jobs, and the kinds of file it takes."""

    name = "sightline.children"
    label = "children"

    def ready(self) -> None:
        """The check and jobs are registered, and the kinds of file are made known to `uploads`.

        Where the definitions cannot be used there are no kinds; the check says why.
        """
        from sightline.children import checks, jobs
        from sightline.kernel.errors import SightlineError
        from sightline.uploads.kinds import register

        self.checks = checks
        jobs.registered()
        try:
            checks.load_definitions()
        except SightlineError:
            return
        from sightline.children.uploaded import kinds

        for kind in kinds():
            register(kind)
