"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_password_user


class IamPassword(RequestModel):
    """Proof by password."""

    user: iam_password_user.IamPasswordUser
    """The user and the password."""
