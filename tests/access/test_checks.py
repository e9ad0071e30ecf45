"""What stops the start, and what is pointed out."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from sightline.access import checks, roles, sentences, triggers

SOURCE = Path(__file__).parents[2] / "sightline"


def test_a_bad_role_file_stops_the_start(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "access"
    folder.mkdir()
    (folder / "roles@1.yaml").write_text("code: roles\nversion: 1\nroles: []\n")
    settings.SIGHTLINE_DEFINITIONS = tmp_path
    for cached in (roles._role_sets, roles._by_code):
        cached.cache_clear()
    try:
        (found,) = [message for message in run_checks() if message.id == "access.E001"]
    finally:
        for cached in (roles._role_sets, roles._by_code):
            cached.cache_clear()
    assert "roles@1.yaml roles: " in found.msg


@pytest.mark.django_db
def test_missing_triggers_are_pointed_out_and_migrate_puts_them_back() -> None:
    assert checks.rows_are_audited(None, ["default"]) == []
    triggers.drop_triggers()
    (found,) = checks.rows_are_audited(None, ["default"])
    assert found.id == "access.W001"
    assert checks.rows_are_audited(None, None) == []
    call_command("migrate", verbosity=0, skip_checks=True)
    assert triggers.missing_triggers() == []
    assert connection.vendor in {"sqlite", "postgresql"}


def verbs() -> Iterator[tuple[str, str]]:
    """Every verb that the code records, with where; a computed part is a dot and a star."""
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != "audit.record":
                continue
            where = f"{path.relative_to(SOURCE)}:{call.lineno}"
            verb = call.args[1]
            if isinstance(verb, ast.Constant):
                yield re.escape(str(verb.value)), where
            elif isinstance(verb, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else None for p in verb.values]
                yield "".join(".*" if p is None else re.escape(str(p)) for p in parts), where
            elif isinstance(verb, ast.IfExp):
                for branch in (verb.body, verb.orelse):
                    yield re.escape(str(ast.literal_eval(branch))), where
            else:
                raise AssertionError(f"{where}: write the verb out, so that it can be looked up.")


def test_every_verb_that_is_recorded_has_a_sentence() -> None:
    found = list(verbs())
    silent = [
        f"{where} records {verb}: put its sentence into definitions/access/sentences."
        for verb, where in found
        if not any(re.fullmatch(verb, known) for known in sentences.deeds())
    ]
    assert len(found) > 8
    assert not silent, "\n".join(silent)
