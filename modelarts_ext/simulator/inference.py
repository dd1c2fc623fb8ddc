"""Calls to real-time services: their addresses, which model takes a call, and the user's function that answers it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from modelarts_ext.simulator.auth import Incoming
from modelarts_ext.simulator.exchange import PLAN, Failure, Result, SimResponse, World
from modelarts_ext.simulator.registry import rule
from modelarts_ext.simulator.states import current
from modelarts_ext.simulator.store import Record

PREFIX = "/_infer/"
"""Where the addresses of services begin."""
OPERATION = "predict"
"""What the calls of services are called by fault rules and in the journal; the document has no such operation."""

_SERVICES = "services"
_UP = ("running", "concerning")
_SECRETS = {"authorization", "x-auth-token", "x-security-token"}
_JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One call of a real-time service, and the model that takes it.

    path: what follows the address of the service, with its slash; query: as it came, percent-encoded; headers: their
    names in lower case, without credentials.
    """

    project: str
    service_id: str
    service_name: str
    model_id: str
    model_name: str
    model_version: str
    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the body, parsed. ValueError when it is not JSON."""
        return json.loads(self.body)


Predictor = Callable[[Prediction], Any]


def address(target: str, service_id: str) -> str:
    """Return the address of a service for whoever sent a request to `target`, a whole URL: by the same way."""
    scheme, _, rest = target.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}{PREFIX}{service_id}"


def owner(world: World, path: str) -> tuple[str, Record]:
    """Return project and record of the service that a path calls. Raises Failure."""
    service_id = unquote(path.removeprefix(PREFIX).partition("/")[0])
    for project, kind in world.store.kinds():
        service = world.store.get(project, kind, service_id) if kind == _SERVICES else None
        if service is not None and world.alive(service) and service["infer_type"] == "real-time":
            return project, service
    raise Failure("APIG.0101", "there is no real-time service at this address", 404)


@rule(
    "INF-001", "inferred", "a service takes calls while it is running or concerning, with credentials as its API does"
)
@rule("INF-002", "documented", "each call goes to one of the models, by their weights", source="7.1")
def called(world: World, project: str, service: Record, request: Incoming) -> Prediction:
    """Return the call with the model that takes it. Raises Failure when the service takes none."""
    state = current(service[PLAN], world.now)
    if state not in _UP:
        raise Failure("APIG.0101", f"the service is {state} and takes no calls", 404)
    weights = [entry["weight"] for entry in service["config"]]
    entry = world.random.choices(service["config"], weights)[0]
    return Prediction(
        project=project,
        service_id=service["service_id"],
        service_name=service["service_name"],
        model_id=entry["model_id"],
        model_name=entry["model_name"],
        model_version=entry["model_version"],
        method=request.method,
        path="/" + request.path.removeprefix(PREFIX).partition("/")[2],
        query=request.query,
        headers={name: value for name, value in request.headers.items() if name not in _SECRETS},
        body=request.body,
    )


@rule("INF-003", "inferred", "a function that raises, or gives what is no JSON, is a 500")
def answer(predictor: Predictor, call: Prediction) -> SimResponse:
    """Return what the function answers to a call: JSON, bytes, or a `Result` with a status of its own."""
    try:
        given = predictor(call)
        result = given if isinstance(given, Result) else Result(given)
        if isinstance(result.body, bytes):
            return SimResponse(result.status or 200, list(result.headers), result.body)
        content = json.dumps(result.body, ensure_ascii=False).encode()
        named = any(name.lower() == "content-type" for name, _ in result.headers)
        return SimResponse(result.status or 200, [*result.headers, *([] if named else [_JSON])], content)
    except Exception as error:  # the function is the user's: whatever it raises is an answer of the model
        body = {"error_code": "ModelArts.0010", "error_msg": f"the model failed: {type(error).__name__}"}
        return SimResponse(500, [_JSON], json.dumps(body).encode())


@rule("INF-004", "documented", "calls are counted by model, failed ones too", source="7.6")
def count(world: World, call: Prediction, status: int) -> None:
    """Count a call that was answered."""
    service = world.store.get(call.project, _SERVICES, call.service_id)
    if service is not None:
        total, failed = service["calls"].get(call.model_id, (0, 0))
        service["calls"][call.model_id] = [total + 1, failed + (status >= 400)]
        world.store.put(call.project, _SERVICES, call.service_id, service)


@rule("INF-005", "inferred", "without a function a call is answered with the model that took it")
def name_model(call: Prediction) -> Any:
    """Answer a call by the names of service and model."""
    return {"service_name": call.service_name, "model_name": call.model_name, "model_version": call.model_version}
