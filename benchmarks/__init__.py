"""Measured bars, each printed beside what it must not exceed. Run by hand, not by CI."""
