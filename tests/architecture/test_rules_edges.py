"""The rules at their edges: relative imports, folders with a dot, links out, conditions."""

from pathlib import Path

from django.db.models import F, Q
from django.db.models.functions import Lower

from tests.architecture.planting import plant
from tests.architecture.rules import code, repository, tree
from tests.architecture.rules.data import mentioned


def test_a_relative_import_is_seen_through(tmp_path: Path) -> None:
    files = {
        "sightline/reports/views.py": "from ..inspections.views import g\nfrom . import x\n",
        "sightline/reports/__init__.py": "from .views import h\n",
    }
    plant(tmp_path, files)
    found = {module.name: {name for _, name in tree.imports(module)}
             for module in tree.modules(tmp_path)}  # fmt: skip
    assert found["sightline.reports.views"] == {
        "sightline.inspections.views", "sightline.inspections.views.g",
        "sightline.reports", "sightline.reports.x",
    }  # fmt: skip
    assert found["sightline.reports"] == {"sightline.reports.views", "sightline.reports.views.h"}
    assert len(list(code.pages_stay_home(tmp_path))) >= 1


def test_what_is_no_context_names_only_itself() -> None:
    assert tree.may_name("auth", "auth")
    assert not tree.may_name("auth", "access")
    assert not tree.may_name("access", "auth")
    assert tree.may_name("inspections", "access")
    assert not tree.may_name("access", "inspections")


def test_a_folder_with_a_dot_in_its_name_is_no_template(tmp_path: Path) -> None:
    plant(tmp_path, {"sightline/access/templates/access.old/page.html": "<p>x</p>"})
    found = [path.name for _, path in tree.templates(tmp_path)]
    assert found == ["page.html"]


def test_links_out_are_not_looked_for_and_links_within_are(tmp_path: Path) -> None:
    plant(tmp_path, {"README.md": "[a](https://example.org/x) [b](mailto:a@b.c) [c](gone.md)\n"})
    assert list(repository.links_lead_somewhere(tmp_path)) == [
        "README.md links to gone.md, which is not there."
    ]


def test_a_condition_names_its_fields_however_it_is_written() -> None:
    assert mentioned(Q(ended_at__isnull=True) & ~Q(ended_by="")) == {"ended_at", "ended_by"}
    assert mentioned(Q(ends__gte=F("starts"))) == {"ends", "starts"}
    assert mentioned(Q(Lower("email"))) == {"email"}
    assert mentioned(Q()) == set()
