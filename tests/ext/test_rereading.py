"""An action whose answer is lost: the state is read before it is sent again, and decides."""

from __future__ import annotations

import copy
import logging
import pickle
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ENDPOINT, PROJECT, Anything, Service, answer, call_of, operation

from modelarts_client.answers import answer_type
from modelarts_client.behaviour import Operation, Parameter, Phase, Reread, Variant, Waiter
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext.core import rereading
from modelarts_ext.core.calling import execute
from modelarts_ext.core.effects import Response
from modelarts_ext.errors import (
    AttemptTimeoutError,
    ConflictError,
    ModelArtsError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ResponseDecodeError,
    ServerError,
    TransportError,
)

UNTIL_IT_SPINS = Waiter(
    "spinning", False, ("state",), frozenset({Phase.RUNNING}), frozenset(), frozenset(), (), (), "failure", "fail",
    frozenset(), 1, 5, (), 1.0, 2.0, 1.5,
)  # fmt: skip
READ = operation(id="toy_get", name="get", waiters=(UNTIL_IT_SPINS,))
SPIN = operation(
    id="toy_spin",
    method="POST",
    path="/v1/{project_id}/toys/{toy_id}/spin",
    retry="action",
    reread=Reread("toy_get", ("state",), frozenset({"still"}), frozenset({"Spinning", "7"}), waiter="spinning"),
)
LOST = TransportError("cut")
OK = answer(200, {"is_success": True})


