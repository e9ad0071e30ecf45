"""What the monitor shows, and that it gives no small group away, at once or over time."""

import datetime as dt
import itertools
from collections import defaultdict
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs.progress import Progress
from sightline.surveys import mailing_jobs, monitor, tallies
from sightline.surveys.monitor import (
    Counted,
    Totals,
    as_data,
    from_data,
    in_fives,
    is_due,
    is_safe,
    next_step,
    per_cent,
    rates,
    told,
)
from sightline.surveys.services import closing, monitoring
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import CommentFactory, GroupFactory, OpenSurveyFactory, SurveyFactory
from tests.surveys import rounds

MONDAY = dt.date(2026, 3, 2)
US = command_line()
HERE = "fife"
ROOT = Path(__file__).parents[2]


def totals(*groups, invited=None, part=0, by_page=()):
    made = [
        Counted(f"g{n}", *(one if isinstance(one, tuple) else (None, one)))
        for n, one in enumerate(groups)
    ]
    return Totals(invited, sum(one.complete for one in made), part, dict(by_page), made)


def step_of(counted, *, steps=(), base=10, closed=False, day=0):
    today = MONDAY + dt.timedelta(days=day)
    return next_step(list(steps), counted, today=today, base=base, closed=closed)


def figures(step):
    return [one.complete for one in step.groups]


class TestOneStep:
    """What may be seen on one day."""

    def test_a_small_group_is_hidden_and_the_others_are_rounded(self):
        step = step_of(totals(410, 303, 288, 52, 9))
        assert figures(step) == [410, 305, 290, 50, None]
        assert step.complete == 1062
        assert (step.rounded, step.hidden, step.more) == (True, True, False)

    def test_while_it_runs_groups_are_rounded_even_where_none_is_small(self):
        assert figures(step_of(totals(41, 33))) == [40, 35]
        assert figures(step_of(totals(41, 33), closed=True)) == [41, 33]

    def test_what_stands_beside_a_small_group_is_rounded_at_the_end_too(self):
        assert figures(step_of(totals(410, 303, 9), closed=True)) == [410, 305, None]

    def test_where_nobody_of_a_group_is_left_it_is_rounded_so_that_nobody_is_known(self):
        step = step_of(totals((12, 12), (40, 33)), closed=True)
        assert figures(step) == [10, 35]
        assert figures(step_of(totals((20, 12), (40, 33)), closed=True)) == [12, 33]

    def test_where_one_would_be_given_away_none_is_shown(self):
        assert figures(step_of(totals(13, 4))) == [15, None]
        step = step_of(totals(13, 0))  # 15 shown of 13 would leave nothing for the other
        assert figures(step) == [None, None]
        assert step.more

    def test_nearly_everybody_is_said_as_such(self):
        step = step_of(totals(20, invited=21))
        assert (step.complete, step.nearly) == (20, True)
        step = step_of(totals(23, invited=24))
        assert (step.complete, step.nearly) == (20, True)
        assert not step_of(totals(20, invited=30)).nearly

    def test_those_part_of_the_way_are_shown_from_the_base_on(self):
        step = step_of(totals(30, part=9, by_page={1: 9}))
        assert (step.part, step.stop) == (None, None)
        step = step_of(totals(30, part=30, by_page={1: 9, 4: 21}))
        assert (step.part, step.stop) == (30, (4, 20))
        step = step_of(totals(30, part=18, by_page={1: 9, 2: 9}))
        assert (step.part, step.stop) == (18, None)

    def test_it_is_kept_and_read_back_as_it_was(self):
        for counted in (totals(30, part=30, by_page={4: 21}), totals((12, 11), 4, 30)):
            step = step_of(counted)
            assert from_data(as_data(step)) == step

    def test_exact_counts_are_not_printed(self):
        assert "17" not in repr(Counted("a", None, 17))
        assert "17" not in repr(totals(17))


class TestSteps:
    """When figures move."""

    def due(self, steps, complete, day, closed=False):
        today = MONDAY + dt.timedelta(days=day)
        return is_due(steps, today=today, complete=complete, base=10, closed=closed)

    def test_once_a_day_at_most_and_by_a_base_of_answers(self):
        assert not self.due([], 9, 0)
        assert self.due([], 10, 0)
        first = step_of(totals(10))
        assert not self.due([first], 40, 0)
        assert not self.due([first], 19, 1)
        assert self.due([first], 20, 1)

    def test_after_nearly_everybody_it_waits_for_more_than_could_have_been_hidden(self):
        first = step_of(totals(23, invited=24))
        assert not self.due([first], 33, 1)
        assert self.due([first], 34, 1)

    def test_the_last_step_comes_once_and_not_for_too_few(self):
        first = step_of(totals(10))
        assert self.due([first], 11, 0, closed=True)
        last = step_of(totals(11), steps=[first], closed=True)
        assert not self.due([first, last], 11, 5, closed=True)
        assert not self.due([], 9, 0, closed=True)

    def test_days_are_looked_at_together(self):
        """Each alone leaves five values; both together would leave one."""
        base = 10
        first = step_of(totals(17, 4))  # 15 of 21: the small one has 4 to 8
        then = step_of(totals(28, 4))  # 30 of 32: 0 to 4
        assert is_safe([first], base=base)
        assert is_safe([then], base=base)
        assert not is_safe([first, then], base=base)
        shown = step_of(totals(28, 4), steps=[first], day=1)
        assert is_safe([first, shown], base=base)
        assert figures(shown) == [None, None]


