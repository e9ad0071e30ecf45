"""Tests of the rules that extracts are held against."""
