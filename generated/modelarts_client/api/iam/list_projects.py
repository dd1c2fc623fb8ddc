"""List the projects of the account.

GET /v3/projects
"""

from __future__ import annotations

from modelarts_client.call import Call, Query
from modelarts_client.catalogue import OPERATIONS

from ...models.list_projects_answer import ListProjectsAnswer

OPERATION = OPERATIONS["list_projects"]


def build(
    *,
    name: str | None = None,
    domain_id: str | None = None,
    parent_id: str | None = None,
    enabled: bool | None = None,
    is_domain: bool | None = None,
    page: int | None = None,
    per_page: int | None = None,
) -> Call[ListProjectsAnswer]:
    """Make the call; nothing is sent. Parameters left at None are not sent."""
    query: Query = []
    if name is not None:
        query.append(("name", name))
    if domain_id is not None:
        query.append(("domain_id", domain_id))
    if parent_id is not None:
        query.append(("parent_id", parent_id))
    if enabled is not None:
        query.append(("enabled", enabled))
    if is_domain is not None:
        query.append(("is_domain", is_domain))
    if page is not None:
        query.append(("page", page))
    if per_page is not None:
        query.append(("per_page", per_page))
    return Call(
        OPERATION,
        ListProjectsAnswer,
        {},
        query,
        None,
    )
