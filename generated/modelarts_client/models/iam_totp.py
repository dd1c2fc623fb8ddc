"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_totp_user


class IamTotp(RequestModel):
    """Proof by one-time passcode."""

    user: iam_totp_user.IamTotpUser
    """The user and the passcode."""
