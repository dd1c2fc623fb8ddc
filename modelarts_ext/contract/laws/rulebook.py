"""What rules of the simulator are tried with: a plain client of a simulator of the case's own, by operation.

The reference leaves much open that whoever tests against the simulator rests on: which code refuses what, what an answer
shows in which state, how long things last. docs/simulator.md says where these rules are told; cases of them never go to
a real service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any, Final

import httpx

from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import START, Context
from modelarts_ext.contract.findings import Broken, Finding, Skip
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.plain import walk
from modelarts_ext.contract.shape import inside_text
from modelarts_ext.document import Document, Node
from modelarts_ext.simulator import Simulator

NOW: Final = int(START * 1000)
"""When a simulator of a case begins, in the milliseconds of the API."""
_ABSENT: Final = "(absent)"


_MOST_STEPS: Final = 2000


@dataclass
class Desk:
    """A simulator and a plain client of it, which holds every answer against the document.

    operation: the last one that was called, which a finding is about; changed_by: the last one that was no read. Where it
    deletes, what still is there is its fault, and not that of the reads which show it.
    """

    simulator: Simulator
    document: Document
    project: str
    operation: str
    http: httpx.Client
    changed_by: str = ""

    def call(self, operation_id: str, body: Any = None, query: Any = None, **path: Any) -> tuple[int, Any]:
        """Call an operation; return the status and the body."""
        self.operation = operation_id
        operation = self.document.operation(operation_id)
        if operation.effect != "read":
            self.changed_by = operation_id
        address = operation.path.format(project_id=self.project, **path)
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        answer = self.http.request(operation.method, address, json=body, params=asked)
        return answer.status_code, answer.json()

    def ok(self, operation_id: str, body: Any = None, query: Any = None, **path: Any) -> Any:
        """Call an operation that must be done, and return its answer."""
        status, content = self.call(operation_id, body, query, **path)
        validator = self.document.answer_validator(operation_id, status)
        if status != self.document.operation(operation_id).success or validator is None:
            self.blame(f"is answered with {status} {_code(content)}".strip())
        assert validator is not None
        for error in validator.iter_errors(content):
            self.blame(f"the answer is not of the documented form: {error.message}")
        schema = self.document.answer_schema(operation_id, status)
        for where, node, value in list(walk(self.document, schema, content)):
            self._inside(where, node, value)
        return content

    def _inside(self, where: str, node: Node, value: Any) -> None:
        """Blame the last operation when a text does not hold the JSON that the document says."""
        schema = inside_text(self.document, node)
        if schema and isinstance(value, str):
            for error in self.document.schema_validator(schema).iter_errors(json.loads(value)):
                self.blame(f"the text at {where} does not hold what the document says: {error.message}")

    def refused(self, code: str, operation_id: str, body: Any = None, query: Any = None, **path: Any) -> None:
        """Call an operation that must be refused with a code, and with the status of that code."""
        status, content = self.call(operation_id, body, query, **path)
        expected = [answer for answer, codes in self._codes(operation_id).items() if code in codes]
        self.same(_code(content), code, f"the code that refuses {body if query is None else query}")
        if status not in expected:
            self.blame(f"{code} comes with status {status} instead of {expected}")

    def same(self, told: Any, wanted: Any, about: str) -> None:
        """Blame the last operation when something is not what it must be."""
        if told != wanted or isinstance(told, bool) != isinstance(wanted, bool):
            self.blame(f"{about}: {told!r:.200} instead of {wanted!r:.200}")

    def within(self, told: float, low: float, high: float, about: str) -> None:
        """Blame the last operation when a number is out of its limits."""
        if not low <= told <= high:
            self.blame(f"{about}: {told!r} is not between {low} and {high}")

    def shows(self, told: Any, **wanted: Any) -> None:
        """Blame the last operation when an answer lacks a member or has another value; None stands for no member."""
        for name, value in wanted.items():
            self.same(told.get(name, _ABSENT), _ABSENT if value is None else value, name)

    def blame(self, message: str) -> None:
        """Raise a finding about the last operation, or about a deletion that the last reads look for."""
        if not self.changed_by or self.operation == self.changed_by:
            raise Broken(Finding(self.operation, "rules.kept", message))
        if self.document.operation(self.changed_by).effect == "destroy":
            raise Broken(Finding(self.changed_by, "rules.kept", f"{message}, by {self.operation}"))
        raise Broken(Finding(self.operation, "rules.kept", f"{message}, after {self.changed_by}"))

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.simulator.advance(seconds)

    @property
    def now(self) -> int:
        """The present in the milliseconds of the API."""
        return int(self.simulator.clock.time() * 1000)

    def way(self, read: Callable[[], Any], seconds: float, step: float = 1.0) -> list[Any]:
        """Return what is read one after the other in a time, each value once."""
        seen = []
        for _ in range(int(seconds / step)):
            seen.append(read())
            self.wait(step)
        return [value for value, _ in groupby(seen)]

    def until(self, ended: Callable[[], bool], about: str, step: float = 0.5) -> None:
        """Let virtual time pass until something holds; blame the last operation when that never comes."""
        for _ in range(_MOST_STEPS):
            if ended():
                return
            self.wait(step)
        self.blame(f"never {about}")

    def kept(self) -> list[tuple[str, str]]:
        """Return what the status page shows of the project: the kinds and ids of things."""
        return [(thing.kind, thing.id) for thing in self.simulator.things() if thing.project == self.project]

    @contextmanager
    def elsewhere(self, project: str) -> Iterator[None]:
        """Call in another project for the time of a block, where nothing is to be found at first."""
        before, self.project = self.project, project
        yield
        self.project = before

    def _codes(self, operation_id: str) -> dict[int, list[str]]:
        responses = self.document.operation(operation_id).node["responses"]
        return {int(status): row.get("x-ma-codes", []) for status, row in responses.items() if status.isdigit()}


def _code(content: Any) -> str:
    return str(content.get("error_code", "")) if isinstance(content, dict) else ""


@dataclass
class Rulebook:
    """The cases of a module, by the functions that are marked with it. name: how the ids of the cases begin."""

    name: str
    _found: list[Callable[[], Case]] = field(default_factory=list)

    def about(self, *operations: str, **options: Any) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
        """Mark a function that demands a rule of some operations. options: of the simulator that it gets."""

        def mark(check: Callable[[Desk], None]) -> Callable[[Desk], None]:
            self._found.append(partial(self._case, check, operations, options))
            return check

        return mark

    def cases(self, document: Document) -> Iterator[Case]:
        """Yield the cases whose operations the document has."""
        for make in self._found:
            case = make()
            if all(name in document.operations for name in case.operations):
                tag = document.operation(case.operations[0]).node["tags"][0]
                yield Case(**{**vars(case), "profile": profile_of(tag)})

    def _case(self, check: Callable[[Desk], None], operations: tuple[str, ...], options: dict[str, Any]) -> Case:
        return Case(
            id=f"law.{self.name}.{check.__name__.strip('_').replace('_', '-')}",
            layer="law",
            subject="server",
            operations=operations,
            title=" ".join((check.__doc__ or "").split()),
            run=partial(on_a_desk, check, operations[0], options),
            level=Level.BILLABLE,
            hostile=True,
            seconds=0.1,
        )


def on_a_desk(check: Callable[[Desk], None], operation: str, options: dict[str, Any], context: Context) -> None:
    """Run a check with a desk whose simulator is its own. operation: blamed unless another was called."""
    if context.server().target.simulator is None:
        raise Skip("the rules of the simulator are demanded of a simulator of this process only")
    with context.simulator(**{"auth": "off", **options}) as simulator:
        http = httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint)
        desk = Desk(simulator, context.document, simulator.credentials.project_id, operation, http)
        with http:
            try:
                check(desk)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise Broken(
                    Finding(desk.operation, "rules.kept", f"an answer lacks what it must have: {error!r}")
                ) from error
