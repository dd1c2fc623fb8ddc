"""Development environments: create, list, change, start, stop and delete notebook instances. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
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


class AsyncNotebooks:
    """Development environments: create, list, change, start, stop and delete notebook instances."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        de_type: Literal["Notebook"],
        provision_type: Literal["Docker"] | None = None,
        status: str | None = None,
        sort_by: Literal["name", "creation_timestamp"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        workspace_id: str | None = None,
        ai_project: str | None = None,
        pool_id: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.Notebook, m.ListNotebooksAnswer]:
        """List notebook instances.

        Lists the instances of one workspace, sorted and filtered. Without `limit`, or with limit 0, all of them
        come in one answer.

        Args:
            de_type: Type of development environment, with a capital.
            provision_type: How the instances are deployed.
            status: Only instances of this status; all statuses when left out.
            sort_by: Member that the instances are sorted by. The server assumes 'name'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes 'asc'.
            workspace_id: Workspace whose instances are listed; `0` is the default workspace. The server assumes
                '0'.
            ai_project: Only instances of this AI project.
            pool_id: Only instances in this dedicated resource pool.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.6100,
                ModelArts.6101, ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6303,
                ModelArts.6332, ModelArts.6335, ModelArts.6336, ModelArts.6361 and the common codes);
                RequestValidationError for a request that the document does not admit; TransportError when no answer
                came.

        Reference section 4.2.
        """
        from modelarts_client.api.notebooks import list_notebooks
        from modelarts_client.models.notebook import Notebook

        call = list_notebooks.build(
            de_type=de_type,
            provision_type=provision_type,
            status=status,
            sortby=sort_by,
            order=order,
            workspace_id=workspace_id,
            ai_project=ai_project,
            pool_id=pool_id,
        )
        return self._caller.paginate(
            call, Notebook, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        name: str,
        profile_id: str,
        flavor: str,
        spec: m.CreateNotebookSpec | Mapping[str, Any],
        description: str | None = None,
        workspace: m.CreateNotebookWorkspace | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateNotebookAnswer:
        """Create a notebook instance.

        Creates an instance and starts it, which is billed unless the flavor is free. The answer comes while the
        instance is being created, or queues for free resources: poll it for its status.

        Args:
            name: Name of the instance, of letters, digits, hyphens and underscores.
            profile_id: Configuration that the instance is made from.
            flavor: Hardware that the instance runs on; which flavors there are depends on the region.
            spec: Storage, auto stop and labels.
            description: What the instance is for. None of < > " ' / may occur.
            workspace: Workspace that the instance is to be in; the default workspace when left out.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0106,
                ModelArts.0113, ModelArts.0118, ModelArts.6100, ModelArts.6101, ModelArts.6102, ModelArts.6200,
                ModelArts.6201, ModelArts.6203, ModelArts.6301, ModelArts.6302, ModelArts.6316, ModelArts.6317,
                ModelArts.6318, ModelArts.6319, ModelArts.6320, ModelArts.6323, ModelArts.6324, ModelArts.6328,
                ModelArts.6329, ModelArts.6330, ModelArts.6331, ModelArts.6332, ModelArts.6334, ModelArts.6335,
                ModelArts.6336, ModelArts.6348, ModelArts.6349, ModelArts.6350, ModelArts.6358, ModelArts.6361,
                ModelArts.6371, ModelArts.6374, ModelArts.6376, ModelArts.6377, ModelArts.6378, ModelArts.6379,
                ModelArts.6400, ModelArts.6528 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 4.1.
        """
        from modelarts_client.api.notebooks import create_notebook

        call = create_notebook.build(
            body={
                "name": name,
                "profile_id": profile_id,
                "description": description,
                "flavor": flavor,
                "spec": spec,
                "workspace": workspace,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.GetNotebookAnswer:
        """Get a notebook instance.

        Reads one instance: settings, status, flavor, storage, queue and the address under which it is opened.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6309, ModelArts.6336,
                ModelArts.6361 and the common codes); RequestValidationError for a request that the document does
                not admit; TransportError when no answer came.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: running.

        Until the instance runs. One that is ready to start needs a call of start, and raises. Polls `get_notebook`
        until the waiter `running` of the document ends; returns the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "running", options, deadline=deadline, on_change=on_change)

    async def wait_ready_to_start(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: ready to start.

        Until a queued instance has its free resources, and waits to be started or runs. Polls `get_notebook` until
        the waiter `ready_to_start` of the document ends; returns the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "ready_to_start", options, deadline=deadline, on_change=on_change)

    async def wait_dequeued(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: dequeued.

        Until the instance has left the queue, stopped again or gone. Polls `get_notebook` until the waiter
        `dequeued` of the document ends; returns the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "dequeued", options, deadline=deadline, on_change=on_change)

    async def wait_stopped(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: stopped.

        Until the instance is at rest, stopped or failed. Polls `get_notebook` until the waiter `stopped` of the
        document ends; returns the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "stopped", options, deadline=deadline, on_change=on_change)

    async def wait_settled(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: settled.

        Until nothing goes on by itself any more, however it ended; an instance that is gone has settled too. Polls
        `get_notebook` until the waiter `settled` of the document ends; returns the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "settled", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        instance_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetNotebookAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetNotebookAnswer:
        """Wait: deleted.

        Until the instance is gone. Polls `get_notebook` until the waiter `deleted` of the document ends; returns
        the last answer.

        Args:
            instance_id: The instance. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 4.3.
        """
        from modelarts_client.api.notebooks import get_notebook

        call = get_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def update(
        self,
        instance_id: str | Model,
        *,
        description: str | None = None,
        spec: m.UpdateNotebookSpec | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateNotebookAnswer:
        """Change description or auto stop.

        Changes the description of an instance, its auto stop, or both. While the instance runs, a new duration
        counts from the next start.

        Args:
            instance_id: The instance. An object that carries it will do.
            description: What the instance is for. None of & < > " ' / may occur.
            spec: The auto stop.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6309, ModelArts.6326,
                ModelArts.6332, ModelArts.6334, ModelArts.6335, ModelArts.6336, ModelArts.6346, ModelArts.6347,
                ModelArts.6348, ModelArts.6349, ModelArts.6357, ModelArts.6361, ModelArts.6400 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 4.4.
        """
        from modelarts_client.api.notebooks import update_notebook

        call = update_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "description": description,
                "spec": spec,
            },
        )
        return await self._caller.call(call, options)

    async def delete(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.DeleteNotebookAnswer:
        """Delete a notebook instance.

        Deletes a stopped instance. Its disk goes with it; what it keeps in OBS stays.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6304, ModelArts.6306,
                ModelArts.6308, ModelArts.6309, ModelArts.6326, ModelArts.6333, ModelArts.6336, ModelArts.6357,
                ModelArts.6361 and the common codes); RequestValidationError for a request that the document does
                not admit; TransportError when no answer came.

        Reference section 4.5.
        """
        from modelarts_client.api.notebooks import delete_notebook

        call = delete_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
        )
        return await self._caller.call(call, options)

    async def start(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.ManageNotebookAnswer:
        """Start a stopped instance.

        Starts, stops or restarts an instance, or moves it into or out of the queue for free resources. The answer
        names the status before and after; the change goes on, so poll the instance for its status.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6305, ModelArts.6306,
                ModelArts.6307, ModelArts.6308, ModelArts.6309, ModelArts.6319, ModelArts.6320, ModelArts.6326,
                ModelArts.6327, ModelArts.6328, ModelArts.6329, ModelArts.6332, ModelArts.6333, ModelArts.6335,
                ModelArts.6336, ModelArts.6350, ModelArts.6357, ModelArts.6361, ModelArts.6379, ModelArts.6400 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 4.6.
        """
        from modelarts_client.api.notebooks import manage_notebook

        call = manage_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "action": "start",
            },
        )
        return await self._caller.call(call, options)

    async def stop(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.ManageNotebookAnswer:
        """Stop a running instance.

        Starts, stops or restarts an instance, or moves it into or out of the queue for free resources. The answer
        names the status before and after; the change goes on, so poll the instance for its status.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6305, ModelArts.6306,
                ModelArts.6307, ModelArts.6308, ModelArts.6309, ModelArts.6319, ModelArts.6320, ModelArts.6326,
                ModelArts.6327, ModelArts.6328, ModelArts.6329, ModelArts.6332, ModelArts.6333, ModelArts.6335,
                ModelArts.6336, ModelArts.6350, ModelArts.6357, ModelArts.6361, ModelArts.6379, ModelArts.6400 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 4.6.
        """
        from modelarts_client.api.notebooks import manage_notebook

        call = manage_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "action": "stop",
            },
        )
        return await self._caller.call(call, options)

    async def restart(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.ManageNotebookAnswer:
        """Restart a running instance.

        Starts, stops or restarts an instance, or moves it into or out of the queue for free resources. The answer
        names the status before and after; the change goes on, so poll the instance for its status.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6305, ModelArts.6306,
                ModelArts.6307, ModelArts.6308, ModelArts.6309, ModelArts.6319, ModelArts.6320, ModelArts.6326,
                ModelArts.6327, ModelArts.6328, ModelArts.6329, ModelArts.6332, ModelArts.6333, ModelArts.6335,
                ModelArts.6336, ModelArts.6350, ModelArts.6357, ModelArts.6361, ModelArts.6379, ModelArts.6400 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 4.6.
        """
        from modelarts_client.api.notebooks import manage_notebook

        call = manage_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "action": "restart",
            },
        )
        return await self._caller.call(call, options)

    async def queue(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.ManageNotebookAnswer:
        """Queue an instance for free resources.

        Starts, stops or restarts an instance, or moves it into or out of the queue for free resources. The answer
        names the status before and after; the change goes on, so poll the instance for its status.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6305, ModelArts.6306,
                ModelArts.6307, ModelArts.6308, ModelArts.6309, ModelArts.6319, ModelArts.6320, ModelArts.6326,
                ModelArts.6327, ModelArts.6328, ModelArts.6329, ModelArts.6332, ModelArts.6333, ModelArts.6335,
                ModelArts.6336, ModelArts.6350, ModelArts.6357, ModelArts.6361, ModelArts.6379, ModelArts.6400 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 4.6.
        """
        from modelarts_client.api.notebooks import manage_notebook

        call = manage_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "action": "queue",
            },
        )
        return await self._caller.call(call, options)

    async def dequeue(
        self,
        instance_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.ManageNotebookAnswer:
        """Take an instance out of the queue.

        Starts, stops or restarts an instance, or moves it into or out of the queue for free resources. The answer
        names the status before and after; the change goes on, so poll the instance for its status.

        Args:
            instance_id: The instance. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.6100, ModelArts.6101,
                ModelArts.6102, ModelArts.6200, ModelArts.6201, ModelArts.6203, ModelArts.6305, ModelArts.6306,
                ModelArts.6307, ModelArts.6308, ModelArts.6309, ModelArts.6319, ModelArts.6320, ModelArts.6326,
                ModelArts.6327, ModelArts.6328, ModelArts.6329, ModelArts.6332, ModelArts.6333, ModelArts.6335,
                ModelArts.6336, ModelArts.6350, ModelArts.6357, ModelArts.6361, ModelArts.6379, ModelArts.6400 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 4.6.
        """
        from modelarts_client.api.notebooks import manage_notebook

        call = manage_notebook.build(
            instance_id=identifier(instance_id, ("id", "instance_id"), "instance_id"),
            body={
                "action": "dequeue",
            },
        )
        return await self._caller.call(call, options)
