"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import notebook_pool_owner


class NotebookPool(AnswerModel):
    """Dedicated resource pool of an instance."""

    id: str
    """The resource pool."""

    name: str | None = None
    """Name of the resource pool."""

    type: str | None = None
    """Kind of resource pool; USER_DEFINED is a dedicated one."""

    owner: notebook_pool_owner.NotebookPoolOwner | None = None
    """Whose the resource pool is; there when it is a dedicated one."""
