"""The web entry. A web server runs no system checks, so the definitions are loaded here too."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
application = get_wsgi_application()

from sightline.access import checks as access  # noqa: E402 - needs the contexts
from sightline.children import checks as children  # noqa: E402
from sightline.concerns import checks as concerns  # noqa: E402
from sightline.framework import checks as framework  # noqa: E402
from sightline.outcomes import checks as outcomes  # noqa: E402
from sightline.partnerships import checks as partnerships  # noqa: E402
from sightline.record_reading import checks as record_reading  # noqa: E402
from sightline.surveys.respondent import content as respondent  # noqa: E402

access.load_definitions()
framework.load_definitions()
concerns.load_definitions()
partnerships.load_definitions()
children.load_definitions()
outcomes.load_definitions()
record_reading.load_definitions()
respondent.content()
