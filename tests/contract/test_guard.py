from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modelarts_ext.contract.findings import Exchange
from modelarts_ext.contract.guard import BudgetSpent, Guard, Limits, Refused, TargetLost
from modelarts_ext.contract.journal import Journal, Observer, Side
from modelarts_ext.contract.ledger import Ledger
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.policy import intended
from modelarts_ext.contract.target import Address, Target
from modelarts_ext.credentials import AccessKey, Token, UserPassword
from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator, VirtualClock

PROJECT = "simulator-project"
CONFIG = {"worker_server_num": 1, "model_id": 4, "spec_id": 2, "data_url": "/bucket/a/"}
NOBODY = "00000000-0000-4000-8000-000000000000"
KEY = AccessKey("simulator-access-key", "simulator-secret-key-not-a-secret")
RUNNING = b'{"status": "running"}'


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    with simulator.serve() as server:
        yield server.url


def guarded(document: Document, url: str, level: Level = Level.READ, **options: Any) -> Guard:
    identity = options.pop("identity", KEY)
    target = Target.at(Address(url, PROJECT, identity, iam_url=url, timeout=5))
    ledger = Ledger.begin(url, PROJECT, run="abcd1234")
    given: dict[str, Any] = {"ledger": ledger, "limits": Limits(rate=None)}
    return Guard(target, document, Journal(), level=level, **given | options)


def level_of(document: Document, method: str, path: str, body: Any = None) -> Level | None:
    content = b"" if body is None else json.dumps(body).encode()
    found = intended(document, method, f"/v1/p{path}", content)
    return None if found is None else found.level


LEVELS: list[tuple[str, str, Any, Level | None]] = [
    ("GET", "/services", None, Level.READ),
    ("GET", "/services?limit=1", None, Level.READ),
    ("POST", "/models", {"model_name": "a"}, Level.WRITE),
    ("POST", "/training-jobs", {"config": {"create_version": False}}, Level.WRITE),
    ("POST", "/training-jobs", {"config": {"create_version": True}}, Level.BILLABLE),
    ("POST", "/training-jobs", {"config": {}}, Level.BILLABLE),
    ("POST", "/training-jobs", None, Level.BILLABLE),
    ("PUT", "/services/1", {"description": "a"}, Level.WRITE),
    ("PUT", "/services/1", {"config": []}, Level.BILLABLE),
    ("PUT", "/services/1", {"status": "running"}, Level.BILLABLE),
    ("PUT", "/services/1", {"status": "stopped"}, Level.WRITE),
    ("POST", "/demanager/instances/1/action", {"action": "start"}, Level.BILLABLE),
    ("POST", "/demanager/instances/1/action", {"action": "stop"}, Level.WRITE),
    ("POST", "/demanager/instances", {"flavor": "modelarts.vm.cpu.free"}, Level.WRITE),
    ("POST", "/demanager/instances", {"flavor": "modelarts.vm.cpu.2u"}, Level.BILLABLE),
    ("PUT", "/workspaces/1/quotas", {"quotas": []}, Level.WRITE),
    ("PATCH", "/services", None, None),
    ("GET", "/nothing", None, None),
]


@pytest.mark.parametrize(("method", "path", "body", "level"), LEVELS)
def test_the_level_of_a_request_is_read_from_the_request(
    document: Document, method: str, path: str, body: Any, level: Level | None
) -> None:
    assert level_of(document, method, path, body) == level


def test_a_body_that_two_readers_read_differently_counts_as_the_dearest(document: Document) -> None:
    content = b'{"status": "running", "status": "stopped"}'
    found = intended(document, "PUT", "/v1/p/services/1", content)
    assert found is not None
    assert found.level is Level.BILLABLE
    assert any("two members" in mistake for mistake in found.mistakes)


def test_an_address_is_only_read_unless_somebody_says_more(document: Document, url: str, simulator: Simulator) -> None:
    target = Target.at(Address(url, PROJECT, KEY))
    guard = Guard(target, document, Journal(), limits=Limits(rate=None))
    assert guard.call("list_services").status == 200
    with pytest.raises(Refused, match="level write"):
        guard.call("create_training_job_config", body={"config_name": "mact-abcd1234-c", **CONFIG})
    assert guard.sent == 1


