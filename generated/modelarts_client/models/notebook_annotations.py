"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel


class NotebookAnnotations(AnswerModel):
    """Address of an instance, and other labels."""

    target_domain: str | None = None
    """Origin that the instance is served from."""

    url: str | None = Field(default=None, repr=False)
    """Address of the instance, empty unless it runs. It cannot be opened without a token of its own."""
