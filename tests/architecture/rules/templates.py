"""Rules about templates, and about the templates and addresses that code names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.tree import may_name, modules, ranks, templates

NAMES_TEMPLATE = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
NAMES_ADDRESS = re.compile(r"{%-?\s*url\s+[\"']([a-z_]+):[^\"']*[\"']")
# The sign-in pages of allauth are worded by the context that owns sign-in.
BORROWED = {"account": "access", "allauth": "access"}
# Django looks for these by name, outside any folder.
ERROR_PAGES = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
INLINE = (
    (re.compile(r"<style\b", re.I), "an inline style sheet"),
    (re.compile(r"\sstyle\s*=", re.I), "an inline style"),
    (re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.I), "an inline script"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.I), "a script attribute"),
    (re.compile(r"\bhx-on\b|\bhx-vals=.js:", re.I), "a script attribute of htmx"),
    (re.compile(r"javascript:", re.I), "a script address"),
)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.S)
ADDRESSERS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}


def _owner(name: str) -> str:
    folder = name.partition("/")[0]
    return BORROWED.get(folder, folder)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _without_comments(text: str) -> str:
    return COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)


def templates_look_down(root: Path) -> Iterator[str]:
    """A template extends, includes and links to its own context and lower ones only."""
    for context, path in templates(root):
        if path.suffix != ".html":
            continue
        text = _without_comments(path.read_text(encoding="utf-8"))
        for pattern, kind in ((NAMES_TEMPLATE, "template"), (NAMES_ADDRESS, "address")):
            for found in pattern.finditer(text):
                owner = _owner(found.group(1))
                if owner in ranks() and not may_name(context, owner):
                    place = f"{path.relative_to(root)}:{_line(text, found.start())}"
                    yield f"{place} names a {kind} of {owner}, which is not below {context}."


def templates_live_at_home(root: Path) -> Iterator[str]:
    """A context writes only `templates/<context>/` (and what it borrows to reword)."""
    for context, path in templates(root):
        folder = path.relative_to(root).parts[3]
        if folder in ERROR_PAGES and context == "design":
            continue
        if _owner(folder) != context:
            yield f"{path.relative_to(root)}: {context} may write templates/{context}/ only."


def code_names_templates_below(root: Path) -> Iterator[str]:
    """Code renders templates, and reverses addresses, of its own context and lower ones only."""
    for module in modules(root):
        if not module.context:
            continue
        for node in ast.walk(module.syntax):
            for name, kind in _names(node):
                owner = _owner(name)
                if owner in ranks() and not may_name(module.context, owner):
                    where = f"{module.path}:{getattr(node, 'lineno', 0)}"
                    yield f"{where} names a {kind} of {owner}, which is not below it."


def _names(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.fullmatch(r"[a-z_]+/[\w/-]+\.html", node.value):
            yield node.value, "template"
    elif isinstance(node, ast.Call) and node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        first = node.args[0]
        if called in ADDRESSERS and isinstance(first, ast.Constant):
            namespace, colon, _ = str(first.value).partition(":")
            if colon:
                yield namespace, "address"


def nothing_inline(root: Path) -> Iterator[str]:
    """No inline style or script in a template: the Content-Security-Policy refuses both."""
    for _, path in templates(root):
        text = _without_comments(path.read_text(encoding="utf-8"))
        for pattern, what in INLINE:
            for found in pattern.finditer(text):
                yield f"{path.relative_to(root)}:{_line(text, found.start())} holds {what}."


def no_markup_is_trusted(root: Path) -> Iterator[str]:
    """No template marks text as safe, or turns escaping off; a plain-text e-mail has no markup."""
    for _, path in templates(root):
        if path.suffix == ".txt":
            continue
        text = _without_comments(path.read_text(encoding="utf-8"))
        # A form's help text is the program's own, and Django's password rules come as a list.
        text = text.replace("field.help_text|safe", "")
        for found in re.finditer(r"\|\s*safe\b|{%-?\s*autoescape\s+off|\|\s*safeseq\b", text):
            yield f"{path.relative_to(root)}:{_line(text, found.start())} trusts markup."


def partials_are_marked(root: Path) -> Iterator[str]:
    """A template that only others include starts with `_`; cotton components apart."""
    included = set()
    for _, path in templates(root):
        included |= set(NAMES_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    for _, path in templates(root):
        name = "/".join(path.relative_to(root).parts[3:])
        text = path.read_text(encoding="utf-8")
        whole = "{% extends" in text or "{% block" in text or "<html" in text
        if name in included and not whole and not path.name.startswith("_"):
            yield f"{path.relative_to(root)} is included by others; start its name with _."
