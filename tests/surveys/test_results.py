"""A round from closing to what its pages show: counted once, protected, and read from there."""

import datetime as dt
import io
import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command

from sightline.access.actors import CommandLine, acting_as
from sightline.kernel.errors import BadInput, NotFound
from sightline.stats.disclosure.shown import ShownCell
from sightline.surveys import publishing, results_files, results_queries
from sightline.surveys.definitions import DONT_KNOW, registry
from sightline.surveys.models import Survey
from sightline.surveys.permissions import get_measure_for
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import ClosedSurveyFactory

pytestmark = pytest.mark.django_db
ACTOR = CommandLine("test")


def answers(count: int, seed: int = 1, key: str = "staff@1") -> list[dict[str, object]]:
    """So many people's made-up answers to a shipped questionnaire."""
    chance = random.Random(seed)  # noqa: S311 - test data
    asked = registry().get(key)
    found = []
    for _ in range(count):
        said: dict[str, object] = {}
        for item in asked.items():
            codes = [choice.code for choice in asked.options(item)]
            weights = [1 / (n + 1) for n in range(len(codes))]
            if item.kind == "many":
                said[item.code] = [code for code in codes if chance.random() < 0.4]
            elif codes and chance.random() > 0.03:
                pick = chance.choices(codes, weights)[0]
                said[item.code] = DONT_KNOW if item.dont_know and chance.random() < 0.1 else pick
        found.append({"answers": said, "asked": [item.code for item in asked.items()], "group": ""})
    return found


def closed(count: int, seed: int = 1, **more: object) -> Survey:
    """A closed staff survey whose answers were counted."""
    survey = ClosedSurveyFactory(groupings=["agency", "role"], **more)
    publishing.declare_results(survey, answers(count, seed))
    return survey


def test_what_is_shown_is_what_was_counted() -> None:
    """Wherever a number is shown, a plain recount of the answers gives the same."""
    survey = closed(300)
    given = answers(300)
    found = results_queries.results(ACTOR, survey)
    assert found.answered == 300
    compared = 0
    for item in results_queries.counted_items(found.asked):
        series = found.everybody(item)
        if series is None or item.kind == "many":
            continue
        for row in series.shown.rows:
            if row.count.value is None:
                continue
            wanted = DONT_KNOW if row.code == "dont-know" else row.code
            assert row.count.value == sum(
                one["answers"].get(item.code) == wanted  # type: ignore[attr-defined]
                for one in given
            )
            compared += 1
    assert compared > 100


def test_a_measure_is_answered_by_its_reference() -> None:
    """`confident-recognise:agree?agency=health` is that share, with its base in words."""
    survey = closed(1200)
    given = answers(1200)
    found = results_queries.measure(ACTOR, survey, "confident-recognise:agree?agency=health")
    health = [a["answers"] for a in given if a["answers"].get("agency") == "health"]  # type: ignore[attr-defined]
    gave = [a for a in health if a.get("confident-recognise")]
    agree = [a for a in gave if a["confident-recognise"] in {"agree", "strongly-agree"}]
    assert found.base == len(gave)
    assert found.value == int(100 * len(agree) / len(gave) + 0.5)
    with pytest.raises(NotFound):
        results_queries.measure(ACTOR, survey, "confident-recognise:agree?agency=nobody")


def test_too_few_answers_show_nothing() -> None:
    """Under the base for reporting nothing is declared at all."""
    survey = closed(9)
    found = results_queries.results(ACTOR, survey)
    assert found.listed == ()


def test_counting_again_changes_nothing() -> None:
    """A job that is carried out twice declares once."""
    survey = closed(120)
    assert publishing.declare_results(survey, answers(120))


def test_no_group_under_the_base_is_ever_a_category() -> None:
    """Every base by group that is shown is of the base for reporting or more."""
    for seed in range(3):
        survey = closed(90, seed, slug=f"round-{seed}", base=12)
        every = results_queries.results(ACTOR, survey, results_queries.every)
        for code, series in every.series.items():
            if "@" in code:
                bases = [row.of.value for row in series.shown.rows if row.of is not None]
                assert all(base is None or base >= 12 for base in bases), code


def test_there_are_no_results_before_closing() -> None:
    """Nothing can be looked at early."""
    survey = closed(60)
    survey.state = Survey.State.OPEN
    with pytest.raises(NotFound):
        results_queries.results(ACTOR, survey)


def test_counts_are_of_dates_in_the_survey() -> None:
    """The people counted are those of the days on which it was open."""
    survey = closed(60, closes_on=dt.date(2026, 3, 14))
    with acting_as(ACTOR):
        found = results_queries.results(ACTOR, survey)
    assert found.series["respondents"].shown.population.last == dt.date(2026, 3, 14)


PAGES = {
    "results/": 18,
    "results/confident-recognise/": 27,
    "results/by/agency/": 18,
    "results/by/agency/?group=health": 18,
}


