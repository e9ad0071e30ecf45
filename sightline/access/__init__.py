"""Who may do what, and what was done.

Owns: people, organisations, roles (data), assignments, the permission enum, sign-in, the audit
trail.
Its words: *actor* (a person or the command line), *assignment* (person, role, scope, end), *door*.
Must not know: what the things in a scope are; a scope is a kind and a key.
"""