def state(value: Any) -> Response:
    return answer(200, {"state": value})


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A toy that is read, beside the real operations."""
    monkeypatch.setattr(rereading, "OPERATIONS", {**OPERATIONS, "toy_get": READ})
    monkeypatch.setattr(rereading, "answer_type", lambda known: Anything if known is READ else answer_type(known))


def spin(known: Operation = SPIN, **path: Any) -> Call[Any]:
    return Call(known, Anything, {"toy_id": "t-1", **path})


def methods(service: Service) -> list[str]:
    return [sent.method for sent in service.sent]


def unknown_from(service: Service, call: Call[Any], drive: Any = Service.run, **options: Any) -> OutcomeUnknownError:
    with pytest.raises(OutcomeUnknownError) as caught:
        drive(service, execute(service.engine(), call, options))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("failure", [LOST, AttemptTimeoutError("late"), answer(500, b""), answer(503, b"")], ids=str)
def test_what_was_not_done_is_sent_again(drive: Any, failure: Any) -> None:
    service = Service([copy.copy(failure), state("still"), OK])
    engine = service.engine()

    assert drive(service, execute(engine, spin(), {"extra_headers": {"X-Trace": "7"}})).model_extra == {
        "is_success": True
    }

    assert methods(service) == ["POST", "GET", "POST"]
    assert service.sent[1].url == f"{ENDPOINT}/v1/{PROJECT}/toys/t-1"
    assert service.sent[1].headers["x-trace"] == "7"
    assert len(service.clock.slept) == 1
    assert engine.buckets.of(ENDPOINT).tokens == 500


@pytest.mark.parametrize("value", ["Spinning", "SPINNING", 7])
def test_what_was_done_is_not_sent_again(drive: Any, value: Any) -> None:
    service = Service([answer(504, b"", {"x-request-id": "r-1"}), state(value)])

    error = unknown_from(service, spin(), drive)

    assert methods(service) == ["POST", "GET"]
    assert (error.took_effect, error.state, error.retry_safe, error.lookup) == (True, value, False, None)
    assert (error.operation, error.status, error.request_id) == ("toy_spin", 504, "r-1")
    assert isinstance(error.last, ServerError)
    assert error.__cause__ is error.last
    assert str(value) in error.message
    assert error.remedy == "Do not send it again: `toys.wait_spinning` follows it to its end."
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.took_effect, copied.state, str(copied)) == (True, value, str(error))


@pytest.mark.parametrize(
    ("read", "why"),
    [
        ([state("broken")], "Its state is broken, which does not tell."),
        ([state(8)], "Its state is 8, which does not tell."),
        ([state(None)], "What was read does not hold its state."),
        ([state({})], "What was read does not hold its state."),
        ([answer(403, {"error_msg": "not yours"})], "Its state could not be read: PermissionDeniedError: not yours"),
        ([answer(404, {"error_msg": "gone"})], "Its state could not be read: NotFoundError: gone"),
        ([answer(200, b"<html>")], "Its state could not be read: ResponseDecodeError: The answer is not JSON."),
        ([copy.copy(LOST) for _ in range(3)], "Its state could not be read: TransportError: cut"),
    ],
)
def test_in_doubt_nothing_is_sent_again(drive: Any, read: list[Any], why: str) -> None:
    service = Service([copy.copy(LOST), *map(copy.copy, read)])

    error = unknown_from(service, spin(), drive)

    assert methods(service) == ["POST"] + ["GET"] * len(read)
    assert (error.took_effect, error.retry_safe) == (None, False)
    assert error.message == f"Whether the request did its work is unknown: cut {why}"
    assert error.remedy == "Look at the state with `toys.get` before you send it again."


def test_the_read_is_a_call_like_any_other() -> None:
    """It is repeated where that may help, and its own failures are not taken for those of the action."""
    service = Service([copy.copy(LOST), answer(500, b""), answer(429, b""), state("still"), OK])

    service.run(execute(service.engine(), spin(), {}))

    assert methods(service) == ["POST", "GET", "GET", "GET", "POST"]


def test_every_attempt_in_doubt_is_looked_into() -> None:
    service = Service([copy.copy(LOST), state("still"), answer(502, b""), state("spinning")])

    error = unknown_from(service, spin())

    assert methods(service) == ["POST", "GET"] * 2
    assert (error.took_effect, error.status) == (True, 502)


def test_after_the_last_attempt_the_state_is_told() -> None:
    for most in (1, 2):
        service = Service([copy.copy(one) for _ in range(most) for one in (LOST, state("still"))])
        engine = service.engine()

        with pytest.raises(OutcomeUnknownError) as caught:
            service.run(execute(engine, spin(), {"max_attempts": most}))

        error = caught.value
        assert methods(service) == ["POST", "GET"] * most
        assert (error.took_effect, error.state, error.retry_safe) == (False, "still", True)
        assert error.remedy == "It can be sent again."
        # Only a repetition costs: each but the last attempt 14, which a read of the state brings back by one.
        assert engine.buckets.of(ENDPOINT).tokens == (500 if most == 1 else 488)


@pytest.mark.parametrize("failure", [answer(501, b""), answer(505, b""), answer(200, b"<html>")], ids=str)
@pytest.mark.parametrize(("value", "took_effect"), [("still", False), ("spinning", True), ("broken", None)])
def test_what_comes_again_is_not_sent_again(drive: Any, failure: Response, value: str, took_effect: Any) -> None:
    service = Service([failure, state(value)])

    error = unknown_from(service, spin(), drive)

    assert methods(service) == ["POST", "GET"]
    assert error.took_effect is took_effect
    assert isinstance(error.last, ResponseDecodeError if failure.status == 200 else ServerError)


@pytest.mark.parametrize(
    ("later", "took_effect", "why"),
    [
        ("spinning", True, ""),
        ("still", None, "Its state is still, and yet it was refused."),
        ("broken", None, "Its state is broken, which does not tell."),
    ],
)
def test_a_stale_state_is_found_out_by_the_refusal(later: str, took_effect: bool | None, why: str) -> None:
    """The state still was the old one; what the first attempt did is why the second is refused."""
    refusal = answer(409, {"error_msg": "it spins"})
    service = Service([copy.copy(LOST), state("still"), refusal, state(later)])

    error = unknown_from(service, spin())

    assert methods(service) == ["POST", "GET", "POST", "GET"]
    assert error.took_effect is took_effect
    assert type(error.last) is ConflictError
    assert why in error.message


def test_a_refusal_without_a_doubt_is_a_refusal() -> None:
    service = Service([answer(429, b""), answer(409, b"")])
    with pytest.raises(ConflictError):
        service.run(execute(service.engine(), spin(), {}))
    assert methods(service) == ["POST", "POST"]

    service = Service([copy.copy(LOST), state("still"), answer(403, b"")])
    with pytest.raises(PermissionDeniedError):
        service.run(execute(service.engine(), spin(), {}))


def test_without_time_for_it_nothing_is_read() -> None:
    for script, options in (
        ([answer(500, b"", {"retry-after": "30"})], {"deadline": 10.0}),
        ([answer(500, b"", {"retry-after": "61"})], {}),
    ):
        service = Service(list(script))

        error = unknown_from(service, spin(), **options)

        assert methods(service) == ["POST"]
        assert service.clock.slept == []
        assert (error.took_effect, error.state) == (None, None)


def test_pause_that_is_asked_for_comes_before_the_read() -> None:
    service = Service([answer(500, b"", {"retry-after": "30"}), state("still"), OK])

    service.run(execute(service.engine(), spin(), {"deadline": 31.0}))

    assert service.clock.slept == [30.0]
    assert service.timeouts[1] == service.timeouts[2] == pytest.approx(1.0)


def test_deadline_that_ends_while_the_state_is_read(drive: Any) -> None:
    service = Service([copy.copy(LOST), AttemptTimeoutError("late")], latency=4.0)

    error = unknown_from(service, spin(), drive, deadline=8.0)

    assert methods(service) == ["POST", "GET"]
    assert service.timeouts[1] <= 4.0
    assert error.took_effect is None
    assert "could not be read" in error.message


def test_spent_budget_ends_in_doubt() -> None:
    service = Service([copy.copy(LOST)])
    engine = service.engine()
    engine.buckets.of(ENDPOINT).tokens = 13

    with pytest.raises(OutcomeUnknownError) as caught:
        service.run(execute(engine, spin(), {}))

    assert methods(service) == ["POST"]
    assert caught.value.took_effect is None
    assert engine.buckets.of(ENDPOINT).tokens == 13


def test_action_without_a_way_to_read_its_state_is_not_sent_again() -> None:
    service = Service([copy.copy(LOST)])

    error = unknown_from(service, spin(operation(retry="action", method="POST")))

    assert methods(service) == ["POST"]
    assert (error.took_effect, error.remedy) == (None, None)


def test_values_of_the_request_find_the_thing_among_others() -> None:
    rule = Reread(
        "toy_get", ("state",), frozenset({"still"}), frozenset({"spinning"}),
        path=(("toy_id", "$request/path/box_id"),), query=(("part", "$request/body/part"),),
        items=("parts",), equal=((("id",), "$request/body/part"),),
    )  # fmt: skip
    known = operation(
        id="toy_part_spin",
        method="POST",
        path="/v1/{project_id}/boxes/{box_id}/spin",
        path_parameters=(Parameter("box_id", "box_id", True),),
        retry="action",
        reread=rule,
    )
    call = Call(known, Anything, {"box_id": "b"}, body={"part": 2})
    parts = [{"id": "1", "state": "still"}, {"id": "2", "state": "spinning"}]
    for listed, took_effect in ((parts, True), (parts[:1], None), (None, None)):
        service = Service([copy.copy(LOST), answer(200, {"parts": listed})])

        error = unknown_from(service, call)

        assert service.sent[1].url == f"{ENDPOINT}/v1/{PROJECT}/toys/b?part=2"
        assert error.took_effect is took_effect
        assert "`toys.get`" in str(error)


def test_what_is_done_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    service = Service([copy.copy(LOST), state("still"), OK])

    with caplog.at_level(logging.INFO, "modelarts_ext"):
        service.run(execute(service.engine(), spin(), {}))

    assert [record.getMessage()[:66] for record in caplog.records] == [
        "toy_spin: attempt 1 ended in TransportError, the state is read in "
    ]


@given(
    script=st.lists(st.sampled_from(["lost", "refused", "slow down"]), max_size=6),
    states=st.lists(st.sampled_from(["still", "spinning", "broken", "unread"]), min_size=9, max_size=9),
    most=st.integers(1, 5),
    seed=st.integers(0, 99),
)
def test_laws_of_repeating_an_action(script: list[str], states: list[str], most: int, seed: int) -> None:
    """Whatever happens: after a doubt nothing is sent that a read has not shown to be undone."""
    turns, reads = iter(script), iter(states)
    heard: list[str] = []

    class Toy(Service):
        def send(self, request: Any, seconds: float) -> Response:
            if request.method == "GET":
                heard.append(next(reads))
                return answer(403) if heard[-1] == "unread" else state(heard[-1])
            heard.append(next(turns, "done"))
            if heard[-1] == "lost":
                raise copy.copy(LOST)
            return {"refused": answer(409), "slow down": answer(429), "done": OK}[heard[-1]]

    service = Toy([])
    error: ModelArtsError | None = None
    try:
        service.run(execute(service.engine(seed=seed), spin(), {"max_attempts": most}))
    except ModelArtsError as caught:
        error = caught

    sent = [one for one in heard if one in ("lost", "refused", "slow down", "done")]
    assert len(sent) <= most
    for one, following in pairwise(heard):
        assert one != "lost" or following in states
        assert one in ("lost", "refused", "slow down", "still")
        assert one != "refused" or "lost" in heard
    if isinstance(error, OutcomeUnknownError):
        told = {"spinning": True, "still": False}.get(heard[-1])
        assert error.took_effect is (None if "refused" in heard and told is False else told)
    else:
        assert "lost" not in heard[-2:]


# The actions of the document.

ACTIONS: list[tuple[Operation, Variant | None]] = [
    *((known, None) for known in OPERATIONS.values() if known.retry == "action" and not known.variants),
    *((known, each) for known in OPERATIONS.values() for each in known.variants if each.retry == "action"),
]


def rule_of(known: Operation, variant: Variant | None) -> Reread:
    rule = variant.reread if variant else known.reread
    assert rule is not None
    return rule


CASES = [
    (known, variant, value)
    for known, variant in ACTIONS
    for states in [rule_of(known, variant).done | rule_of(known, variant).undone]
    for value in sorted(states | {"0" if all(map(str.isdigit, states)) else "UNHEARD_OF"})
]
MEMBERS = {
    "is_success": True,
    "workspace_id": "0",
    "job_id": 7,
    "version_id": 7,
    "id": "7",
    "service_id": "7",
    "name": "seven",
}


def read_of(rule: Reread, value: str) -> dict[str, Any]:
    """An answer of the read in which the state stands where the document says."""
    (member,) = rule.state
    thing: Any = {**MEMBERS, member: int(value) if value.isdigit() else value}
    if rule.items is None:
        return thing  # type: ignore[no-any-return]
    assert rule.items == ("config", "0", "nodes")
    return {**MEMBERS, "status": "running", "config": [{"model_id": "m", "nodes": [{**thing, "id": "other"}, thing]}]}


@pytest.mark.parametrize(
    ("known", "variant", "value"), CASES, ids=lambda each: getattr(each, "id", None) or getattr(each, "name", each)
)
def test_actions_of_the_document(known: Operation, variant: Variant | None, value: str) -> None:
    rule = rule_of(known, variant)
    path = {each.name: "7" for each in known.path_parameters if each.name != "project_id"}
    call = call_of(known.id, path=path, body=dict(variant.sets) if variant else None)
    service = Service([copy.copy(LOST), answer(200, read_of(rule, value)), OK])

    if value in rule.undone:
        service.run(execute(service.engine(), call, {}))
        assert len(service.sent) == 3
        assert service.sent[0].url == service.sent[2].url
        assert service.sent[0].content == service.sent[2].content
        return
    error = unknown_from(service, call)
    assert len(service.sent) == 2
    assert error.took_effect is (True if value in rule.done else None)
    assert error.state == (int(value) if value.isdigit() else value)
    assert value in error.message
    if value in rule.done and rule.waiter:
        assert f"{known.group}.wait" in str(error)


def test_an_operation_that_is_several_things_is_looked_into_as_the_one_that_it_is() -> None:
    """The same state says of one action that it was done, and of another that it was not."""
    for action, value, took_effect in (("start", "RUNNING", True), ("restart", "RUNNING", None)):
        service = Service([copy.copy(LOST), answer(200, {**MEMBERS, "status": value})])
        error = unknown_from(service, call_of("manage_notebook", path={"instance_id": "7"}, body={"action": action}))
        assert error.took_effect is took_effect
    service = Service([copy.copy(LOST), answer(200, {**MEMBERS, "status": "RUNNING"}), OK])
    stop = call_of("manage_notebook", path={"instance_id": "7"}, body={"action": "stop"})
    service.run(execute(service.engine(), stop, {}))
    assert len(service.sent) == 3


def test_a_change_of_a_service_is_repeated_without_a_look() -> None:
    service = Service([copy.copy(LOST), OK])
    change = call_of("update_service", path={"service_id": "7"}, body={"description": "new"})
    service.run(execute(service.engine(), change, {}))
    assert methods(service) == ["PUT", "PUT"]
