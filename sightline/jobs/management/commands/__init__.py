"""Commands of jobs, and of the keys."""
