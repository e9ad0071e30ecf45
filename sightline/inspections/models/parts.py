"""What the models of this context share: what stands behind a fact, and its constraints."""

from django.db import models
from django.db.models import F, Q

CONFIDENCES = ("high", "medium", "low")


class Cited(models.Model):
    """Base of everything that rests on a source.

    `sources` are keys of `Source`, in the order given; `queries.unresolved` finds one that is not
    there. `position` is the place in the list it belongs to, from 0.
    """

    position = models.PositiveSmallIntegerField()
    sources = models.JSONField(help_text="Keys of the sources, in order.")
    confidence = models.CharField(max_length=10)
    place = models.TextField(blank=True, help_text="Section or paragraph of the source.")
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


CITED: frozenset[str] = frozenset({"id", "position", "sources", "confidence", "place", "note"})


def cited_constraints(name: str) -> list[models.BaseConstraint]:
    """A fact names at least one source and how sure it is."""
    return [
        models.CheckConstraint(condition=~Q(sources=[]), name=f"{name}_names_a_source"),
        models.CheckConstraint(
            condition=Q(confidence__in=CONFIDENCES), name=f"{name}_confidence_is_known"
        ),
    ]


def pair(name: str, act: str) -> models.CheckConstraint:
    """Something that may have been done: when and by whom, both or neither."""
    at, by = f"{act}_at", f"{act}_by"
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, by: ""})
        | (Q(**{f"{at}__isnull": False}) & ~Q(**{by: ""})),
        name=f"{name}_{act}_at_and_by_together",
    )


def span(name: str, earliest: str, latest: str, sentence: str) -> models.CheckConstraint:
    """Both ends known or neither, the earlier first."""
    return models.CheckConstraint(
        condition=Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True})
        | Q(**{f"{earliest}__isnull": False, f"{latest}__gte": F(earliest)}),
        name=f"{name}_{sentence}",
    )
