"""Rounds with readers and readings, as the tests of reading need them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from sightline.access.models import User
from sightline.record_reading import asking
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.services import reading as services
from tests.factories import record_reading as made
from tests.factories.access import UserFactory, assign

AREA = "fife"


@dataclass(frozen=True)
class Somebody:
    """A person with their reading and a browser of their own."""

    person: User
    reading: Reading
    client: Client

    def url(self, page: str = "", section: str = "") -> str:
        """An address of their reading."""
        round = self.reading.round
        args: list[Any] = [round.area, round.slug, self.reading.record.number]
        name = f"record_reading:reading{'-' if page else ''}{page}"
        return reverse(name, args=[*args, section] if section else args)


def auditor(name: str = "A. Reader", area: str = AREA) -> User:
    """A service manager of an area, who reads in audits of its own."""
    return assign(UserFactory(name=name), "local-record-reader", "partnership", area)


def signed_in(person: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client


def reading_of(person: User, *, round: Round | None = None, **more: Any) -> Somebody:
    """A reading that is allotted to somebody, in a round of their area's own."""
    reader = more.pop("reader", None) or made.ReaderFactory(
        person=person, round=round or made.OpenRoundFactory(area=AREA)
    )
    reading = made.ReadingFactory(reader=reader, **more)
    return Somebody(person, reading, signed_in(person))


def begun(*, name: str = "A. Reader", **more: Any) -> Somebody:
    """Somebody with a reading of their own."""
    return reading_of(auditor(name), **more)


def save(who: Somebody, section: str, answers: dict[str, Any], based_on: int = 0) -> Any:
    """A section saved by the service."""
    return services.save_section(
        actor=who.person,
        reading=who.reading,
        section=section,
        answers=answers,
        based_on=based_on,
        token=uuid.uuid4(),
    )


def values(**given: Any) -> dict[str, Any]:
    """Answers with values alone; `plan_present` is the item `plan-present`."""
    return {"values": {code.replace("_", "-"): value for code, value in given.items()}}


def everything(template: TemplateDefinition, facts: Mapping[str, Any]) -> dict[str, Any]:
    """An answer to each question that is asked, the first that is on a list, and each reason."""
    given: dict[str, Any] = {}
    while missing := [
        item
        for code in asking.asked(template, facts, given)
        if (item := template.item(code)).code not in given
    ]:
        given |= {item.code: _answer(template, item, facts) for item in missing}
    scaled = [item.code for item in template.items() if item.is_quality and item.code in given]
    return {"values": given, "whys": dict.fromkeys(scaled, "It says who does what."), "flags": {}}


def _answer(template: TemplateDefinition, item: Item, facts: Mapping[str, Any]) -> Any:
    first = next((one.code for one in asking.options(item)), "")
    if item.kind == "text":
        return "The plan has dates."
    if item.kind == "many":
        return [first]
    agencies = asking.agencies_of(template, item, facts)
    return dict.fromkeys(agencies, first) if agencies else first


def version(who: Somebody, section: str) -> int:
    """The number of the version in use; 0 for none."""
    entry = queries.entry_in_use(who.reading, section)
    return entry.version if entry else 0


def whole(who: Somebody) -> dict[str, Any]:
    """Everything that is asked, answered and saved section by section; gives the answers."""
    template = asking.template(who.reading.template)
    answers = everything(template, who.reading.record.facts)
    for section in template.sections:
        codes = {item.code for item in section.items}
        mine = {
            part: {code: value for code, value in answers[part].items() if code in codes}
            for part in ("values", "whys")
        }
        if mine["values"]:
            save(who, section.code, mine, version(who, section.code))
    return answers


def posted(**given: Any) -> dict[str, Any]:
    """Fields of a section as a browser sends them; `q_plan_present` is `q-plan-present`."""
    fields = {"based_on": 0, "token": str(uuid.uuid4()), "of": "", "go": "next"}
    return fields | {
        code if code in fields else code.replace("_", "-"): value for code, value in given.items()
    }
