"""The rules: functions from a checkout (or from models) to what breaks them, one line per fault.

They take the root of a tree, so that a planted one can be given to them.
"""
