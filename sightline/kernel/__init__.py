"""Shared words of the whole program: errors for people, periods and imprecise dates, measures, strict YAML.

Owns: `errors`, `periods`, `measures`, `plain_yaml`, `definitions` (the base of every definition file).
Must not know: Django, any database, any other package of Sightline.
"""
