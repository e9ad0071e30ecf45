"""Rules about Python source."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.tree import imports, modules, python_files

LONGEST_FILE = 600
LONGEST_FUNCTION = 60
PAGES = ("urls", "views", "forms", "presenters")
SHARED_PAGES = {"design"}
VAGUE = {"utils", "util", "helpers", "helper", "managers", "manager", "handlers", "common", "misc"}
NO_SUCH = {"signals": "the higher context asks the lower one", "admin": "there is no Django admin"}
CODE = ("sightline", "tests", "tools", "benchmarks")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _kind(name: str) -> str:
    """Which kind of page module this is (`views` and `overview_views` are views), or ``."""
    return next((kind for kind in PAGES if name == kind or name.endswith(f"_{kind}")), "")


def pages_stay_home(root: Path) -> Iterator[str]:
    """`urls`, `views`, `forms` and `presenters` are imported by their own context or `config`."""
    for module in modules(root):
        if module.context == "config":
            continue
        told: set[int] = set()
        for line, name in imports(module):
            parts = name.split(".")
            if parts[0] != "sightline" or len(parts) < 3 or parts[1] in SHARED_PAGES:
                continue
            if (
                parts[1] != module.context
                and line not in told
                and any(_kind(part) for part in parts[2:])
            ):
                told.add(line)
                yield f"{module.path}:{line} imports {name}, a page of another context."


def short_enough(root: Path) -> Iterator[str]:
    """No file over 600 lines, no function over 60."""
    for module in modules(root, *CODE):
        lines = len((root / module.path).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            yield f"{module.path} has {lines} lines; split it (at most {LONGEST_FILE})."
        for node in ast.walk(module.syntax):
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    yield f"{module.path}:{node.lineno} {node.name} has {length} lines."


def no_twins(root: Path) -> Iterator[str]:
    """No `x.py` beside a package `x/`: one of them would be a husk."""
    for path in python_files(root, *CODE):
        if path.with_suffix("").is_dir():
            yield f"{path.relative_to(root)} stands beside a folder of its name; keep one."


def packages_are_described(root: Path) -> Iterator[str]:
    """Every package says in its docstring what it owns."""
    for module in modules(root, "sightline", "tests", "tools", "benchmarks"):
        exempt = {"management", "commands", "templatetags"} & set(module.path.parts)
        is_package = module.path.name == "__init__.py"
        if is_package and not exempt and not ast.get_docstring(module.syntax):
            yield f"{module.path} has no docstring; say what the package owns."


def contexts_say_what_they_must_not_know(root: Path) -> Iterator[str]:
    """A context's docstring also says what it must not know, or who may import it."""
    for module in modules(root):
        if module.path.name == "__init__.py" and len(module.path.parts) == 3:
            text = ast.get_docstring(module.syntax) or ""
            if "ust not know" not in text and "mported by nobody" not in text:
                yield f"{module.path} does not say what the context must not know."


def no_signals(root: Path) -> Iterator[str]:
    """No signal is sent or received anywhere."""
    for module in modules(root):
        names = dict(imports(module))
        for line, name in names.items():
            if name.startswith("django.dispatch") or ".signals" in name:
                yield f"{module.path}:{line} imports {name}; no signals."


def names_say_something(root: Path) -> Iterator[str]:
    """No module named for nothing in particular, none for what Sightline does not have."""
    for module in modules(root, *CODE):
        for part in module.path.with_suffix("").parts:
            if part in VAGUE:
                yield f"{module.path}: {part} says nothing; name it for what it holds."
            elif part in NO_SUCH:
                yield f"{module.path}: {NO_SUCH[part]}."


def services_name_their_actor(root: Path) -> Iterator[str]:
    """A public function of `services` takes everything by keyword, and who acts is among it."""
    for module in modules(root):
        if module.last != "services":
            continue
        for node in module.syntax.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                keywords = [argument.arg for argument in node.args.kwonlyargs]
                if node.args.args or keywords[:1] != ["actor"]:
                    yield f"{module.path}:{node.lineno} {node.name} must start (*, actor, …)."


def models_do_not_act(root: Path) -> Iterator[str]:
    """No model overrides `save` or `delete`: bulk writes would pass such rules by."""
    for module in modules(root):
        if module.last != "models" and ".models." not in module.name:
            continue
        for node in ast.walk(module.syntax):
            if isinstance(node, Function) and node.name in {"save", "delete"}:
                yield f"{module.path}:{node.lineno} overrides {node.name}; use a constraint."


def faults_are_named(root: Path) -> Iterator[str]:
    """No `except` so broad that a fault could pass for a result; tidy up and raise is fine."""
    for module in modules(root, "sightline", "tools"):
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
                caught = ast.unparse(node.type) if node.type else "everything"
                if caught in {"everything", "Exception", "BaseException"}:
                    yield f"{module.path}:{node.lineno} catches {caught}; name the error."


def _raises_again(node: ast.ExceptHandler) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def judgement_words(root: Path) -> Iterator[str]:
    """The word is *evaluation*: no name in code is a grade, score or rating."""
    wrong = ("grade", "grades", "score", "scores", "rating", "ratings")
    for module in modules(root):
        for node in ast.walk(module.syntax):
            name = ""
            if isinstance(node, Function | ast.ClassDef):
                name = node.name
            elif isinstance(node, ast.arg):
                name = node.arg
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                name = node.id
            if set(name.lower().split("_")) & set(wrong):
                yield f"{module.path}:{node.lineno} is named {name}; the word is evaluation."
