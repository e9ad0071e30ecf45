"""Template tags of `design`: what a component needs worked out before it can be drawn."""
