"""Rules about models."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models.expressions import BaseExpression, F

from tests.architecture.rules.tree import may_name

Model = type[models.Model]
KEPT = {models.PROTECT, models.RESTRICT, models.DO_NOTHING}


def _fields(model: Model) -> list[Any]:
    return [*model._meta.local_fields, *model._meta.local_many_to_many]


def _context(label: str) -> str:
    return label.partition(".")[0]


def keys_point_down(found: Iterable[Model]) -> Iterator[str]:
    """A foreign key points to its own context or a lower one; as text, the linter misses it."""
    for model in found:
        for field in _fields(model):
            if field.remote_field is None:
                continue
            target = field.remote_field.model
            label = target if isinstance(target, str) else target._meta.label
            if not may_name(model._meta.app_label, _context(label)):
                yield f"{model._meta.label}.{field.name} points up, or beside, to {label}."


def evidence_is_kept(found: Iterable[Model]) -> Iterator[str]:
    """No key cascades from another context, or from a person: evidence outlives both."""
    for model in found:
        for field in model._meta.local_fields:
            if field.remote_field is None:
                continue
            target = field.remote_field.model
            other = target._meta.app_label != model._meta.app_label
            person = target._meta.label == "access.User"
            if (other or person) and field.remote_field.on_delete not in KEPT:
                yield f"{model._meta.label}.{field.name} is lost with its {target._meta.label}."


def every_field_is_weighed(found: Iterable[Model]) -> Iterator[str]:
    """`Sensitivity` lists every field exactly once: personal, plain or secret."""
    for model in found:
        label = model._meta.label
        marks = model.__dict__.get("Sensitivity")
        if marks is None:
            yield f"{label} has no Sensitivity."
            continue
        named = [set(getattr(marks, kind, ())) for kind in ("personal", "plain", "secret")]
        counts = Counter(name for names in named for name in names)
        fields = {field.name for field in _fields(model)}
        for name in sorted(fields - set(counts)):
            yield f"{label}.{name} is in no set of Sensitivity."
        for name in sorted(set(counts) - fields):
            yield f"{label}.Sensitivity names {name}, which is no field."
        for name in sorted(name for name, count in counts.items() if count > 1):
            yield f"{label}.{name} is in {counts[name]} sets of Sensitivity."


def mentioned(condition: Any) -> set[str]:
    """The fields a constraint's condition names."""
    if isinstance(condition, models.Q):
        return set().union(*map(mentioned, condition.children)) if condition.children else set()
    if isinstance(condition, tuple):
        return {str(condition[0]).split("__")[0]} | mentioned(condition[1])
    if isinstance(condition, F):
        return {condition.name.split("__")[0]}
    if isinstance(condition, BaseExpression):
        return set().union(*map(mentioned, condition.get_source_expressions()), set())
    return set()


def _held_together(model: Model, at: Any, by: Any) -> bool:
    """Whether no row can have the one without the other."""
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    names = [mentioned(check.condition) for check in checks]
    if any({at.name, by.name} <= pair for pair in names):
        return True
    if at.null or by.null:
        return False
    # Both always there: a key holds that by itself, a text must be kept from being empty.
    return by.is_relation or any(by.name in one for one in names)


def moments_have_people(found: Iterable[Model]) -> Iterator[str]:
    """Every `_at` has its `_by`, and the database holds the two together."""
    for model in found:
        fields = {field.name: field for field in _fields(model)}
        for name, field in fields.items():
            if not name.endswith("_at"):
                continue
            other = f"{name.removesuffix('_at')}_by"
            if other not in fields:
                yield f"{model._meta.label}.{name} has no {other}."
            elif not _held_together(model, field, fields[other]):
                yield f"{model._meta.label}: no constraint holds {name} and {other} together."


def constraints_are_sentences(found: Iterable[Model]) -> Iterator[str]:
    """A constraint's name is several words: it is what a person reads when it is broken."""
    for model in found:
        for constraint in model._meta.constraints:
            if len(constraint.name.split("_")) < 3:
                yield f"{model._meta.label}: name {constraint.name} as a sentence."


def every_model_has_a_factory(found: Iterable[Model], made: Iterable[Model]) -> Iterator[str]:
    """A factory builds each model."""
    builders = set(made)
    for model in found:
        if model not in builders:
            yield f"{model._meta.label} has no factory in tests/factories/."
