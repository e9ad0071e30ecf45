"""Tests of the machinery that reads files."""
