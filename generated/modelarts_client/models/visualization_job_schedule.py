"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class VisualizationJobSchedule(AnswerModel):
    """After how long a job stops by itself."""

    type: str | None = None
    """What happens at the end of the time; only `stop` is known."""

    time_unit: str | None = None
    """Unit of `duration`; only `HOURS` is known."""

    duration: int | None = None
    """Time that the job may run, from 0 to 24 hours."""
