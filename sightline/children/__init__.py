"""Records of children, by pseudonymous reference only: extracts, rules, and the builds of both.

Owns: what a dataset holds, how a file of it becomes typed rows, and how all rows of an area are
held against the rules, joined and published as a numbered build.
Must not know: any use made of the records.
"""
