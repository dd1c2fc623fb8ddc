"""Deploy services and wait for them, share their traffic out, ask them for predictions, delete several."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.behaviour import Phase
from modelarts_client.call import AsyncCaller, AttemptOptions, Caller, CallOptions, Change, identifier
from modelarts_client.facade.aio.services import AsyncServices as _AsyncGroup
from modelarts_client.facade.sync.services import Services as _Group
from modelarts_client.state import phase_of
from modelarts_ext.core.predicting import predict
from modelarts_ext.errors import APIError, InvalidStateError, ModelArtsError, PartialFailureError
from modelarts_ext.recipes.choosing import refused, wrong
from modelarts_ext.recipes.flow import Flow, Tools, afinish, finish, split

if TYPE_CHECKING:
    from modelarts_client import models as m

_Mode = Literal["real-time", "batch", "edge"]
_OnChange = Callable[["Change[m.GetServiceAnswer]"], object]
_AsyncOnChange = Callable[["Change[m.GetServiceAnswer]"], "object | Awaitable[object]"]
_Weights = Mapping[str, int]
_Config = Sequence["m.ServiceConfig | Mapping[str, Any]"]

_ALL_TRAFFIC: Final = 100
"""What the weights of a real-time service add up to, in percent (7.1)."""
_KEPT: Final = (
    "model_id",
    "specification",
    "custom_spec",
    "instance_count",
    "envs",
    "cluster_id",
    "additional_properties",
)
"""Members of a deployed model that its new configuration repeats."""


class Deployment(AttemptOptions, total=False):
    """What a new service takes beside its models, under the names of section 7.1, and the options of its calls."""

    description: str
    workspace_id: str
    vpc_id: str
    subnet_network_id: str
    security_group_id: str
    cluster_id: str
    schedule: Sequence[m.ServiceScheduleInput | Mapping[str, Any]]
    additional_properties: m.ServiceAttributesInput | Mapping[str, Any]


_SETTINGS: Final = frozenset(Deployment.__annotations__) - AttemptOptions.__optional_keys__


class _Flows:
    """The recipes, whatever the client. `services` is its group."""

    def __init__(self, services: Any, tools: Tools) -> None:
        self._services = services
        self._run = tools.run

    def deploy(
        self, service_name: str, infer_type: _Mode, config: list[Any], deadline: float, on_change: Any, given: Any
    ) -> Flow[m.GetServiceAnswer]:
        settings, options = split(given, _SETTINGS)
        settings.update(service_name=service_name, infer_type=infer_type, config=config)
        made = yield lambda: self._services.create(**settings, **options)
        wait = self._services.wait_finished if infer_type == "batch" else self._services.wait
        result: m.GetServiceAnswer = yield lambda: wait(made, deadline=deadline, on_change=on_change, **options)
        return result

    def set_weights(self, service_id: str | Model, weights: _Weights, options: Any) -> Flow[m.UpdateServiceAnswer]:
        total = sum(weights.values())
        if total != _ALL_TRAFFIC:
            raise wrong("weights", f"must add up to {_ALL_TRAFFIC}, not {total}", "7.5")
        service = yield lambda: self._services.get(service_id, **options)
        deployed = [one.to_wire() for one in service.config or []]
        known = [one["model_id"] for one in deployed]
        for model_id in weights:
            if model_id not in known:
                raise refused("model of the service", model_id, known, "7.5")
        config = [
            {name: one[name] for name in _KEPT if one.get(name) not in (None, "", {})}
            | {"weight": weights.get(one["model_id"], 0)}
            for one in deployed
        ]
        result: m.UpdateServiceAnswer = yield lambda: self._services.update(service, config=config, **options)
        return result

    def predict(self, service: str | Model, data: Any, options: CallOptions, asked: dict[str, Any]) -> Flow[Any]:
        if getattr(service, "access_address", None) is None:
            given = service
            service = yield lambda: self._services.get(given, **options)
        address = getattr(service, "access_address", None)
        status = getattr(service, "status", None)
        if not address or phase_of(status) not in (Phase.RUNNING, Phase.DEGRADED):
            raise InvalidStateError(
                f"The service takes no requests: its status is {status!s}, its address {address or 'not there yet'}.",
                operation="predict",
                remedy="Wait until it runs.",
            )
        return (
            yield lambda: self._run(lambda engine: predict(engine, address, data, options, label="predict", **asked))
        )

    def delete_each(self, services: str | Iterable[str | Model], options: CallOptions) -> Flow[None]:
        given = services.split(",") if isinstance(services, str) else list(services)
        ids = list(dict.fromkeys(identifier(one, ("service_id",), "services") for one in given))
        failures: dict[str, ModelArtsError] = {}
        for one in ids:
            try:
                yield lambda service_id=one: self._services.delete(service_id, **options)  # type: ignore[misc]
            except APIError as error:
                failures[one] = error
        if failures:
            raise partly(failures, ids, "delete_service")


def partly(failures: dict[str, ModelArtsError], asked: Sequence[str], operation: str | None) -> PartialFailureError:
    """Return the error for parts that were asked for one by one."""
    told = "; ".join(f"{name}: {error.message}" for name, error in list(failures.items())[:3])
    return PartialFailureError(
        f"{len(failures)} of {len(asked)} were not done: {told}{'; ...' if len(failures) > 3 else ''}",
        failures=failures,
        done=tuple(name for name in asked if name not in failures),
        operation=operation,
        retry_safe=all(error.retry_safe for error in failures.values()),
    )


def configuration(
    config: _Config | None,
    models: str | Model | _Weights | None,
    specification: str | None,
    instance_count: int,
    envs: Mapping[str, str] | None,
) -> list[Any]:
    """Return the models to run as the API wants them; TypeError when they are given twice or not at all."""
    if (config is None) == (models is None):
        raise TypeError("give models, with their specification, or config")
    if config is not None:
        return list(config)
    if specification is None:
        raise TypeError("specification is needed beside models")
    shares = models if isinstance(models, Mapping) else {identifier(models, ("model_id",), "models"): _ALL_TRAFFIC}
    common = {"specification": specification, "instance_count": instance_count, **({"envs": envs} if envs else {})}
    return [{"model_id": model_id, "weight": weight, **common} for model_id, weight in shares.items()]


class Services(_Group):
    """Real-time, batch and edge services that serve models, and recipes for them."""

    def __init__(self, caller: Caller, tools: Tools) -> None:
        super().__init__(caller)
        self._flows = _Flows(self, tools)

    def deploy(
        self,
        service_name: str,
        *,
        deadline: float,
        models: str | Model | _Weights | None = None,
        specification: str | None = None,
        instance_count: int = 1,
        envs: Mapping[str, str] | None = None,
        config: _Config | None = None,
        infer_type: _Mode = "real-time",
        on_change: _OnChange | None = None,
        **settings: Unpack[Deployment],
    ) -> m.GetServiceAnswer:
        """Deploy models as a service, which is billed, and wait until it runs; a batch service until it has finished.

        Args:
            service_name: Name of the service.
            deadline: Seconds that the deployment may take. It goes on when they are over.
            models: For a real-time service: the model, or ids of models with their shares of the traffic, which add up
                to 100.
            specification: Flavor of the instances of these models.
            instance_count: Number of instances of each of these models.
            envs: Environment variables of these models.
            config: The models as section 7.1 describes them, instead of the four arguments before; needed for batch and
                edge services.
            infer_type: Mode of the service.
            on_change: Called with each change of the status.
            settings: The rest of section 7.1, and options of the calls.

        Raises:
            WaitFailedError: The deployment failed.
            WaitDegradedError: The service runs in part only.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `create` and `wait` do.

        Reference sections 7.1, 7.3.
        """
        given = configuration(config, models, specification, instance_count, envs)
        return finish(self._flows.deploy(service_name, infer_type, given, deadline, on_change, {**settings}))

    def set_weights(
        self, service_id: str | Model, weights: _Weights, **options: Unpack[CallOptions]
    ) -> m.UpdateServiceAnswer:
        """Share the traffic of a real-time service out among its models; the rest of their settings stays.

        Args:
            service_id: The service. An object that carries it will do.
            weights: Percents by model id; they add up to 100. A model that is not named gets none.

        Raises:
            RequestValidationError: The sum is another, or the service does not run one of the models.
            ModelArtsError: As `get` and `update` do.

        Reference sections 7.3, 7.5.
        """
        return finish(self._flows.set_weights(service_id, weights, options))

    def predict(
        self,
        service_id: str | Model,
        data: Any = None,
        *,
        path: str = "",
        method: str = "POST",
        query: Mapping[str, Any] | None = None,
        content_type: str | None = None,
        retry: Literal["idempotent", "create"] = "idempotent",
        **options: Unpack[CallOptions],
    ) -> Any:
        """Ask a running service for a prediction, at its own address; return JSON, or bytes where it answers no JSON.

        The credentials go to the host of that address only, over https.

        Args:
            service_id: The service. The object that `get` returns spares the look at its address and status.
            data: What the model takes: bytes are sent as they are, anything else as JSON.
            path: Path of the model's interface, when it has several; starts with a slash.
            method: HTTP method of the interface.
            query: Query parameters of the interface.
            content_type: What the data are; JSON, or bytes, when left out.
            retry: `create` for a model for which the same request twice is not the same as once.

        Raises:
            InvalidStateError: The service does not run, or has no address.
            ModelArtsError: An APIError subclass when service or model answer an error; TransportError when no answer
                came.

        Reference section 7.3.
        """
        asked = {"path": path, "method": method, "query": query, "content_type": content_type, "retry": retry}
        return finish(self._flows.predict(service_id, data, options, asked))

    def delete_each(self, services: str | Iterable[str | Model], **options: Unpack[CallOptions]) -> None:
        """Delete several services, one by one, so that each has its own result.

        `delete` takes a list of ids too; its answer does not tell them apart.

        Args:
            services: Ids, or objects that carry them; or ids in one text, joined with commas.

        Raises:
            PartialFailureError: Some are not deleted: `failures` holds the error of each.
            ModelArtsError: Of the connection, at once.

        Reference section 7.9.
        """
        finish(self._flows.delete_each(services, options))


class AsyncServices(_AsyncGroup):
    """Real-time, batch and edge services that serve models, and recipes for them."""

    def __init__(self, caller: AsyncCaller, tools: Tools) -> None:
        super().__init__(caller)
        self._flows = _Flows(self, tools)

    async def deploy(
        self,
        service_name: str,
        *,
        deadline: float,
        models: str | Model | _Weights | None = None,
        specification: str | None = None,
        instance_count: int = 1,
        envs: Mapping[str, str] | None = None,
        config: _Config | None = None,
        infer_type: _Mode = "real-time",
        on_change: _AsyncOnChange | None = None,
        **settings: Unpack[Deployment],
    ) -> m.GetServiceAnswer:
        """Deploy models as a service, which is billed, and wait until it runs; a batch service until it has finished.

        Args:
            service_name: Name of the service.
            deadline: Seconds that the deployment may take. It goes on when they are over.
            models: For a real-time service: the model, or ids of models with their shares of the traffic, which add up
                to 100.
            specification: Flavor of the instances of these models.
            instance_count: Number of instances of each of these models.
            envs: Environment variables of these models.
            config: The models as section 7.1 describes them, instead of the four arguments before; needed for batch and
                edge services.
            infer_type: Mode of the service.
            on_change: Called with each change of the status.
            settings: The rest of section 7.1, and options of the calls.

        Raises:
            WaitFailedError: The deployment failed.
            WaitDegradedError: The service runs in part only.
            WaitTimeoutError: The deadline passed.
            ModelArtsError: As `create` and `wait` do.

        Reference sections 7.1, 7.3.
        """
        given = configuration(config, models, specification, instance_count, envs)
        return await afinish(self._flows.deploy(service_name, infer_type, given, deadline, on_change, {**settings}))

    async def set_weights(
        self, service_id: str | Model, weights: _Weights, **options: Unpack[CallOptions]
    ) -> m.UpdateServiceAnswer:
        """Share the traffic of a real-time service out among its models; the rest of their settings stays.

        Args:
            service_id: The service. An object that carries it will do.
            weights: Percents by model id; they add up to 100. A model that is not named gets none.

        Raises:
            RequestValidationError: The sum is another, or the service does not run one of the models.
            ModelArtsError: As `get` and `update` do.

        Reference sections 7.3, 7.5.
        """
        return await afinish(self._flows.set_weights(service_id, weights, options))

    async def predict(
        self,
        service_id: str | Model,
        data: Any = None,
        *,
        path: str = "",
        method: str = "POST",
        query: Mapping[str, Any] | None = None,
        content_type: str | None = None,
        retry: Literal["idempotent", "create"] = "idempotent",
        **options: Unpack[CallOptions],
    ) -> Any:
        """Ask a running service for a prediction, at its own address; return JSON, or bytes where it answers no JSON.

        The credentials go to the host of that address only, over https.

        Args:
            service_id: The service. The object that `get` returns spares the look at its address and status.
            data: What the model takes: bytes are sent as they are, anything else as JSON.
            path: Path of the model's interface, when it has several; starts with a slash.
            method: HTTP method of the interface.
            query: Query parameters of the interface.
            content_type: What the data are; JSON, or bytes, when left out.
            retry: `create` for a model for which the same request twice is not the same as once.

        Raises:
            InvalidStateError: The service does not run, or has no address.
            ModelArtsError: An APIError subclass when service or model answer an error; TransportError when no answer
                came.

        Reference section 7.3.
        """
        asked = {"path": path, "method": method, "query": query, "content_type": content_type, "retry": retry}
        return await afinish(self._flows.predict(service_id, data, options, asked))

    async def delete_each(self, services: str | Iterable[str | Model], **options: Unpack[CallOptions]) -> None:
        """Delete several services, one by one, so that each has its own result.

        `delete` takes a list of ids too; its answer does not tell them apart.

        Args:
            services: Ids, or objects that carry them; or ids in one text, joined with commas.

        Raises:
            PartialFailureError: Some are not deleted: `failures` holds the error of each.
            ModelArtsError: Of the connection, at once.

        Reference section 7.9.
        """
        await afinish(self._flows.delete_each(services, options))
