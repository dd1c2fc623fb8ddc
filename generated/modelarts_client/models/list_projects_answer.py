"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import iam_links, iam_project


class ListProjectsAnswer(AnswerModel):
    """Projects of the account."""

    projects: list[iam_project.IamProject] | None = None
    """The projects."""

    links: iam_links.IamLinks | None = None
    """Addresses of this list and its neighbours."""
