"""A real browser against a served copy with demonstration content."""
