"""Recordings hold no secret, and a replay against what was recorded finds no difference."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.recording import AsyncRecordingTransport, RecordingTransport, compare, scrubbed

START = 1_790_000_000.0
CONFIG = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/start.py",
    "data_url": "/bucket/data/",
    "spec_id": 1,
    "engine_id": 1,
    "train_url": "/bucket/output/",
    "parameter": [{"label": "rate", "value": "canary-of-a-parameter"}],
}
SCRIPT = [("1", 5), ("8", 600), "10"]
JOBS = "/v1/canary-project/training-jobs"


def made(seed: int = 1, auth: Any = "off") -> Simulator:
    return Simulator(seed=seed, clock=VirtualClock(START), auth=auth, faults=[])


def record(path: Path) -> None:
    simulator = made(auth="on")
    simulator.script("training_job", "job-a", SCRIPT)
    keys = simulator.credentials
    transport = RecordingTransport(simulator.transport(), path, clock=simulator.clock.monotonic)
    with ModelArts(
        user=keys.user,
        password=keys.password,
        domain=keys.domain,
        project_id=keys.project_id,
        endpoint=simulator.endpoint,
        iam_endpoint=simulator.endpoint,
        transport=transport,
        clock=simulator.clock,
        max_attempts=1,
    ) as client:
        job = client.training_jobs.create(job_name="job-a", config=CONFIG)
        client.training_jobs.wait(job, deadline=90_000)
        assert [each.job_name for each in client.training_jobs.list()] == ["job-a"]
        client.training_jobs.delete(job)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_no_secret_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path)
    text = path.read_text(encoding="utf-8")
    keys = made().credentials
    for secret in (keys.password, keys.sk, keys.ak, keys.project_id, keys.domain, "canary", "oken", "uthorization"):
        assert secret not in text
    assert {line["operation"] for line in lines(path)} >= {"create_training_job", "list_training_jobs"}
    [parameter] = lines(path)[0]["body"]["config"]["parameter"]
    assert parameter == {"label": "rate", "value": "***"}


def service(content: bytes, status: int = 200, **headers: str) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: httpx.Response(status, content=content, headers=headers))


def recorded(path: Path, transport: httpx.BaseTransport, method: str, target: str, **what: Any) -> httpx.Response:
    with httpx.Client(transport=RecordingTransport(transport, path), base_url="https://real.invalid") as http:
        return http.request(method, target, **what)


def test_canaries_of_headers_queries_addresses_and_errors(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    content = json.dumps(
        {
            "error_code": "ModelArts.0010",
            "error_msg": "canary-message",
            "link": "see https://canary-user:canary-word@obs.invalid/a?Signature=canary-signature, canary-project",
        }
    ).encode()
    answer = recorded(
        path,
        service(content, 400, **{"X-Subject-Token": "canary-issued"}),
        "GET",
        f"{JOBS}?page=2&canary-name=canary-value",
        headers={"X-Auth-Token": "canary-token", "Authorization": "canary-signed", "Cookie": "canary-cookie"},
    )
    assert (answer.status_code, answer.content) == (400, content)
    assert "canary" not in path.read_text(encoding="utf-8")
    [line] = lines(path)
    assert line["query"] == [["page", "2"]]
    assert line["answer"]["error_code"] == "ModelArts.0010"


@pytest.mark.parametrize("target", ["/v3/auth/tokens", "/v3/projects", "/somewhere", "/v1/infers/x"])
def test_what_is_no_operation_of_modelarts_is_not_recorded(tmp_path: Path, target: str) -> None:
    path = tmp_path / "recording.jsonl"
    for method in ("GET", "POST"):
        recorded(path, service(b'{"token": "canary"}'), method, target, json={"password": "canary"})
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"canary no JSON", b"[" * 100_000])
def test_what_is_no_json_is_not_recorded(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recording.jsonl"
    assert recorded(path, service(content), "POST", JOBS, content=content).content == content
    [line] = lines(path)
    assert (line["body"], line["answer"]) == (None, None)


def test_a_masked_member_keeps_its_type() -> None:
    value = {"a": {"secret": 1}, "b": [{"c": "secret", "d": 5}], "e": 7, "f": True, "g": None, "h": ["secret"]}
    pointers = (("a",), ("b", "*", "c"), ("e",), ("f",), ("g",), ("h",))
    assert scrubbed(value, pointers) == {
        "a": {},
        "b": [{"c": "***", "d": 5}],
        "e": 0,
        "f": False,
        "g": None,
        "h": [],
    }


def test_asynchronous_exchanges_are_recorded_alike(tmp_path: Path) -> None:
    simulator, path = made(), tmp_path / "recording.jsonl"
    keys = simulator.credentials

    async def main() -> None:
        async with AsyncModelArts(
            ak=keys.ak,
            sk=keys.sk,
            project_id=keys.project_id,
            endpoint=simulator.endpoint,
            iam_endpoint=simulator.endpoint,
            transport=AsyncRecordingTransport(simulator.async_transport(), path),
            clock=simulator.clock,
        ) as client:
            await client.training_jobs.create(job_name="job-a", config=CONFIG)

    asyncio.run(main())
    assert [line["operation"] for line in lines(path)] == ["create_training_job"]
    assert "canary" not in path.read_text(encoding="utf-8")


def test_the_simulator_agrees_with_itself_whatever_its_ids(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path)
    other = made(seed=2)
    other.script("training_job", "job-a", SCRIPT)
    status = other.handle("POST", "/v1/simulator-project/training-jobs", {"Content-Type": "application/json"},
                          json.dumps({"job_name": "first", "config": CONFIG}).encode()).status  # fmt: skip
    assert status == 200  # takes the id that the recording's job had
    assert compare(path, other) == []


def _lack(line: dict[str, Any]) -> None:
    line["answer"]["besides"] = 1


def _more(line: dict[str, Any]) -> None:
    del line["answer"]["job_name"]


def _typed(line: dict[str, Any]) -> None:
    line["answer"]["job_name"] = 5


def _failed(line: dict[str, Any]) -> None:
    line["status"], line["answer"] = 400, {"error_code": "ModelArts.0107", "is_success": False}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_lack, [("missing", "/besides", "number", "nothing")]),
        (_more, [("extra", "/job_name", "nothing", "string")]),
        (_typed, [("type", "/job_name", "number", "string")]),
        (_failed, [("status", "", "400", "200"), ("code", "", "ModelArts.0107", "none")]),
    ],
)
def test_differences_are_told(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], expected: list[tuple[str, ...]]
) -> None:
    path = tmp_path / "recording.jsonl"
    record(path)
    line = lines(path)[0]
    assert line["operation"] == "create_training_job"
    change(line)
    path.write_text(json.dumps(line), encoding="utf-8")
    found = compare(path, made())
    assert [(each.kind, each.where, each.recorded, each.simulated) for each in found] == expected
    assert {(each.operation, each.line) for each in found} == {("create_training_job", 1)}
    assert str(found[0]).startswith("create_training_job (line 1): ")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '"x"'])
def test_what_is_no_recording_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recording.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        compare(path, made())


def test_credentials_must_be_off(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="auth"):
        compare(tmp_path / "none", made(auth="on"))
