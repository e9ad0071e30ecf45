"""Files that people send in: received whole, checked, committed in one step or thrown away.

Owns: an upload from its first byte to its undoing. Contexts register what a kind of file means.
Must not know: what the rows are about.
"""
