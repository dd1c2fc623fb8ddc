"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import model_delete_failure


class DeleteModelAnswer(AnswerModel):
    """Which models are gone, and which are not."""

    delete_success_list: list[str] | None = None
    """Ids of the models that were deleted."""

    delete_failed_list: list[model_delete_failure.ModelDeleteFailure] | None = None
    """Models that could not be deleted, with the reason."""
