"""Tests of the site where people answer."""
