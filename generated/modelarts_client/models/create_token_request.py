"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_auth


class CreateTokenRequest(RequestModel):
    """Who signs in, how, and for what."""

    auth: iam_auth.IamAuth
    """Identity and scope."""
