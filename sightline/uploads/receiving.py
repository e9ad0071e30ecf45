"""Takes a file out of a request as it arrives: sealed at once, never whole in memory."""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from sightline.uploads.files import Incoming

FIELD = "file"
MEGABYTE = 1_000_000

if TYPE_CHECKING:
    _File: TypeAlias = UploadedFile[bytes]
else:
    _File = UploadedFile  # Django's own class cannot be subscripted when running


def too_large() -> str:
    """What somebody is told who sends too much."""
    return f"The selected file must be smaller than {settings.SIGHTLINE_UPLOAD_MB}MB"


class Received(_File):
    """A file that has arrived whole, and is sealed."""

    def __init__(self, incoming: Incoming, name: str) -> None:
        super().__init__(name=name, size=incoming.size)
        self.incoming = incoming


class Receiver(FileUploadHandler):
    """Seals the one file of a request; `too_large` says that there was more than may be sent."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.incoming: Incoming | None = None
        self.too_large = False
        self._takes = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins. Of several, or under another name, none but the first is taken."""
        super().new_file(*args, **kwargs)
        # Not by SkipFile: Django takes a request whose last file is skipped for a broken one.
        self._takes = self.field_name == FIELD and self.incoming is None
        if self._takes:
            self.incoming = Incoming()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """The next bytes."""
        if not self._takes or self.incoming is None:
            return
        self.incoming.write(raw_data)
        if self.incoming.size > settings.SIGHTLINE_UPLOAD_MB * MEGABYTE:
            self.too_large = True
            self.discard()
            raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> Received | None:
        """All of it is here."""
        if not self._takes or self.incoming is None:
            return None
        self.incoming.finish()
        return Received(self.incoming, self.file_name or "")

    def upload_interrupted(self) -> None:
        """The sender has gone: leave nothing."""
        self.discard()

    def discard(self) -> None:
        """Leave nothing of what has arrived, unless a service has kept it."""
        if self.incoming is not None:
            self.incoming.discard()
