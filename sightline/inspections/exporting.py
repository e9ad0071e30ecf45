"""A whole inspection as JSON text, and the JSON Schema of that text."""

from typing import Any

from sightline.inspections.definitions import InspectionDocument

ADDRESS = "/schemas/inspection.json"


def as_data(document: InspectionDocument) -> dict[str, Any]:
    """The document as plain data; what it says nothing about is left out."""
    return document.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def as_json(document: InspectionDocument) -> str:
    """The document as JSON text for people and programs, its sources described in it."""
    return document.model_dump_json(by_alias=True, exclude_defaults=True, indent=2) + "\n"


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of the document.

    A file that passes it may still be refused: whether a programme evaluates an indicator, or a
    source is known, only the installation can say.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        **InspectionDocument.model_json_schema(by_alias=True),
        "title": "One whole inspection, as Sightline imports and exports it",
    }
