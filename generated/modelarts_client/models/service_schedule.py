"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceSchedule(AnswerModel):
    """A moment, told as time from the start of the service, at which something happens to it."""

    type: str | None = None
    """What happens; only `stop`."""

    time_unit: str | None = None
    """Unit of `duration`."""

    duration: int | None = None
    """How long the service runs, in `time_unit`."""
