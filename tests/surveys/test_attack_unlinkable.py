"""Nobody can tell whose an answer is: not with every table, its order and two backups.

500 people with codes of their own answer while an attacker (`attacking`) watches the door and takes
copies. The same attacker finds everybody in a store as it is usually built.
"""

import contextlib
import dataclasses
import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.surveys import stores
from sightline.surveys.models import Answer, Comment, Invitation, Part, SentAnswer, Spent, Survey
from sightline.surveys.services import answering, closing
from tests.env import ENGINE
from tests.factories.surveys import GroupFactory
from tests.surveys import rounds
from tests.surveys.attacking import SIGMAS, Row, Spoils, as_rows, attack, lying
from tests.surveys.real_databases import Connect, empty_database, real_database  # noqa: F401

pytestmark = pytest.mark.django_db
PEOPLE = 500
BACKUPS = (150, 320)
WORDS = "Quartzite is what number {} wrote"
FEWEST_WAYS = 20


def tables() -> bytes:
    """Every byte of every table that has to do with surveys, and of the trail and the jobs."""
    names = [name for name in connection.introspection.table_names() if name.startswith("surveys_")]
    every = [lying(name) for name in (*names, "access_auditevent", "jobs_job")]
    return repr(every).encode()


def files() -> bytes:
    """The database's own file and its log, where it is a file."""
    if ENGINE == "postgresql":
        return b""
    path = Path(str(connection.settings_dict["NAME"]))
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


@dataclasses.dataclass
class Round:
    """What came of it.

    `seen` is everything that was ever read, as bytes; `deeds` counts lines of the trail and jobs.
    """

    survey: Survey
    codes: list[str]
    answers: Spoils
    naive: Spoils
    comments: list[tuple[int, list[Row]]]
    deeds: tuple[int, int]
    tokens: list[str] = dataclasses.field(default_factory=list)
    seen: list[bytes] = dataclasses.field(default_factory=list)
    wrote: set[int] = dataclasses.field(default_factory=set)


def naive_store() -> None:
    """Answers as they are usually kept: in the order they came, numbered."""
    number = "INTEGER PRIMARY KEY" if ENGINE == "sqlite" else "serial PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE naive (id {number}, content text)")


def invite(survey: Survey) -> list[str]:
    """A code and a letter for each; gives the codes."""
    groups = [GroupFactory(survey=survey, label=f"Group {n}") for n in range(5)]
    codes = [stores.new_code() for _ in range(PEOPLE)]
    Invitation.objects.bulk_create(
        Invitation(
            survey=survey, group=groups[who % 5], code=code, code_index=stores.code_index(code),
            address=f"person{who}@example.org", name="", state="sent",
        )
        for who, code in enumerate(codes)
    )  # fmt: skip
    return codes


def answer(made: Round, who: int, dice: random.Random) -> None:
    """One person, as any other: some write much, some nothing."""
    given = {
        "service": dice.choice(rounds.SERVICES),
        "confident": dice.choice(rounds.AGREEMENT),
        "years": who,
        "helped-by": dice.sample(rounds.SERVICES, dice.randint(0, 3)),
    }
    if dice.random() < 0.4:
        given["said"] = WORDS.format(who) + " and more" * dice.randint(0, 60)
        made.wrote.add(who)
    token = rounds.begun(made.survey, given, code=made.codes[who])
    answering.send(token)
    made.tokens.append(token)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive (content) VALUES (%s)", [str(who)])


def hold_round() -> Round:
    """Everybody answers, in an order that the attacker sees, and is robbed twice meanwhile."""
    dice = random.Random(6)  # noqa: S311 - the same round every time
    survey = rounds.survey(mode="single-use")
    codes = invite(survey)
    naive_store()
    order = dice.sample(range(PEOPLE), PEOPLE)
    by_code = sorted(range(PEOPLE), key=lambda who: stores.code_index(codes[who]))
    known = {"invited": list(range(PEOPLE)), "digests of codes": by_code}
    deeds = AuditEvent.objects.count(), Job.objects.count()
    made = Round(survey, codes, Spoils(known, order), Spoils(known, order), [], deeds)
    for turn, who in enumerate(order, 1):
        answer(made, who, dice)
        if turn in BACKUPS:
            made.answers.backups.append((turn, as_rows("surveys_sentanswer")))
            made.naive.backups.append((turn, naive_rows()))
            comments = as_rows("surveys_comment", "words")
            made.comments.append((len(comments), comments))
            made.seen += [tables(), files()]
    return made


def naive_rows() -> list[Row]:
    """The naive store, whose rows say outright whose they are."""
    return [
        Row({"place": row["place"], "id": row["id"]}, row["content"].encode(), int(row["content"]))
        for row in lying("naive")
    ]


