"""Addresses of a round's results: pages, one item, and files."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
