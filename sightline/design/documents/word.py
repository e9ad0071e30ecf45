"""placeholder"""
from sightline.design.documents.model import Document
def to_docx(document: Document) -> bytes:
    """x"""
    return b""
