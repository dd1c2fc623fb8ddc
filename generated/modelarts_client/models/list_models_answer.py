"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import model_summary


class ListModelsAnswer(AnswerModel):
    """A page of models."""

    total_count: int | None = None
    """Number of models that fit, over all pages."""

    count: int | None = None
    """Number of models on this page."""

    models: list[model_summary.ModelSummary] | None = None
    """The models of the page."""
