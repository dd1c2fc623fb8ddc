"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import RequestModel


class IamTotpUser(RequestModel):
    """A user and the passcode of the MFA device."""

    id: str
    """Id of the user."""

    passcode: str = Field(repr=False)
    """The six digits that the device shows."""
