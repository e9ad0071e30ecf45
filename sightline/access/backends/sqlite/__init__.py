"""SQLite, with `sightline_actor()` on every connection."""
