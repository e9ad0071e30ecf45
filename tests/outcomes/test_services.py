"""Notes on charts: who may write them, what they may say, and taking them off."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.outcomes import queries, services
from sightline.outcomes.models import Annotation
from tests.factories.access import UserFactory, assign
from tests.factories.outcomes import AnnotationFactory, analyst

pytestmark = pytest.mark.django_db
DAY = dt.date(2022, 11, 3)


def write(actor, **more):
    given = {"area": "fife", "on": DAY, "words": "A team  began.", **more}
    return services.annotate(actor=actor, **given)


def test_those_who_may_write_on_charts_do_and_nobody_else():
    for stranger in (
        UserFactory(),
        assign(UserFactory(), "partnership-analyst", "partnership", "angus"),
        assign(UserFactory(), "practitioner", "partnership", "fife"),
    ):
        with pytest.raises(NotFound):
            write(stranger)
    with pytest.raises(NotPermitted):
        write(assign(UserFactory(), "elected-member", "partnership", "fife"))
    assert not Annotation.objects.exists()

    made = write(analyst(), indicator="la10", breaks=True)

    assert (made.words, made.indicator, made.breaks) == ("A team began.", "la10", True)
    event = AuditEvent.objects.get(verb="chart.annotated")
    assert (event.target, event.reason) == ("chart:fife/la10", "A team began.")


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"words": "  "}, BadInput, "Say what happened"),
        ({"words": "Born 3 May 2014, CHI 0305141234"}, BadInput, "named or numbered"),
        ({"on": dt.date(2990, 1, 1)}, NotAllowed, "today or earlier"),
        ({"indicator": "zz99"}, NotFound, "no indicator"),
    ],
)
def test_a_note_that_says_nothing_names_somebody_or_lies_ahead_is_refused(more, refusal, words):
    with pytest.raises(refusal, match=words):
        write(analyst(), **more)
    assert not Annotation.objects.exists()


def test_notes_of_an_indicator_and_of_all_are_found_and_those_taken_off_are_not():
    person = analyst()
    everywhere = write(person)
    own = write(person, indicator="la10", on=DAY - dt.timedelta(days=9))
    other = write(person, indicator="la05")
    write(assign(UserFactory(), "partnership-analyst", "partnership", "angus"), area="angus")
    assert list(queries.annotations_of("fife", "la10")) == [own, everywhere]
    services.remove_annotation(actor=person, key=own.pk)
    assert list(queries.annotations_of("fife")) == [everywhere, other]
    assert AuditEvent.objects.get(verb="chart.note-removed").target == "chart:fife/la10"
    with pytest.raises(NotAllowed, match="already"):
        services.remove_annotation(actor=person, key=own.pk)
    with pytest.raises(NotPermitted):
        services.remove_annotation(
            actor=assign(UserFactory(), "elected-member", "partnership", "fife"), key=everywhere.pk
        )
    with pytest.raises(NotFound):
        services.remove_annotation(actor=person, key="6f6f6f6f-0000-4000-8000-000000000000")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"words": ""}, "annotation_says_something"),
        ({"written_by": ""}, "annotation_written_at_and_by_together"),
        ({"removed_at": timezone.now()}, "annotation_removed_at_and_by_together"),
    ],
)
def test_the_database_refuses_what_no_note_can_be(fields, name):
    note = AnnotationFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Annotation.objects.filter(pk=note.pk).update(**fields)
    assert str(note) == "2022-11-03: A team for families after registration began."
