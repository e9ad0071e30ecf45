"""Rules about figures: every response, file and chart that carries aggregates takes `Shown`.

A table of counts is an `Exact` until `releases` has had it protected; these rules see to it that no
page, chart or file can be handed one, and that nobody but `stats.disclosure` makes a `Shown`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.tree import Module, imports, modules

HOME = "sightline.stats.disclosure"
COUNTERS = {"measures", "queries", "jobs"}
RELEASING = {"sightline.releases.services", "sightline.releases.services.declaring"}
# Protects a file that somebody brings to the command line, and shows nobody what the service holds.
ON_PAPER = {"sightline.config.management.commands.stats_suppress"}
EXACT = ("Exact", "Count", "Table")
PROTECTING = (
    "spelled", "spelled_table", "protect", "protect_table", "protect_file", "protect_together",
)  # fmt: skip
SHOWN = ("Shown", "ShownTable", "ShownSeries", "ShownPeriod")
READING_BACK = ("from_data", "table_from_data", "series_from_data")
KEEPING = {"sightline.releases.queries"}
PAGES = ("urls", "views", "forms", "presenters")
DRAWERS = {
    "sightline.design.charts": {
        "Chart", "bars", "change", "dots", "dots_on_scale", "dumbbell", "line", "run_median",
        "stacked_scale", "step_table", "strip",
    },
    "sightline.design.spreadsheets": {"Sheet", "to_csv", "to_xlsx"},
}  # fmt: skip
AGGREGATES = {"Avg", "Count", "Max", "Min", "StdDev", "Sum", "Variance", "Aggregate"}
OTHERWISE = {
    "sightline.inspections.overview_tables": "evaluations and counts that were published already",
    "sightline.inspections.overview_charts": "evaluations that were published already",
    "sightline.partnerships.presenters": "populations and deciles published by their statisticians",
    "sightline.access.audit_views": "lines of the audit trail, which are no aggregate",
    "sightline.access.review_presenters": "who holds which role, which is no aggregate",
    "sightline.children.build_views": "faults of rows, given back to who holds the rows",
    "sightline.surveys.texts": "texts of a questionnaire, for who translates them",
    "sightline.record_reading.audits": "shares that were shown already, one turn after another",
    "sightline.record_reading.progress": "how much of the work is done, for who runs it",
    "sightline.record_reading.sampling_presenters": "how much of the work is done, for who runs it",
    "sightline.record_reading.sampling_views": "a list of records, for who holds them",
    "sightline.uploads.views": "faults of a file, given back to who sent it",
}
"""Modules that draw or write something else than protected counts, each with the reason."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _named(module: Module) -> dict[str, str]:
    """What each imported name of a module stands for, renamed ones too."""
    found: dict[str, str] = {}
    dotted = {(line, name) for line, name in imports(module)}
    for node in ast.walk(module.syntax):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = [
                    n for at, n in dotted if at == node.lineno and n.endswith(f".{alias.name}")
                ]
                found[alias.asname or alias.name] = whole[0] if whole else alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = alias.name
    return found


def _at_home(module: Module) -> bool:
    return module.name == HOME or module.name.startswith(f"{HOME}.")


def _is(name: str, *wanted: str) -> bool:
    """Whether a dotted name is one of these of `stats.disclosure`, from whichever of its files."""
    return name.startswith(f"{HOME}.") and name.rpartition(".")[2] in wanted


def _may_count(module: Module) -> bool:
    return module.name in RELEASING or bool(COUNTERS & set(module.name.split(".")[2:]))


