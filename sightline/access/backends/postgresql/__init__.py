"""PostgreSQL, with `sightline.actor` set on the connection before a write."""
