"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelSpecification(AnswerModel):
    """Least resources that a model needs to be deployed."""

    min_cpu: str | None = None
    """Least CPU."""

    min_gpu: str | None = None
    """Least GPU."""

    min_mem: str | None = None
    """Least memory."""

    min_ascend: str | None = None
    """Least number or share of Ascend chips."""
