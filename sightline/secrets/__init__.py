"""Keys, and what is sealed with them: fields, files, backups.

Owns: where keys come from, sealing with AES-GCM under a key that is named in what it sealed, and
sealing anew when keys change.
Must not know: what is sealed, or who may read it.
"""
