"""The request of a page that asks for a signed-in person."""

from django.http import HttpRequest

from sightline.access.models import User


class SignedInRequest(HttpRequest):
    """An `HttpRequest` whose `user` is one of ours; `@address` has made sure of it."""

    user: User
