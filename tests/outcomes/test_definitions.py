"""Definitions of indicators: what is refused, in which words, and what follows from the rest."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import Faults, NotFound, SightlineError
from sightline.outcomes import checks, definitions
from sightline.outcomes.definitions import IndicatorDefinition, Predicate, indicator, indicators

RIGHT: dict[str, Any] = {
    "code": "cp99", "version": "1", "title": "Registered again", "theme": "protection",
    "kind": "outcome", "direction": "down", "frequency": "quarter", "calendar": "aug_jul",
    "unit": "per_cent", "counted": "children registered again", "base_words": "children taken off",
    "shape": "cohort", "view": "register_entries", "date": "deregistered_on", "after_months": "24",
    "counts": [{"column": "months_to_next", "at_most": "24"}], "breakdowns": ["age", "concern"],
    "source": {"title": "Made up", "tag": "L"},
}  # fmt: skip
FLOW = {"shape": "flow", "after_months": "0"}
STOCK = {"view": "places", "from": "a", "until": "b"}


def made(**changes: Any) -> IndicatorDefinition:
    written = {**RIGHT, **{k.rstrip("_"): v for k, v in changes.items()}}
    written = {k: v for k, v in written.items() if v is not None}
    return parse_definition(IndicatorDefinition, written, name="cp99@1.yaml")


def test_what_it_is_out_of_follows_from_the_unit() -> None:
    assert made().out_of == "base"
    assert made().multiplier == 100
    assert made(unit="count").out_of == "none"
    assert made(unit="count").multiplier == 1
    rate = made(**FLOW, unit="per_10000", of="population", population={"from": "0", "to": "17"})
    assert (rate.out_of, rate.multiplier) == ("population", 10_000)
    stock = made(**FLOW | {"shape": "average-stock"}, unit="per_100", stock=STOCK, per="100")
    assert stock.out_of == "average-stock"
    assert made().published_measure == "cp99"
    assert sorted(set(made().columns())) == ["deregistered_on", "months_to_next"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"after_months": None}, "shape cohort needs `after_months`"),
        ({"value": "days"}, "cohort does not look at `value`"),
        ({"view": None}, "cohort needs a `view`"),
        ({"date": None}, "cohort needs `date`"),
        ({"from_": "a", "until": "b"}, "needs `date`, and no `from` and `until`"),
        ({"from_": "a"}, "`from` and `until` go together"),
        ({"shape": "snapshot", "after_months": None}, "a snapshot needs `from` and `until`"),
        ({"shape": "median", "after_months": None, "value": "a", "date": None}, "needs `date`, or"),
        ({"shape": "gap", "after_months": None}, "gap needs `of_indicator`"),
        ({"shape": "supplied", "after_months": None, "measure": "x"}, "reads no view"),
        ({"shape": "balance", "after_months": None, "view": None}, "no dates and no predicates"),
        ({"of": "population"}, "`of: population` and `population` go together"),
        ({"of": "average-stock"}, "`of: average-stock` and that shape go together"),
        ({"of": "none"}, "per_cent is out of something"),
        ({"unit": "days", "of": "population", "population": {"from": "0", "to": "1"}}, "of n"),
        ({"base_words": None}, "say in `base_words`"),
        ({"count": "meetings"}, "say in `count_column` which column tells meetings apart"),
        ({"count_column": "meeting"}, "children need no `count_column`"),
        ({"breakdowns": ["age", "age"]}, "a breakdown is there twice"),
        ({"inside": ["cp99"]}, "it is not inside itself"),
        ({"census": "yes"}, "a census is of a stock"),
        ({"per": "1000"}, "`per: 1000` and the unit per_cent differ"),
        ({"over": "snapshot"}, "`over: snapshot` with `from` and `until`"),
        ({"population": {"from": "17", "to": "0"}, "of": "population"}, "the lower comes first"),
        ({"shape": "profile", "after_months": None, "of_breakdown": "place"}, "among the"),
        ({"shape": "mentions", "after_months": None, "mentions": "by_x"}, "what is mentioned is"),
        ({"since": "2023-24"}, "given by every version after the first"),
        ({"version": "2", "since": "2023-24"}, "given by every version after the first"),
        ({"version": "2"}, "given by every version after the first"),
        ({"theme": "weather"}, "Input should be"),
        ({"colour": "red"}, "Extra inputs"),
        ({"counts": [{"column": "a"}]}, "a column needs a test"),
        ({"counts": [{"column": "a", "at_most": "soon"}]}, "neither a number nor a date"),
        ({"counts": [{"column": "a", "at_most": "2024-02-30"}]}, "no day of the calendar"),
        ({"counts": [{"age": {}}]}, "an age from, to, or both"),
        ({"counts": [{"age": {"from": "9", "to": "3"}}]}, "the lower comes first"),
        ({"counts": [{"age": {"from": "9"}, "unborn": "yes"}]}, "say one of column, age"),
        ({"counts": [{"column": "a", "within": {"of": "b"}}]}, "give days, weeks or months"),
        ({"counts": [{}]}, "say one of column, age"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SightlineError, match=said):
        made(**changes)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Faults) as refused:
        made(theme="weather", kind="mood", colour="red")
    assert len(refused.value.faults) == 3


def test_bounds_are_numbers_or_days() -> None:
    written = ("3", "-2", "1.5")
    bounds = [Predicate(column="a", at_most=text).at_most for text in written]  # type: ignore[arg-type]
    assert bounds == [3, -2, 1.5]
    day = Predicate(column="a", over="2024-02-29").over  # type: ignore[arg-type]
    assert day == dt.date(2024, 2, 29)
    assert Predicate(column="a", over=4).over == 4


def test_a_predicate_says_what_it_reads_and_whether_it_needs_a_day() -> None:
    plain = Predicate.model_validate({"any": [{"column": "a", "before": "b"}, {"column": "c",
        "within": {"of": "d", "days": "3"}}]})  # fmt: skip
    assert list(plain.columns()) == ["a", "b", "c", "d"]
    assert not plain.of_a_day
    for written in (
        {"unborn": "no"}, {"age": {"to": "3"}}, {"column": "day", "after": "a"},
        {"passed": {"of": "a", "weeks": "1"}}, {"none": [{"unborn": "no"}]},
    ):  # fmt: skip
        assert Predicate.model_validate(written).of_a_day


def written_to(folder: Path, *all_of: dict[str, Any]) -> Path:
    (folder / "indicators").mkdir()
    for one in all_of:
        path = folder / "indicators" / f"{one['code']}@{one['version']}.yaml"
        path.write_text(yaml.safe_dump(one), encoding="utf-8")
    return folder


def test_indicators_that_are_named_exist(tmp_path: Path) -> None:
    gap = {
        **{k: v for k, v in RIGHT.items() if k not in {"view", "date", "after_months", "counts"}},
        "code": "cp98", "shape": "gap", "unit": "points", "of_indicator": "cp97",
        "breakdown": "place", "first": "a", "second": "b", "breakdowns": [],
    }  # fmt: skip
    folder = written_to(tmp_path, {**RIGHT, "inside": ["cp96"]}, gap)
    with pytest.raises(Faults) as refused:
        definitions.load(folder)
    said = str(refused.value)
    assert "there is no indicator cp96" in said
    assert "there is no indicator cp97" in said


def test_those_that_are_shipped_are_in_the_order_of_the_catalogue() -> None:
    codes = [one.code for one in indicators()]
    assert len(codes) >= 85
    assert codes[0] == "cp01"
    assert codes.index("cp30") < codes.index("la01") < codes.index("cl01") < codes.index("he01")
    assert indicator("cp13").version == max(
        one.version for one in definitions.registry() if one.code == "cp13"
    )
    assert indicator("cp13@1").version == 1
    with pytest.raises(NotFound, match=r"There is no indicator xx01\. There are: cp01"):
        indicator("xx01")


def test_a_bad_file_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert checks.indicators_can_be_read(None) == []
    folder = written_to(tmp_path, {**RIGHT, "theme": "weather"})
    monkeypatch.setattr(checks, "registry", lambda: definitions.load(folder))
    (fault,) = checks.indicators_can_be_read(None)
    assert fault.id == "outcomes.E001"
    assert "cp99@1.yaml" in fault.msg
