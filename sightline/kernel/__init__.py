"""Shared words of the whole program: errors for people, periods, measures, strict YAML.

Owns: `errors`, `periods` (imprecise dates too), `measures`, `plain_yaml`, `definitions` (base of
every definition file).
Must not know: Django, any database, any other package of Sightline.
"""
