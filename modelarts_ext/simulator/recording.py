"""Recordings of exchanges with a real service, and what the simulator does otherwise.

    client = ModelArts(transport=RecordingTransport(httpx.HTTPTransport(), "recording.jsonl"))
    for difference in compare("recording.jsonl", Simulator(auth="off")):
        print(difference)

A recording has one exchange of a documented operation in a line of JSON. It has no header, so no key, token or
signature; nothing of IAM, whose bodies are about credentials; neither texts of errors nor query strings in addresses;
of members that the document marks as sensitive it has the type alone, and the project by another name. Everything else
that was sent and answered is in it: read it before you give it away.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode

import httpx

from modelarts_client.behaviour import Pointer
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.document import load
from modelarts_ext.logs import MASK
from modelarts_ext.simulator.router import Router

if TYPE_CHECKING:
    from modelarts_ext.simulator.engine import Simulator

PROJECT: Final = "{project_id}"
"""Stands for the project's id in a recording."""
_QUERY: Final = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s?\"']*)\?[^\s\"']*")
_USER: Final = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@\"']*@")
_EVERY: Final = "*"
_LONG: Final = 16
"""Characters from which on an id is no counter."""


class _Recorder:
    """Writes the scrubbed exchanges of one file. Threads may share it."""

    def __init__(self, path: str | Path, clock: Callable[[], float]) -> None:
        self._path = Path(path)
        self._clock = clock
        self._begun = clock()
        self._router = Router(load().operations.values())
        self._lock = threading.Lock()

    def keep(self, request: httpx.Request, sent: bytes, response: httpx.Response, raw: bytes) -> None:
        """Write an exchange down, unless it is of no documented operation of ModelArts."""
        path, _, query = request.url.raw_path.decode("ascii", "replace").partition("?")
        route = self._router.find(request.method, path)
        operation = OPERATIONS.get(route.operation.id) if route is not None and route.operation is not None else None
        if route is None or operation is None or operation.host == "iam":
            return
        project = route.path.get("project_id", "")
        known = {parameter.name for parameter in operation.query_parameters}
        line = {
            "operation": operation.id,
            "at": round(self._clock() - self._begun, 3),
            "path": route.path,
            "query": [[name, value] for name, value in parse_qsl(query, keep_blank_values=True) if name in known],
            "body": scrubbed(_parsed(sent), operation.sensitive),
            "status": response.status_code,
            "answer": _without_texts(scrubbed(_parsed(_plain(response, raw)), operation.sensitive)),
        }
        text = json.dumps(_renamed(line, project), ensure_ascii=False)
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")


