"""Addresses of the feedback sheet of a round."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
