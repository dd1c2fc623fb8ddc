"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel


class ServiceScheduleInput(RequestModel):
    """A moment, told as time from the start of the service, at which something happens to it."""

    type: Literal["stop"]
    """What happens; only `stop`."""

    time_unit: Literal["DAYS", "HOURS", "MINUTES"]
    """Unit of `duration`."""

    duration: int
    """How long the service runs, in `time_unit`."""
