"""Record reading: children in scope, samples, readings, agreement, results."""
