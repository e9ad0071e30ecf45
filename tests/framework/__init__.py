"""Tests of `sightline.framework`."""
