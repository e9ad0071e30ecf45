"""Rules about the kept files: decisions, documents, addresses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.tree import kept_files, parsed

DECISION = re.compile(r"(\d{4})-([a-z0-9-]+)\.md")
# In pieces, so that this file does not name what it forbids.
SOMEBODYS_MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/(?:wor" r"k|hom" r"e/[a-z]\w*|roo" r"t|Use" r"rs/\w+|op" r"t/py\w+)/",
            r"/tm" r"p/(?!\.)\w+/",
            r"\bpy" r"pi\.org|pythonhos" r"ted\.org|registry\.npm" r"js|npmjs\.(?:org|com)",
            r"\bdebian" r"\.org|artifac" r"tory|127\.0\.0\.1:\d{4}/(?:simple|root)",
        )
    )
)
TEXT = {
    "", ".py", ".md", ".toml", ".yaml", ".yml", ".json", ".txt", ".in", ".html", ".css", ".js",
    ".csv", ".cfg", ".sh", ".svg", ".npmrc", ".gitignore",
}  # fmt: skip


def decisions_are_numbered(root: Path) -> Iterator[str]:
    """Decision records run from 0001 without a gap, and each number and name match its title."""
    folder = root / "docs" / "adr"
    expected = 1
    for path in sorted(folder.glob("*.md")):
        name = DECISION.fullmatch(path.name)
        if name is None:
            yield f"{path.name} is not named NNNN-some-words.md."
            continue
        number, slug = name.groups()
        if int(number) != expected:
            yield f"{path.name}: {expected:04} should come here."
        expected = int(number) + 1
        title = path.read_text(encoding="utf-8").partition("\n")[0]
        words = re.sub(r"[^a-z0-9]+", "-", title.lower().lstrip("# ")).strip("-")
        if words != f"{number}-{slug}":
            yield f"{path.name} has the title {title!r}; make it '# {number} …', in the same words."


def no_machine_is_named(root: Path) -> Iterator[str]:
    """No kept file names somebody's machine, or where packages come from."""
    for path in kept_files(root):
        if path.suffix not in TEXT:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for found in SOMEBODYS_MACHINE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path.relative_to(root)}:{line} names {found.group()}."


def settings_read(root: Path) -> set[str]:
    """The names of every setting the program reads."""
    names = set()
    for path in (root / "sightline").rglob("*.py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= set(re.findall(r"\ASIGHTLINE_[A-Z_]+\Z", node.value))
    return names


def settings_are_documented(root: Path, guide: str) -> Iterator[str]:
    """The administrator's guide lists every setting, and none that is not read."""
    listed = set(re.findall(r"^\| `(SIGHTLINE_[A-Z_]+)`", guide, re.M))
    read = settings_read(root)
    for name in sorted(read - listed):
        yield f"{name} is not in the administrator's guide."
    for name in sorted(listed - read):
        yield f"{name} is in the administrator's guide, and nothing reads it."


def commands_are_documented(words: list[str], page: str) -> Iterator[str]:
    """The reference lists every command, and none that is not there."""
    listed = re.findall(r"^## sightline (.+)$", page, re.M)
    for command in sorted(set(words) - set(listed)):
        yield f"sightline {command} is not in docs/reference/commands.md; run make docs."
    for command in sorted(set(listed) - set(words)):
        yield f"docs/reference/commands.md has sightline {command}, which is no command."


def links_lead_somewhere(root: Path) -> Iterator[str]:
    """A link from one document to another file of the checkout finds it."""
    documents = [*root.glob("*.md"), *root.glob("docs/**/*.md")]
    for path in documents:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (path.parent / target).exists():
                yield f"{path.relative_to(root)} links to {target}, which is not there."
