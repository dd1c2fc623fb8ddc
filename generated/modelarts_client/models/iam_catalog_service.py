"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_catalog_endpoint


class IamCatalogService(AnswerModel):
    """A service of the catalogue."""

    id: str | None = None
    """Id of the service."""

    name: str | None = None
    """Name of the service."""

    type: str | None = None
    """Type of the service."""

    endpoints: list[iam_catalog_endpoint.IamCatalogEndpoint] | None = None
    """Where the service is reached."""
