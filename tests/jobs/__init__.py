"""Tests of jobs, their workers, and the keeping of keys."""
