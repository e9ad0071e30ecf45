"""Tests of the `sightline` command and of what commands print."""
