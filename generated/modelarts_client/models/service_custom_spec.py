"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceCustomSpec(AnswerModel):
    """Resources of one instance in a dedicated pool."""

    cpu: float | None = None
    """CPU cores, in fractions too."""

    memory: int | None = None
    """Main memory."""

    gpu_p4: float | None = None
    """P4 GPUs, in fractions too."""

    ascend_a310: int | None = None
    """Ascend 310 chips."""
