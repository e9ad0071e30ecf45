"""The least that Django can do with a form: no session, no middleware, one row inserted.

Served by `gunicorn benchmarks._bare:application`; `SIGHTLINE_DATABASE` and the options of its
database are those of Sightline, so that what is measured beside it differs in nothing else.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sightline.config.env import from_environment

_env = from_environment(Path(__file__).resolve().parents[1])
_database = _env.database("SIGHTLINE_DATABASE")
_sqlite = str(_database["ENGINE"]).endswith("sqlite")
_database["ENGINE"] = f"django.db.backends.{'sqlite3' if _sqlite else 'postgresql'}"
_database["CONN_MAX_AGE"] = 600
if _sqlite:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
settings.configure(
    SECRET_KEY=os.environ["SIGHTLINE_SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": _database},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - needs the settings
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402


class Posted(models.Model):
    """What a form said."""

    words = models.TextField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return "what a form said"


def take(request: HttpRequest) -> HttpResponse:
    """Insert one row and lead on, as the pages of a survey do."""
    said = (f"{name}={value}" for name, value in request.POST.items())
    Posted.objects.create(words="\n".join(said))
    return HttpResponseRedirect("/next/", status=303)


def make_table() -> None:
    """Once, before it is served."""
    with connection.schema_editor() as editor:
        editor.create_model(Posted)


urlpatterns = [path("post/", take)]
application = get_wsgi_application()
