"""Tests of `sightline.partnerships`."""
