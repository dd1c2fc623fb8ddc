"""The part of Identity and Access Management that a client needs: tokens and project ids. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    CallOptions,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncIam:
    """The part of Identity and Access Management that a client needs: tokens and project ids."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def create_token(
        self,
        *,
        auth: m.IamAuth | Mapping[str, Any],
        **options: Unpack[CallOptions],
    ) -> m.CreateTokenAnswer:
        """Create a token by password.

        Signs a user in by password, with a one-time passcode where the login is protected by MFA, and issues a
        token that is valid for 24 hours. The token comes in the X-Subject-Token header, not in the body. ModelArts
        needs one whose scope is a project.

        Args:
            auth: Identity and scope.

        Raises:
            ModelArtsError: An APIError subclass for an error answer; RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 3.1.
        """
        from modelarts_client.api.iam import create_token

        call = create_token.build(
            body={
                "auth": auth,
            },
        )
        return await self._caller.call(call, options)

    def list_projects(
        self,
        *,
        name: str | None = None,
        domain_id: str | None = None,
        parent_id: str | None = None,
        enabled: bool | None = None,
        is_domain: bool | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.IamProject, m.ListProjectsAnswer]:
        """List the projects of the account.

        Lists the projects that fit the filters. The main project of a region bears the id of the region as its
        name, so a filter on that name finds the project id for the paths of ModelArts. All come in one answer
        unless page and per_page are given, which go together.

        Args:
            name: Name of the project; the id of the region for its main project.
            domain_id: Id of the account that owns the projects.
            parent_id: Id of the project above, or of the account for the main projects.
            enabled: Whether the project is enabled.
            is_domain: Whether the project stands for an account.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer; RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 10.3.
        """
        from modelarts_client.api.iam import list_projects
        from modelarts_client.models.iam_project import IamProject

        call = list_projects.build(
            name=name,
            domain_id=domain_id,
            parent_id=parent_id,
            enabled=enabled,
            is_domain=is_domain,
        )
        return self._caller.paginate(
            call, IamProject, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )
