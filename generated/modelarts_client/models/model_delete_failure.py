"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelDeleteFailure(AnswerModel):
    """A model that could not be deleted."""

    model_id: str
    """The model."""

    error_code: str | None = None
    """Code of the reason, of table 10-2."""

    error_msg: str | None = None
    """The reason in words."""
