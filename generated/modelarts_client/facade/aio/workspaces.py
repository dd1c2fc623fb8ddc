"""Workspaces and the quotas within them. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    AttemptOptions,
    CallOptions,
    Change,
    identifier,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncWorkspaces:
    """Workspaces and the quotas within them."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        sort_by: Literal["name", "update_time", "status"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        enterprise_project_id: str | None = None,
        name: str | None = None,
        filter_accessible: bool | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.Workspace, m.ListWorkspacesAnswer]:
        """List workspaces.

        Pages through the workspaces of the account, the default one among them. Name and enterprise project narrow
        the list, and `filter_accessible` leaves out those that the caller may not use.

        Args:
            sort_by: Member that the workspaces are sorted by. The server assumes 'name'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            enterprise_project_id: Only workspaces of this enterprise project; `0` is the default one.
            name: Text that the names contain.
            filter_accessible: Whether workspaces that the caller may not use are left out. The server assumes
                False.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0107,
                ModelArts.7001, ModelArts.7003, ModelArts.7100, ModelArts.7101 and the common codes);
                RequestValidationError for a request that the document does not admit; TransportError when no answer
                came.

        Reference section 8.2.
        """
        from modelarts_client.api.workspaces import list_workspaces
        from modelarts_client.models.workspace import Workspace

        call = list_workspaces.build(
            sort_by=sort_by,
            order=order,
            enterprise_project_id=enterprise_project_id,
            name=name,
            filter_accessible=filter_accessible,
        )
        return self._caller.paginate(
            call, Workspace, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        name: str,
        description: str | None = None,
        enterprise_project_id: str | None = None,
        auth_type: Literal["PUBLIC", "PRIVATE", "INTERNAL", "public", "private", "internal"] | None = None,
        grants: Sequence[m.WorkspaceGrantee | Mapping[str, Any]] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateWorkspaceAnswer:
        """Create a workspace.

        Creates a workspace, open to the whole account unless `auth_type` narrows it. The answer is the workspace,
        in order as a rule; poll it where the creation may fail.

        Args:
            name: Name of the workspace, not `default`, which is that of the default workspace.
            description: What the workspace is for.
            enterprise_project_id: Enterprise project that the workspace belongs to, a UUID; `0` is the default one.
                The server assumes '0'.
            auth_type: Who may use the workspace: PUBLIC the whole account, PRIVATE its creator and the account
                itself, INTERNAL also the users in `grants`. Small letters mean the same. The server assumes
                'PUBLIC'.
            grants: Users that may use a workspace of type INTERNAL; of no effect with the other types.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0103,
                ModelArts.0106, ModelArts.0107, ModelArts.7001, ModelArts.7003, ModelArts.7100, ModelArts.7101 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 8.1.
        """
        from modelarts_client.api.workspaces import create_workspace

        call = create_workspace.build(
            body={
                "name": name,
                "description": description,
                "enterprise_project_id": enterprise_project_id,
                "auth_type": auth_type,
                "grants": grants,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        workspace_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.GetWorkspaceAnswer:
        """Get a workspace.

        Reads one workspace: status, owner, enterprise project, and who may use it.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.7005, ModelArts.0104,
                ModelArts.7001, ModelArts.7002, ModelArts.7003, ModelArts.7100, ModelArts.7101 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 8.4.
        """
        from modelarts_client.api.workspaces import get_workspace

        call = get_workspace.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        workspace_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetWorkspaceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetWorkspaceAnswer:
        """Wait: ready.

        Until the workspace is in order and can be used. Polls `get_workspace` until the waiter `ready` of the
        document ends; returns the last answer.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 8.4.
        """
        from modelarts_client.api.workspaces import get_workspace

        call = get_workspace.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
        )
        return await self._caller.wait(call, "ready", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        workspace_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetWorkspaceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetWorkspaceAnswer:
        """Wait: deleted.

        Until the workspace is gone. Polls `get_workspace` until the waiter `deleted` of the document ends; returns
        the last answer.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 8.4.
        """
        from modelarts_client.api.workspaces import get_workspace

        call = get_workspace.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def update(
        self,
        workspace_id: str | Model,
        *,
        name: str | None = None,
        description: str | None = None,
        auth_type: Literal["PUBLIC", "PRIVATE", "INTERNAL", "public", "private", "internal"] | None = None,
        grants: Sequence[m.WorkspaceGrantee | Mapping[str, Any]] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateWorkspaceAnswer:
        """Change a workspace.

        Changes name, description or access of a workspace. Send `auth_type` with every change: the reference prints
        a default of PUBLIC and does not say whether leaving it out keeps what is set. The enterprise project cannot
        be changed.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.
            name: New name of the workspace. The default workspace cannot be renamed, and no other can be named
                `default`.
            description: What the workspace is for; an empty text clears it.
            auth_type: Who may use the workspace: PUBLIC the whole account, PRIVATE its creator and the account
                itself, INTERNAL also the users in `grants`. Whether leaving it out keeps the present type or makes
                it PUBLIC is not certain.
            grants: All users that may use a workspace of type INTERNAL from now on; of no effect with the other
                types.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.7005, ModelArts.0104,
                ModelArts.0103, ModelArts.0107, ModelArts.0105, ModelArts.7001, ModelArts.7002, ModelArts.7003,
                ModelArts.7100, ModelArts.7101 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 8.5.
        """
        from modelarts_client.api.workspaces import update_workspace

        call = update_workspace.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
            body={
                "name": name,
                "description": description,
                "auth_type": auth_type,
                "grants": grants,
            },
        )
        return await self._caller.call(call, options)

    async def delete(
        self,
        workspace_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.DeleteWorkspaceAnswer:
        """Delete a workspace.

        Starts to delete a workspace and, as the permissions that it takes suggest, all that is in it. The deletion
        ends later and may fail: poll the workspace until it is gone.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.7005,
                ModelArts.0105, ModelArts.7001, ModelArts.7002, ModelArts.7003, ModelArts.7100, ModelArts.7101 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 8.3.
        """
        from modelarts_client.api.workspaces import delete_workspace

        call = delete_workspace.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
        )
        return await self._caller.call(call, options)

    def list_quotas(
        self,
        workspace_id: str | Model,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.WorkspaceQuota, m.ListWorkspaceQuotasAnswer]:
        """List the quotas of a workspace.

        Lists every quota of a workspace in one answer: the value, its bounds, what is used, and the unit.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.7005, ModelArts.0104,
                ModelArts.7001, ModelArts.7002, ModelArts.7003 and the common codes); RequestValidationError for a
                request that the document does not admit; TransportError when no answer came.

        Reference section 8.6.
        """
        from modelarts_client.api.workspaces import list_workspace_quotas
        from modelarts_client.models.workspace_quota import WorkspaceQuota

        call = list_workspace_quotas.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
        )
        return self._caller.paginate(
            call, WorkspaceQuota, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def update_quotas(
        self,
        workspace_id: str | Model,
        *,
        quotas: Sequence[m.WorkspaceQuotaTarget | Mapping[str, Any]],
        **options: Unpack[CallOptions],
    ) -> m.UpdateWorkspaceQuotasAnswer:
        """Change quotas of a workspace.

        Sets the quotas that are named and leaves the others alone. The answer has the changed ones only.

        Args:
            workspace_id: The workspace; `0` is the default workspace. An object that carries it will do.
            quotas: The quotas to be changed; those that stay as they are do not belong here.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.7005, ModelArts.0104,
                ModelArts.0107, ModelArts.0105, ModelArts.7001, ModelArts.7002, ModelArts.7003 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 8.7.
        """
        from modelarts_client.api.workspaces import update_workspace_quotas

        call = update_workspace_quotas.build(
            workspace_id=identifier(workspace_id, ("workspace_id", "id"), "workspace_id"),
            body={
                "quotas": quotas,
            },
        )
        return await self._caller.call(call, options)
