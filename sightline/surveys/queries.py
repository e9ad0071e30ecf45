"""Every read of surveys of an area that is more than a row by its key."""

from collections.abc import Collection

from django.db.models import QuerySet

from sightline.surveys.models import Questionnaire, SafetyReader, Survey


def surveys_of(area: str, *, inspections: Collection[str] | None = None) -> QuerySet[Survey]:
    """The surveys of an area, the newest first; of these inspections alone where they are given."""
    found = Survey.objects.filter(area=area).order_by("-made_at", "slug")
    return found if inspections is None else found.filter(inspection__in=inspections)


def areas_with_surveys() -> frozenset[str]:
    """Codes of the areas that have at least one."""
    return frozenset(Survey.objects.values_list("area", flat=True).distinct())


def readers_of(survey: Survey) -> QuerySet[SafetyReader]:
    """Who reads the free texts of a survey now, by name."""
    return (
        SafetyReader.objects.filter(survey=survey, ended_at__isnull=True)
        .select_related("reader")
        .order_by("reader__name", "pk")
    )


def questionnaires_of(area: str) -> QuerySet[Questionnaire]:
    """What an area has made, by code, the latest version first."""
    return Questionnaire.objects.filter(area=area).order_by("code", "-version")


def questionnaire_row(key: str) -> Questionnaire | None:
    """The row behind `<area>/<code>@<version>`; None for a shipped one, or where there is none."""
    area, slash, rest = key.partition("/")
    code, _, version = rest.partition("@")
    if not slash or not version.isdigit():
        return None
    return Questionnaire.objects.filter(area=area, code=code, version=int(version)).first()


def closed_rounds(questionnaire: str, areas: Collection[str]) -> QuerySet[Survey]:
    """The rounds of a questionnaire in some areas that have closed, the latest first."""
    found = Survey.objects.filter(questionnaire=questionnaire, area__in=areas)
    closed = [Survey.State.CLOSED, Survey.State.DESTROYED]
    return found.filter(state__in=closed).order_by("-closed_at", "slug")
