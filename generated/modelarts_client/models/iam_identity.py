"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel

from . import iam_password, iam_totp


class IamIdentity(RequestModel):
    """The user and the proofs that are given."""

    methods: list[Literal["password", "totp"]]
    """Proofs given: password, or password and totp where the login is protected by MFA."""

    password: iam_password.IamPassword
    """Proof by password."""

    totp: iam_totp.IamTotp | None = None
    """Proof by one-time passcode, given when methods names totp."""
