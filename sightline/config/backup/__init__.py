"""Backup and restore: the database and the files, sealed; the keys, apart.

Owns: what a backup folder holds, how it is made of one moment, put back whole or not at all, and
checked. It is in `config` because it puts every context together.
Must not know: what any row means.
"""