def test_every_change_needs_what_the_ledger_holds(document: Document, url: str, simulator: Simulator) -> None:
    guard = guarded(document, url, Level.BILLABLE)
    assert guard.ledger is not None
    refused: list[tuple[str, dict[str, Any], Any]] = [
        ("delete_service", {"service_id": NOBODY}, None),
        ("update_service", {"service_id": NOBODY}, {"description": "a"}),
        ("delete_training_job", {"job_id": 1}, None),
        ("stop_training_job_version", {"job_id": 1, "version_id": 1}, None),
        ("delete_workspace", {"workspace_id": "0"}, None),
        ("update_workspace", {"workspace_id": "0"}, {"description": "a"}),
        ("update_workspace_quotas", {"workspace_id": "0"}, {"quotas": [{"resource": "a", "quota": 1}]}),
        ("control_service_node", {"service_id": NOBODY, "node_id": "a"}, {"status": "stopped"}),
        ("create_workspace", {}, {"name": f"{guard.ledger.prefix}w"}),
        ("create_training_job_config", {}, {"config_name": "another-name", **CONFIG}),
    ]
    for operation, path, body in refused:
        given = {} if body is None else {"body": body}
        with pytest.raises(Refused):
            guard.call(operation, path=path, **given)
    assert guard.sent == 0


def model_of(guard: Guard) -> str:
    assert guard.ledger is not None
    body = {
        "model_name": guard.ledger.name("m"),
        "model_version": "1.0.0",
        "source_location": "https://bucket.obs.cn-north-4.myhuaweicloud.com/m/",
        "model_type": "PyTorch",
    }
    return str(guard.call("create_model", body=body).body["model_id"])


def test_what_the_run_created_may_be_deleted_and_no_more(document: Document, url: str, simulator: Simulator) -> None:
    guard = guarded(document, url, Level.WRITE)
    own = model_of(guard)
    with pytest.raises(Refused, match="cascade"):
        guard.call("delete_model", path={"model_id": own}, query={"cascade": True})
    with pytest.raises(Refused):
        guard.call("delete_model", path={"model_id": f"{own},{NOBODY}"})
    with pytest.raises(Refused, match="did not create"):
        guard.call("delete_service", path={"service_id": own})
    assert guard.call("delete_model", path={"model_id": own}).status == 200


def test_ids_within_a_body_are_checked_too(document: Document, url: str, simulator: Simulator) -> None:
    guard = guarded(document, url, Level.BILLABLE)
    assert guard.ledger is not None
    own = model_of(guard)
    simulator.advance(100)
    entry = {"model_id": own, "weight": 100, "specification": "modelarts.vm.cpu.2u", "instance_count": 1}
    service = {"service_name": guard.ledger.name("s"), "infer_type": "real-time", "config": [entry]}
    with pytest.raises(Refused, match="model_id"):
        guard.call("create_service", body={**service, "config": [{**entry, "model_id": NOBODY}]})
    with pytest.raises(Refused, match="cluster_id"):
        guard.call("create_service", body={**service, "cluster_id": NOBODY})
    made = guard.call("create_service", body=service).body["service_id"]
    with pytest.raises(Refused, match="model_id"):
        guard.call("update_service", path={"service_id": made}, body={"config": [{**entry, "model_id": NOBODY}]})
    assert guard.call("update_service", path={"service_id": made}, body={"description": "a"}).status == 200
    with pytest.raises(Refused, match=f"services/{NOBODY}"):
        guard.call("delete_service", path={"service_id": f"{made},{NOBODY}"})


def test_ids_of_one_kind_are_no_right_to_another_kind(document: Document, url: str, simulator: Simulator) -> None:
    guard = guarded(document, url, Level.BILLABLE)
    assert guard.ledger is not None
    body = {"job_name": guard.ledger.name("v"), "train_url": "/bucket/out/"}
    job = guard.call("create_visualization_job", body=body).body["job_id"]
    with pytest.raises(Refused, match="training-jobs"):
        guard.call("delete_training_job", path={"job_id": job})


