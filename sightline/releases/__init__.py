"""What has been shown to whom, and what may still be.

Owns: the sets of tables that builds, rounds and samples declare, the ledger of releases, and the
only way from an `Exact` table to a `Shown` one.
Must not know: what the numbers are about.
"""
