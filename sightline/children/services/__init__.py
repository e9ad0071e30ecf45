"""Every write of extracts, builds, column maps and erasures."""

from sightline.children.services.builds import (
    make_build,
    publish_build,
    start_build,
    start_publishing,
    sweep,
    undo_build,
)
from sightline.children.services.erasing import erase_child
from sightline.children.services.extracts import accept_extract, say_covers, take_back_extract
from sightline.children.services.loading import FileLoaded, FolderLoaded, load_folder
from sightline.children.services.mapping import save_column_map

__all__ = [
    "FileLoaded",
    "FolderLoaded",
    "accept_extract",
    "erase_child",
    "load_folder",
    "make_build",
    "publish_build",
    "save_column_map",
    "say_covers",
    "start_build",
    "start_publishing",
    "sweep",
    "take_back_extract",
    "undo_build",
]
