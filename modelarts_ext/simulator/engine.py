"""The simulator itself: one pure function from a request to an answer, and what moves it."""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from modelarts_ext.document import Document, OperationNode, load
from modelarts_ext.simulator import inference, resources, written_realism
from modelarts_ext.simulator.accounts import Accounts, Credentials, Key
from modelarts_ext.simulator.auth import Gatekeeper, Incoming
from modelarts_ext.simulator.clock import ScaledClock, SimulatorClock, VirtualClock
from modelarts_ext.simulator.deviations import Deviations
from modelarts_ext.simulator.exchange import (
    GONE,
    PLAN,
    Caller,
    Exchange,
    Failure,
    Result,
    SimResponse,
    World,
    script_kind,
    seed_kind,
)
from modelarts_ext.simulator.faults import Fault, Faults
from modelarts_ext.simulator.generic import respond
from modelarts_ext.simulator.journal import Journal, Noted
from modelarts_ext.simulator.overview import Thing, things
from modelarts_ext.simulator.paging import OffsetUnit
from modelarts_ext.simulator.registry import HANDLERS, PLAIN, REFUSALS, SCRIPTED, Plain, fidelity, rule
from modelarts_ext.simulator.router import Route, Router
from modelarts_ext.simulator.sampled_forms import as_sampled
from modelarts_ext.simulator.shape import members
from modelarts_ext.simulator.states import Step
from modelarts_ext.simulator.store import Record, Store
from modelarts_ext.simulator.validation import Invalid, parse_query, typed_body, typed_path, typed_query
from modelarts_ext.simulator.written_faults import rules_from, rules_of, rules_of_environment, written

if TYPE_CHECKING:
    from modelarts_ext.simulator.doors import AsyncTransport, SyncTransport
    from modelarts_ext.simulator.server import Server

SNAPSHOT_VERSION = 1

_JSON = "application/json;charset=UTF-8"
_STATUSES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_QUOTAS = {
    "training_jobs": 1000,
    "training_job_configs": 1000,
    "visualization_jobs": 100,
    "notebooks": 100,
    "free_notebooks": 1,
    "services": 1000,
    "service_instances": 100,
    "workspaces": 100,
}


