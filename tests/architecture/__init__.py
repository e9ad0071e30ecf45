"""Rules about all code that the import linter cannot see, each with a planted failure."""
