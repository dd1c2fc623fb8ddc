"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class IamTokenDomain(AnswerModel):
    """Account of a token."""

    id: str
    """Id of the account."""

    name: str | None = None
    """Name of the account."""
