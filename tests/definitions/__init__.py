"""Tests of the files under `definitions/` and of their register."""
