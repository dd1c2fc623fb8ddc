"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel


class NotebookFlavorParams(AnswerModel):
    """Hardware of a flavor; other members may come."""

    cpu: int | None = Field(default=None, alias="CPU")
    """Number of cores."""

    gpu: int | None = Field(default=None, alias="GPU")
    """Number of GPUs."""

    gpu_type: str | None = None
    """Model of the GPUs."""

    memory: str | None = None
    """Memory, a number and its unit."""
