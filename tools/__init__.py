"""Scripts for developers: set-up, tests, checks, generated pages. Never imported by sightline.

`bootstrap` and `demo` run before anything is installed, so they use the standard library alone.
"""
