"""The web entry: it answers as a web server asks, and a bad definition stops it."""

import importlib
import sys
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from sightline.access import checks as access
from sightline.framework import checks as framework
from sightline.kernel.errors import BadInput


def loaded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The web entry as a server that has just started loads it."""
    monkeypatch.delitem(sys.modules, "sightline.config.wsgi", raising=False)
    return importlib.import_module("sightline.config.wsgi")


@pytest.mark.django_db
def test_the_web_entry_answers(monkeypatch):
    answered: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        answered.update(status=status, headers=dict(headers))

    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ.update(PATH_INFO="/accessibility/", HTTP_HOST="localhost")
    environ["wsgi.url_scheme"] = "https"
    body = b"".join(loaded(monkeypatch).application(environ, start))
    assert answered["status"] == "200 OK"
    assert "content-security-policy" in {name.lower() for name in answered["headers"]}
    assert b"<h1" in body


@pytest.mark.parametrize("context", [access, framework])
def test_the_web_entry_does_not_start_with_a_bad_definition(monkeypatch, context):
    def refuse() -> None:
        raise BadInput("the file is wrong")

    monkeypatch.setattr(context, "load_definitions", refuse)
    with pytest.raises(BadInput, match="the file is wrong"):
        loaded(monkeypatch)
