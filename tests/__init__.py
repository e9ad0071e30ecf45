"""Tests of Sightline: a folder per context, and folders for what spans contexts."""
