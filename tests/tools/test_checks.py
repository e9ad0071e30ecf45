"""The scripts that check, count and describe: each fed something bad."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import check, postgres, reference
from tools import test as whole
from tools.bootstrap import missing
from tools.steps import CHECKOUT, Stop

REPORT = (
    '<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}" '
    'errors="{errors}" skipped="{skipped}"/></testsuites>'
)


def test_every_check_runs_and_those_that_failed_are_named(monkeypatch, capsys):
    good = check.Check("good", ("-c", "pass"))
    bad = check.Check("bad", ("-c", "print('because'); raise SystemExit(1)"))
    monkeypatch.setattr(check, "CHECKS", (bad, good))
    with pytest.raises(SystemExit, match="1 of 2 checks failed: bad"):
        check.main()
    said = capsys.readouterr().out
    assert "because" in said
    assert "ok" in said


def test_checks_that_pass_say_so(monkeypatch, capsys):
    monkeypatch.setattr(check, "CHECKS", (check.Check("good", ("-c", "pass")),))
    check.main()
    assert "All 1 checks passed." in capsys.readouterr().out


def report(folder: Path, **counts: int) -> Path:
    """A JUnit report with these counts."""
    file = folder / "report.xml"
    text = REPORT.format(**{"failures": 0, "errors": 0, "skipped": 0, **counts})
    file.write_text(text, encoding="utf-8")
    return file


def test_totals_are_those_of_the_report(tmp_path):
    totals = whole.read_totals("SQLite", report(tmp_path, tests=9, failures=1, errors=2, skipped=3))
    assert (totals.passed, totals.failed, totals.skipped) == (3, 3, 3)
    assert str(totals) == "SQLite: 3 passed, 3 failed, 3 skipped in 0 s"


def test_a_report_never_written_is_a_failure(tmp_path):
    assert whole.read_totals("SQLite", tmp_path / "none.xml").failed == 1


@pytest.mark.parametrize(
    ("part", "strict", "good"),
    [
        (whole.Totals("a", passed=1), True, True),
        (whole.Totals("a", passed=1, failed=1), False, False),
        (whole.Totals("a", passed=1, skipped=1), False, True),
        (whole.Totals("a", passed=1, skipped=1), True, False),
        (whole.Totals("a", not_run="no Chromium"), False, True),
        (whole.Totals("a", not_run="no Chromium"), True, False),
    ],
)
def test_a_skip_fails_where_nothing_may_be_missing(monkeypatch, part, strict, good):
    monkeypatch.setattr(whole, "parts", lambda more: iter([part]))
    monkeypatch.setattr(whole, "missing", list)
    monkeypatch.setenv("SIGHTLINE_SKIP_IS_FAILURE", "true" if strict else "false")
    if good:
        whole.main()
    else:
        with pytest.raises(SystemExit, match="FAILED"):
            whole.main()


def test_a_part_whose_programs_are_missing_is_not_run_and_says_why(monkeypatch):
    monkeypatch.setattr(whole, "missing", lambda: ["postgres", "chromium"])
    monkeypatch.setattr(whole, "pytest", lambda name, *_: whole.Totals(name, passed=1))
    reasons = [totals.not_run for totals in whole.parts([])]
    assert reasons[0] == ""
    assert "postgresql" in reasons[1]
    assert "chromium" in reasons[2]


PLANTED = """
import pytest
def test_plain(): pass
@pytest.mark.django_db
def test_with_data(): pass
def test_skipped(): pytest.skip("no reason to run")
@pytest.mark.engine("postgresql")
def test_elsewhere(): raise AssertionError
@pytest.mark.engine("sqlite")
def test_here(): pass
"""


def planted_run(folder: Path, *arguments: str, skip_is_failure: str = "false") -> str:
    """What pytest says of the planted tests under the project's own plugin."""
    file = folder / "test_planted.py"
    file.write_text(PLANTED, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    markers = ["-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(folder)]
    done = subprocess.run(
        [*command, *markers, *arguments, str(file)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        env={"SIGHTLINE_SKIP_IS_FAILURE": skip_is_failure, "PATH": "/usr/bin:/bin"},
    )
    return done.stdout.strip().splitlines()[-1]


def test_a_skip_is_a_skip_here_and_a_failure_in_ci(tmp_path):
    assert planted_run(tmp_path).startswith("3 passed, 1 skipped, 1 deselected")
    quick = ("-k", "not data")  # the same, without making a database again
    assert planted_run(tmp_path, *quick, skip_is_failure="true").startswith("1 failed, 2 passed")


def test_only_the_tests_that_use_the_database_run_twice(tmp_path):
    assert planted_run(tmp_path, "--only-database").startswith("1 passed, 4 deselected")


def test_the_reference_page_holds_each_command_and_its_help():
    page = reference.page([("b two", "Second.\n\n    More\n      indented\n"), ("a one", "First.")])
    assert page.index("## sightline a one\n\nFirst.") < page.index("## sightline b two\n\nSecond.")
    assert "```text\nMore\n  indented\n```" in page


def test_a_page_that_is_not_current_is_refused(monkeypatch):
    stale = CHECKOUT / "docs" / "reference" / "none.md"
    monkeypatch.setattr(reference, "pages", lambda: {stale: "text", Path(__file__): "other"})
    monkeypatch.setattr(sys, "argv", ["reference", "--check"])
    monkeypatch.setattr(reference.os, "environ", {})
    with pytest.raises(SystemExit, match=r"none\.md, tests/tools/test_checks\.py; run `make docs`"):
        reference.main()
    monkeypatch.setattr(reference, "pages", dict)
    reference.main()


def test_without_postgresql_a_cluster_says_so(monkeypatch):
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    with pytest.raises(Stop, match="install the package postgresql"), postgres.cluster():
        pass


@pytest.mark.skipif("postgres" in missing(), reason="PostgreSQL is not here")
def test_a_cluster_answers_and_leaves_nothing_behind(tmp_path, monkeypatch):
    import psycopg

    monkeypatch.setattr(postgres.tempfile, "mkdtemp", lambda prefix: str(make(tmp_path / prefix)))
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.is_relative_to(Path(postgres.tempfile.gettempdir())) and folder != Path("/tmp"):
            folder.chmod(0o755)
    with postgres.cluster() as url, psycopg.connect(url) as connection:
        assert connection.execute("select 6 * 7").fetchone() == (42,)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def make(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir()
    return folder
