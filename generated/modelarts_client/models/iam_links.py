"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class IamLinks(AnswerModel):
    """Addresses of a resource and its neighbours. Null is what IAM prints for no neighbour, so null belongs to the strict form here."""

    self: str | None = None
    """Address of the resource itself."""

    next: str | None = None
    """Address of what follows; null when nothing does."""

    previous: str | None = None
    """Address of what precedes; null when nothing does."""
