"""Tests of uploads: checking, staging, pages, commands."""
