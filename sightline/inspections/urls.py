"""Addresses of inspections and of the findings across them."""

urlpatterns: list[object] = []
app_name = "inspections"
