"""Records of children, by pseudonymous reference only: what a row is, and who may open it.

Must not know: any use made of the records. Empty until the outcomes work.
"""
