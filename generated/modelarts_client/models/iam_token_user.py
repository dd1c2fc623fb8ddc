"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_token_domain


class IamTokenUser(AnswerModel):
    """User of a token."""

    id: str
    """Id of the user."""

    name: str | None = None
    """Name of the user."""

    domain: iam_token_domain.IamTokenDomain | None = None
    """Account that the user belongs to."""

    password_expires_at: str | None = None
    """When the password ends; empty when never."""
