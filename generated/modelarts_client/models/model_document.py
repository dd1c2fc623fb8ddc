"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelDocument(AnswerModel):
    """A document about the model."""

    doc_name: str | None = None
    """Name of the document; starts with a letter or a Chinese character."""

    doc_url: str | None = None
    """HTTP or HTTPS address of the document."""