def told(table: str, content: str, whose: dict[str, int]) -> list[Row]:
    """Rows of a table with whose each is, as only the keys tell."""
    return [
        dataclasses.replace(row, who=whose[str(row.orders["id"]).replace("-", "")])
        for row in as_rows(table, content)
    ]


def test_nobody_can_tell_whose_an_answer_is(
    real_database: Connect,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Live tables, order on the disk, log, printed lines, trail, jobs, two backups."""
    with caplog.at_level(logging.DEBUG):
        made = hold_round()
        assert (AuditEvent.objects.count(), Job.objects.count()) == made.deeds
        before = as_rows("surveys_sentanswer")
        lie_side_by_side(made)
        with somebody_at_work():
            closing.close(actor=command_line(), survey=made.survey)
    answers_tell_nothing(made)
    comments_tell_nothing(made)
    nothing_is_left(made, before)
    printed = "".join(capfd.readouterr()) + caplog.text
    made.seen += [tables(), files(), printed.encode()]
    nothing_is_in_the_clear(made)
    the_naive_store_tells_everything(made)


def lie_side_by_side(made: Round) -> None:
    """While it is open: what is used and who is asked share nothing, and all are equally long."""
    assert len({len(row.sealed) for _, rows in made.answers.backups for row in rows}) == 1
    invitations = lying("surveys_invitation")
    digests = [str(row["digest"]) for row in lying("surveys_spent")]
    assert not {row["code_index"] for row in invitations} & set(digests)
    assert {(row["state"], row["reminded"]) for row in invitations} == {("sent", 0)}
    assert len(digests) == 2 * PEOPLE
    assert not Part.objects.exists()
    assert len({str(row["received_on"]) for row in lying("surveys_comment")}) == 1


def answers_tell_nothing(made: Round) -> None:
    """No order, place, identity, length or backup links better than chance."""
    whose = {row.pk.hex: row.content["answers"]["years"] for row in Answer.objects.all()}
    made.answers.final = told("surveys_answer", "content", whose)
    assert len(made.answers.final) == PEOPLE
    found = attack(made.answers)
    assert found.tried >= FEWEST_WAYS
    assert not found.beyond_chance
    assert len({len(row.sealed) for row in made.answers.final}) == 1


def comments_tell_nothing(made: Round) -> None:
    """A comment read after closing leads to nobody who was watched while it was open."""
    whose = {row.pk.hex: int(row.words.split()[4]) for row in Comment.objects.all()}
    assert set(whose.values()) == made.wrote
    watched = [who for who in made.answers.watched if who in made.wrote]
    spoils = Spoils({"invited": sorted(made.wrote)}, watched, made.comments)
    spoils.final = told("surveys_comment", "words", whose)
    assert not attack(spoils).beyond_chance


def sizes() -> tuple[int, int]:
    """Bytes of the files of what was sent, on PostgreSQL."""
    asked = "SELECT pg_relation_size('surveys_sentanswer'), pg_relation_size('surveys_spent')"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        first, second = cursor.fetchone()
    return first, second


@contextlib.contextmanager
def somebody_at_work() -> Iterator[None]:
    """Meanwhile somebody else is in a transaction on the same server, as somebody always is.

    PostgreSQL keeps for them what is deleted, and does not look whether they could ever read it.
    """
    if ENGINE == "sqlite":
        yield
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
            yield
    finally:
        other.close()


def nothing_is_left(made: Round, before: list[Row]) -> None:
    """After closing nothing of what was there while people answered is there."""
    for model in (SentAnswer, Spent, Part):
        assert not model._default_manager.exists()
    here = files() + tables()
    assert not any(row.sealed[-64:] in here for row in before[::10])
    gone = {str(row.orders["id"]) for _, rows in made.comments for row in rows}
    assert not gone & {str(row["id"]) for row in lying("surveys_comment")}
    if ENGINE == "postgresql":
        assert sizes() == (0, 0)


def nothing_is_in_the_clear(made: Round) -> None:
    """No code, token, address or word that somebody wrote stands anywhere outside its seal."""
    hidden = [*made.codes[::7], *made.tokens[::7], "Quartzite", "person17@example.org"]
    for place in made.seen:
        assert [secret for secret in hidden if secret.encode() in place] == []


def the_naive_store_tells_everything(made: Round) -> None:
    """The same attacker, the same people, answers as they are usually kept."""
    made.naive.final = naive_rows()
    found = attack(made.naive)
    worked = {"links: place as watched", "ranks: place as watched", "window: same id"}
    assert worked <= set(found.beyond_chance)
    assert found.links["links: by what was in the backups"] > SIGMAS
    assert found.right["place as watched"] == PEOPLE
