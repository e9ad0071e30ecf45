"""Everything sealed is opened now and then; second factors change keys too."""

# ruff: noqa: F811 - fixtures of another folder are imported, and then named as arguments

import base64
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from sightline.access.adapters import SealedFactors
from sightline.config.apps import sealed_uploads
from sightline.jobs import upkeep
from sightline.jobs.actors import Clock
from sightline.jobs.jobs import check_sealed
from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotAvailable
from sightline.secrets import registry, seal, unseal
from sightline.secrets.taking_stock import status
from sightline.uploads import files
from tests.factories.access import UserFactory
from tests.secrets.conftest import (  # noqa: F401 - fixtures
    Keys,
    _letter_model,
    _own_registry,
    keys,
    letter,
)

pytestmark = pytest.mark.django_db
NAME = "mfa.Authenticator.data"


def progress() -> Progress:
    return Progress("x", Clock("tests"))


def test_everything_opens(letter: Any) -> None:
    for number in range(3):
        letter.objects.create(words=f"letter {number}", note="a note" if number else None)
    told = progress()
    assert check_sealed(told) == {"opened": 8}
    assert (told.done, told.total) == (8, 8)
    assert "letter" not in told.saying.replace("jobs.Letter", "")


def test_what_does_not_open_is_said_with_how_much_where_and_why(
    letter: Any,
    keys: Keys,
) -> None:
    letter.objects.create(words="a secret", note="another")
    keys("new")
    with pytest.raises(NotAvailable) as refusal:
        check_sealed(progress())
    said = str(refusal.value)
    assert "1 in jobs.Letter.words, 1 in jobs.Letter.facts" in said
    assert said.count("data:old") == 1
    assert "a secret" not in said


@pytest.fixture
def factors(keys: Keys) -> list[Authenticator]:
    """An authenticator app and two kinds of recovery codes, as allauth keeps them."""
    upkeep.register()
    adapter, person = SealedFactors(), UserFactory()
    made = [
        ("totp", {"secret": adapter.encrypt("SECRET")}),
        ("recovery_codes", {"seed": adapter.encrypt("seed"), "used_mask": 5}),
        ("recovery_codes", {"migrated_codes": [adapter.encrypt("one"), adapter.encrypt("two")]}),
        ("webauthn", {"name": "Passkey 1", "credential": {}}),
    ]
    return [
        Authenticator.objects.create(
            user=person if kind != "recovery_codes" else UserFactory(), type=kind, data=data
        )
        for kind, data in made
    ]


def test_second_factors_change_keys(factors: list[Authenticator], keys: Keys) -> None:
    keys("new", "old")
    assert {p.name: p.by_key for p in status()} == {NAME: {"old": 4}}
    upkeep.reseal(actor=Clock("tests"))
    assert {p.name: p.by_key for p in status()} == {NAME: {"new": 4}}
    keys("new")
    for factor in factors:
        factor.refresh_from_db()
    adapter = SealedFactors()
    app, codes, migrated, passkey = (factor.data for factor in factors)
    assert adapter.decrypt(app["secret"]) == "SECRET"
    assert (adapter.decrypt(codes["seed"]), codes["used_mask"]) == ("seed", 5)
    assert [adapter.decrypt(text) for text in migrated["migrated_codes"]] == ["one", "two"]
    assert passkey == {"name": "Passkey 1", "credential": {}}


def test_a_factor_that_changed_or_went_meanwhile_is_left(factors: list[Authenticator]) -> None:
    app, gone, *_ = list(upkeep.sealed_factors())
    other = base64.b64encode(seal("OTHER", about=SealedFactors.ABOUT)).decode()
    Authenticator.objects.filter(pk=factors[0].pk).update(data={"secret": other})
    factors[1].delete()
    assert not app.exchange(b"new")
    assert not gone.exchange(b"new")
    factors[0].refresh_from_db()
    stored = base64.b64decode(factors[0].data["secret"])
    assert unseal(stored, about=SealedFactors.ABOUT) == "OTHER"


def test_what_is_not_sealed_is_passed_over(factors: list[Authenticator]) -> None:
    Authenticator.objects.update(data={"secret": "not base 64!", "seed": 7})
    assert list(upkeep.sealed_factors()) == []


def test_the_service_knows_of_second_factors() -> None:
    upkeep.register()
    assert NAME in {values.name for values in registry.values()}


def test_files_of_uploads_change_keys(keys: Keys, settings: Any, tmp_path: Any) -> None:
    settings.SIGHTLINE_STATE = tmp_path
    arriving = files.Incoming()
    arriving.write(b"a,b")
    arriving.finish()
    arriving.keep()
    registry.register_files("uploads", sealed_uploads)
    keys("new", "old")
    assert {p.name: p.by_key for p in status()} == {"uploads": {"old": 1}}
    upkeep.reseal(actor=Clock("tests"))
    keys("new")
    with files.open_upload(arriving.id) as content:
        assert content.read() == b"a,b"
