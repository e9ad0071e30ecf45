"""Tests of the developers' scripts, with planted failures of what they call."""
