"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel


class ControlServiceNodeRequest(RequestModel):
    """What to do with the instance on a node."""

    status: Literal["running", "stopped"]
    """Status to reach; `running` starts a stopped instance, `stopped` stops a running one."""
