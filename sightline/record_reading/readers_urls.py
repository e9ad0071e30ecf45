"""Addresses of readers, pairs, conflicts of interest and allocation."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
