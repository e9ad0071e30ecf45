"""Pictures of the guides, taken by the journeys that keep the guides true.

`SIGHTLINE_PICTURES=true` writes them; otherwise a picture must be there already, so a guide never
points at nothing.
"""

import os
from pathlib import Path

from playwright.sync_api import Page

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "guides" / "pictures"
TALLEST = 1590


def picture(page: Page, name: str, *, height: int = TALLEST) -> None:
    """Take a picture of the top of the page for the guides, when they are being made."""
    path = PICTURES / f"{name}.png"
    if os.environ.get("SIGHTLINE_PICTURES") == "true":
        PICTURES.mkdir(parents=True, exist_ok=True)
        tall = min(height, int(page.evaluate("document.documentElement.scrollHeight")))
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": tall}
        page.screenshot(path=path, full_page=True, clip=clip)
    assert path.is_file(), f"{path.name} is missing; run the journeys with SIGHTLINE_PICTURES=true"
