"""Saving against a plain model of it, in random order with repeats: same answers, same texts."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sightline.access.actors import acting_as
from sightline.saving import places
from sightline.saving.queries import text_of, versions_of
from sightline.saving.services import Clash, Saved, save_text
from tests.factories.access import UserFactory

PLACE = "raft:one/log"
WORDS = st.sampled_from(["", "a", "b", "c\nd"])


@dataclass
class Plain:
    """What saving must come to, in a list and a dictionary."""

    stored: list[tuple[str, bool]] = field(default_factory=list)
    latest: int = 0
    answers: dict[UUID, tuple[str, int]] = field(default_factory=dict)

    def save(self, text: str, based_on: int, token: UUID) -> tuple[str, int]:
        """`saved` or `clash`, and the number of the version."""
        if token in self.answers:
            return self.answers[token]
        in_use = self.stored[self.latest - 1][0] if self.latest else None
        clashes = bool(self.latest) and based_on != self.latest and in_use != text
        self.stored.append((text, clashes))
        if not clashes:
            self.latest = len(self.stored)
        self.answers[token] = ("clash" if clashes else "saved", len(self.stored))
        return self.answers[token]


@pytest.mark.django_db
class TestAgainstAModel(TestCase):
    """Hypothesis needs Django's own test case, to begin each example with nothing stored."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.tuples(st.integers(0, 1), WORDS, st.integers(0, 3), st.booleans()), max_size=12)
    )
    def test_it_agrees(self, sends: list[tuple[int, str, int, bool]]) -> None:
        """Two people, fresh and stale bases, each sending repeated at once or at the end."""

        def anybody(actor: object, key: str) -> None:
            """Pass."""

        places.register("raft", read=anybody, write=anybody)
        plain, sent = Plain(), []
        with acting_as("test"):
            people = [UserFactory(), UserFactory()]
            for who, text, behind, repeats in sends:
                token = uuid4()
                based_on = max(0, plain.latest - behind)
                sending = (people[who], text, based_on, token)
                sent.append(sending)
                for _ in range(1 + repeats):
                    self.same(plain, *sending)
            for sending in sent:
                self.same(plain, *sending)
        stored = [(row.words, row.kind == "clash") for row in reversed(versions_of(PLACE))]
        assert stored == plain.stored
        assert text_of(PLACE).version == plain.latest

    def same(self, plain: Plain, who: object, text: str, based_on: int, token: UUID) -> None:
        """Send once, and compare the answer."""
        said = save_text(actor=who, place=PLACE, text=text, based_on=based_on, token=token)  # type: ignore[arg-type]
        assert isinstance(said, Saved | Clash)
        got = ("saved", said.version) if isinstance(said, Saved) else ("clash", said.mine.number)
        assert got == plain.save(text, based_on, token)
