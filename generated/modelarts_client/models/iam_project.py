"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_links


class IamProject(AnswerModel):
    """A project of the account."""

    id: str
    """Id of the project; the project_id of the paths."""

    name: str | None = None
    """Name of the project; the id of the region for its main project."""

    description: str | None = None
    """Free text about the project; may be empty."""

    domain_id: str | None = None
    """Id of the account that owns the project."""

    parent_id: str | None = None
    """Id of the project above; that of the account for a main project."""

    is_domain: bool | None = None
    """Whether the project stands for an account."""

    enabled: bool | None = None
    """Whether the project can be used."""

    links: iam_links.IamLinks | None = None
    """Address of the project."""
