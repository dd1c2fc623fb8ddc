"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class ModelDocumentInput(RequestModel):
    """A document about the model."""

    doc_name: str
    """Name of the document; starts with a letter or a Chinese character."""

    doc_url: str
    """HTTP or HTTPS address of the document."""
