"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class CreateServiceAnswer(AnswerModel):
    """The new service."""

    service_id: str
    """Id of the service."""
