"""JSON Schemas of the definition files, for editors that help while typing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sightline.framework.definitions import Crosswalk, Fractions, Framework, Programme, Scale, Terms
from sightline.kernel.definitions import Definition

KINDS: Final[Mapping[str, type[Definition]]] = {
    "crosswalk": Crosswalk,
    "fractions": Fractions,
    "framework": Framework,
    "programme": Programme,
    "scale": Scale,
    "terms": Terms,
}


def schema_of(kind: str) -> str:
    """The JSON Schema of one kind of definition, as text that ends with a line end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **KINDS[kind].model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_all(folder: Path) -> tuple[Path, ...]:
    """Write every schema into `folder`; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS:
        target = folder / f"{kind}.json"
        target.write_text(schema_of(kind), encoding="utf-8")
        written.append(target)
    return tuple(written)
