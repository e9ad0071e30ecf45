"""A checkout as the rules see it: its layers, its modules, its templates, its kept files."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Module:
    """One Python file: path in the tree, dotted name, context (`` outside sightline), syntax."""

    path: Path
    name: str
    context: str
    syntax: ast.Module

    @property
    def last(self) -> str:
        """The module's own name."""
        return self.name.rpartition(".")[2]


@cache
def ranks() -> dict[str, int]:
    """Each context's height, from the import contract; those side by side share one."""
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "contexts")
    return {
        name.strip(): len(layers) - place
        for place, layer in enumerate(layers)
        for name in layer.split("|")
    }


def may_name(context: str, other: str) -> bool:
    """Whether a context may name another's things: its own, or those of one below."""
    if other not in ranks() or context not in ranks():
        return other == context
    return other == context or ranks()[other] < ranks()[context]


def python_files(root: Path, *folders: str) -> Iterator[Path]:
    """The Python files of these folders, migrations apart."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def modules(root: Path, *folders: str) -> Iterator[Module]:
    """The same, parsed."""
    for path in python_files(root, *(folders or ("sightline",))):
        parts = path.relative_to(root).with_suffix("").parts
        named = parts[:-1] if parts[-1] == "__init__" else parts
        context = parts[1] if parts[0] == "sightline" and len(parts) > 2 else ""
        yield Module(path.relative_to(root), ".".join(named), context, parsed(path))


def parsed(path: Path) -> ast.Module:
    """The syntax of a file; one of the checkout is read once for all rules, which only look."""
    return _parsed_once(path) if path.is_relative_to(CHECKOUT) else _parsed(path)


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


_parsed_once = cache(_parsed)


def forget_syntax() -> None:
    """Let go of what was read: it is some hundred megabytes."""
    _parsed_once.cache_clear()


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports, inside functions too."""
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def templates(root: Path) -> Iterator[tuple[str, Path]]:
    """Context and path of every template."""
    for path in sorted((root / "sightline").glob("*/templates/**/*.*")):
        if path.is_file():
            yield path.relative_to(root).parts[1], path


def kept_files(root: Path) -> list[Path]:
    """The files git keeps or would keep; every file where there is no git."""
    if not (root / ".git").exists():
        return sorted(path for path in root.rglob("*") if path.is_file())
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (root / name for name in sorted(set(listed.split("\0")) - {""}))
    return [path for path in paths if path.is_file()]
