"""Sightline: joint inspection, self-evaluation and improvement of services for children."""

__version__ = "0.1.0"
