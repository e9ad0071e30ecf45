"""The standard columns, under the name of the function that adds them."""

from sightline.outcomes.measures.places import Tables, grouped, with_child

__all__ = ["Tables", "grouped", "with_child"]
