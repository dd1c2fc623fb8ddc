"""Real-time, batch and edge services that serve models. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    AttemptOptions,
    CallOptions,
    Change,
    LogLine,
    Since,
    identifier,
    identifier_of_child,
    identifiers,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncServices:
    """Real-time, batch and edge services that serve models."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        service_id: str | None = None,
        service_name: str | None = None,
        model_id: str | None = None,
        workspace_id: str | None = None,
        infer_type: Literal["real-time", "batch", "edge"] | None = None,
        status: str | None = None,
        sort_by: Literal["publish_at", "service_name"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ServiceSummary, m.ListServicesAnswer]:
        """List services.

        Pages through the services of one workspace. Every filter narrows the list; `sort_by` and `order` sort it.

        Args:
            service_id: Only the service of this id.
            service_name: Only services of this name.
            model_id: Only services that run this model; any model when left out.
            workspace_id: Workspace whose services are listed; `0` is the default workspace. The server assumes '0'.
            infer_type: Only services of this mode, `real-time`, `batch` or `edge`; all modes when left out.
            status: Only services of this status; all statuses when left out.
            sort_by: Member that the services are sorted by. The server assumes 'publish_at'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0107,
                ModelArts.3505, ModelArts.7002, ModelArts.7005 and the common codes); RequestValidationError for a
                request that the document does not admit; TransportError when no answer came.

        Reference section 7.2.
        """
        from modelarts_client.api.services import list_services
        from modelarts_client.models.service_summary import ServiceSummary

        call = list_services.build(
            service_id=service_id,
            service_name=service_name,
            model_id=model_id,
            workspace_id=workspace_id,
            infer_type=infer_type,
            status=status,
            sort_by=sort_by,
            order=order,
        )
        return self._caller.paginate(
            call, ServiceSummary, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        service_name: str,
        infer_type: Literal["real-time", "batch", "edge"],
        config: Sequence[m.ServiceConfig | Mapping[str, Any]],
        description: str | None = None,
        workspace_id: str | None = None,
        vpc_id: str | None = None,
        subnet_network_id: str | None = None,
        security_group_id: str | None = None,
        cluster_id: str | None = None,
        schedule: Sequence[m.ServiceScheduleInput | Mapping[str, Any]] | None = None,
        additional_properties: m.ServiceAttributesInput | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateServiceAnswer:
        """Deploy models as a service.

        Creates a service and starts to deploy it, which is billed. A real-time service may spread its traffic over
        several models by weights that add up to 100; a batch or an edge service runs one model. The answer comes
        before the service runs: poll it for its status.

        Args:
            service_name: Name of the service, of letters, Chinese characters, digits, hyphens and underscores.
            infer_type: Mode of the service: `real-time` runs until it is stopped, `batch` works off its input and
                finishes, `edge` runs on nodes that Intelligent EdgeFabric (IEF) knows already.
            config: Models to run. Batch and edge services take one; of more, the first counts. Models of a real-
                time service differ in version.
            description: Free text about the service; empty when left out.
            workspace_id: Workspace of the service; `0` is the default workspace. The server assumes '0'.
            vpc_id: VPC to deploy a real-time service into, to reach what runs there; a VPC of ModelArts when empty.
                Cannot be changed later. Has no effect beside a dedicated cluster.
            subnet_network_id: Network id of the subnet in the VPC; goes with `vpc_id`.
            security_group_id: Security group of the instances; goes with `vpc_id`. Needs an inbound rule that lets
                in TCP from 0.0.0.0/0 to port 8080.
            cluster_id: Dedicated pool to deploy into, whose network replaces that of `vpc_id`; the public pool when
                empty. The pool that an entry of `config` names comes first.
            schedule: When a real-time service stops by itself; never when left out.
            additional_properties: Further attributes of the service, such as whom to notify.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0104, ModelArts.0107,
                ModelArts.0113, ModelArts.0404, ModelArts.0415, ModelArts.3501, ModelArts.3503, ModelArts.3507,
                ModelArts.3509, ModelArts.3511, ModelArts.3512, ModelArts.3514, ModelArts.3515, ModelArts.3516,
                ModelArts.3518, ModelArts.3520, ModelArts.3522, ModelArts.3533, ModelArts.3534, ModelArts.3547,
                ModelArts.3551, ModelArts.3589, ModelArts.7002, ModelArts.7004, ModelArts.7005 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 7.1.
        """
        from modelarts_client.api.services import create_service

        call = create_service.build(
            body={
                "service_name": service_name,
                "description": description,
                "infer_type": infer_type,
                "workspace_id": workspace_id,
                "vpc_id": vpc_id,
                "subnet_network_id": subnet_network_id,
                "security_group_id": security_group_id,
                "cluster_id": cluster_id,
                "config": config,
                "schedule": schedule,
                "additional_properties": additional_properties,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        service_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.GetServiceAnswer:
        """Get a service.

        Reads one service: its status, what it runs, where it is reached, how often it was called.

        Args:
            service_id: The service. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502,
                ModelArts.3508, ModelArts.7002 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 7.3.
        """
        from modelarts_client.api.services import get_service

        call = get_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        service_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetServiceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetServiceAnswer:
        """Wait: running.

        Until the service runs; for a batch service, wait until it is finished instead. Polls `get_service` until
        the waiter `running` of the document ends; returns the last answer.

        Args:
            service_id: The service. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 7.3.
        """
        from modelarts_client.api.services import get_service

        call = get_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.wait(call, "running", options, deadline=deadline, on_change=on_change)

    async def wait_stopped(
        self,
        service_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetServiceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetServiceAnswer:
        """Wait: stopped.

        Until the service is at rest, however it ended. Polls `get_service` until the waiter `stopped` of the
        document ends; returns the last answer.

        Args:
            service_id: The service. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 7.3.
        """
        from modelarts_client.api.services import get_service

        call = get_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.wait(call, "stopped", options, deadline=deadline, on_change=on_change)

    async def wait_finished(
        self,
        service_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetServiceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetServiceAnswer:
        """Wait: finished.

        Until a batch service has done its task; a failed or a stopped one is an error. Polls `get_service` until
        the waiter `finished` of the document ends; returns the last answer.

        Args:
            service_id: The service. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 7.3.
        """
        from modelarts_client.api.services import get_service

        call = get_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.wait(call, "finished", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        service_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetServiceAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetServiceAnswer:
        """Wait: deleted.

        Until the service is gone. Polls `get_service` until the waiter `deleted` of the document ends; returns the
        last answer.

        Args:
            service_id: The service. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 7.3.
        """
        from modelarts_client.api.services import get_service

        call = get_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def update(
        self,
        service_id: str | Model,
        *,
        description: str | None = None,
        config: Sequence[m.ServiceConfig | Mapping[str, Any]] | None = None,
        schedule: Sequence[m.ServiceScheduleInput | Mapping[str, Any]] | None = None,
        additional_properties: m.ServiceAttributesInput | Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateServiceAnswer:
        """Change a service.

        Replaces what a service runs, its description, its schedule or its further attributes; a member that is left
        out stays as it is. With `status` it starts or stops the service instead, and `config` is ignored. The
        answer comes before the change is done: poll the service for its status.

        Args:
            service_id: The service. An object that carries it will do.
            description: New text about the service; the old one stays when left out.
            config: Models to run from now on; they stay when left out. Batch and edge services take one.
            schedule: When a real-time service stops by itself.
            additional_properties: Further attributes of the service, such as whom to notify.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.0113,
                ModelArts.0404, ModelArts.0415, ModelArts.3502, ModelArts.3506, ModelArts.3507, ModelArts.3509,
                ModelArts.3511, ModelArts.3512, ModelArts.3514, ModelArts.3515, ModelArts.3516, ModelArts.3518,
                ModelArts.3519, ModelArts.3522, ModelArts.3533, ModelArts.3551, ModelArts.3589, ModelArts.7002 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.5.
        """
        from modelarts_client.api.services import update_service

        call = update_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            body={
                "description": description,
                "config": config,
                "schedule": schedule,
                "additional_properties": additional_properties,
            },
        )
        return await self._caller.call(call, options)

    async def start(
        self,
        service_id: str | Model,
        *,
        description: str | None = None,
        schedule: Sequence[m.ServiceScheduleInput | Mapping[str, Any]] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateServiceAnswer:
        """Start a service.

        Replaces what a service runs, its description, its schedule or its further attributes; a member that is left
        out stays as it is. With `status` it starts or stops the service instead, and `config` is ignored. The
        answer comes before the change is done: poll the service for its status.

        Args:
            service_id: The service. An object that carries it will do.
            description: New text about the service; the old one stays when left out.
            schedule: When a real-time service stops by itself.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.0113,
                ModelArts.0404, ModelArts.0415, ModelArts.3502, ModelArts.3506, ModelArts.3507, ModelArts.3509,
                ModelArts.3511, ModelArts.3512, ModelArts.3514, ModelArts.3515, ModelArts.3516, ModelArts.3518,
                ModelArts.3519, ModelArts.3522, ModelArts.3533, ModelArts.3551, ModelArts.3589, ModelArts.7002 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.5.
        """
        from modelarts_client.api.services import update_service

        call = update_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            body={
                "status": "running",
                "description": description,
                "schedule": schedule,
            },
        )
        return await self._caller.call(call, options)

    async def stop(
        self,
        service_id: str | Model,
        *,
        description: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateServiceAnswer:
        """Stop a service.

        Replaces what a service runs, its description, its schedule or its further attributes; a member that is left
        out stays as it is. With `status` it starts or stops the service instead, and `config` is ignored. The
        answer comes before the change is done: poll the service for its status.

        Args:
            service_id: The service. An object that carries it will do.
            description: New text about the service; the old one stays when left out.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.0113,
                ModelArts.0404, ModelArts.0415, ModelArts.3502, ModelArts.3506, ModelArts.3507, ModelArts.3509,
                ModelArts.3511, ModelArts.3512, ModelArts.3514, ModelArts.3515, ModelArts.3516, ModelArts.3518,
                ModelArts.3519, ModelArts.3522, ModelArts.3533, ModelArts.3551, ModelArts.3589, ModelArts.7002 and
                the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.5.
        """
        from modelarts_client.api.services import update_service

        call = update_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            body={
                "status": "stopped",
                "description": description,
            },
        )
        return await self._caller.call(call, options)

    async def delete(
        self,
        service_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.DeleteServiceAnswer:
        """Delete a service.

        Deletes one service of one's own, or several in one call. The deletion goes on after the answer, which does
        not tell the services apart: poll each one until it is gone.

        Args:
            service_id: The service, or several services as ids joined with commas and without blanks. An object
                that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502,
                ModelArts.3504, ModelArts.7002 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 7.9.
        """
        from modelarts_client.api.services import delete_service

        call = delete_service.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return await self._caller.call(call, options)

    async def delete_many(
        self,
        service_ids: Sequence[str | Model],
        **options: Unpack[CallOptions],
    ) -> m.DeleteServiceAnswer:
        """Delete several services.

        Deletes one service of one's own, or several in one call. The deletion goes on after the answer, which does
        not tell the services apart: poll each one until it is gone.

        Args:
            service_ids: Which ones. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502,
                ModelArts.3504, ModelArts.7002 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 7.9.
        """
        from modelarts_client.api.services import delete_service

        call = delete_service.build(
            service_id=identifiers(service_ids, ("service_id",), "service_ids"),
        )
        return await self._caller.call(call, options)

    async def start_node(
        self,
        service_id: str | Model,
        node_id: str | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.ControlServiceNodeAnswer:
        """Start the instance on a node.

        Starts or stops the instance of an edge service on one node. Only a stopped instance can be started, only a
        running one stopped. The answer comes before the instance has changed: its status stands among the nodes of
        the service.

        Args:
            service_id: The service. An object that carries it will do.
            node_id: The edge node. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502,
                ModelArts.3509, ModelArts.3512, ModelArts.3513, ModelArts.3518, ModelArts.3519 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 7.4.
        """
        from modelarts_client.api.services import control_service_node

        call = control_service_node.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            node_id=identifier_of_child(node_id, service_id, ("node_id", "id"), "node_id", newest=False),
            body={
                "status": "running",
            },
        )
        return await self._caller.call(call, options)

    async def stop_node(
        self,
        service_id: str | Model,
        node_id: str | Model | None = None,
        **options: Unpack[CallOptions],
    ) -> m.ControlServiceNodeAnswer:
        """Stop the instance on a node.

        Starts or stops the instance of an edge service on one node. Only a stopped instance can be started, only a
        running one stopped. The answer comes before the instance has changed: its status stands among the nodes of
        the service.

        Args:
            service_id: The service. An object that carries it will do.
            node_id: The edge node. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502,
                ModelArts.3509, ModelArts.3512, ModelArts.3513, ModelArts.3518, ModelArts.3519 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 7.4.
        """
        from modelarts_client.api.services import control_service_node

        call = control_service_node.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            node_id=identifier_of_child(node_id, service_id, ("node_id", "id"), "node_id", newest=False),
            body={
                "status": "stopped",
            },
        )
        return await self._caller.call(call, options)

    async def get_metrics(
        self,
        service_id: str | Model,
        *,
        node_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.GetServiceMetricsAnswer:
        """Get the load of a service.

        Reads calls and used resources of a real-time service, one entry a model, or of an edge service, one entry a
        node. A batch service has no such data.

        Args:
            service_id: The service. An object that carries it will do.
            node_id: Only this node of an edge service; all its nodes when left out.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.0804,
                ModelArts.3502, ModelArts.3508 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 7.6.
        """
        from modelarts_client.api.services import get_service_metrics

        call = get_service_metrics.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            node_id=node_id,
        )
        return await self._caller.call(call, options)

    def list_updates(
        self,
        service_id: str | Model,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ServiceUpdate, m.ListServiceUpdatesAnswer]:
        """List the updates of a service.

        Lists the changes of what a real-time or an edge service runs, with their results, everything in one answer.
        A batch service has none.

        Args:
            service_id: The service. An object that carries it will do.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502, ModelArts.3508
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.7.
        """
        from modelarts_client.api.services import list_service_updates
        from modelarts_client.models.service_update import ServiceUpdate

        call = list_service_updates.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
        )
        return self._caller.paginate(
            call, ServiceUpdate, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def list_events(
        self,
        service_id: str | Model,
        *,
        event_type: Literal["normal", "abnormal"] | None = None,
        start_time: int | None = None,
        end_time: int | None = None,
        sort_by: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ServiceEvent, m.ListServiceEventsAnswer]:
        """List the events of a service.

        Pages through what happened to a service: actions on it, steps of its deployment, causes of a failure. Kind
        and time narrow the list.

        Args:
            service_id: The service. An object that carries it will do.
            event_type: Only events of this kind, `normal` or `abnormal`; both when left out.
            start_time: Only events from this moment on; in epoch milliseconds.
            end_time: Only events up to this moment; in epoch milliseconds.
            sort_by: Member that the events are sorted by. The server assumes 'occur_time'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502, ModelArts.3508
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.8.
        """
        from modelarts_client.api.services import list_service_events
        from modelarts_client.models.service_event import ServiceEvent

        call = list_service_events.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            event_type=event_type,
            start_time=start_time,
            end_time=end_time,
            sort_by=sort_by,
            order=order,
        )
        return self._caller.paginate(
            call, ServiceEvent, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def events(
        self,
        service_id: str | Model,
        *,
        since: Since = "start",
        follow: bool = True,
        event_type: Literal["normal", "abnormal"] | None = None,
        end_time: int | None = None,
        sort_by: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[LogLine]:
        """Follow the log, line by line.

        Yields every line once, without its line end, labelled with its file. Follows the log until what writes it
        has ended, unless told not to.

        Args:
            service_id: The service. An object that carries it will do.
            event_type: Only events of this kind, `normal` or `abnormal`; both when left out.
            end_time: Only events up to this moment; in epoch milliseconds.
            sort_by: Member that the events are sorted by. The server assumes 'occur_time'.
            file: Name of one file; all files when left out.
            since: `start` for the whole log, `now` for what is written from now on.
            follow: Whether to wait for more when the end is reached.
            form: Which operation reads the log: by lines or by bytes.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107, ModelArts.3502, ModelArts.3508
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 7.8.
        """
        from modelarts_client.api.services import list_service_events

        call = list_service_events.build(
            service_id=identifier(service_id, ("service_id",), "service_id"),
            event_type=event_type,
            end_time=end_time,
            sort_by=sort_by,
        )
        return self._caller.tail(call, options, file=None, since=since, follow=follow)