def worlds(total, groups, fewest=None):
    """Every way in which a total can be made of groups, each at least what it was."""
    fewest = fewest or (0,) * groups
    for some in itertools.product(range(total + 1), repeat=groups - 1):
        last = total - sum(some)
        found = (*some, last)
        if last >= 0 and all(n >= m for n, m in zip(found, fewest, strict=True)):
            yield found


def shown_of(world, **more):
    return step_of(totals(*world), base=5, **more)


@pytest.mark.parametrize(("groups", "totals_tried"), [(2, (5, 30)), (3, (5, 20)), (4, (16, 18))])
@pytest.mark.parametrize("closed", [False, True])
def test_no_hidden_figure_follows_even_for_somebody_who_knows_how_this_works(
    groups, totals_tried, closed
):
    """T-18: of all rounds that would look the same, each hidden group has five figures or more."""
    for total in range(*totals_tried):
        alike = defaultdict(list)
        for world in worlds(total, groups):
            alike[str(as_data(shown_of(world, closed=closed))["groups"])].append(world)
        for looks in alike.values():
            step = shown_of(looks[0], closed=closed)
            for place, one in enumerate(step.groups):
                if one.complete is None:
                    assert len({world[place] for world in looks}) >= 5, looks


def test_nor_from_two_days_together():
    first_total, then_total = 12, 19
    alike = defaultdict(list)
    for world in worlds(first_total, 2):
        first = shown_of(world)
        for later in worlds(then_total, 2, world):
            then = shown_of(later, steps=[first], day=1)
            alike[f"{figures(first)}{figures(then)}"].append((world, later))
    for looks in alike.values():
        first = shown_of(looks[0][0])
        then = shown_of(looks[0][1], steps=[first], day=1)
        for day, step in enumerate((first, then)):
            for place, one in enumerate(step.groups):
                if one.complete is None:
                    assert len({pair[day][place] for pair in looks}) >= 3, looks


GROWING = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(GROWING, st.sampled_from([5, 10]))
def test_over_a_round_every_hidden_figure_keeps_its_values(growing, base):
    """And what an outsider works out always holds what is true."""
    steps, exact, now = [], [], [0, 0, 0]
    for day, more in enumerate(growing):
        now = [n + m for n, m in zip(now, more, strict=True)]
        step = step_of(totals(*now), steps=steps, base=base, day=day)
        steps, exact = [*steps, step], [*exact, list(now)]
    assert is_safe(steps, base=base)
    ranges = told(steps, base=base)
    for number, step in enumerate(steps):
        for place, one in enumerate(step.groups):
            low, high = ranges[number, one.label]
            assert low <= exact[number][place] <= high
            if one.complete is not None:
                assert exact[number][place] >= base
                assert abs(one.complete - exact[number][place]) < monitor.NEAREST


@given(st.integers(0, 500), st.none() | st.integers(0, 500))
def test_rounding_in_fives_never_passes_those_invited(number, invited):
    found = in_fives(number, invited)
    assert found % 5 == 0
    assert abs(found - number) < 5
    if invited is not None and number <= invited:
        assert found <= invited


class TestRates:
    """Both readings of one survey reported two ways, and nothing without a base."""

    @pytest.mark.parametrize(
        ("invited", "started", "complete", "expected"),
        [
            (1306, 1188, 1162, [91, 89, 98]),  # 89% is of those invited
            (1435, 1306, 1162, [91, 81, 89]),  # 89% is of those who responded
            (None, 1306, 1162, [None, None, 89]),
            (0, 12, 10, [None, None, 83]),
            (100, None, 40, [None, 40, None]),
            (20, 30, 25, [None, None, 83]),
            (100, 50, None, [50, None, None]),
        ],
    )
    def test_each_names_its_formula(self, invited, started, complete, expected):
        found = rates(invited=invited, started=started, complete=complete)
        assert [one.per_cent for one in found] == expected
        for one in found:
            assert "÷" in one.formula
            assert (one.per_cent is None) == bool(one.why)

    def test_the_methods_page(self):
        lines = (ROOT / "docs/methods/M-22-response-rates.md").read_text(encoding="utf-8")
        found = [line for line in lines.splitlines() if line.endswith("% |")]
        assert len(found) == 3
        for line in found:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            invited, started, complete = (int(c) if c.isdigit() else None for c in cells[:3])
            for cell, one in zip(
                cells[3:], rates(invited=invited, started=started, complete=complete), strict=True
            ):
                assert cell == ("[x]" if one.per_cent is None else f"{one.per_cent}%")

    def test_per_cent(self):
        cases = [(1, 8, 13), (1, 0, None), (None, 5, None), (3, None, None), (6, 5, None)]
        for n, of, expected in cases:
            assert per_cent(n, of) == expected
        assert per_cent(1, 200) == 1


