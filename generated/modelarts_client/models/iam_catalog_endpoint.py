"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class IamCatalogEndpoint(AnswerModel):
    """An address of a service."""

    id: str | None = None
    """Id of the endpoint."""

    interface: str | None = None
    """Who the endpoint is for; public for users."""

    region: str | None = None
    """Region of the endpoint."""

    region_id: str | None = None
    """Id of the region."""

    url: str | None = None
    """Address, which may hold /v1/{project_id} already."""
