"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_domain_name


class IamScopeProject(RequestModel):
    """A project, named by id or name."""

    id: str | None = None
    """Id of the project."""

    name: str | None = None
    """Name of the project; the id of the region for its main project."""

    domain: iam_domain_name.IamDomainName | None = None
    """Account that owns the project; the account of the user when absent."""
