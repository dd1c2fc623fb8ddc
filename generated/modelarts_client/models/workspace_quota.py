"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class WorkspaceQuota(AnswerModel):
    """A quota of a workspace."""

    name_en: str | None = None
    """Name of the quota in English."""

    name_cn: str | None = None
    """Name of the quota in Chinese."""

    resource: str
    """Which quota it is."""

    quota: int | None = None
    """Value of the quota, in its unit; -1 is no limit."""

    min_quota: int | None = None
    """Least value that the quota can be given; -1 admits no limit."""

    max_quota: int | None = None
    """Largest value that the quota can be given; -1 is no limit."""

    unit_en: str | None = None
    """Unit of the numbers, in English."""

    unit_cn: str | None = None
    """Unit of the numbers, in Chinese."""

    update_time: int | None = None
    """When the quota was last changed, or else when the workspace was created."""

    used_quota: int | None = None
    """What is used of the quota; not there when there is no limit, and not after a change."""
