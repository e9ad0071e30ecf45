"""Puts Sightline together: settings, the environment reader, addresses, navigation, home.

Imported by nobody.
"""
