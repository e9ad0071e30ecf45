"""The import contracts: the checkout keeps them, and each is broken alone by a planted breach."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.planting import plant
from tests.architecture.rules.tree import CHECKOUT

LINT = "from importlinter.cli import lint_imports_command as command; command()"
CONTRACTS = {
    "contexts": "Contexts depend downwards only",
    "inside": "Inside a context",
    "records": "Children's records",
    "pure": "The kernel, the statistics and the detector of identifiers",
    "engine": "Only the warehouse",
    "tables": "Only measures, queries",
}
SAID = re.compile(r"^(?P<name>.+?) (?P<verdict>KEPT|BROKEN)\s*(?:\(|$)", re.M)
PLANTED = [
    ("contexts", {"sightline/design/planted.py": "import sightline.access.models\n"}),
    ("contexts", {"sightline/framework/planted.py": "import sightline.partnerships.models\n"}),
    ("contexts", {"sightline/self_evaluation/planted.py": "import sightline.inspections.models\n"}),
    ("contexts", {"sightline/novel/__init__.py": '"""A package nobody placed."""\n'}),
    ("inside", {"sightline/surveys/models.py": "import sightline.surveys.services\n"}),
    ("inside", {"sightline/surveys/services.py": "import sightline.surveys.views\n"}),
    ("records", {"sightline/outcomes/planted.py": "import sightline.children.models\n"}),
    ("pure", {"sightline/stats/planted.py": "import django\n"}),
    ("pure", {"sightline/kernel/planted.py": "import duckdb\n"}),
    ("engine", {"sightline/outcomes/queries.py": "import duckdb\n"}),
    ("tables", {"sightline/outcomes/forms.py": "import ibis\n"}),
]


def lint(root: Path) -> dict[str, str]:
    """Each contract's id and verdict in the tree at `root`."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "COLUMNS": "200"},
    )
    verdicts = {found["name"]: found["verdict"] for found in SAID.finditer(done.stdout)}
    found = {
        short: verdict
        for short, start in CONTRACTS.items()
        for name, verdict in verdicts.items()
        if name.startswith(start)
    }
    assert len(found) == len(CONTRACTS), done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory) -> Path:
    """The packages and modules of Sightline, with nothing in them."""
    root = tmp_path_factory.mktemp("skeleton")
    shutil.copy(CHECKOUT / "pyproject.toml", root)
    for path in (CHECKOUT / "sightline").rglob("*.py"):
        copy = root / path.relative_to(CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()
    used = ("views", "services", "queries", "models", "forms", "permissions", "policies")
    plant(root, {f"sightline/surveys/{name}.py": "" for name in used})
    return root


def test_the_code_keeps_every_contract():
    assert lint(CHECKOUT) == dict.fromkeys(CONTRACTS, "KEPT")


def test_the_empty_skeleton_keeps_every_contract(skeleton):
    assert lint(skeleton) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.parametrize(
    ("broken", "files"), PLANTED, ids=[f"{p[0]}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_breach_breaks_its_contract_and_no_other(broken, files, skeleton, tmp_path):
    root = tmp_path / "planted"
    shutil.copytree(skeleton, root)
    plant(root, files)
    assert lint(root) == {**dict.fromkeys(CONTRACTS, "KEPT"), broken: "BROKEN"}


def test_every_contract_is_planted_against_and_none_excuses_an_import():
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)["tool"]["importlinter"]
    contracts = settings["contracts"]
    assert {contract["id"] for contract in contracts} == {broken for broken, _ in PLANTED}
    assert not [contract for contract in contracts if contract.get("ignore_imports")]
