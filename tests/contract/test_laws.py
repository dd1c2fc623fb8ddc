"""Laws of paging and waiting, for histories of a service that are made up, through the public clients.

The service here is a script of its own that reads the document: it shares nothing with the simulator.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from contract_world import Both, Side, examples, missing_codes, smallest_values
from hypothesis import given
from hypothesis import strategies as st

from modelarts_ext import errors
from modelarts_ext.contract import facade
from modelarts_ext.contract.checks import Captured, pairs, typed
from modelarts_ext.contract.shape import at, kind
from modelarts_ext.contract.strategies import RequestValues, smallest
from modelarts_ext.core.paging import PagingWarning
from modelarts_ext.document import Document, Node, OperationNode

Verdict = str
USUAL_AMBIGUOUS_POLLS = 5


# ---------------------------------------------------------------------------------------------------------- paging


def put(value: Any, pointer: str, new: Any) -> None:
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        value = value.setdefault(part, {})
    value[last] = new


def listed(document: Document, operation: OperationNode, number: int) -> list[Any]:
    """That many items, told apart by their key, or by their place where the list has none."""
    paging = operation.node["x-ma-pagination"]
    schema = document.answer_schema(operation.id, operation.success)
    item = at(document, schema, paging["items"]).get("items", {})
    made = [smallest(item, document) for _ in range(number)]
    key = paging.get("key")
    for place, one in enumerate(made):
        if key is not None:
            put(one, key, place + 1 if kind(at(document, item, key)) == "integer" else f"item-{place + 1}")
        elif isinstance(one, dict):
            one["x_place"] = place
        else:
            made[place] = f"item-{place + 1}" if kind(item) == "string" else place + 1
    return made


def server(
    document: Document, operation: OperationNode, items: list[Any], *, usual: int, unit: str, total: bool
) -> Callable[[Captured], tuple[int, Any]]:
    """A service that holds a still list and pages as the document says."""
    paging = operation.node["x-ma-pagination"]

    def answer(captured: Captured) -> tuple[int, Any]:
        query = typed(document, operation, "query", pairs(captured.target.partition("?")[2]))
        rule = paging.get("page") or paging.get("offset")
        size = query.get(paging.get("size", {}).get("param"), usual)
        page = items
        if rule is not None:
            position = query.get(rule["param"], rule["first"]) - rule["first"]
            if size != paging["size"].get("all"):
                start = position if unit == "item" else position * size
                page = items[start : start + size]
        body = smallest(document.answer_schema(operation.id, operation.success), document)
        put(body, paging["items"], page)
        if "total" in paging:
            put(body, paging["total"], len(items) if total else None)
        if "count" in paging:
            put(body, paging["count"], len(page))
        return operation.success, body

    return answer


def units(operation: OperationNode) -> list[str]:
    named = operation.node["x-ma-pagination"].get("offset", {}).get("unit", "page")
    return ["page", "item"] if named == "doubt" else [named]


def test_every_item_comes_exactly_once(list_id: str, document: Document) -> None:
    operation = document.operation(list_id)
    size = operation.node["x-ma-pagination"].get("size", {})
    asked = RequestValues(*(smallest_values(document, list_id, place) for place in ("path", "query")))
    low, high = max(size.get("min", 1), 1), min(size.get("max", 6), 6)

    with Both() as both:

        @examples(12)
        @given(
            st.integers(0, 25),
            st.integers(low, max(low, high)),
            st.none() | st.integers(0, 30),
            st.sampled_from(units(operation)),
            st.booleans(),
        )
        def check(number: int, page_size: int, most: int | None, unit: str, total: bool) -> None:
            items = listed(document, operation, number)
            for side in both:
                side.wire.sent.clear()
                side.wire.script = server(document, operation, items, usual=5, unit=unit, total=total)
                call = facade.bound(side.client, document, list_id, asked, page_size=page_size, max_items=most)
                read = [one.to_wire() if hasattr(one, "to_wire") else one for one in side.items(call)]
                assert read == items[:most], side.name
                assert len(side.wire.sent) <= number // page_size + 3

        check()


def test_a_service_that_ignores_paging_does_not_hang(list_id: str, document: Document) -> None:
    operation = document.operation(list_id)
    asked = RequestValues(*(smallest_values(document, list_id, place) for place in ("path", "query")))
    body = smallest(document.answer_schema(list_id, operation.success), document)
    paging = operation.node["x-ma-pagination"]
    put(body, paging["items"], listed(document, operation, 4))
    if "total" in paging:
        put(body, paging["total"], 40)
    with Both() as both:
        for side in both:
            side.wire.script = lambda _: (operation.success, body)
            call = facade.bound(side.client, document, list_id, asked, page_size=4)
            if paging["style"] == "single":
                assert len(side.items(call)) == 4
                continue
            with warnings.catch_warnings(), pytest.raises(errors.PaginationError):
                warnings.simplefilter("ignore", PagingWarning)
                side.items(call)
            assert len(side.wire.sent) < 10


# --------------------------------------------------------------------------------------------------------- waiting


def state_schema(document: Document, operation: OperationNode, rules: Node) -> Node:
    return at(document, document.answer_schema(operation.id, operation.success), rules["state"])


def classes(schema: Node) -> dict[Any, str]:
    """Every listed state as its wire value, with its class, and one state that is not listed."""
    whole = schema.get("type") == "integer"
    found = {int(value) if whole else value: row["class"] for value, row in schema["x-ma-states"]["values"].items()}
    return {**found, (987654 if whole else "NO_SUCH_STATE"): "ambiguous"}


def verdict(rules: Node, value: Any, name: str, polls: int, alike: int) -> Verdict | None:
    """What the document says of a state at a poll, None when the wait goes on. alike: equal states in a row."""
    if value in rules.get("success_values", ()):
        return "answer"
    if value in rules.get("failure_values", ()):
        return "WaitFailedError"
    if name in rules.get("success", ()):
        return "answer"
    stale = rules.get("stale", {})
    if name in stale.get("classes", ()):
        return None if polls <= stale["polls"] else "WaitFailedError"
    if name in rules.get("failure", ()):
        return "WaitFailedError"
    if name in rules.get("keep", ()):
        return None
    if name == "degraded":
        return {"wait": None, "accept": "answer", "fail": "WaitDegradedError"}[rules.get("degraded", "fail")]
    if name == "needs_action":
        return "WaitActionRequiredError"
    return "WaitAmbiguousError" if alike >= rules.get("ambiguous_polls", USUAL_AMBIGUOUS_POLLS) else None


def expected(rules: Node, history: list[Any], known: dict[Any, str]) -> tuple[Verdict, int]:
    """How a wait over a history of states ends whose last state stays, and after how many polls."""
    alike = 0
    last: Any = object()
    for polls in range(1, len(history) + 50):
        value = history[min(polls, len(history)) - 1]
        alike = alike + 1 if value == last else 1
        last = value
        found = verdict(rules, value, known[value], polls, alike)
        if found is not None:
            return found, polls
    return "WaitTimeoutError", 0


def patience(rules: Node, states: int) -> float:
    """Seconds in which a wait meets so many states and whatever it counts to after them."""
    counts = rules.get("stale", {}).get("polls", 0) + rules.get("ambiguous_polls", USUAL_AMBIGUOUS_POLLS)
    return float((states + counts + 2) * rules["poll"]["max"])


def waiting(
    side: Side, document: Document, name: str, waiter: str, seen: list[Any], deadline: float
) -> Callable[[], Any]:
    operation = document.operation(name)
    sdk, rules = operation.node["x-ma-sdk"], operation.node["x-ma-waiters"][waiter]
    group = getattr(side.client, sdk["group"])
    method = getattr(group, "wait" if rules.get("main") else f"wait_{waiter}")
    values = {**smallest_values(document, name, "path"), **smallest_values(document, name, "query")}
    names = {parameter.replace("_", ""): parameter for parameter in inspect.signature(method).parameters}
    arguments = {names[wire.replace("_", "").lower()]: value for wire, value in values.items()}
    return lambda: method(**arguments, deadline=deadline, on_change=seen.append)


def ended(side: Side, make: Callable[[], Any]) -> tuple[Verdict, Any]:
    try:
        return "answer", side.answer(make)
    except errors.ModelArtsError as error:
        return type(error).__name__, error


def test_a_wait_ends_as_the_document_says(waiter: tuple[str, str], document: Document) -> None:
    name, which = waiter
    operation = document.operation(name)
    rules = operation.node["x-ma-waiters"][which]
    if "state" not in rules:
        return
    known = classes(state_schema(document, operation, rules))
    body = smallest(document.answer_schema(name, operation.success), document)

    def compare(side: Side, history: list[Any]) -> None:
        def script(_: Captured) -> tuple[int, Any]:
            put(body, rules["state"], history[min(len(side.wire.sent), len(history)) - 1])
            return operation.success, body

        side.wire.sent.clear()
        side.wire.script = script
        seen: list[Any] = []
        began = side.wire.clock.now
        deadline = patience(rules, len(history))
        result, told = ended(side, waiting(side, document, name, which, seen, deadline))
        wanted, polls = expected(rules, history, known)
        assert result == wanted, (side.name, history)
        if wanted == "WaitTimeoutError":
            assert side.wire.clock.now - began >= deadline
        else:
            assert len(side.wire.sent) == polls
        shown = [history[min(poll, len(history)) - 1] for poll in range(1, len(side.wire.sent) + 1)]
        steps = [value for place, value in enumerate(shown) if place == 0 or value != shown[place - 1]]
        assert [change.state for change in seen] == steps
        assert [str(change.phase) for change in seen] == [known[value] for value in steps]
        if result != "answer":
            assert told.state == shown[-1]

    with Both() as both:
        for side in both:
            for value in known:
                compare(side, [value])

        @examples(6)
        @given(st.lists(st.sampled_from(sorted(known, key=str)), min_size=1, max_size=8))
        def histories(history: list[Any]) -> None:
            for side in both:
                compare(side, history)

        histories()


def test_a_wait_for_what_is_gone(waiter: tuple[str, str], document: Document) -> None:
    """An answer that it does not exist ends a wait as the document says, at once or after a state was seen."""
    name, which = waiter
    operation = document.operation(name)
    rules = operation.node["x-ma-waiters"][which]
    codes = document.data["x-ma-error-codes"]
    missing = [
        (int(status), code)
        for status, response in operation.node["responses"].items()
        for code in document.resolve(response).get("x-ma-codes", ())
        if codes[code].get("kind") == "not_found" or code in missing_codes(operation)
    ]
    assert missing, f"{name} is waited for and lists no code of what does not exist"
    success = rules.get("absent") == "success"
    with Both() as both:
        for side in both:
            for status, code in missing:
                gone = (status, {"is_success": False, "error_code": code, "error_msg": "it is not there"})
                side.wire.script = lambda _, gone=gone: gone
                seen: list[Any] = []
                result, told = ended(side, waiting(side, document, name, which, seen, patience(rules, 1)))
                assert result == ("answer" if success else "WaitFailedError"), code
                assert [change.state for change in seen] == [None]
                if success:
                    path = smallest_values(document, name, "path")
                    kept = told.to_wire()
                    assert kept == {key: value for key, value in path.items() if key in kept}
