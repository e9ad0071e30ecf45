"""Addresses of a round: preparing, opening, locking."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
