"""Rules about models: those there are keep them, and a planted breach of each is caught."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar

import factory
import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

import tests.factories
from tests.architecture.rules import data

PLAIN = {"id"}


def ours() -> list[type[models.Model]]:
    """Every model of Sightline."""
    return [model for model in apps.get_models() if model.__module__.startswith("sightline.")]


def factories() -> list[type[models.Model]]:
    """Every model that a factory of tests/factories builds."""
    made = []
    for found in iter_modules(tests.factories.__path__):
        module = import_module(f"tests.factories.{found.name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, factory.django.DjangoModelFactory):
                made.append(value._meta.model)
    return made


RULES = [
    data.keys_point_down,
    data.evidence_is_kept,
    data.every_field_is_weighed,
    data.moments_have_people,
    data.constraints_are_sentences,
]


def test_there_are_models_to_look_at():
    assert {"User", "Inspection", "Evaluation"} <= {model.__name__ for model in ours()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_models_keep_the_rule(rule):
    assert list(rule(ours())) == []


def test_every_model_has_a_factory():
    assert list(data.every_model_has_a_factory(ours(), factories())) == []


def model(app: str, **members: Any) -> type[models.Model]:
    """A model of a context, with the members given."""
    meta = type("Meta", (), {"app_label": app, **members.pop("meta", {})})
    return type("Planted", (models.Model,), {"__module__": __name__, "Meta": meta, **members})


def person_model() -> type[models.Model]:
    """A stand-in for the person of `access`."""
    meta = type("Meta", (), {"app_label": "access"})
    return type("User", (models.Model,), {"__module__": __name__, "Meta": meta})


class Weighed:
    """A Sensitivity to plant."""

    personal: ClassVar = {"name"}
    plain: ClassVar = {"id"}


@isolate_apps("sightline.surveys")
def test_a_key_that_points_up_as_text_is_caught():
    up = model("surveys", one=models.ForeignKey("inspections.Inspection", models.PROTECT))
    (fault,) = data.keys_point_down([up])
    assert fault == "surveys.Planted.one points up, or beside, to inspections.Inspection."


@isolate_apps("sightline.surveys")
def test_a_key_that_points_beside_is_caught_and_one_that_points_down_is_not():
    beside = model("surveys", many=models.ManyToManyField("documents.Page"))
    assert len(list(data.keys_point_down([beside]))) == 1


@isolate_apps("sightline.surveys")
def test_keys_that_point_down_or_stay_home_are_fine():
    down = model(
        "surveys",
        person=models.ForeignKey("access.User", models.PROTECT),
        before=models.ForeignKey("surveys.Round", models.PROTECT),
    )
    assert list(data.keys_point_down([down])) == []


@isolate_apps("sightline.access")
def test_evidence_lost_with_a_person_is_caught():
    lost = model("access", person=models.ForeignKey(person_model(), models.CASCADE))
    assert list(data.evidence_is_kept([lost])) == [
        "access.Planted.person is lost with its access.User."
    ]


@isolate_apps("sightline.access")
def test_evidence_kept_from_the_person_is_fine():
    kept = model("access", person=models.ForeignKey(person_model(), models.PROTECT))
    assert list(data.evidence_is_kept([kept])) == []


@isolate_apps("sightline.surveys")
def test_a_field_in_no_set_in_two_or_in_none_that_exists_is_caught():
    class Twice:
        personal: ClassVar = {"name", "ghost"}
        plain: ClassVar = {"id", "name"}

    planted = model("surveys", name=models.TextField(), town=models.TextField(), Sensitivity=Twice)
    assert sorted(data.every_field_is_weighed([planted])) == [
        "surveys.Planted.Sensitivity names ghost, which is no field.",
        "surveys.Planted.name is in 2 sets of Sensitivity.",
        "surveys.Planted.town is in no set of Sensitivity.",
    ]


@isolate_apps("sightline.surveys")
def test_a_model_without_sensitivity_is_caught():
    assert list(data.every_field_is_weighed([model("surveys")])) == [
        "surveys.Planted has no Sensitivity."
    ]


@isolate_apps("sightline.surveys")
def test_a_model_with_every_field_weighed_is_fine():
    planted = model("surveys", name=models.TextField(), Sensitivity=Weighed)
    assert list(data.every_field_is_weighed([planted])) == []


def pair(*constraints: models.CheckConstraint, null: bool = True, **by: Any) -> dict[str, Any]:
    """Members of a model with `seen_at` and `seen_by`, held by these constraints."""
    return {
        "seen_at": models.DateTimeField(null=null),
        "seen_by": models.CharField(max_length=80, **by),
        "meta": {"constraints": list(constraints)},
    }


TOGETHER = models.CheckConstraint(
    condition=Q(seen_at__isnull=True, seen_by="") | (Q(seen_at__isnull=False) & ~Q(seen_by="")),
    name="planted_seen_at_and_by_together",
)
NAMED = models.CheckConstraint(condition=~Q(seen_by=""), name="planted_seen_by_somebody")


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"seen_at": models.DateTimeField()}, "has no seen_by"),
        (pair(), "no constraint holds seen_at and seen_by together"),
        (pair(NAMED), "no constraint holds"),
        (pair(null=False), "no constraint holds"),
        (pair(TOGETHER), ""),
        (pair(NAMED, null=False), ""),
    ],
    ids=["alone", "loose", "half", "may-be-empty", "together", "both-always"],
)
def test_a_moment_without_its_person_is_caught(members, fault):
    with isolate_apps("sightline.surveys"):
        faults = list(data.moments_have_people([model("surveys", **members)]))
    assert [fault in found for found in faults] == ([True] if fault else [])


@isolate_apps("sightline.surveys")
def test_a_constraint_that_is_no_sentence_is_caught():
    vague = models.CheckConstraint(condition=~Q(seen_by=""), name="ck1")
    (fault,) = data.constraints_are_sentences([model("surveys", **pair(vague))])
    assert "name ck1 as a sentence" in fault


@isolate_apps("sightline.surveys")
def test_a_model_without_a_factory_is_caught():
    planted = model("surveys")
    assert list(data.every_model_has_a_factory([planted], [])) == [
        "surveys.Planted has no factory in tests/factories/."
    ]
    assert list(data.every_model_has_a_factory([planted], [planted])) == []
