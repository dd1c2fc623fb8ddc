"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from modelarts_client.base import AnswerModel


class ModelApiMessage(AnswerModel):
    """One direction of an interface, as the configuration file has it."""

    content_type: str | None = Field(default=None, alias="Content-type")
    """Media type of the message."""

    data: dict[str, Any] | None = None
    """JSON schema of the message."""
