"""One document, three outputs: a content tree becomes HTML, tagged PDF (PDF/UA-1) and Word.

A context builds a `Document` from blocks; nothing in the tree says how it looks. PDF and Word need
the `reports` requirements; without them `to_pdf` and `to_docx` raise `NotAvailable` saying so.
"""

from sightline.design.documents.examples import example
from sightline.design.documents.html import to_html
from sightline.design.documents.model import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
    Text,
    file_name,
)
from sightline.design.documents.pdf import to_pdf
from sightline.design.documents.word import to_docx

__all__ = [
    "Block",
    "Box",
    "Bullets",
    "Contents",
    "Document",
    "Facts",
    "Figure",
    "Heading",
    "Note",
    "PageBreak",
    "Paragraph",
    "Run",
    "Table",
    "Text",
    "example",
    "file_name",
    "to_docx",
    "to_html",
    "to_pdf",
]
