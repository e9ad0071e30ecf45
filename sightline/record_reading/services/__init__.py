"""Every write of record reading."""
