"""What is published: composing, checking claims, publishing; figures frozen with their source.

Must not know: `config` and `cli`, which put everything together. Empty until its issue.
"""
