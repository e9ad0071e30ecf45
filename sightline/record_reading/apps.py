"""Django's handle on this package."""

from django.apps import AppConfig


class RecordReadingConfig(AppConfig):
    """Registers `record_reading` under its own name, and the kind of file that a return is."""

    name = "sightline.record_reading"
    label = "record_reading"

    def ready(self) -> None:
        """The check is registered, and the return is made known to `uploads`."""
        from sightline.access.sentences import name_things
        from sightline.concerns.places import name_pages
        from sightline.record_reading import checks, feedback_permissions, jobs, results_jobs
        from sightline.record_reading.models import RollingAudit, Round
        from sightline.record_reading.presenters import titles
        from sightline.record_reading.reading_doors import words_of_page
        from sightline.record_reading.return_uploads import KIND
        from sightline.uploads.kinds import register

        self.checks = checks
        register(KIND)
        jobs.registered()
        name_things("record-round", titles(Round, "the record reading"))
        name_things("record-audit", titles(RollingAudit, "the rolling audit"))
        name_pages("record_reading", words_of_page)
        results_jobs.registered()
        feedback_permissions.registered()
