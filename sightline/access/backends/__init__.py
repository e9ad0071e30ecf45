"""Django's two databases, with whoever acts made known to the audit triggers."""
