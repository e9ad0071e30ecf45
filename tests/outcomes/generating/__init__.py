"""Tests of the invented partnerships: their lives, their files, what is planted in them."""