def test_pages_show_results_to_those_of_the_area_alone(
    client_for, django_assert_max_num_queries
) -> None:
    """The area's co-ordinator sees every page and file; a stranger and another area's do not."""
    survey = closed(300, area="fife", slug="round")
    mine = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    other = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    client = client_for(mine)
    for page, most in PAGES.items():
        address = f"/p/fife/surveys/{survey.slug}/{page}"
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200, page
        assert client_for(other).get(address).status_code == 404
        assert client_for(UserFactory()).get(address).status_code == 404
    for kind in results_files.FORMATS:
        address = f"/p/fife/surveys/{survey.slug}/results/file.{kind}"
        answer = client_for(mine).get(address)
        assert answer.status_code == 200, kind
        assert len(answer.content) > 500, kind
        assert client_for(other).get(address).status_code == 404
    text = client_for(mine).get(f"/p/fife/surveys/{survey.slug}/results/").content.decode()
    assert "300 staff answered" in text
    assert "Compare by: Which service do you work in?" in text
    assert client_for(mine).get("/p/fife/surveys/round/results/nothing/").status_code == 404


def test_every_reference_in_the_file_of_measures_is_answered(client_for) -> None:
    """What the file says of a reference is what asking for it gives."""
    survey = closed(300, area="fife", slug="round")
    found = results_queries.results(ACTOR, survey)
    found = results_queries.results(ACTOR, survey, results_queries.every)
    every = list(results_files.rows(found, found.series))
    assert len({row.reference for row in every}) > 100
    for row in every[:: max(1, len(every) // 25)]:
        named = row.reference.partition("/")[2].partition("/")[2]
        measure = results_queries.measure(ACTOR, survey, named)
        assert measure.value == row.share.per_cent


def test_a_survey_with_too_few_answers_says_so(client_for) -> None:
    """The page says that nothing is wrong; there is no file."""
    survey = closed(9, area="fife", slug="few", results={"counted": True})
    mine = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    page = client_for(mine).get(f"/p/fife/surveys/{survey.slug}/results/").content.decode()
    assert "Too few people answered to show results. Nothing is wrong." in page
    assert client_for(mine).get("/p/fife/surveys/few/results/file.csv").status_code == 404


def test_a_question_stands_beside_other_rounds_that_asked_the_same(client_for) -> None:
    """The page names the other round, its share, and whether chance alone could explain it."""
    closed(120, seed=5, area="fife", slug="before", title="Staff, the year before")
    closed(120, seed=6, area="angus", slug="elsewhere", title="Staff of Angus")
    survey = closed(120, area="fife", slug="round")
    mine = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    address = f"/p/fife/surveys/{survey.slug}/results/valued/"
    page = " ".join(client_for(mine).get(address).content.decode().split())
    assert "Staff, the year before, Fife" in page
    assert "Staff of Angus" not in page
    assert "points" in page


def test_sentences_say_how_many_of_how_many() -> None:
    """The word for a share has its "of" where English wants one, and its counts beside it."""
    from sightline.framework.queries import quantity_terms
    from sightline.kernel.measures import State
    from sightline.surveys.results import also, sentence, share

    def said(n: int | None, base: int) -> str:
        cell = ShownCell(n, State.SUPPRESSED if n is None else State.OBSERVED)
        return sentence(share("a", "A", cell, base), "children", "said “yes”", quantity_terms())

    assert said(33, 40) == "Most children said “yes” (33 of 40, 83%)."
    assert said(12, 40) == "Less than half of children said “yes” (12 of 40, 30%)."
    assert said(24, 40) == "The majority of children said “yes” (24 of 40, 60%)."
    assert said(7, 12) == "7 of 12 children said “yes”."
    assert said(None, 40).startswith("Too few children")
    known = share("a", "A", ShownCell(33, State.OBSERVED), 40)
    assert also(known, quantity_terms()) == "the majority or almost all"


def test_a_reference_is_answered_by_survey_or_by_questionnaire() -> None:
    """`staff@1/…` is answered by the latest round; areas of others answer nobody."""
    closed(300, area="fife", slug="round")
    mine = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    other = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    named = "confident-recognise:agree?agency=health"
    found = get_measure_for(mine, f"staff@1/{named}")
    assert found == get_measure_for(mine, f"fife/round/{named}")
    for reference in (f"staff@1/{named}", f"fife/round/{named}", "fife/round"):
        with pytest.raises(NotFound):
            get_measure_for(other, reference)
    with pytest.raises(NotFound):
        get_measure_for(mine, f"fife/round/{named}", "operational")


def test_the_command_prints_writes_and_answers(tmp_path: Path) -> None:
    """`sightline survey results` shows what pages show."""
    closed(300, area="fife", slug="round")

    def said(*words: str, **options: object) -> str:
        out = io.StringIO()
        call_command("survey_results", *words, stdout=out, **options)
        return out.getvalue()

    everybody = said("fife/round")
    assert "I feel valued" in everybody
    assert "Health" not in everybody.replace("Health visitor", "").split("I know how")[1]
    rows = json.loads(said("fife/round", "--groups", output_format="json"))
    assert any(row["Group"] == "Health" for row in rows)
    assert "%" in said("fife/round/valued:agree")
    assert "is written" in said("fife/round", "--file", str(tmp_path / "r.csv"))
    assert (tmp_path / "r.csv").stat().st_size > 1000
    with pytest.raises((BadInput, SystemExit)):
        said("fife")
