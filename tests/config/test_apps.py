"""What the topmost layer joins together."""

from pathlib import Path
from uuid import uuid4

from sightline.config.apps import sealed_uploads
from sightline.uploads import files


def test_a_stray_file_among_uploads_stops_neither_counting_nor_backups() -> None:
    folder = files.folder()
    folder.mkdir(parents=True, exist_ok=True)
    upload = uuid4()
    made = [folder / f"{upload}.sealed", folder / "copy of something.sealed"]
    try:
        for path in made:
            path.write_bytes(b"")
        found = {Path(item.path): item.about for item in sealed_uploads()}
        assert found[made[0]] == files.about(upload)
        assert made[1] not in found
    finally:
        for path in made:
            path.unlink()
