"""Tests of statutory clocks over events."""
