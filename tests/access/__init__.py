"""Tests of access: who may do what, and what was done."""
