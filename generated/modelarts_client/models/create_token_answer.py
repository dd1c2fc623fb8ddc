"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_token


class CreateTokenAnswer(AnswerModel):
    """What the new token is worth. The token itself is in the X-Subject-Token header."""

    token: iam_token.IamToken | None = None
    """Facts about the token."""