def exact_stays_below(root: Path) -> Iterator[str]:
    """Only those who count, and `releases.services`, know `Exact`; nobody reads its numbers."""
    for module in modules(root):
        if _at_home(module):
            continue
        for line, name in imports(module):
            if _is(name, *EXACT) and not _may_count(module):
                yield f"{module.path}:{line} imports {name}; take `Shown` from releases instead."
            elif _is(name, "counts_of", "numbers_of", "MAKER"):
                yield f"{module.path}:{line} imports {name}, which is for {HOME} alone."
            elif _is(name, *PROTECTING) and module.name not in RELEASING | ON_PAPER:
                yield f"{module.path}:{line} imports {name}; declare the table in releases."
            elif name == f"{HOME}.*" or (name == HOME and _as_a_whole(module, line)):
                yield f"{module.path}:{line} imports {HOME} as a whole; name what is used."
        for node in ast.walk(module.syntax):
            named = node.attr if isinstance(node, ast.Attribute) else ""
            text = node.value if isinstance(node, ast.Constant) else ""
            if "_Exact__" in f"{named} {text}":
                yield f"{module.path}:{node.lineno} reaches into an exact table."


def _as_a_whole(module: Module, line: int) -> bool:
    """Whether a line imports the package itself, rather than names out of it."""
    return not any(
        isinstance(node, ast.ImportFrom) and node.lineno == line and node.module == HOME
        for node in ast.walk(module.syntax)
    )


def shown_is_made_once(root: Path) -> Iterator[str]:
    """Only `stats.disclosure` makes a `Shown`; only `releases.queries` reads back a kept one."""
    for module in modules(root):
        if _at_home(module):
            continue
        named = _named(module)
        for node in ast.walk(module.syntax):
            if not isinstance(node, ast.Call):
                continue
            called = named.get(ast.unparse(node.func).partition(".")[0], "")
            if _is(called, *SHOWN):
                yield f"{module.path}:{node.lineno} makes a Shown; only `protect` does."
            elif _is(called, *READING_BACK) and module.name not in KEEPING:
                yield f"{module.path}:{node.lineno} reads a Shown back; ask releases.queries."


def figures_are_drawn_from_shown(root: Path) -> Iterator[str]:
    """A function that makes a chart or a file takes `Shown`, or its module says why it need not."""
    for module in modules(root):
        if not module.context or module.context in {"design", "stats"}:
            continue
        if module.name in OTHERWISE:
            continue
        named = _named(module)
        makers = {local for local, name in named.items() if _draws(name)}
        for function in ast.walk(module.syntax):
            if not isinstance(function, Function) or _takes_shown(function, named):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[0] in makers:
                    yield (
                        f"{module.path}:{node.lineno} {function.name} makes a chart or a file and "
                        "takes no Shown."
                    )
                    break


def _draws(name: str) -> bool:
    for module, makers in DRAWERS.items():
        if name == module or (name.startswith(module) and name.rpartition(".")[2] in makers):
            return True
    return False


def _takes_shown(function: Function, named: dict[str, str]) -> bool:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    for argument in given:
        for node in ast.walk(argument.annotation) if argument.annotation else ():
            text = node.value if isinstance(node, ast.Constant) else getattr(node, "id", "")
            if _is(named.get(str(text), ""), *SHOWN):
                return True
    return False


def pages_do_not_count(root: Path) -> Iterator[str]:
    """No page module adds rows up by itself: what it adds up would be neither exact nor shown."""
    for module in modules(root):
        if not any(module.last == kind or module.last.endswith(f"_{kind}") for kind in PAGES):
            continue
        for line, name in imports(module):
            if name.startswith("django.db.models.") and name.rpartition(".")[2] in AGGREGATES:
                yield f"{module.path}:{line} imports {name}; count in queries and release it."
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.Attribute) and node.attr == "aggregate":
                yield f"{module.path}:{node.lineno} aggregates; count in queries and release it."


def templates_take_no_exact(root: Path) -> Iterator[str]:
    """No template names an exact table or a count inside one."""
    for path in sorted((root / "sightline").glob("*/templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if "exact." in line or "{{ exact" in line:
                yield f"{path.relative_to(root)}:{number} names an exact table; show `Shown`."


def reasons_are_used(root: Path) -> Iterator[str]:
    """A module on the list of reasons exists and draws something; else it leaves the list."""
    names = {module.name: module for module in modules(root)}
    for name in OTHERWISE:
        module = names.get(name)
        if module is None or not any(map(_draws, _named(module).values())):
            yield f"{name} is on the list of what need not be protected, and makes no figures."