class Simulator:
    """A ModelArts in memory, or in an SQLite file, that answers as the document says.

    seed: what ids, durations and chance come from; clock: time, a new `VirtualClock` when absent; speed: real time,
    so many times as fast, instead of a clock; auth: `off` lets requests through without credentials; db: the file that
    keeps everything; document: another document than the shipped one; quotas: most things of a kind in a project;
    offset_unit: what an offset counts where the document is in doubt; deviations: forms beside the documented ones, which
    can be switched while it runs; faults: rules for faults, or the file that holds them (JSON or YAML), else those that
    the environment names in MODELARTS_SIMULATOR_FAULTS; realism: all four in one document, or the file that holds it,
    else the one that the environment names in MODELARTS_SIMULATOR_REALISM. What the other arguments say wins, and their
    rules for faults stand before its own.

    Use `transport` or `async_transport` as the transport of an httpx client, or `serve` for a real socket. A client
    that shall sleep in virtual time takes `clock`. Over a socket nobody shares the clock: give `speed`, or call
    `advance`.
    """

    endpoint = "https://simulator.invalid"
    """The address of the simulator for clients that use one of its transports."""

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: SimulatorClock | None = None,
        speed: float | None = None,
        auth: Literal["on", "off"] = "on",
        db: str | Path | None = None,
        document: Document | Mapping[str, Any] | str | Path | None = None,
        quotas: Mapping[str, int] | None = None,
        offset_unit: OffsetUnit | None = None,
        credentials: Credentials | None = None,
        deviations: Deviations | None = None,
        faults: str | Path | Sequence[Mapping[str, Any]] | None = None,
        realism: str | Path | Mapping[str, Any] | None = None,
    ) -> None:
        if clock is not None and speed is not None:
            raise ValueError("give a clock or a speed, not both")
        settings = written_realism.realism_given(realism)
        rules = [*_rules(faults), *settings.pop("faults", [])]
        resources.register()
        self.credentials = credentials or Credentials()
        self.document = load(document)
        self.clock: SimulatorClock = clock or (VirtualClock() if speed is None else ScaledClock(speed))
        self.auth = auth
        self.store = Store(db, seed)
        self.accounts = Accounts.of(self.credentials)
        self.deviations = deviations or Deviations()
        self._world = World(
            self.document,
            self.store,
            self.clock,
            random.Random(f"{seed} world"),
            self.accounts,
            dict(_QUOTAS),
            deviations=self.deviations,
        )
        self._go_on()
        self.faults = Faults(random.Random(f"{seed} faults"), self.clock.time())
        self.faults.add_all(rules)
        self._whims = random.Random(f"{seed} deviations")
        self.journal = Journal(self.document)
        self._lock = threading.RLock()
        if deviations is not None:
            settings = {name: value for name, value in settings.items() if name not in written_realism.SWITCHES}
        self._realize(settings)
        self._realize({"quotas": quotas or {}, "offset_unit": offset_unit or self._world.offset_unit})
        self._gate = Gatekeeper(self.document, self.accounts, self.store, self.clock)
        self._router = Router(self.document.operations.values())
        self._numbers = random.Random(f"{seed} requests")
        self._predictor: inference.Predictor = inference.name_model
        self._closed = False

    def handle(
        self, method: str, target: str, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> SimResponse:
        """Answer one request.

        target: path and query as they stand in the request line, percent-encoded, or all of the URL; without a scheme
        the answers give addresses with https. headers: their names in any case.
        Safe to call from several threads. Never raises for what a client can send.
        """
        began = time.perf_counter()
        scheme, origin_form = _parts(target)
        path, _, query = origin_form.partition("?")
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        request = Incoming(method.upper(), path, query, {name.lower(): value for name, value in pairs}, body, scheme)
        if path.startswith(inference.PREFIX):
            fault = self.faults.choose(inference.OPERATION, self.clock.time())
            return self._finish(
                request, inference.OPERATION, fault, began, self._spoiled(fault, None, self._predict, request)
            )
        with self._lock:
            route = self._router.find(request.method, path)
            operation = route.operation if route is not None else None
            name = operation.id if operation is not None else ""
            fault = self.faults.choose(name, self.clock.time())
            response = self._spoiled(fault, operation, self._answer, request, route)
            return self._finish(request, name, fault, began, response)

    def set_realism(self, settings: str | Path | Mapping[str, Any]) -> None:
        """Change how close to a real service this is: a document of realism, or the file that holds it.

        What it does not name stays as it is. `faults` takes the place of every rule, `quotas` of those that it names.
        ValueError for what is none, and then nothing changes.
        """
        made = written_realism.realism_given(settings)
        with self._lock:
            self._realize(made)

    def realism(self) -> dict[str, Any]:
        """Return the document of realism that is in force; `set_realism` takes it back."""
        with self._lock:
            switches = {name: getattr(self.deviations, name) for name in written_realism.SWITCHES}
            if isinstance(self.deviations.latency, tuple):
                switches["latency"] = list(self.deviations.latency)
            return {
                **switches,
                "offset_unit": self._world.offset_unit,
                "quotas": dict(self._world.quotas),
                "faults": [written(fault) for fault in self.faults.rules],
            }

    def things(self) -> list[Thing]:
        """Return the things that there are by project, with their states; the first 500 of them."""
        with self._lock:
            return things(self._world)

    def advance(self, seconds: float) -> None:
        """Move time on."""
        with self._lock:
            self.clock.advance(seconds)
            self._keep_time()

    def run_until_idle(self) -> float:
        """Move time on until no state changes by itself and no deletion is under way. Returns the seconds passed."""
        with self._lock:
            now = self.clock.time()
            last = max([now, *(moment for row in self.store.dump() for moment in _moments(row[3]))])
            self.clock.advance(last - now)
            self._keep_time()
            return last - now

    def script(self, kind: str, name: object, steps: Sequence[Step], *, project: str | None = None) -> None:
        """Force the states of one thing, in raw wire values.

        kind: `training_job` and the like; name: name or id of the thing, and of a `service_node` that of the service, a
        slash and the node; steps: states, each alone or with the seconds that it lasts (the last one stays). A thing that
        exists takes its next state at once; otherwise the script waits for one of that name to be created, and is used
        once. KeyError for a kind that has no states.
        """
        apply = SCRIPTED[kind]
        place = project or self.credentials.project_id
        with self._lock, self.store.transaction():
            if not apply(self._world, place, name, steps):
                self.store.put(
                    place, script_kind(kind), name, {"steps": [list(s) if isinstance(s, tuple) else s for s in steps]}
                )

    def predictor(self, function: inference.Predictor) -> inference.Predictor:
        """Let a function answer the calls of every real-time service, and return it, so that this decorates too.

        It takes a `Prediction` and returns what becomes JSON, bytes, or a `Result` with a status and headers of its own.
        It runs outside of the simulator's lock, maybe in several threads at once.
        """
        self._predictor = function
        return function

    def seed(self, operation_id: str, items: Iterable[Record], *, project: str | None = None) -> None:
        """Give an operation things to list or show, behind those that it has. KeyError for an unknown operation."""
        operation = self.document.operation(operation_id)
        place = project or self.credentials.project_id
        with self._lock, self.store.transaction():
            for item in items:
                self.store.put(place, seed_kind(operation.id), self.store.number(f"seed:{operation.id}"), item)

    def add_project(self, project_id: str, name: str) -> None:
        """Add a project that the built-in user and key open too."""
        self.accounts.projects[project_id] = name
        for ak, key in self.accounts.keys.items():
            self.accounts.keys[ak] = Key(key.ak, key.sk, key.user, (*key.projects, project_id), key.security_token)

    def add_key(self, ak: str, sk: str, *, security_token: str | None = None) -> None:
        """Add a key pair for the built-in user; with a security token it is a temporary one."""
        self.accounts.keys[ak] = Key(ak, sk, self.credentials.user, tuple(self.accounts.projects), security_token)

    def fidelity(self) -> dict[str, Any]:
        """Return how many rules come from which source, and which operations answer from the document alone."""
        ids = self.document.operations.keys()
        return {
            "rules": {kind: len(rules) for kind, rules in fidelity()},
            "operations": {"own": sorted(ids & HANDLERS.keys()), "generic": sorted(ids - HANDLERS.keys())},
        }

    def snapshot(self) -> dict[str, Any]:
        """Return everything that the simulator remembers, as JSON. Faults and accounts are not part of it."""
        with self._lock:
            return {
                "version": SNAPSHOT_VERSION,
                "time": self.clock.time(),
                "seed": self.store.seed,
                "chance": _chance_state(self._world.random),
                "failures": self._gate.failures(),
                "records": self.store.dump(),
            }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go back, or over, to what a snapshot holds, its time included. ValueError for one of another version."""
        if snapshot.get("version") != SNAPSHOT_VERSION:
            raise ValueError(f"the snapshot is not of version {SNAPSHOT_VERSION}")
        with self._lock:
            self.store.load(snapshot["records"])
            self.store.seed = snapshot["seed"]
            self._gate.set_failures(snapshot["failures"])
            kind, state, gauss = snapshot["chance"]
            self._world.random.setstate((kind, tuple(state), gauss))
            self.clock.set_time(snapshot["time"])

    def transport(self) -> SyncTransport:
        """Return a transport for `httpx.Client` that asks this simulator."""
        from modelarts_ext.simulator.doors import SyncTransport

        return SyncTransport(self)

    def async_transport(self) -> AsyncTransport:
        """Return a transport for `httpx.AsyncClient` that asks this simulator."""
        from modelarts_ext.simulator.doors import AsyncTransport

        return AsyncTransport(self)

    def serve(self, port: int = 0, *, host: str = "127.0.0.1", expose: bool = False) -> Server:
        """Return a server on a socket, to be used in a `with` block, with its address in `url`.

        port 0 takes a free one. ValueError for a host beyond loopback unless `expose` is true: whoever reaches the
        simulator may do everything with it.
        """
        from modelarts_ext.simulator.server import Server

        return Server(self, host, port, expose=expose)

    def close(self) -> None:
        """Close the file, if there is one; its time ends now."""
        with self._lock:
            if not self._closed:
                self._keep_time()
            self._closed = True
            self.store.close()

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _realize(self, settings: Mapping[str, Any]) -> None:
        """Put settings in force that `written_realism` has made. ValueError, and no change, where they make no sense."""
        quotas = settings.get("quotas", {})
        unknown = sorted(quotas.keys() - self._world.quotas.keys())
        if unknown:
            raise ValueError(f"there is no quota for {unknown[0]}; there are {', '.join(self._world.quotas)}")
        if "faults" in settings:
            self.faults.replace_all(settings["faults"])
        self._world.quotas.update(quotas)
        self._world.offset_unit = settings.get("offset_unit", self._world.offset_unit)
        for name in written_realism.SWITCHES:
            if name in settings:
                setattr(self.deviations, name, settings[name])

    def _go_on(self) -> None:
        """Let a virtual clock begin where the file ended."""
        ended = self.store.recall("time")
        if ended is not None and ended > self.clock.time():
            self.clock.set_time(ended)

    def _keep_time(self) -> None:
        """Let the file end now, so that what has ended by now does not come back with it."""
        with self.store.transaction():
            self.store.remember("time", self.clock.time())

    def _answer(self, request: Incoming, route: Route | None) -> SimResponse:
        plain = PLAIN.get((request.method, request.path.rstrip("/")))
        operation = route.operation if route is not None else None
        try:
            if operation is None and plain is not None:
                return self._run_plain(plain, request)
            if route is None:
                raise Failure("APIG.0101", "the API does not exist or has not been published", 404)
            if operation is None:
                raise Failure("APIG.0101", "the method is not supported", 405, {"Allow": ", ".join(route.methods)})
            caller = self._caller(request, operation, route)
            with self.store.transaction():
                response = self._run(operation, request, route, caller)
                if self.store.changed:
                    self.store.remember("time", self.clock.time())
            return response
        except Failure as failure:
            return self._failed(failure, operation or (_IAM if _is_iam(request.path) else None))

    def _run_plain(self, plain: Plain, request: Incoming) -> SimResponse:
        trusted = self.auth == "off" or not plain.authenticated
        caller = Caller() if trusted else self._gate.admit(request, None)
        result = plain.handler(self._exchange(_IAM, request, {}, caller))
        if not isinstance(result, Result):
            result = Result(result)
        return _response(result.status or 200, result.body, result.headers)

    def _predict(self, request: Incoming) -> SimResponse:
        try:
            with self._lock, self.store.transaction():
                project, service = inference.owner(self._world, request.path)
                if self.auth == "on":
                    self._gate.admit(request, project)
                call = inference.called(self._world, project, service, request)
            response = inference.answer(self._predictor, call)
            with self._lock, self.store.transaction():
                inference.count(self._world, call, response.status)
                self.store.remember("time", self.clock.time())
        except Failure as failure:
            response = self._failed(failure, None)
        return response

    def _caller(self, request: Incoming, operation: OperationNode, route: Route) -> Caller:
        if self.auth == "off" or not operation.authenticated:
            return Caller()
        return self._gate.admit(request, route.path.get("project_id"))

    def _run(self, operation: OperationNode, request: Incoming, route: Route, caller: Caller) -> SimResponse:
        exchange = self._exchange(operation, request, route.path, caller)
        lags = operation.effect == "read" and operation.host != "iam"
        self._world.behind = self.deviations.read_lag if lags else 0.0
        try:
            return self._behave(exchange, operation, request, route)
        finally:
            self._world.behind = 0.0

    def _behave(self, exchange: Exchange, operation: OperationNode, request: Incoming, route: Route) -> SimResponse:
        try:
            exchange.path = typed_path(self.document, operation, route.path)
            exchange.query = typed_query(self.document, operation, parse_query(request.query))
            exchange.body = typed_body(
                self.document, operation, request.headers.get("content-type"), request.body, as_sampled
            )
        except Invalid as invalid:
            code = REFUSALS[operation.id](invalid) if operation.id in REFUSALS else ""
            raise exchange.refusal(str(invalid), code) from None
        result = HANDLERS.get(operation.id, respond)(exchange)
        if not isinstance(result, Result):
            result = Result(result)
        status = result.status or operation.success
        if self.deviations.shapes and status == operation.success:
            schema = self.document.answer_schema(operation.id, status) or {}
            result.body = self.deviations.apply(self.document, schema, result.body, self._whims)
        return _response(status, result.body, result.headers)

    def _exchange(
        self, operation: OperationNode, request: Incoming, path: Mapping[str, str], caller: Caller
    ) -> Exchange:
        target = f"{request.scheme}://{request.headers.get('host', '')}{request.path}"
        return Exchange(self._world, operation, path.get("project_id", ""), caller, {}, {}, None, target)

    def _failed(self, failure: Failure, operation: OperationNode | None) -> SimResponse:
        row = self.document.data.get("x-ma-error-codes", {}).get(failure.code, {})
        status = failure.status or int(row.get("status", 400))
        headers = list(failure.headers.items())
        if operation is not None and operation.host == "iam":
            error = {"code": status, "title": _STATUSES.get(status, "Error"), "message": str(failure)}
            return _response(status, {"error": error}, headers)
        body: dict[str, Any] = {"error_code": failure.code, "error_msg": str(failure)}
        if operation is None or self._says_success(operation):
            body = {"is_success": False, **body}
        return _response(status, body, headers)

    def _says_success(self, operation: OperationNode) -> bool:
        """Whether the answers of an operation have the envelope; those of chapter 4 have not."""
        schema = self.document.answer_schema(operation.id, operation.success)
        return schema is None or "is_success" in members(self.document, schema)[0]

    def _spoiled(
        self,
        fault: Fault | None,
        operation: OperationNode | None,
        answer: Callable[..., SimResponse],
        *request: Incoming | Route | None,
    ) -> SimResponse:
        """Return the answer to a request, spoilt by a fault if there is one. answer: what makes it."""
        if fault is None:
            return answer(*request)
        response = SimResponse(0, [], b"") if fault.when == "before" else answer(*request)
        if fault.replaces:
            response = self._replacement(fault, operation)
        elif fault.ends:
            response = SimResponse(0, [], b"")
        response.headers += list(fault.headers.items())
        response.body = fault.spoiled if fault.garbage else response.body
        if fault.gzip is not None:
            response.headers.append(("Content-Encoding", "gzip"))
            response.body = _compressed(response.body, fault.gzip)
        response.delay, response.cut = fault.delay, fault.cut_at(len(response.body))
        response.drop, response.reset, response.hang = fault.drop, fault.reset, fault.hang
        response.length, response.slices, response.twice = fault.length, fault.slices, fault.twice
        response.unreachable = fault.unreachable
        return response

    def _replacement(self, fault: Fault, operation: OperationNode | None) -> SimResponse:
        if fault.body is not None:
            content = fault.body if isinstance(fault.body, bytes) else _dumps(fault.body)
            return SimResponse(fault.status or 200, [], content)
        code = fault.code or ("ModelArts.0114" if fault.status == 429 else "ModelArts.0010")
        return self._failed(Failure(code, "a fault of the simulator", fault.status), operation)

    def _finish(
        self, request: Incoming, operation: str, fault: Fault | None, began: float, response: SimResponse
    ) -> SimResponse:
        """Add the headers that every answer has, and note the call."""
        with self._lock:
            now = self.clock.time()
            number = f"{self._numbers.getrandbits(128):032x}-{int(now)}-simulator"
            response.delay += self.deviations.late(self._whims)
        names = {name.lower() for name, _ in response.headers}
        own = (("Content-Type", _JSON), ("Date", formatdate(now, usegmt=True)), ("X-request-id", number))
        response.headers += [(name, value) for name, value in own if name.lower() not in names]
        self.journal.note(
            Noted(
                now,
                request.method,
                request.path,
                request.query,
                operation,
                0 if response.ends else response.status,
                (time.perf_counter() - began + response.delay) * 1000,
                number,
                "" if fault is None else fault.id,
            )
        )
        return response


_IAM = OperationNode("", "GET", "", {"responses": {}, "x-ma-host": "iam"}, {})
"""Stands for what IAM serves and the document lacks."""


def _rules(given: str | Path | Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    if given is None:
        return rules_of_environment()
    return rules_from(given) if isinstance(given, (str, Path)) else rules_of(list(given))


def _response(status: int, body: Any, headers: list[tuple[str, str]]) -> SimResponse:
    return SimResponse(status, list(headers), _dumps(body))


def _dumps(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def _compressed(body: bytes, how: Literal["whole", "garbled", "cut"]) -> bytes:
    if how == "garbled":
        return body
    whole = gzip.compress(body, mtime=0)
    return whole if how == "whole" else whole[: len(whole) // 2]


def _parts(target: str) -> tuple[str, str]:
    """Return the scheme of a target and its path with the query."""
    scheme, absolute, rest = target.partition("://")
    if target.startswith("/") or not absolute:
        return "https", target
    return scheme.lower(), "/" + rest.partition("/")[2]


@rule("IAM-012", "elsewhere", "errors of IAM are of the form that OpenStack clients read, for unknown paths too")
def _is_iam(path: str) -> bool:
    return path.split("/")[1:2] == ["v3"]


def _moments(record: Record) -> Iterable[float]:
    plan = record.get(PLAN)
    if plan:
        yield plan[-1][0]
    if record.get(GONE) is not None:
        yield record[GONE]


def _chance_state(chance: random.Random) -> list[Any]:
    kind, state, gauss = chance.getstate()
    return [kind, list(state), gauss]
