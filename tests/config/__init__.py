"""Tests of `config`: settings, addresses, navigation, the demonstration."""
