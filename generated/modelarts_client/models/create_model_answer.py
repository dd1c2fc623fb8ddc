"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class CreateModelAnswer(AnswerModel):
    """The model that is being imported."""

    model_id: str
    """The model."""
