"""Constraints that models of every context share."""

from django.db import models
from django.db.models import Q


def together(model: str, moment: str, *, needed: bool = False) -> models.CheckConstraint:
    """Both halves of who and when (`<moment>_at`, `<moment>_by`), or, unless needed, neither."""
    both = Q(**{f"{moment}_at__isnull": False}) & ~Q(**{f"{moment}_by": ""})
    neither = Q(**{f"{moment}_at__isnull": True, f"{moment}_by": ""})
    return models.CheckConstraint(
        condition=both if needed else both | neither, name=f"{model}_{moment}_at_and_by_together"
    )
