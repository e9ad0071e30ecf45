"""YAML as text only: `no`, `1.10`, `007` and `2025-07-31` stay as typed, and no key repeats."""

from pathlib import Path
from typing import Any

import yaml

from sightline.kernel.errors import BadDefinition

LARGEST = 5_000_000


class _PlainLoader(yaml.BaseLoader):
    """Every scalar is text; a repeated key, an anchor or an alias is refused."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise BadDefinition(
                f"line {event.start_mark.line + 1}: an alias (*{event.anchor}) is not read here; "
                "write the value out."
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            keys = [self.construct_object(key) for key, _ in node.value]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise BadDefinition(
                f"line {node.start_mark.line + 1}: {', '.join(twice)} is given twice; keep one."
            )
        return mapping


def parse(text: str, *, name: str = "this text") -> Any:
    """Return lists, dictionaries and text. An empty value is the empty text.

    Raises:
        BadDefinition: it is not YAML, repeats a key, or uses an alias; says the line.
    """
    if len(text) > LARGEST:
        raise BadDefinition(f"{name} is larger than {LARGEST:,} characters; split it.")
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - builds text only
    except BadDefinition as fault:
        raise BadDefinition(f"{name}, {fault}") from None
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise BadDefinition(
            f"{name}, line {line}: {fault.problem or 'not YAML'}. Check indents, colons and quotes."
        ) from None
    except RecursionError:
        raise BadDefinition(f"{name} is nested too deeply; check its brackets.") from None
    except yaml.YAMLError as fault:
        raise BadDefinition(f"{name} is not YAML: {fault}") from None


def read(path: Path) -> Any:
    """Parse a UTF-8 file; see `parse`."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise BadDefinition(
            f"{path.name}: byte {fault.start} is not UTF-8; save the file as UTF-8."
        ) from None
    return parse(text, name=path.name)
