"""Record reading: children in scope, samples, readings, agreement, results.

Owns: templates, returns, samples, readers, what they answered and how differences were settled.
Must not know: who a child is, or what inspections make of the results.
"""
