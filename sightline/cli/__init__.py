"""The `sightline` command: groups every context's commands as `sightline NOUN VERB`.

Imported by nobody.
"""
