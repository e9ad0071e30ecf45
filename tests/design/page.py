"""Reading rendered HTML in tests: a small tree out of the standard library's parser."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

VOID = {"br", "hr", "img", "input", "link", "meta", "path", "circle", "rect"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.builder.start("fragment", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def tree(html: str) -> Element:
    """The elements of a fragment of HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.builder.end("fragment")
    return reader.builder.close()


def drawn(source: str, context: Mapping[str, Any] | None = None) -> Element:
    """What a template that uses components draws."""
    return tree(Template(CottonCompiler().process(source)).render(Context(dict(context or {}))))


def words(element: Element | None) -> str:
    """All the text of an element, spaces run together."""
    assert element is not None, "there is no such element"
    return " ".join("".join(element.itertext()).split())


def with_class(root: Element, name: str) -> Iterator[Element]:
    """Every element that has a class."""
    return (one for one in root.iter() if name in one.get("class", "").split())


def by_id(root: Element, ident: str) -> Element:
    """The one element with an id."""
    found = [one for one in root.iter() if one.get("id") == ident]
    assert len(found) == 1, f"{len(found)} elements with the id {ident!r}"
    return found[0]
