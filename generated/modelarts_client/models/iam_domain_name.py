"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel


class IamDomainName(RequestModel):
    """An account, named by id or name."""

    id: str | None = None
    """Id of the account."""

    name: str | None = None
    """Name of the account."""
