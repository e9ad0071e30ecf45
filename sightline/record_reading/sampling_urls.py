"""Addresses of a round's sample: plan, draw, printed record, withdrawals."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
