"""Matters of concern about a child or adult: the restricted vault, its steps, clock and alarm.

The one place where words may say who somebody is. They are sealed with a key of their own and
opened by the raiser, the inspection lead, the local lead for concerns and the service manager of
that concern; by nobody else, whatever else they may do.
Must not know: where a concern was seen, except as a scope name and the raiser's own words; what an
inspection or a partnership is (`config` tells which there are, see `places`). Nothing anywhere else
points at a concern.
"""