# The page.


@pytest.fixture
def viewer(client):
    person = assign(UserFactory(), "chief-officer", "partnership", HERE)
    client.force_login(person)
    return person


def url(survey):
    return reverse("surveys:monitor", args=[survey.area, survey.slug])


def body(page):
    """A page without its frame, whose tokens differ each time."""
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


def take():
    return mailing_jobs.monitor(Progress("test", US))["surveys"]


def answered(survey, code, count):
    for _ in range(count):
        rounds.sent(survey, {}, code=code)


@pytest.fixture
def running():
    tallies._opened.clear()
    survey = rounds.survey(mode="group-code", base=5, area=HERE)
    codes = [
        GroupFactory(survey=survey, label=label, invited=invited).code
        for label, invited in (("Health", 20), ("Police", None), ("Schools", 9))
    ]
    return survey, codes


@pytest.mark.django_db
class TestPage:
    """The page, and the clock that brings it up to date."""

    def test_nothing_is_shown_until_there_is_a_base(self, client, viewer, running):
        survey, (health, *_) = running
        answered(survey, health, 4)
        assert take() == 0
        text = client.get(url(survey)).content.decode()
        assert "No figures yet" in text
        assert "not known" in text

    def test_figures_come_in_steps(self, client, viewer, running, monkeypatch):
        survey, (health, police, schools) = running
        answered(survey, health, 9)
        answered(survey, schools, 2)
        assert take() == 1
        text = body(client.get(url(survey)))
        assert "<dd>11</dd>" in text
        assert "[c]" in text
        assert "rounded to the nearest 5, because a group is small" in text
        assert "not known" in text
        assert "sent ÷ invited" in text
        answered(survey, police, 7)
        assert take() == 0  # the same day
        assert body(client.get(url(survey))) == text
        later = timezone.localdate() + dt.timedelta(days=1)
        monkeypatch.setattr(monitoring.timezone, "localdate", lambda: later)
        assert take() == 1
        assert "<dd>18</dd>" in client.get(url(survey)).content.decode()
        lines = AuditEvent.objects.filter(verb="survey.counted")
        assert [line.after for line in lines] == [None, None]

    def test_what_is_kept_holds_no_exact_figure_of_a_group(self, running):
        survey, (health, _, schools) = running
        answered(survey, health, 9)
        answered(survey, schools, 3)
        take()
        survey.refresh_from_db()
        (kept,) = survey.results["monitor"]
        assert kept["groups"] == [["Health", 10, 20], ["Police", None, None], ["Schools", None, 9]]

    def test_the_last_figures_come_with_closing(
        self, client, viewer, running, django_capture_on_commit_callbacks
    ):
        survey, (health, *_) = running
        answered(survey, health, 8)
        with django_capture_on_commit_callbacks(execute=True):
            closing.close(actor=US, survey=survey)
        survey.refresh_from_db()
        (step,) = monitoring.steps_of(survey)
        assert step.final
        assert survey.results["shown"] is not None
        assert take() == 0
        assert "<dd>8</dd>" in client.get(url(survey)).content.decode()

    def test_none_is_taken_while_it_is_written_anew(self, running):
        survey, (health, *_) = running
        answered(survey, health, 8)
        closing.close(actor=US, survey=survey)  # its job has not begun
        assert take() == 0

    def test_comments_are_counted_alone(self, client, viewer, running):
        survey, _ = running
        CommentFactory(survey=survey)
        text = client.get(url(survey)).content.decode()
        assert "1 comment waits for a safety check" in text
        CommentFactory(survey=survey)
        assert "2 comments wait" in client.get(url(survey)).content.decode()

    def test_other_states(self, client, viewer):
        draft = SurveyFactory(area=HERE)
        assert "has not been opened" in client.get(url(draft)).content.decode()

    def test_a_stranger_finds_nothing(self, client):
        survey = OpenSurveyFactory(area=HERE)
        client.force_login(
            assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
        )
        assert client.get(url(survey)).status_code == 404

    def test_it_takes_as_many_queries_for_many_groups_as_for_one(
        self, client, viewer, running, django_assert_max_num_queries
    ):
        survey, (health, *_) = running
        GroupFactory.create_batch(20, survey=survey)
        answered(survey, health, 8)
        take()
        client.get(url(survey))
        with django_assert_max_num_queries(9):
            client.get(url(survey))
