"""Definitions of reference data: those that ship, and bad ones refused."""

from pathlib import Path

import pytest

from sightline.kernel import plain_yaml
from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import Faults, NotFound
from sightline.partnerships import datasets
from sightline.partnerships.datasets import Dataset

FOLDER = Path(__file__).parents[2] / "definitions"
RANKS = plain_yaml.read(FOLDER / "reference/simd-2020v2@1.yaml")
PEOPLE = plain_yaml.read(FOLDER / "reference/population-zones-2020@1.yaml")


def made(base, **change):
    data = {key: value for key, value in {**base, **change}.items() if value is not None}
    return parse_definition(Dataset, data, name="made@1.yaml")


def test_invented_datasets_are_there_only_in_a_demonstration(settings):
    settings.SIGHTLINE_DEMONSTRATION = False
    assert {one.code for one in datasets.datasets()} == {
        "simd-2016", "simd-2020v2", "population-zones-2020", "population-zones-2021",
        "population-councils-2022",
    }  # fmt: skip
    with pytest.raises(NotFound, match=r"no dataset .invented-population"):
        datasets.dataset("invented-population")
    settings.SIGHTLINE_DEMONSTRATION = True
    assert datasets.dataset("invented-population").invented


def test_every_dataset_says_where_it_is_from():
    for one in datasets.registry():
        assert one.licence
        assert one.get
        assert one.source == f"{one.publisher}, {one.title}"


@pytest.mark.parametrize(
    ("base", "change", "message"),
    [
        (RANKS, {"columns": {"zone": ["a"], "council": ["b"]}}, "columns.overall is needed"),
        (RANKS, {"columns": RANKS["columns"] | {"total": ["t"]}}, "columns.total means nothing"),
        (RANKS, {"year": "2020"}, "a population has a year"),
        (RANKS, {"event_years": None}, "event_years belongs to an index"),
        (RANKS, {"event_years": {"first": "2020"}}, "write the school year as 2025/26"),
        (RANKS, {"rows": "6975"}, "6975 rows are not 6976 places times the sexes"),
        (PEOPLE, {"year": None}, "a population has a year"),
        (PEOPLE, {"sexes": None}, "sexes says what the column sex holds"),
        (PEOPLE, {"columns": PEOPLE["columns"] | {"name": ["SEX"]}}, "headings sex stand for two"),
        (PEOPLE, {"kind": "people"}, "kind"),
    ],
)
def test_bad_definitions_are_refused(base, change, message):
    with pytest.raises(Faults) as refusal:
        made(base, **change)
    assert message in str(refusal.value)


def test_two_versions_for_one_year_are_refused(tmp_path):
    folder = tmp_path / "reference"
    folder.mkdir()
    for name in ("simd-2020v2@1.yaml", "simd-2016@1.yaml"):
        text = (FOLDER / "reference" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("  last: 2018/19\n", ""), encoding="utf-8")
    with pytest.raises(Faults, match="simd-2016@1: simd-2020v2@1 is used for the same years"):
        datasets.load(tmp_path)


def test_columns_are_known_by_any_of_their_headings():
    ranks = made(RANKS)
    header = ["Data Zone", "LANAME", "simd2020v2 rank", *(d[0] for d in RANKS["domains"].values())]
    found = ranks.headings(header)
    assert (found["zone"], found["council"], found["overall"]) == (0, 1, 2)
    assert "people" not in found
    assert ranks.headings(header[:2]) is None
    people = made(PEOPLE)
    ages = [str(age) for age in range(90)]
    assert people.headings(["dz11_code", "sex", "total_population", *ages, "90 AND OVER"])
    assert people.headings(["dz11_code", "total_population", *ages, "90+"]) is None
