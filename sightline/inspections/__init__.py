"""The joint team's work and judgement: inspections, evaluations, published findings, the overview.

Owns: inspections and every value stated about them, with its source and confidence.
Its words: *stated value* (what one source says), *in use* (the one we print), *evaluation*,
*key message*.
Must not know: what is done afterwards (`improvement`, `reports`).
"""
