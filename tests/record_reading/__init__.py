"""Record reading, from the children in scope to results by group."""
