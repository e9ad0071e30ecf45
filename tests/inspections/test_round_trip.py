"""Whatever document can be made comes back from the database as it went in."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sightline.framework.definitions import library
from sightline.inspections import models, queries
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.exporting import as_data, as_json, json_schema
from sightline.inspections.published import load_published
from sightline.inspections.services import import_document
from tests.factories.inspections import ACTOR, document_data, imported

pytestmark = pytest.mark.django_db
SCHEMA_FILE = Path(__file__).parents[2] / "docs/reference/inspection.schema.json"
KEYS = ("a", "b-2", "c_3")
SOURCES = [{"key": key, "kind": "report", "title": f"Title {key}"} for key in KEYS]

# Text is drawn from awkward samples and not letter by letter: a document has some hundred texts.
SAMPLES = (
    "x", "Two words", "Na h-Eileanan Siar, à bientôt", "=1+1", "'quoted' \"twice\" \\", "<b>&amp;",
    "e\u0301", "\U0001d54f", "{% url %}", "0", "1.10", "no", "\u200b\u202e", "%s %(x)s", "null",
)  # fmt: skip
words = st.sampled_from(SAMPLES)
loose = st.sampled_from(("", *SAMPLES, "a\nb\tc"))
cited = {
    "sources": st.lists(st.sampled_from(KEYS), min_size=1, max_size=3),
    "confidence": st.sampled_from(["high", "medium", "low"]),
    "place": loose,
    "note": loose,
}


def made(**fields):
    return st.fixed_dictionaries({**fields, **cited})


def lists(item, most=2):
    return st.lists(item, max_size=most)


def dates(first: int, last: int):
    """Written dates of every sort that lie within these years."""
    one = [f"{first}", f"{last}-12", f"{last}-02-28", f"{first}-01-01"]
    spans = [f"{first}{joiner}{text}" for joiner in "/~" for text in (f"{last}-06", f"{last}")]
    return st.sampled_from(one + spans)


def with_also(**fields):
    return st.fixed_dictionaries({**fields, **cited, "also": lists(made(**fields))})


def date_values(first: int, last: int):
    return st.none() | with_also(value=dates(first, last))


counts = {
    "count": st.sampled_from([0, 1, 350, 10**9]),
    "qualifier": st.sampled_from(["exactly", "about", "almost", "over", "at least"]),
    "printed": loose,
}
share = {**counts, "count": st.sampled_from([0, 89, 100])}
paragraph = st.fixed_dictionaries({"text": words, "place": words})
conclusion = made(
    statement=st.sampled_from(["confident", "confident-with-conditions", "not-yet-confident"]),
    text=words,
    basis=lists(words),
)


@st.composite
def documents(draw) -> dict:
    """Any P1 document without a fault."""
    programme = library().programmes.get("care-and-protection@1")
    channels = draw(lists(st.sampled_from([c.code for c in programme.channels]), 5))
    rates = {c.code for c in programme.channels if c.per_cent}
    evidence = []
    for channel in dict.fromkeys(channels):
        value = share if channel in rates else counts
        evidence.append({"channel": channel, **draw(with_also(**value))})
    judgements = draw(st.permutations([j.code for j in programme.graded]))
    evaluations = []
    for judgement in judgements[: draw(st.integers(0, 4))]:
        stated = made(value=st.integers(1, 6))
        evaluations.append(
            {
                "judgement": judgement,
                "stated": draw(st.none() | stated),
                "also": draw(lists(stated)),
                "note": draw(loose),
                "scope": draw(loose),
                "rationale": draw(lists(paragraph)),
            }
        )
    item = st.sampled_from(["", *(i.code for i in programme.frame.items)])
    pause = made(starts=dates(2009, 2011), ends=st.just("") | dates(2012, 2013), reason=words)
    return {
        "schema": "sightline-inspection",
        "schema_version": 1,
        "reference": "fife-2015",
        "programme": programme.key,
        "partnership": "fife",
        "kind": draw(st.sampled_from(["full", "interim", "progress-review"])),
        "status": draw(st.sampled_from(["draft", "published"])),
        "title": draw(loose),
        "dates": {
            "notified": draw(date_values(2000, 2001)),
            "planned_inspected": draw(date_values(2000, 2001)),
            "inspected": draw(date_values(2002, 2003)),
            "planned_published": draw(date_values(2002, 2003)),
            "published": draw(with_also(value=dates(2004, 2005))),
        },
        "pauses": draw(lists(pause)),
        "evidence": evidence,
        "evaluations": evaluations,
        "strengths": draw(lists(made(text=words))),
        "areas_for_improvement": draw(lists(made(text=words))),
        "improvement_note": draw(loose),
        "key_messages": draw(lists(made(text=words, frame_item=item))),
        "good_practice": draw(lists(made(title=words, text=words, frame_item=item))),
        "conclusion": draw(st.none() | conclusion),
        "sources": SOURCES,
    }


def clear() -> None:
    models.Inspection.objects.update(follows=None)
    for kind in (
        models.StatedDate, models.StatedCount, models.StatedEvaluation, models.RationaleParagraph,
        models.Pause, models.Point, models.KeyMessage, models.GoodPractice, models.Conclusion,
        models.Evaluation, models.Inspection,
    ):  # fmt: skip
        kind.objects.all().delete()


def bare(document: InspectionDocument) -> InspectionDocument:
    """Without the descriptions of sources, of which only those named come back."""
    return document.model_copy(update={"sources": ()})


sometimes = settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@sometimes
@given(data=documents())
def test_what_goes_in_comes_out_and_goes_in_again_without_a_change(data):
    clear()
    import_document(actor=ACTOR, data=data)
    held = queries.fresh_document("fife-2015")
    assert bare(held) == bare(InspectionDocument.model_validate(data))
    jsonschema.validate(json.loads(as_json(held)), json_schema())
    assert not import_document(actor=ACTOR, text=as_json(held)).changed
    assert queries.fresh_document("fife-2015") == held


@sometimes
@given(first=documents(), second=documents())
def test_a_second_document_replaces_the_first_whatever_it_was(first, second):
    clear()
    first["status"] = "draft"
    import_document(actor=ACTOR, data=first)
    import_document(actor=ACTOR, data=second)
    held = queries.fresh_document("fife-2015")
    assert bare(held) == bare(InspectionDocument.model_validate(second))
    assert not import_document(actor=ACTOR, data=second).changed


def test_the_published_inspections_pass_their_own_schema_and_round_trip():
    load_published(ACTOR)
    schema = json_schema()
    found = queries.documents()
    assert len(found) >= 22
    for document in found:
        data = json.loads(as_json(document))
        jsonschema.validate(data, schema)
        assert InspectionDocument.model_validate(data) == document
        assert not import_document(actor=ACTOR, data=data).changed


@pytest.mark.parametrize(
    ("path", "value"),
    [("evaluations", [{"judgement": "2.1", "stated": {"value": 7}}]), ("kind", "rapid"), ("x", 1)],
)
def test_the_schema_refuses_what_the_import_refuses(path, value):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document_data(**{path: value}), json_schema())


def test_the_schema_knows_the_scale_and_that_a_count_is_not_below_zero():
    data = as_data(imported())
    jsonschema.validate(data, json_schema())
    data["evaluations"][0]["stated"]["value"] = 7
    with pytest.raises(jsonschema.ValidationError, match="maximum of 6"):
        jsonschema.validate(data, json_schema())
    data["evaluations"][0]["stated"]["value"] = 4
    data["evidence"][0]["count"] = -1
    with pytest.raises(jsonschema.ValidationError, match="minimum of 0"):
        jsonschema.validate(data, json_schema())


def test_the_schema_in_the_documentation_is_current():
    """Mend with: sightline inspection schema > docs/reference/inspection.schema.json"""
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == json_schema()
    jsonschema.Draft202012Validator.check_schema(json_schema())
