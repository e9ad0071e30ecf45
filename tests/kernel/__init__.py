"""Tests of `sightline.kernel`."""
