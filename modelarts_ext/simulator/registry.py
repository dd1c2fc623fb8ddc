"""Behaviours by operation, and the rules that each of them follows, with where each rule comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from modelarts_ext.simulator.exchange import Exchange, World
from modelarts_ext.simulator.states import Step
from modelarts_ext.simulator.validation import Invalid, check_rules, typed_body, typed_path, typed_query

Handler = Callable[[Exchange], Any]
Source = Literal["documented", "elsewhere", "inferred", "recorded"]
Refusal = Callable[[Invalid], str]
Scripted = Callable[[World, str, object, Sequence[Step]], bool]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """One thing that the simulator does, in a sentence, and what says so."""

    id: str
    kind: Source
    source: str
    text: str
    place: str


@dataclass(frozen=True)
class Plain:
    """The behaviour of a path that the document lacks, and whether it wants credentials."""

    handler: Handler
    authenticated: bool


HANDLERS: dict[str, Handler] = {}
PLAIN: dict[tuple[str, str], Plain] = {}
REFUSALS: dict[str, Refusal] = {}
SCRIPTED: dict[str, Scripted] = {}
RULES: dict[str, Rule] = {}


def behaviour(*operation_ids: str) -> Callable[[F], F]:
    """Make a function the behaviour of operations. It takes an `Exchange` and returns a body or a `Result`."""

    def register(function: F) -> F:
        for operation_id in operation_ids:
            if operation_id in HANDLERS:
                raise ValueError(f"{operation_id} has two behaviours")
            HANDLERS[operation_id] = function
        return function

    return register


def plain(method: str, path: str, *, authenticated: bool = False) -> Callable[[F], F]:
    """Make a function the behaviour of a path that the document lacks and clients of IAM use.

    path: without a slash at its end; the root is empty. authenticated: whether it wants credentials.
    """

    def register(function: F) -> F:
        PLAIN[method, path] = Plain(function, authenticated)
        return function

    return register


def refusal(*operation_ids: str) -> Callable[[F], F]:
    """Make a function choose the code for requests that the document does not admit, of operations that have several."""

    def register(function: F) -> F:
        REFUSALS.update(dict.fromkeys(operation_ids, function))
        return function

    return register


def scripted(kind: str) -> Callable[[F], F]:
    """Make a function apply scripts to the things of a kind.

    It takes the world, the project, an id or name and the steps, and returns whether there is such a thing by now.
    """

    def register(function: F) -> F:
        SCRIPTED[kind] = function
        return function

    return register


def rule(rule_id: str, kind: Source, text: str, *, source: str = "") -> Callable[[F], F]:
    """Say which rule a function follows.

    kind: `documented` in the reference (then `source` is its section), documented `elsewhere`, `inferred` where
    nothing says, or `recorded` from a service.
    """

    def tag(function: F) -> F:
        if rule_id in RULES:
            raise ValueError(f"rule {rule_id} stands twice")
        if kind == "documented" and not source:
            raise ValueError(f"rule {rule_id} is documented and names no section")
        RULES[rule_id] = Rule(rule_id, kind, source, text, f"{function.__module__}.{function.__qualname__}")
        return function

    return tag


rule(
    "REQ-003",
    "documented",
    "a path that the document does not admit is refused: 0107, or the operation's code",
    source="10.2",
)(typed_path)
rule("REQ-004", "documented", "so is a query; parameters that the document does not know are ignored", source="10.2")(
    typed_query
)
rule(
    "REQ-005", "documented", "so is a body, where a member that the document does not know is wrong too", source="10.2"
)(typed_body)
rule("REQ-006", "documented", "so is a body whose members do not go together, such as weights", source="7.1")(
    check_rules
)


def fidelity() -> Iterator[tuple[Source, list[Rule]]]:
    """Yield the rules of each source, in the order of their trust."""
    kinds: tuple[Source, ...] = ("documented", "elsewhere", "inferred", "recorded")
    for kind in kinds:
        yield kind, sorted((found for found in RULES.values() if found.kind == kind), key=lambda found: found.id)
