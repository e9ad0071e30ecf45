"""Results of a large survey: counted and protected at closing, opened as pages, written as files.

    python -m benchmarks.survey_results

Bars: 20,000 answers to 60 questions by 12 groups protected and kept in under 60 s; a page in under
300 ms; a file in under 5 s. The closing that is timed is the step that counts, protects and keeps;
writing the answers anew is timed beside it.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks._apart import settings

ANSWERS, QUESTIONS, GROUPS, PAGES = 20_000, 60, 12, 9
BARS = {"protected and kept": 60.0, "page": 0.3, "file": 5.0}


def main() -> int:
    """Print the figures; the status is 1 when one is outside its bar."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        os.environ.update(settings(state, f"sqlite:///{state}/bench.sqlite3"))
        os.environ["SIGHTLINE_SECOND_FACTOR"] = "optional"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        return _measured()


def _measured() -> int:
    missed = False
    for name, kind, seconds in _figures():
        bar = BARS[kind]
        missed |= seconds > bar
        print(f"{name:44}{seconds:8.2f} s  (bar {bar:g} s)", flush=True)
    return int(missed)


def questionnaire() -> dict[str, Any]:
    """Sixty questions on one scale, after one that says which of twelve groups somebody is of."""
    agree = ["strongly-agree", "agree", "disagree", "strongly-disagree"]
    asked = [
        {
            "code": f"q{number}", "kind": "scale", "text": {"en": f"Statement {number} holds here"},
            "choices": "agreement", "dont_know": True, "measures": {"agree": agree[:2]},
        }
        for number in range(1, QUESTIONS + 1)
    ]  # fmt: skip
    group = {
        "code": "service", "kind": "one", "text": {"en": "Which service do you work in?"},
        "choices": "services", "groups": True,
    }  # fmt: skip
    return {
        "code": "large", "version": 1, "title": "A large survey", "audience": "staff",
        "introduction": {"en": "Many questions."},
        "choices": {
            "agreement": [{"code": code, "label": {"en": code}} for code in agree],
            "services": [
                {"code": f"s{n}", "label": {"en": f"Service {n}"}} for n in range(1, GROUPS + 1)
            ],
        },
        "sections": [{"code": "all", "title": {"en": "All"}, "items": [group, *asked]}],
    }  # fmt: skip


def _answers() -> list[dict[str, Any]]:
    dice = random.Random(1)
    agree = ["strongly-agree", "agree", "disagree", "strongly-disagree", "!dont-know"]
    services = [f"s{n}" for n in range(1, GROUPS + 1)]
    weights = [1 / n for n in range(1, GROUPS + 1)]
    asked = ["service", *(f"q{n}" for n in range(1, QUESTIONS + 1))]
    found = []
    for _ in range(ANSWERS):
        said = dict(zip(asked[1:], dice.choices(agree, (9, 6, 3, 1, 1), k=QUESTIONS), strict=True))
        said["service"] = dice.choices(services, weights)[0]
        found.append({"answers": said, "asked": asked, "group": ""})
    return found


def _figures() -> Iterator[tuple[str, str, float]]:
    from sightline.access.actors import acting_as, command_line
    from sightline.surveys import publishing
    from tests.factories.access import UserFactory, assign
    from tests.factories.surveys import ClosedSurveyFactory, QuestionnaireFactory

    actor = command_line()
    with acting_as(actor):
        made = QuestionnaireFactory(
            area="fife", code="large", content=questionnaire(), state="released",
            released_at="2026-01-01T00:00:00Z", released_by="bench",
        )  # fmt: skip
        survey = ClosedSurveyFactory(
            area="fife", slug="large", questionnaire=made.key, groupings=["service"],
            results={"counted": True},
        )  # fmt: skip
        contents = _answers()
        began = time.perf_counter()
        publishing.declare_results(survey, contents)
        size = f"{ANSWERS:,} × {QUESTIONS} × {GROUPS}"
        yield f"{size} protected and kept", "protected and kept", time.perf_counter() - began
        person = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    yield from _pages(person)


def _pages(person: Any) -> Iterator[tuple[str, str, float]]:
    from django.test import Client

    from sightline.access.actors import acting_as, command_line

    client = Client(SERVER_NAME="localhost")
    with acting_as(command_line()):
        client.force_login(person)

    def opened(address: str) -> Callable[[], object]:
        def get() -> object:
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            return answer

        return get

    home = "/p/fife/surveys/large/results/"
    for name, address in {
        "page of all questions": home, "page of a question": f"{home}q7/",
        "heat table": f"{home}by/service/", "one group": f"{home}by/service/?group=s3",
    }.items():  # fmt: skip
        get = opened(address)
        get()
        yield f"{name}, median of {PAGES}", "page", statistics.median(_times(get))
    for kind in ("csv", "xlsx", "parquet", "json", "pdf"):
        yield f"file, {kind}", "file", next(iter(_times(opened(f"{home}file.{kind}"), 1)))


def _times(deed: Callable[[], object], often: int = PAGES) -> list[float]:
    found = []
    for _ in range(often):
        began = time.perf_counter()
        deed()
        found.append(time.perf_counter() - began)
    return found


if __name__ == "__main__":
    sys.exit(main())
