"""Tests of `sightline.concerns`."""
