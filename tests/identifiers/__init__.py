"""The detector of identifiers: texts, columns, and the figures of a written corpus."""
