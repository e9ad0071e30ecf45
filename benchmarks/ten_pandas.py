"""The ten indicators as vectorised pandas, as somebody would write them who knows pandas well.

Texts that repeat are categories and only the columns needed are read. No loop over rows, no apply.
"""

from pathlib import Path
from typing import Any

from benchmarks import ten

_ATTENDED = ("present", "late", "work-experience")
_MONTHS = 12


class Pandas:
    """The tables, read once, and the answers."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        self.pd = pd
        self.folder = folder
        self.found: dict[ten.Key, ten.Row] = {}
        self.quarters = pd.DataFrame(ten.quarters(), columns=["key", "first", "last"])
        self.quarters["first"] = pd.to_datetime(self.quarters["first"])
        self.quarters["last"] = pd.to_datetime(self.quarters["last"])
        places = ten.places().to_pandas()
        self.places = {
            version: places[places["first"].astype(str).str[:4] == year].set_index("zone")["simd"]
            for version, year in (("old", "1900"), ("new", "2019"))
        }
        self.children = self._read(
            "children", ["child", "sex", "family", "home_zone"], keep=("sex", "home_zone")
        ).set_index("child")

    def _read(self, name: str, columns: list[str], keep: tuple[str, ...] = ()) -> Any:
        frame = self.pd.read_parquet(self.folder / f"{name}.parquet", columns=columns)
        for column in columns:
            if column in keep:
                frame[column] = frame[column].astype("category")
            elif str(frame[column].dtype) == "object" and column.endswith(("_on", "day")):
                frame[column] = self.pd.to_datetime(frame[column])
        return frame

    def _quarter(self, days: Any) -> Any:
        """The number of the quarter of a day; below 0 or beyond the last where there is none."""
        months = (days.dt.year - ten.FIRST_YEAR) * _MONTHS + days.dt.month - 8
        return months // 3

    def _simd(self, frame: Any, day: str) -> Any:
        old = frame["home_zone"].astype(object).map(self.places["old"])
        new = frame["home_zone"].astype(object).map(self.places["new"])
        return old.where(frame[day] < "2019-08-01", new).fillna("not-known")

    def _keep(self, code: str, frame: Any, counted: Any, of: Any, value: Any = None) -> None:
        """Answers of every quarter, for everybody and by each group; rates give no base."""
        rate = code in {"cp13", "cp14", "cp15"}
        for name in ("", *ten.GROUPS):
            keys = ["q", name] if name else ["q"]
            base = frame.groupby(keys, observed=True)
            yes = frame[frame["yes"]]
            told = yes.groupby(keys, observed=True)
            people, families = told["child"].nunique(), told["family"].nunique()
            table = self.pd.DataFrame(
                {"of": of(base), "counted": counted(told), "people": people, "families": families}
            )
            table["value"] = value(told) if value else None
            for at, row in table.iterrows():
                number, category = at if isinstance(at, tuple) else (at, "")
                if 0 <= number < len(self.quarters):
                    key = (code, self.quarters["key"].iloc[int(number)], name, str(category))
                    numbers = [
                        0 if self.pd.isna(row[c]) else int(row[c])
                        for c in ("counted", "people", "families", "of")
                    ]
                    middle = row["value"]
                    known = None if middle is None or self.pd.isna(middle) else float(middle)
                    self.found[key] = (*numbers[:3], None if rate else numbers[3], known)

    def answers(self) -> dict[ten.Key, ten.Row]:
        """All ten."""
        self._register()
        self._moves()
        self._school()
        return self.found

    def _register(self) -> None:
        pd = self.pd
        rows = self._read("register-entries", ["child", "registered_on", "deregistered_on"])
        rows = rows.sort_values(["child", "registered_on"])
        after = rows.groupby("child")["registered_on"].shift(-1)
        rows["again_on"] = after
        rows = rows.join(self.children, on="child")
        stocks = []
        for number, last in enumerate(self.quarters["last"]):
            held = (rows["registered_on"] <= last) & ~(rows["deregistered_on"] <= last)
            there = rows[held].assign(q=number)
            there["yes"] = there["registered_on"] + pd.DateOffset(months=12) <= last
            stocks.append(there)
        stock = pd.concat(stocks)
        stock["simd"] = self._simd(stock, "registered_on")
        people = lambda grouped: grouped["child"].nunique()  # noqa: E731
        size = lambda grouped: grouped.size()  # noqa: E731
        self._keep("cp17", stock, people, people)
        stock["yes"] = True
        self._keep("cp13", stock, people, people)
        self.found |= {
            ("cp13-number", *key[1:]): row for key, row in self.found.items() if key[0] == "cp13"
        }
        for code, day, back in (
            ("cp14", "registered_on", 0), ("cp15", "deregistered_on", 0),
            ("cp18", "deregistered_on", 8),
        ):  # fmt: skip
            flow = rows[rows[day].notna()].copy()
            flow["q"] = self._quarter(flow[day]) + back
            flow["simd"] = self._simd(flow, day)
            flow["yes"] = True
            if back:
                flow["yes"] = flow["again_on"] <= flow[day] + pd.DateOffset(months=24)
                self._keep(code, flow, people, people)
                continue
            self._keep(code, flow, size, size)
            if code == "cp15":
                flow["days"] = (flow[day] - flow["registered_on"]).dt.days
                self._keep("median-length", flow, size, size, lambda told: told["days"].median())

    def _cared(self) -> Any:
        """Placements once for each school year with a day in them."""
        pd = self.pd
        rows = self._read("placements", ["child", "placement", "started_on", "ended_on"])
        last = rows["ended_on"].fillna(pd.Timestamp("2040-01-01")) - pd.Timedelta(days=1)
        first = rows["started_on"].dt.year - (rows["started_on"].dt.month < 8)
        until = (last.dt.year - (last.dt.month < 8)).clip(lower=first)
        parts = []
        for year in range(int(first.min()), int(until.max()) + 1):
            inside = (first <= year) & (until >= year)
            parts.append(rows.loc[inside, ["child", "placement"]].assign(year=year))
        return pd.concat(parts)

    def _moves(self) -> None:
        years = self._cared()
        counts = years.groupby(["child", "year"]).size().rename("n").reset_index()
        self.looked_after = counts[["child", "year"]]
        counts["q"] = (counts["year"] - ten.FIRST_YEAR) * 4 + 3
        counts["end"] = self.pd.to_datetime((counts["year"] + 1).astype(str) + "-07-31")
        counts = counts.join(self.children, on="child")
        counts["simd"] = self._simd(counts, "end")
        counts["yes"] = counts["n"] >= 3
        people = lambda grouped: grouped["child"].nunique()  # noqa: E731
        self._keep("la09-three", counts, people, people)

    def _school(self) -> None:
        pd = self.pd
        rows = self._read("attendance", ["child", "day", "code"], keep=("child", "code"))
        rows["there"] = rows["code"].isin(_ATTENDED)
        rows["month"] = rows["day"].dt.to_period("M").dt.to_timestamp()
        by_month = rows.groupby(["child", "month"], observed=True)["there"].agg(["sum", "size"])
        by_month = by_month.reset_index()
        by_month["child"] = by_month["child"].astype(object)
        by_month["q"] = self._quarter(by_month["month"])
        by_month["year"] = by_month["month"].dt.year - (by_month["month"].dt.month < 8)
        by_month = by_month.merge(self.looked_after, on=["child", "year"])
        by_month = by_month.join(self.children, on="child")
        by_month["simd"] = self._simd(by_month, "month")
        by_month["yes"] = by_month["sum"] > 0
        self._keep(
            "attendance-rate",
            by_month,
            lambda told: told["sum"].sum(),
            lambda base: base["size"].sum(),
        )
        days = rows["day"]
        rows["year"] = (days.dt.year - (days.dt.month < 8)).astype("int16")
        by_year = rows.groupby(["child", "year"], observed=True).agg(
            sum=("there", "sum"), size=("there", "size"), last=("day", "max")
        )
        by_year = by_year.reset_index()
        by_year["child"] = by_year["child"].astype(object)
        by_year = by_year.merge(self.looked_after, on=["child", "year"])
        by_year = by_year.join(self.children, on="child")
        by_year["last"] = pd.to_datetime(by_year["last"])
        by_year["q"] = self._quarter(by_year["last"])
        by_year["simd"] = self._simd(by_year, "last")
        by_year["yes"] = by_year["sum"] * 100.0 / by_year["size"] < 90
        people = lambda grouped: grouped["child"].nunique()  # noqa: E731
        self._keep("persistent-absence", by_year, people, people)


def by_pandas(folder: Path, **_: object) -> dict[ten.Key, ten.Row]:
    """From vectorised pandas."""
    return Pandas(folder).answers()
