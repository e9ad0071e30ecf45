"""Tests of `sightline.inspections`."""
