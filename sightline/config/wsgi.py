"""The web entry. A web server runs no system checks, so the definitions are loaded here too."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
application = get_wsgi_application()

from sightline.framework.checks import load_definitions  # noqa: E402 - needs the contexts

load_definitions()
