"""Whatever schemathesis sends to the simulator, signed by our own signer, is answered as the document says.

Its own checks do not know the envelope of this API (a correct 400 for "does not exist" counts as a defect there), so
that it only makes requests here; `answer_findings` judges.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from contract_world import examples
from hypothesis import Phase, given, settings
from schemathesis.core import NOT_SET
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import Binary

from modelarts_ext.contract.checks import Answered, answer_findings
from modelarts_ext.contract.strategies import PROJECT
from modelarts_ext.core.effects import Request
from modelarts_ext.document import Document, load
from modelarts_ext.signing import Key, sign
from modelarts_ext.simulator import Simulator, VirtualClock

START = 1_790_000_000.0
SEED = 11
SEVERAL = 5
TYPES = {int: "integer", str: "string"}


class World:
    """One simulator, and a plain client that signs."""

    def __init__(self) -> None:
        self.simulator = Simulator(seed=SEED, clock=VirtualClock(START))
        self._key = Key(self.simulator.credentials.ak, self.simulator.credentials.sk)
        self._http = httpx.Client(transport=self.simulator.transport())

    def send(self, case: Any) -> httpx.Response:
        content = written(case.body)
        pieces = [
            f"{quote(str(name), safe='', errors='replace')}={quote(text(item), safe='', errors='replace')}"
            for name, value in (case.query or {}).items()
            for item in (value if isinstance(value, list) else [value])
        ]
        url = f"{self.simulator.endpoint}{case.formatted_path}" + (f"?{'&'.join(pieces)}" if pieces else "")
        request = Request(case.method.upper(), url, {"content-type": "application/json"} if content else {}, content)
        headers = request.headers | sign(request, self._key, self.simulator.clock.time())
        response = self._http.request(request.method, url, headers=headers, content=content, timeout=5)
        response.elapsed = timedelta(0)
        return response

    def close(self) -> None:
        self._http.close()
        self.simulator.close()


def written(body: Any) -> bytes:
    """A body as it is sent: JSON, or the bytes that are to be no JSON."""
    if body is NOT_SET:
        return b""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    if isinstance(body, Binary):
        return body.data
    return json.dumps(body, ensure_ascii=False, default=lambda value: repr(value)).encode("utf-8", "replace")


def text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return value if isinstance(value, str) else json.dumps(value)


def judged(document: Document, case: Any, response: httpx.Response) -> None:
    operation_id = case.operation.definition.raw["operationId"]
    answered = Answered(response.status_code, response.headers, response.content)
    assert list(answer_findings(document, operation_id, answered)) == [], (case.method, case.formatted_path, case.body)
    judge = document.body_validator(operation_id)
    if judge is not None and case.body is not NOT_SET and not admitted(judge, written(case.body)):
        assert response.status_code >= 400, ("a body that the document does not admit is taken", case.body)


def admitted(judge: Any, content: bytes) -> bool:
    try:
        return bool(judge.is_valid(json.loads(content)))
    except ValueError:
        return False


@cache
def schema(known: bool = False) -> Any:
    """The document as schemathesis gets it: of one project, without credentials, which the signer adds.

    known: requests name only what the simulator lists, so that creating something succeeds.
    """
    data = copy.deepcopy(load().data)
    project = Simulator(seed=SEED).credentials.project_id
    for parameter in data["components"]["parameters"].values():
        if parameter["name"] == PROJECT:
            parameter["schema"] = {"type": "string", "const": project}
    for item in data["paths"].values():
        for node in item.values():
            if isinstance(node, dict):
                node.pop("security", None)
    data.pop("security", None)
    data["components"].pop("securitySchemes", None)
    if known:
        keys = listed(project)
        for component in data["components"]["schemas"].values():
            narrow(component, keys)
    return schemathesis.openapi.from_dict(data)


def listed(project: str) -> dict[str, list[Any]]:
    """The values of keys, by their names, in every list that wants nothing but the project."""
    found: dict[str, list[Any]] = {}
    document = load()
    simulator = Simulator(seed=SEED, clock=VirtualClock(START), auth="off")
    for one in document.operations.values():
        paging = one.node.get("x-ma-pagination", {})
        required = [name for (_, name), parameter in one.parameters.items() if parameter.get("required")]
        if "key" not in paging or required not in ([], [PROJECT]):
            continue
        answer: Any = json.loads(simulator.handle(one.method, one.path.format(project_id=project)).body)
        for part in paging["items"].split("/")[1:]:
            answer = answer.get(part, [])
        name = paging["key"].rsplit("/", 1)[1]
        found.setdefault(name, []).extend(item[name] for item in answer if name in item)
    return found


def narrow(node: Any, keys: dict[str, list[Any]]) -> None:
    for name, member in node.get("properties", {}).items() if isinstance(node, dict) else ():
        if isinstance(member, dict):
            if "x-ma-known-values" in member:
                node["properties"][name] = {"enum": member["x-ma-known-values"]}
            values = [value for value in keys.get(name, ()) if TYPES[type(value)] == member.get("type")]
            if values:
                node["properties"][name] = {"enum": values}
            narrow(member, keys)


def operation(operation_id: str) -> Any:
    found = load().operation(operation_id)
    return schema()[found.path][found.method]


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_any_request_is_answered_as_documented(
    operation_id: str, mode: GenerationMode, world: World, document: Document
) -> None:
    target = operation(operation_id)
    if mode is GenerationMode.NEGATIVE and not (
        target.body or target.query or [one for one in target.path_parameters if one.name != PROJECT]
    ):
        return

    @examples(4)
    @given(target.as_strategy(mode))
    def check(case: Any) -> None:
        judged(document, case, world.send(case))

    check()


GROUPS = sorted(
    {
        found.node["x-ma-sdk"]["group"]
        for found in load().operations.values()
        if "links" in load().resolve(found.node["responses"][str(found.success)])
    }
)


@pytest.mark.parametrize("group", GROUPS)
def test_along_the_links(group: str, document: Document) -> None:
    """Create, read and delete what was made, in any order, deleted things included."""
    created: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    base = schema(known=True).include(tag=group).as_state_machine()

    class Machine(base):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            self.world = World()

        def teardown(self) -> None:
            self.world.close()

        def call(self, case: Any, **kwargs: Any) -> Response:
            response = self.world.send(case)
            judged(document, case, response)
            self.world.simulator.advance(7)
            return Response.from_any(response)

        def validate_response(self, response: Response, case: Any, *args: Any, **kwargs: Any) -> None:
            """Judged when it came."""

        def step(self, input: Any) -> Any:
            output = super().step(input)
            if output.response.status_code < 300:
                name = output.case.operation.definition.raw["operationId"]
                (created if input.transition is None else followed)[name] += 1
            return output

    bounded = settings(examples(8), stateful_step_count=8, phases=[Phase.generate])
    Machine.run(settings=bounded)
    made = sum(times for name, times in created.items() if document.operation(name).effect == "create")
    # One that is made in the last step of a scenario has no successor; several in a row without one do not happen.
    assert followed or made < SEVERAL, f"{made} things were made, and none could be read"
