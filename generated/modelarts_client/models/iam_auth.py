"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_identity, iam_scope


class IamAuth(RequestModel):
    """Identity of the user and scope of the token."""

    identity: iam_identity.IamIdentity
    """Who signs in and by which proof."""

    scope: iam_scope.IamScope
    """Where the token holds."""
