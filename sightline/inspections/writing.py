"""Writes one checked document over what the database holds of that inspection, keeping history.

Only `services` calls this, inside its transaction. Rows that already say what the document says are
left alone, so a document that changes nothing writes nothing; a value that changes is superseded,
never overwritten. A value somebody corrected by hand stays when the document still gives the value
they corrected.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model

from sightline.inspections import models
from sightline.inspections.definitions import (
    EvaluationValue,
    InspectionDocument,
    Sourced,
)
from sightline.inspections.writing_statements import StatementWriter
from sightline.kernel.periods import ImpreciseDate

Row = dict[str, Any]


def cited(item: Sourced) -> Row:
    """The columns every sourced thing has."""
    return {
        "sources": list(item.sources),
        "confidence": item.confidence,
        "place": item.place,
        "note": item.note,
    }


class Writer:
    """One import: what it writes to, who is answerable, and what came of it.

    `writes` counts rows added, changed or removed; `kept` names the corrected values that stayed.
    """

    def __init__(self, *, by: str, at: dt.datetime, reason: str) -> None:
        self.by, self.at, self.reason = by, at, reason
        self.writes = 0
        self.kept: list[str] = []
        self.inspection: models.Inspection | None = None

    def write(self, document: InspectionDocument) -> models.Inspection:
        """Make the database say what the document says."""
        self._sources(document)
        inspection = self._inspection(document)
        statements = StatementWriter(self.by, self.at, self.reason)
        self._dates(inspection, document, statements)
        self._evidence(inspection, document, statements)
        self._evaluations(inspection, document, statements)
        self._texts(inspection, document)
        statements.flush()
        self.writes += statements.writes
        self.kept = statements.kept
        self._header(inspection, document)
        return inspection

    def _sources(self, document: InspectionDocument) -> None:
        held = set(
            models.Source.objects.filter(key__in=[s.key for s in document.sources]).values_list(
                "key", flat=True
            )
        )
        new = [models.Source(**s.model_dump()) for s in document.sources if s.key not in held]
        models.Source.objects.bulk_create(new)
        self.writes += len(new)

    def _inspection(self, document: InspectionDocument) -> models.Inspection:
        found = (
            models.Inspection.objects.select_for_update()
            .filter(reference=document.reference)
            .first()
        )
        if found is not None:
            return found
        self.writes += 1
        return models.Inspection.objects.create(
            **_header_of(document),
            **_published(document.dates.published.value if document.dates.published else ""),
            reference=document.reference,
            programme=document.programme,
            partnership=document.partnership,
            created_at=self.at,
            created_by=self.by,
            changed_at=self.at,
            changed_by=self.by,
        )

    def _header(self, inspection: models.Inspection, document: InspectionDocument) -> None:
        """The inspection's own columns, and when it was last changed, if anything was."""
        in_use = models.StatedDate.objects.filter(
            inspection=inspection, what="published", in_use=True
        ).values_list("value", flat=True)
        wanted = {**_header_of(document), **_published(in_use.first() or "")}
        changed = [name for name, value in wanted.items() if getattr(inspection, name) != value]
        self.writes += len(changed)
        is_new = inspection.changed_at == self.at
        if not self.writes or (is_new and not changed):
            return
        for name in changed:
            setattr(inspection, name, wanted[name])
        inspection.changed_at, inspection.changed_by = self.at, self.by
        inspection.save(update_fields=[*changed, "changed_at", "changed_by"])

    def _dates(
        self,
        inspection: models.Inspection,
        document: InspectionDocument,
        statements: StatementWriter,
    ) -> None:
        held = statements.held(models.StatedDate, "what", inspection=inspection)
        for what in models.StatedDate.What.values:
            value = getattr(document.dates, what)
            stated = [value, *value.also] if value else []
            statements.replace(
                models.StatedDate(inspection=inspection, what=what, position=0),
                held.get(what, []),
                [{**date_columns(item.value), **cited(item)} for item in stated],
                thing=f"date {what.replace('_', ' ')}",
            )

    def _evidence(
        self,
        inspection: models.Inspection,
        document: InspectionDocument,
        statements: StatementWriter,
    ) -> None:
        held = statements.held(models.StatedCount, "channel", inspection=inspection)
        given = {count.channel: (at, count) for at, count in enumerate(document.evidence)}
        for channel in [*given, *(held.keys() - given.keys())]:
            at, count = given.get(channel, (0, None))
            stated = [count, *count.also] if count else []
            statements.replace(
                models.StatedCount(inspection=inspection, channel=channel, position=at),
                held.get(channel, []),
                [
                    {
                        "count": item.count,
                        "qualifier": item.qualifier,
                        "printed": item.printed,
                        **cited(item),
                    }
                    for item in stated
                ],
                thing=f"count {channel}",
            )

    def _evaluations(
        self,
        inspection: models.Inspection,
        document: InspectionDocument,
        statements: StatementWriter,
    ) -> None:
        rows = self._evaluation_rows(inspection, document.evaluations)
        held = statements.held(
            models.StatedEvaluation, "evaluation_id", evaluation__inspection=inspection
        )
        for value in document.evaluations:
            row = rows[value.judgement]
            statements.replace(
                models.StatedEvaluation(evaluation=row, position=0),
                held.get(row.pk, []),
                [
                    {"value": item.value, **cited(item)}
                    for item in (*([value.stated] if value.stated else []), *value.also)
                ],
                thing=f"evaluation {value.judgement}",
                has_value=value.stated is not None,
            )
        listed = {value.judgement for value in document.evaluations}
        for judgement in sorted(rows.keys() - listed):
            row = rows[judgement]
            template = models.StatedEvaluation(evaluation=row, position=0)
            thing = f"evaluation {judgement}"
            statements.replace(template, held.get(row.pk, []), [], thing=thing)
            if row.withdrawn_at is None and thing not in statements.kept:
                self._change(row, {"withdrawn_at": self.at, "withdrawn_by": self.by})
        self._rationales(rows, document.evaluations)

    def _evaluation_rows(
        self, inspection: models.Inspection, values: Sequence[EvaluationValue]
    ) -> dict[str, models.Evaluation]:
        rows = {row.judgement: row for row in inspection.evaluations.all()}
        new = []
        for at, value in enumerate(values):
            wanted: Row = {
                "position": at,
                "note": value.note,
                "scope": value.scope,
                "withdrawn_at": None,
                "withdrawn_by": "",
            }
            row = rows.get(value.judgement)
            if row is None:
                new.append(
                    models.Evaluation(inspection=inspection, judgement=value.judgement, **wanted)
                )
            else:
                self._change(row, wanted)
        for row in models.Evaluation.objects.bulk_create(new):
            rows[row.judgement] = row
        self.writes += len(new)
        return rows

    def _rationales(
        self, rows: dict[str, models.Evaluation], values: Sequence[EvaluationValue]
    ) -> None:
        held: dict[int, list[Model]] = {}
        keys = [row.pk for row in rows.values()]
        for paragraph in models.RationaleParagraph.objects.filter(evaluation__in=keys):
            held.setdefault(paragraph.evaluation_id, []).append(paragraph)
        given = {rows[value.judgement].pk: value.rationale for value in values}
        new: list[Model] = []
        for key in keys:
            new += self._match(
                held.get(key, []),
                [paragraph.model_dump() for paragraph in given.get(key, ())],
                models.RationaleParagraph,
                {"evaluation_id": key},
            )
        models.RationaleParagraph.objects.bulk_create(new)  # type: ignore[arg-type]

    def _texts(self, inspection: models.Inspection, document: InspectionDocument) -> None:
        points = [("strength", document.strengths), ("improvement", document.areas_for_improvement)]
        held_points = list(inspection.points.all())
        for kind, given in points:
            self._replace(
                models.Point,
                [row for row in held_points if row.kind == kind],
                [{"text": point.text, **cited(point)} for point in given],
                {"inspection": inspection, "kind": kind},
            )
        owner = {"inspection": inspection}
        self._replace(
            models.KeyMessage,
            inspection.key_messages.all(),
            [
                {"text": m.text, "frame_item": m.frame_item, **cited(m)}
                for m in document.key_messages
            ],
            owner,
        )
        self._replace(
            models.GoodPractice,
            inspection.good_practice.all(),
            [
                {"title": p.title, "text": p.text, "frame_item": p.frame_item, **cited(p)}
                for p in document.good_practice
            ],
            owner,
        )
        self._replace(
            models.Conclusion,
            inspection.conclusions.all(),
            [
                {"statement": c.statement, "text": c.text, "basis": list(c.basis), **cited(c)}
                for c in ([document.conclusion] if document.conclusion else [])
            ],
            owner,
        )
        self._replace(
            models.Pause,
            inspection.pauses.all(),
            [
                {
                    "starts": p.starts,
                    "ends": p.ends,
                    "starts_earliest": ImpreciseDate(p.starts).earliest,
                    "ends_latest": ImpreciseDate(p.ends).latest if p.ends else None,
                    "reason": p.reason,
                    **cited(p),
                }
                for p in document.pauses
            ],
            owner,
        )

    def _replace(
        self, kind: type[Model], held: Iterable[Model], wanted: list[Row], owner: Row
    ) -> None:
        kind._default_manager.bulk_create(self._match(held, wanted, kind, owner))

    def _match(
        self, held: Iterable[Model], wanted: list[Row], kind: type[Model], owner: Row
    ) -> list[Model]:
        """Keep rows that say what is wanted, remove the others, and return those still to add."""
        spare = list(held)
        new = []
        for at, columns in enumerate(wanted):
            same = next((row for row in spare if _says(row, columns)), None)
            if same is None:
                new.append(kind(**owner, **columns, position=at))
            else:
                spare.remove(same)
                self._change(same, {"position": at})
        if spare:
            kind._default_manager.filter(pk__in=[row.pk for row in spare]).delete()
        self.writes += len(new) + len(spare)
        return new

    def _change(self, row: Model, wanted: Row) -> None:
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, wanted[name])
            row.save(update_fields=changed)
            self.writes += 1


def _says(row: Model, columns: Row) -> bool:
    return all(getattr(row, name) == value for name, value in columns.items())


def date_columns(text: str) -> Row:
    """A written date as `StatedDate` keeps it."""
    date = ImpreciseDate(text)
    return {"value": text, "earliest": date.earliest, "latest": date.latest}


def _published(text: str) -> Row:
    date = ImpreciseDate(text) if text else None
    return {
        "published_earliest": date.earliest if date else None,
        "published_latest": date.latest if date else None,
    }


def _header_of(document: InspectionDocument) -> Row:
    follows = None
    if document.follows:
        follows = models.Inspection.objects.values_list("pk", flat=True).get(
            reference=document.follows
        )
    return {
        "kind": document.kind,
        "status": document.status,
        "title": document.title,
        "improvement_note": document.improvement_note,
        "follows_id": follows,
    }
