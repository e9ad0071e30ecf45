"""From rows to whole documents, many at once: as many queries for one as for all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from sightline.inspections import models
from sightline.inspections.definitions import SCHEMA, SCHEMA_VERSION, InspectionDocument

Row = dict[str, Any]
_CITED = ("sources", "confidence", "place", "note")
_DATES = models.StatedDate.What.values


class _Rows:
    """Rows of one model, by the key of what they belong to, in order of position."""

    def __init__(
        self, rows: QuerySet[Any], owner: str, fields: Iterable[str], only: Row | None
    ) -> None:
        wanted = rows.filter(**only) if only else rows
        self.by_owner: dict[int, list[Row]] = defaultdict(list)
        for row in wanted.order_by(owner, "position", "pk").values(owner, *fields):
            self.by_owner[row.pop(owner)].append(row)

    def of(self, owner: int) -> list[Row]:
        return self.by_owner.get(owner, [])


def _only(reference: str | None, path: str) -> Row | None:
    return None if reference is None else {f"{path}reference": reference}


def _live(kind: type[models.Statement]) -> QuerySet[Any]:
    return kind._default_manager.filter(superseded_at__isnull=True)


class Assembly:
    """Everything the database holds of one inspection, or of all of them: twelve queries."""

    def __init__(self, reference: str | None = None) -> None:
        here, below = _only(reference, ""), _only(reference, "inspection__")
        judged = _only(reference, "evaluation__inspection__")

        def rows(kind: type[Model], *fields: str) -> _Rows:
            return _Rows(kind._default_manager.all(), "inspection_id", (*fields, *_CITED), below)

        inspections = (
            models.Inspection.objects.filter(**here) if here else models.Inspection.objects
        )
        self.inspections: list[Row] = [
            dict(row)
            for row in inspections.order_by("reference").values(
                "id", "reference", "programme", "partnership", "kind", "status",
                "follows__reference", "title", "improvement_note",
            )
        ]  # fmt: skip
        self.sources: Mapping[str, Row] = {
            row["key"]: dict(row)
            for row in models.Source.objects.values("key", "kind", "title", "address")
        }
        self.pauses = rows(models.Pause, "starts", "ends", "reason")
        self.points = rows(models.Point, "kind", "text")
        self.messages = rows(models.KeyMessage, "frame_item", "text")
        self.practice = rows(models.GoodPractice, "frame_item", "title", "text")
        self.conclusions = rows(models.Conclusion, "statement", "text", "basis")
        self.dates = _Rows(
            _live(models.StatedDate), "inspection_id", ("what", "in_use", "value", *_CITED), below
        )
        self.counts = _Rows(
            _live(models.StatedCount),
            "inspection_id",
            ("channel", "in_use", "count", "qualifier", "printed", *_CITED),
            below,
        )
        self.evaluations = _Rows(
            models.Evaluation.objects.filter(withdrawn_at__isnull=True),
            "inspection_id",
            ("id", "judgement", "note", "scope"),
            below,
        )
        self.stated = _Rows(
            _live(models.StatedEvaluation), "evaluation_id", ("in_use", "value", *_CITED), judged
        )
        self.rationale = _Rows(
            models.RationaleParagraph.objects.all(), "evaluation_id", ("text", "place"), judged
        )

    def documents(self) -> tuple[InspectionDocument, ...]:
        """Every inspection that was read, as documents, in order of reference."""
        return tuple(self._document(row) for row in self.inspections)

    def _document(self, row: Row) -> InspectionDocument:
        key = row["id"]
        points = self.points.of(key)
        conclusions = self.conclusions.of(key)
        data: Row = {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "reference": row["reference"],
            "programme": row["programme"],
            "partnership": row["partnership"],
            "kind": row["kind"],
            "status": row["status"],
            "follows": row["follows__reference"] or "",
            "title": row["title"],
            "improvement_note": row["improvement_note"],
            "dates": self._dates(key),
            "evidence": self._evidence(key),
            "evaluations": [self._evaluation(item) for item in self.evaluations.of(key)],
            "pauses": self.pauses.of(key),
            "strengths": [_point(point) for point in points if point["kind"] == "strength"],
            "areas_for_improvement": [
                _point(point) for point in points if point["kind"] == "improvement"
            ],
            "key_messages": self.messages.of(key),
            "good_practice": self.practice.of(key),
            "conclusion": conclusions[0] if conclusions else None,
        }
        data["sources"] = [
            self.sources[cited] for cited in sorted(cited_keys(data)) if cited in self.sources
        ]
        return InspectionDocument.model_validate(data)

    def _dates(self, key: int) -> Row:
        stated = self.dates.of(key)
        found = {}
        for what in _DATES:
            value = _with_also([row for row in stated if row["what"] == what], "what")
            if value is not None:
                found[what] = value
        return found

    def _evidence(self, key: int) -> list[Row]:
        """Channels in the order of their statements in use, each with what other sources say."""
        stated = self.counts.of(key)
        channels = [row["channel"] for row in stated if row["in_use"]]
        found = []
        for channel in channels:
            value = _with_also([row for row in stated if row["channel"] == channel], "channel")
            found.append({"channel": channel, **(value or {})})
        return found

    def _evaluation(self, item: Row) -> Row:
        stated = _bare(self.stated.of(item["id"]), {"in_use"})
        in_use = [row for row, used in stated if used]
        return {
            "judgement": item["judgement"],
            "stated": in_use[0] if in_use else None,
            "also": [row for row, used in stated if not used],
            "note": item["note"],
            "scope": item["scope"],
            "rationale": self.rationale.of(item["id"]),
        }


def _point(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "kind"}


def _bare(stated: list[Row], without: set[str]) -> list[tuple[Row, bool]]:
    """What each row states, and whether it is the one in use."""
    return [({k: v for k, v in row.items() if k not in without}, row["in_use"]) for row in stated]


def _with_also(stated: list[Row], without: str) -> Row | None:
    """The statement in use with the others under `also`, or None when none is in use."""
    bare = _bare(stated, {without, "in_use"})
    in_use = [row for row, used in bare if used]
    if not in_use:
        return None
    return {**in_use[0], "also": [row for row, used in bare if not used]}


def cited_keys(data: Any) -> set[str]:
    """Every source key named anywhere under `sources: […]` of something stated."""
    found: set[str] = set()
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            named = item.get("sources")
            if isinstance(named, list | tuple):
                found |= {key for key in named if isinstance(key, str)}
            pending.extend(item.values())
        elif isinstance(item, list | tuple):
            pending.extend(item)
    return found
