"""What has been shown to whom, and what may still be.

Owns: the ledger of releases, and the only way from an `Exact` table to a `Shown` one.
Must not know: what the numbers are about. Empty until the first protected source.
"""
