"""Builders of rows for tests: a module per context, a factory per model."""
