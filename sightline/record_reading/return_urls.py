"""Addresses of a round's return: children in scope, totals and versions."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
