"""Text on its way into the record: saved as it is typed, in versions, never overwritten unseen.

Owns: versions of a text, what one person typed and did not send, and the clash of two people.
Must not know: what a text is about; a place is a name.
"""
