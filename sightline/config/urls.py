"""Every address, put together from the contexts."""

from django.urls import include, path

from sightline.access.addresses import address
from sightline.config import pages
from sightline.design import urls as design

handler429 = "sightline.access.sign_in.too_many"
urlpatterns = [
    path("", pages.front, name="front"),
    path("home/", pages.home, name="home"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("glossary/", pages.glossary, name="glossary"),
    path("", include("sightline.access.urls")),
    path("", include("sightline.jobs.urls")),
    path("", include("sightline.saving.urls")),
    path("", include("sightline.concerns.urls")),
    path("", include("sightline.releases.urls")),
    path("", include("sightline.uploads.urls")),
    path("", include("sightline.framework.urls")),
    path("", include("sightline.partnerships.urls")),
    path("", include("sightline.outcomes.urls")),
    path("", include("sightline.surveys.urls")),
    path("", include("sightline.record_reading.urls")),
    path("", include("sightline.inspections.urls")),
    path("", include("sightline.children.urls")),
    path("gallery/", include((design.patterns(address(needs=None, scope="signed-in")), "design"))),
]
