"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import (
    iam_catalog_service,
    iam_token_domain,
    iam_token_project,
    iam_token_role,
    iam_token_user,
)


class IamToken(AnswerModel):
    """Facts about a token."""

    expires_at: str | None = None
    """When the token ends, in UTC, with microseconds and Z."""

    issued_at: str | None = None
    """When the token was issued, in UTC."""

    methods: list[str] | None = None
    """Proofs by which the user signed in."""

    catalog: list[iam_catalog_service.IamCatalogService] | None = None
    """Services and endpoints that the token can be used with."""

    project: iam_token_project.IamTokenProject | None = None
    """Project of the token where its scope is one."""

    domain: iam_token_domain.IamTokenDomain | None = None
    """Account of the token where its scope is one."""

    user: iam_token_user.IamTokenUser | None = None
    """User who signed in."""

    roles: list[iam_token_role.IamTokenRole] | None = None
    """Permissions that the token carries."""
