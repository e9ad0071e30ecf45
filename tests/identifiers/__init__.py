"""The detector of identifiers, on a written corpus."""
