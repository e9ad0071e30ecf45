"""Who is responsible and where: partnerships, agencies, areas, posts, holiday calendars.

Owns: the 32 community planning partnership areas and their changes; later geography and population.
Must not know: frameworks, inspections.
"""
