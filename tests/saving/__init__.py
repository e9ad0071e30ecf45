"""Tests of `saving`: versions and clashes, typed text that outlives a session, the time-out."""
