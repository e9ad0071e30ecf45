"""Invented partnerships: the lives of their children, as the extracts of a council would tell them.

Owns the event log of an invented partnership (`making`), the extracts made of it (`extracts`), the
faults planted in them (`faults`), what indicators should come to (`answers`), worked out from the
log in plain Python and never by the code of an indicator, and the large tables that an engine is
measured with (`scale`).

Words: a life is everything that happened to one child; the log is all lives of one partnership; an
extract is the log as it was known on one day. Nothing here is about a real person or place.
"""
