"""Tests of `sightline.stats`."""