class RecordingTransport(httpx.BaseTransport):
    """Asks another transport, and appends what passed to a file. A request that got no answer is not in it.

    clock: seconds by which the distances between exchanges are told.
    """

    def __init__(
        self, transport: httpx.BaseTransport, path: str | Path, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = transport
        self._recorder = _Recorder(path, clock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, read all of the answer, and record both."""
        sent = request.read()
        response = self._transport.handle_request(request)
        try:
            # The stream itself: a transport may answer with what it has read already.
            assert isinstance(response.stream, httpx.SyncByteStream), "a transport that blocks gives such a stream"
            raw = b"".join(response.stream)
        finally:
            response.close()
        self._recorder.keep(request, sent, response, raw)
        return _again(response, raw)

    def close(self) -> None:
        """Close the other transport."""
        self._transport.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """The asynchronous form of `RecordingTransport`."""

    def __init__(
        self, transport: httpx.AsyncBaseTransport, path: str | Path, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._transport = transport
        self._recorder = _Recorder(path, clock)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, read all of the answer, and record both."""
        sent = await request.aread()
        response = await self._transport.handle_async_request(request)
        try:
            assert isinstance(response.stream, httpx.AsyncByteStream), "a transport that awaits gives such a stream"
            raw = b"".join([piece async for piece in response.stream])
        finally:
            await response.aclose()
        self._recorder.keep(request, sent, response, raw)
        return _again(response, raw)

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._transport.aclose()


@dataclass(frozen=True, slots=True)
class Difference:
    """What the simulator does otherwise than the recording.

    line: of the recording, from 1. kind: another `status` or error `code`; a member that the simulator's answer lacks
    (`missing`) or has besides (`extra`); a member of another `type`. where: pointer to the member, `*` for every item.
    """

    operation: str
    line: int
    kind: Literal["status", "code", "missing", "extra", "type"]
    where: str
    recorded: str
    simulated: str

    def __str__(self) -> str:
        place = f" {self.where}" if self.where else ""
        return (
            f"{self.operation} (line {self.line}): {self.kind}{place}: "
            f"recorded {self.recorded}, simulated {self.simulated}"
        )


def compare(recording: str | Path, simulator: Simulator) -> list[Difference]:
    """Replay a recording against a simulator, and return the differences by operation.

    Ids that the simulator gives stand for those of the recording in what follows, and its time moves on as the
    recording's did. ValueError for a simulator that wants credentials, which no recording has, and for a file that is
    none.
    """
    if simulator.auth != "off":
        raise ValueError("a recording has no credentials; replay it against a simulator with auth='off'")
    replay = _Replay(simulator)
    text = Path(recording).read_text(encoding="utf-8")
    found = [
        difference
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
        for difference in replay.step(number, _exchange(number, line))
    ]
    return sorted(found, key=lambda difference: (difference.operation, difference.line))


@dataclass(slots=True)
class _Replay:
    simulator: Simulator
    passed: float = 0.0
    ids: dict[tuple[str, str], Any] = field(default_factory=dict)

    def step(self, number: int, exchange: Mapping[str, Any]) -> Iterator[Difference]:
        """Send one request, and tell what is different in its answer."""
        operation = OPERATIONS[exchange["operation"]]
        self.simulator.advance(max(0.0, exchange["at"] - self.passed))
        self.passed = max(self.passed, exchange["at"])
        response = self.simulator.handle(
            operation.method, self._target(operation.path, exchange), _JSON, self._body(exchange)
        )
        recorded, simulated = exchange["answer"], scrubbed(_parsed(response.body), operation.sensitive)
        if response.status != exchange["status"]:
            yield Difference(operation.id, number, "status", "", str(exchange["status"]), str(response.status))
        if _code(recorded) != _code(simulated):
            yield Difference(operation.id, number, "code", "", _code(recorded), _code(simulated))
        elif response.status == exchange["status"]:
            self._learn(recorded, simulated)
            for kind, where, one, other in _unlike(_form(recorded), _form(_without_texts(simulated))):
                yield Difference(operation.id, number, kind, where, one, other)

    def _target(self, template: str, exchange: Mapping[str, Any]) -> str:
        path = template
        for name, value in exchange["path"].items():
            path = path.replace(f"{{{name}}}", quote(str(self._present(value, name)), safe=""))
        query = urlencode([(name, self._present(value, name)) for name, value in exchange["query"]])
        return f"{path}?{query}" if query else path

    def _body(self, exchange: Mapping[str, Any]) -> bytes:
        body = exchange["body"]
        return b"" if body is None else json.dumps(self._present(body)).encode()

    def _present(self, value: Any, name: str = "") -> Any:
        """Return a value with the simulator's ids in the place of the recording's."""
        if isinstance(value, dict):
            return {key: self._present(member, key) for key, member in value.items()}
        if isinstance(value, list):
            return [self._present(item, name) for item in value]
        if isinstance(value, str):
            value = value.replace(PROJECT, self.simulator.credentials.project_id)
        if not _is_id(name):
            return value
        # Small numbers are ids of several things at once; long ids are one thing's, whatever the member is called.
        return self.ids.get((name, str(value)), self.ids.get((_EVERY, str(value)), value))

    def _learn(self, recorded: Any, simulated: Any, name: str = "") -> None:
        if isinstance(recorded, dict) and isinstance(simulated, dict):
            for key in recorded.keys() & simulated.keys():
                self._learn(recorded[key], simulated[key], key)
        elif isinstance(recorded, list) and isinstance(simulated, list):
            for one, other in zip(recorded, simulated, strict=False):
                self._learn(one, other, name)
        elif _is_id(name) and isinstance(recorded, (int, str)) and isinstance(simulated, (int, str)):
            self.ids.setdefault((name, str(recorded)), simulated)
            if len(str(recorded)) >= _LONG:
                self.ids.setdefault((_EVERY, str(recorded)), simulated)


_JSON: Final = {"Content-Type": "application/json", "Host": "simulator.invalid"}


def scrubbed(value: Any, pointers: tuple[Pointer, ...]) -> Any:
    """Return a copy of a JSON value that has of the members that the pointers name the type alone.

    Query strings and user names of addresses are masked everywhere, since an address may be signed.
    """
    if any(not pointer for pointer in pointers):
        return _hollow(value)
    if isinstance(value, dict):
        return {name: scrubbed(member, _below(pointers, name)) for name, member in value.items()}
    if isinstance(value, list):
        return [scrubbed(item, _below(pointers, str(index))) for index, item in enumerate(value)]
    if isinstance(value, str):
        return _USER.sub(rf"\1{MASK}@", _QUERY.sub(rf"\1?{MASK}", value))
    return value


def _below(pointers: tuple[Pointer, ...], name: str) -> tuple[Pointer, ...]:
    return tuple(pointer[1:] for pointer in pointers if pointer[0] in (name, _EVERY))


def _hollow(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return None if value is None else False
    return MASK if isinstance(value, str) else type(value)()


def _renamed(value: Any, project: str) -> Any:
    """Return a copy in which the project's id is not told."""
    if isinstance(value, dict):
        return {name: _renamed(member, project) for name, member in value.items()}
    if isinstance(value, list):
        return [_renamed(item, project) for item in value]
    return value.replace(project, PROJECT) if isinstance(value, str) and project else value


def _without_texts(answer: Any) -> Any:
    """Mask the message of an error, which may repeat anything that was sent."""
    if not isinstance(answer, dict):
        return answer
    return {name: MASK if name == "error_msg" and member else member for name, member in answer.items()}


def _parsed(content: bytes) -> Any:
    """Return JSON parsed; None for what is none, which is not recorded."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None


def _plain(response: httpx.Response, raw: bytes) -> bytes:
    try:
        return httpx.Response(response.status_code, headers=response.headers, content=raw).content
    except httpx.DecodingError:
        return b""


def _again(response: httpx.Response, raw: bytes) -> httpx.Response:
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=httpx.ByteStream(raw),
        extensions=response.extensions,
    )


def _exchange(number: int, line: str) -> dict[str, Any]:
    try:
        exchange: dict[str, Any] = json.loads(line)
        missing = {"operation", "at", "path", "query", "body", "status", "answer"} - exchange.keys()
    except (ValueError, AttributeError):
        raise ValueError(f"line {number} is no exchange of a recording") from None
    if missing or exchange["operation"] not in OPERATIONS:
        raise ValueError(f"line {number} is no exchange of a recording")
    return exchange


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def _code(answer: Any) -> str:
    return str(answer.get("error_code") or "none") if isinstance(answer, dict) else "none"


def _form(value: Any, pointer: str = "") -> dict[str, set[str]]:
    """Return the types at every pointer. A null member is none; items of an array are taken together."""
    found = {pointer: {_type(value)}}
    children: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        children = [(f"{pointer}/{name}", member) for name, member in value.items() if member is not None]
    elif isinstance(value, list):
        children = [(f"{pointer}/{_EVERY}", item) for item in value]
    for place, child in children:
        for where, types in _form(child, place).items():
            found.setdefault(where, set()).update(types)
    return found


def _type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")


def _unlike(
    recorded: dict[str, set[str]], simulated: dict[str, set[str]]
) -> Iterator[tuple[Literal["missing", "extra", "type"], str, str, str]]:
    for where in sorted(recorded.keys() | simulated.keys()):
        above = where.rpartition("/")[0]
        one, other = recorded.get(where), simulated.get(where)
        if one is not None and other is not None:
            if one != other:
                yield "type", where, _named(one), _named(other)
        # How many items there are is no matter of form, and below a member that one side lacks there is nothing to say.
        elif not where.endswith(f"/{_EVERY}") and above in recorded and above in simulated:
            yield "missing" if other is None else "extra", where, _named(one), _named(other)


def _named(types: set[str] | None) -> str:
    return "nothing" if types is None else " or ".join(sorted(types))
