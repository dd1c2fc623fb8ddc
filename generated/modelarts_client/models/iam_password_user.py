"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import RequestModel

from . import iam_domain_name


class IamPasswordUser(RequestModel):
    """A user, named by id or by name and account, with the password."""

    id: str | None = None
    """Id of the user."""

    name: str | None = None
    """Name of the user, unique within the account."""

    password: str = Field(repr=False)
    """Password of the user."""

    domain: iam_domain_name.IamDomainName | None = None
    """Account that the user belongs to."""
