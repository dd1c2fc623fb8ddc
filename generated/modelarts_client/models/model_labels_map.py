"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelLabelsMap(AnswerModel):
    """Labels of a model by the one key that there is."""

    labels: list[str] | None = None
    """Labels that the model tells apart; may be empty."""
