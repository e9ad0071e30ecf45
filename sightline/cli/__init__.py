"""The `sightline` command: groups the management commands of every context as `sightline NOUN VERB`.

Imported by nobody.
"""