HOSTILE: dict[str, dict[str, Any]] = {
    "an unknown path": {"method": "GET", "target": f"/v1/{PROJECT}/unknown"},
    "another project": {"method": "GET", "target": "/v1/other-project/services"},
    "no credentials": {"method": "GET", "target": f"/v1/{PROJECT}/services", "proof": "none"},
    "wrong credentials": {"method": "GET", "target": f"/v1/{PROJECT}/services", "proof": "broken"},
    "a parameter that is not there": {"method": "GET", "target": f"/v1/{PROJECT}/services?no_such=1"},
    "a value out of range": {"method": "GET", "target": f"/v1/{PROJECT}/services?limit=0"},
    "a body where none belongs": {"method": "GET", "target": f"/v1/{PROJECT}/services", "content": b"{}"},
    "a path that is folded": {"method": "GET", "target": f"/v1/{PROJECT}/models/.."},
    "a path with a slash inside": {"method": "GET", "target": f"/v1/{PROJECT}/models/a%2Fb"},
    "a header of its own": {
        "method": "GET",
        "target": f"/v1/{PROJECT}/services",
        "headers": {"X-HTTP-Method-Override": "DELETE"},
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_leaves_for_an_address(document: Document, url: str, name: str) -> None:
    guard = guarded(document, url, Level.BILLABLE)
    with pytest.raises(Refused):
        guard.send(**HOSTILE[name])
    assert guard.sent == 0


def test_a_server_of_this_process_gets_everything(document: Document) -> None:
    with Target.embed(document) as target:
        guard = Guard(target, document, Journal())
        assert guard.send("GET", "/v1/simulator-project/unknown").status == 404
        assert guard.send("GET", "/v1/simulator-project/services", proof="none").status == 401
        assert guard.send("GET", "/v1/simulator-project/services", proof="broken").status == 401
        assert guard.send("GET", "/v1/simulator-project/services").status == 200


def test_two_failed_authentications_end_the_run(document: Document, url: str, simulator: Simulator) -> None:
    guard = guarded(document, url, identity=AccessKey("simulator-access-key", "not-the-secret"))
    assert guard.call("list_services").status == 401
    with pytest.raises(TargetLost, match="credentials") as first:
        guard.call("list_models")
    assert first.value.final
    for _ in range(5):
        with pytest.raises(TargetLost):
            guard.call("list_models")
    assert guard.sent == 2


def test_a_budget_is_kept_and_undoing_has_its_own(document: Document, url: str) -> None:
    guard = guarded(document, url, limits=Limits(requests=2, rate=None, cleaning=1))
    for _ in range(2):
        guard.call("list_services")
    with pytest.raises(BudgetSpent):
        guard.call("list_services")
    with guard.cleaning():
        guard.call("list_services")
        with pytest.raises(BudgetSpent):
            guard.call("list_services")


def test_the_rate_is_kept(document: Document, url: str, monkeypatch: Any) -> None:
    slept: list[float] = []
    monkeypatch.setattr("modelarts_ext.contract.guard.time.sleep", slept.append)
    guard = guarded(document, url, limits=Limits(rate=0.1))
    for _ in range(3):
        guard.call("list_services")
    assert len(slept) == 2
    assert slept[0] == pytest.approx(10, abs=2)
    assert slept[1] == pytest.approx(20, abs=2)


def test_a_server_that_is_gone_is_asked_twice(document: Document) -> None:
    guard = guarded(document, "http://127.0.0.1:9")
    for _ in range(4):
        with pytest.raises(TargetLost, match="did not answer"):
            guard.call("list_services")
    assert guard.sent == 2


class Taking(Observer):
    def __init__(self) -> None:
        self.taken: list[Exchange] = []

    def observe(self, side: Side, exchange: Exchange) -> None:
        self.taken.append(exchange)


@pytest.mark.parametrize(
    "identity",
    [KEY, UserPassword("simulator", "simulator-password", "simulator-domain"), Token(lambda: "made-elsewhere")],
    ids=["key", "user", "token"],
)
def test_credentials_are_not_recorded(document: Document, url: str, identity: Any) -> None:
    guard = guarded(document, url, identity=identity)
    seen = Taking()
    guard.journal.observers.append(seen)
    reply = guard.call("list_services")
    assert reply.status == (401 if isinstance(identity, Token) else 200)
    text = repr(seen.taken) + repr(reply.exchange)
    for secret in ("simulator-password", "made-elsewhere", "Signature="):
        assert secret not in text
    tokens = [exchange.answer.headers.get("x-subject-token") for exchange in seen.taken if exchange.answer is not None]
    assert {token for token in tokens if token} <= {"(not recorded)"}


def test_a_creation_is_written_down_before_it_is_sent(document: Document, tmp_path: Path, monkeypatch: Any) -> None:
    target = Target.at(Address("http://127.0.0.1:9", PROJECT, KEY))
    path = tmp_path / "ledger.jsonl"
    ledger = Ledger.begin(target.url, PROJECT, path)
    guard = Guard(target, document, Journal(), ledger, level=Level.WRITE, limits=Limits(rate=None))
    seen: list[str] = []

    def send(*_: Any, **__: Any) -> None:
        seen.append(path.read_text(encoding="utf-8"))
        raise KeyboardInterrupt

    monkeypatch.setattr(target.client, "send", send)
    name = ledger.name("c")
    with pytest.raises(KeyboardInterrupt):
        guard.call("create_training_job_config", body={"config_name": name, **CONFIG})
    assert name in seen[0]
    assert Ledger.load(path).remaining()[0].fate == "open"


def test_time_of_a_server_of_this_process_is_its_own(document: Document) -> None:
    with Target.embed(document, clock=VirtualClock(5_000_000.0)) as target:
        target.wait(1e6)
        assert target.now() == 6_000_000.0
        target.reset()
        assert target.now() == 5_000_000.0
