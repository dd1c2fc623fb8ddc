"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_token_domain


class IamTokenProject(AnswerModel):
    """Project of a token."""

    id: str
    """Id of the project."""

    name: str | None = None
    """Name of the project."""

    domain: iam_token_domain.IamTokenDomain | None = None
    """Account that owns the project."""
