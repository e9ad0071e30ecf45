"""When the data key changes, authenticator apps and recovery codes go on working."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from sightline.access.adapters import SealedFactors
from sightline.secrets import key_id_of
from sightline.secrets.resealing import reseal
from tests.factories.access import TOTP_SECRET, UserFactory, authenticator

pytestmark = pytest.mark.django_db
NEW = ("new", b"n" * 32)


def test_they_are_sealed_anew_and_still_open(settings) -> None:  # type: ignore[no-untyped-def]
    person = UserFactory()
    app, codes = authenticator(person), authenticator(person, "recovery_codes")
    authenticator(person, "webauthn")
    before = codes.wrap().get_unused_codes()
    old = settings.SIGHTLINE_KEYS
    settings.SIGHTLINE_KEYS = {**old, "data": (NEW, *old["data"])}
    (step,) = [one for one in reseal(purpose="data") if one.name == SealedFactors.ABOUT]
    assert (step.resealed, step.already, step.cannot) == (2, 0, 0)
    settings.SIGHTLINE_KEYS = {**old, "data": (NEW,)}
    app = Authenticator.objects.get(pk=app.pk)
    assert key_id_of(base64.b64decode(app.data["secret"])) == "new"
    assert decrypt(app.data["secret"]) == TOTP_SECRET
    assert Authenticator.objects.get(pk=codes.pk).wrap().get_unused_codes() == before
