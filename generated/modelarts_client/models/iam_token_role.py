"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class IamTokenRole(AnswerModel):
    """A permission of a token."""

    id: str | None = None
    """Id of the permission."""

    name: str | None = None
    """Name of the permission."""
