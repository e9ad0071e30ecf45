"""What is published: composing, checking claims, publishing; figures frozen with their source.

Empty until its issue.
"""
