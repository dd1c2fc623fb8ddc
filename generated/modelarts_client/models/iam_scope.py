"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import iam_domain_name, iam_scope_project


class IamScope(RequestModel):
    """Where the token holds, a project or the whole account. ModelArts takes tokens of a project."""

    project: iam_scope_project.IamScopeProject | None = None
    """Project for which the token is."""

    domain: iam_domain_name.IamDomainName | None = None
    """Account for which the token is."""
