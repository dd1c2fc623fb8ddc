"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class DeleteServiceAnswer(AnswerModel):
    """Nothing; an empty object."""
