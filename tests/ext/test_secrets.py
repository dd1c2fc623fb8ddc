"""No key, password, token, passcode or sensitive member is in anything that is written down."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
from collections.abc import Iterator
from random import Random
from typing import Any

import httpx
import pytest
from secret_world import CANARIES, Samples, Trap, trapped

from modelarts_client.answers import answer_type
from modelarts_client.call import Call
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import AsyncModelArts, ModelArts, errors
from modelarts_ext.breaker import PROCESS
from modelarts_ext.contract.fault_table import ROWS, Row
from modelarts_ext.credentials import AccessKey, Token, UserPassword
from modelarts_ext.httpx_auth import SdkHmacAuth
from modelarts_ext.signing import Key
from modelarts_ext.simulator import Simulator, VirtualClock
from modelarts_ext.simulator.accounts import Credentials

CONFIG = {
    "worker_server_num": 1,
    "app_url": "/bucket/code/",
    "boot_file_url": "/bucket/code/train.py",
    "data_url": "/bucket/data/",
    "train_url": "/bucket/out/",
    "engine_id": 1,
    "spec_id": 1,
    "parameter": [{"label": "password", "value": CANARIES["member"]}],
    "user_command": f"train --key {CANARIES['member']}",
}
PROOFS: dict[str, dict[str, Any]] = {
    "key": {"ak": CANARIES["access key"], "sk": CANARIES["secret key"]},
    "temporary key": {
        "ak": "temporary",
        "sk": CANARIES["temporary secret key"],
        "security_token": CANARIES["security token"],
    },
    "wrong key": {"ak": CANARIES["access key"], "sk": CANARIES["temporary secret key"]},
    "token": {"token": CANARIES["token"]},
    "password": {"user": "simulator", "password": CANARIES["password"], "domain": "simulator-domain"},
    "wrong password": {"user": "nobody", "password": CANARIES["password"], "domain": "simulator-domain"},
    "passcode": {
        "user_id": "simulator-user-id",
        "password": CANARIES["password"],
        "passcode": lambda: CANARIES["passcode"],
    },
}
FAULTS = [*ROWS, Row("none", "harmless", {})]


@pytest.fixture(autouse=True)
def rested_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process remembers refused keys; those of one test are none of the next one's."""
    monkeypatch.setattr(PROCESS, "_by_name", {})


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    keys = Credentials(ak=CANARIES["access key"], sk=CANARIES["secret key"], password=CANARIES["password"])
    with Simulator(seed=5, clock=VirtualClock(1_790_000_000.0), credentials=keys) as made:
        made.add_key("temporary", CANARIES["temporary secret key"], security_token=CANARIES["security token"])
        yield made


def given(simulator: Simulator, proof: str, address: str, **more: Any) -> dict[str, Any]:
    # A key that was refused rests for five minutes.
    simulator.clock.advance(400)
    return {
        **PROOFS[proof],
        "endpoint": address,
        "iam_endpoint": address,
        "project_id": "simulator-project",
        "clock": simulator.clock,
        "random": Random(1),
        "timeout": 0.3,
        "trust_env": False,
        **more,
    }


def learn_tokens(trap: Trap, simulator: Simulator) -> None:
    for project, kind, token, _ in simulator.store.dump():
        if (project, kind) == ("", "tokens"):
            trap.secrets[f"issued token {token[:4]}"] = token


def things(client: Any) -> list[Any]:
    engine = client._engine
    return [
        client,
        client.settings,
        engine,
        engine.identity,
        engine.identity._shared,
        client._transport,
        client.training_jobs,
    ]


def sync_calls(trap: Trap, client: ModelArts) -> None:
    jobs = client.training_jobs
    calls = [
        lambda: jobs.create(job_name="a", config=CONFIG),
        lambda: jobs.list().all(),
        lambda: jobs.update(101, job_desc="new"),
        lambda: jobs.get_version(101, 5001),
        lambda: jobs.stop_version(101, 5001),
        lambda: jobs.wait(101, deadline=5),
        lambda: client.request("POST", "/v1/{project_id}/anything", body={"password": CANARIES["member"]}),
        lambda: jobs.create(job_name="a", config={**CONFIG, "spec_id": CANARIES["member"]}),
        lambda: jobs.create(job_name="a" * 99, config=CONFIG, validate="warn"),
    ]
    for call in calls:
        try:
            call()
        except errors.ModelArtsError as error:
            trap.see_error(error)
    trap.see("repr", *things(client))


async def async_calls(trap: Trap, client: AsyncModelArts) -> None:
    jobs = client.training_jobs

    async def names() -> list[Any]:
        return [job async for job in jobs.list()]

    calls: list[Any] = [
        lambda: jobs.create(job_name="b", config=CONFIG),
        names,
        lambda: jobs.get_version(101, 5001),
        lambda: jobs.stop_version(101, 5001),
        lambda: client.request("POST", "/v1/{project_id}/anything", body={"password": CANARIES["member"]}),
    ]
    for call in calls:
        try:
            await call()
        except errors.ModelArtsError as error:
            trap.see_error(error)
    trap.see("repr", *things(client))


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("log_bodies", [False, True], ids=["", "bodies logged"])
def test_calls_over_a_socket(simulator: Simulator, proof: str, log_bodies: bool) -> None:
    with trapped() as trap, simulator.serve() as server:
        seen: list[Any] = []
        options = given(
            simulator, proof, server.url, log_bodies=log_bodies, on_request=seen.append, on_response=seen.append
        )
        with ModelArts(**options) as client:
            sync_calls(trap, client)

        async def main() -> None:
            async with AsyncModelArts(**options) as aclient:
                await async_calls(trap, aclient)

        simulator.clock.advance(400)
        asyncio.run(main())
        trap.see("hook", *seen)
        trap.see("journal", simulator.faults.journal, server, vars(server))
        learn_tokens(trap, simulator)
    assert any(place == "log modelarts_ext" for place, _ in trap.texts)
    assert any("sent {" in text for _, text in trap.texts) is log_bodies or "wrong" in proof
    assert trap.found() == set()


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row.name)
@pytest.mark.parametrize("proof", ["key", "password"])
def test_calls_that_fail(simulator: Simulator, row: Row, proof: str) -> None:
    if row.fault:
        simulator.faults.add("*training*", **row.fault)
        simulator.faults.add("list_projects", times=1, **row.fault)
    with trapped() as trap:
        options = given(simulator, proof, simulator.endpoint)
        with ModelArts(transport=simulator.transport(), **options) as client:
            sync_calls(trap, client)

        async def main() -> None:
            async with AsyncModelArts(transport=simulator.async_transport(), **options) as aclient:
                await async_calls(trap, aclient)

        simulator.clock.advance(400)
        asyncio.run(main())
        trap.see("journal", simulator.faults.journal, simulator.faults.rules)
        learn_tokens(trap, simulator)
    assert trap.found() == set()


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"code": "ModelArts.0201"}, {"body": b""}, {"drop": True}, {"garbage": True}], ids=str
)
@pytest.mark.parametrize("proof", ["password", "passcode"])
def test_logins_that_fail(simulator: Simulator, fault: dict[str, Any], proof: str) -> None:
    simulator.faults.add("create_token", **fault)
    with trapped() as trap:
        options = given(simulator, proof, simulator.endpoint, log_bodies=True)
        with ModelArts(transport=simulator.transport(), **options) as client:
            sync_calls(trap, client)
    assert trap.found() == set()


def everything(operation_id: str) -> Any:
    """The call of an operation with all that its document knows of, secrets where they may be."""
    operation = OPERATIONS[operation_id]
    path = {parameter.name: "1" for parameter in operation.path_parameters}
    return lambda body: Call(operation, answer_type(operation), path, [], body)


@pytest.mark.parametrize("operation_id", OPERATIONS)
@pytest.mark.parametrize("wrong", [False, True], ids=["", "of another type"])
def test_sensitive_members(operation_id: str, wrong: bool) -> None:
    """Bodies are logged when asked for, and what the document marks is masked in them, whatever it holds."""
    samples = Samples()
    body, asked = samples.body(operation_id, wrong=wrong)
    content, told = samples.answer(operation_id, wrong=wrong)
    headers = {"X-Subject-Token": CANARIES["token"], "X-Request-Id": "r-1"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=content or {}, headers=headers))
    with trapped() as trap:
        for proof, validate in (("key", "off"), ("key", "warn"), ("key", "error")):
            options = {
                **PROOFS[proof],
                "endpoint": "https://a.example",
                "iam_endpoint": "https://a.example",
                "project_id": "p",
            }
            with ModelArts(
                transport=transport, log_bodies=True, validate=validate, max_attempts=1, **options
            ) as client:
                call = everything(operation_id)(body)
                trap.see("repr", call)
                try:
                    answer = client.call(call)
                except errors.ModelArtsError as error:
                    trap.see_error(error)
                else:
                    trap.see("repr", answer, str(answer))
    assert any("received {" in text for place, text in trap.texts if place.startswith("log"))
    assert asked + told >= len(OPERATIONS[operation_id].sensitive) > 0 or not asked + told
    assert trap.found() == set()


def test_clients_dropped_open(simulator: Simulator) -> None:
    with trapped() as trap, simulator.serve() as server:
        for proof in PROOFS:
            client = ModelArts(**given(simulator, proof, server.url))
            sync_calls(trap, client)
            del client
            gc.collect()
    assert any(place == "warning ResourceWarning" for place, _ in trap.texts)
    assert trap.found() == set()


def test_credentials_written_down() -> None:
    with trapped() as trap:
        for kind in (
            AccessKey(**PROOFS["temporary key"]),
            Token(CANARIES["token"]),
            UserPassword(**PROOFS["passcode"]),
        ):
            trap.see("repr", kind, str(kind), f"{kind}", [kind])
        key = Key("ak", CANARIES["secret key"], CANARIES["security token"])
        trap.see("repr", key, SdkHmacAuth(key))
        for bad in (
            {"ak": "", "sk": CANARIES["secret key"]},
            {"ak": "a b", "sk": CANARIES["secret key"]},
            {"ak": "a", "sk": CANARIES["secret key"] + "\ud800"},
            {"token": CANARIES["token"] + " x"},
            {"password": CANARIES["password"]},
            {"token": CANARIES["token"], "password": CANARIES["password"]},
            {"user": "u", "domain": "d", "password": CANARIES["password"], "passcode": CANARIES["passcode"]},
        ):
            with pytest.raises(errors.ConfigurationError) as caught:
                ModelArts(endpoint="https://a.example", project_id="p", **bad)
            trap.see_error(caught.value)
    assert trap.found() == set()


@pytest.mark.parametrize(
    "arguments",
    [["jobs", "list"], ["jobs", "create", "-f"], ["jobs", "get-version", "1", "2"], ["jobs", "nonsense"]],
    ids=str,
)
@pytest.mark.parametrize(
    "fault", [None, {"status": 500}, {"drop": True}, {"garbage": True}, {"code": "APIG.0301", "status": 401}], ids=str
)
def test_command_line(
    simulator: Simulator,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    arguments: list[str],
    fault: dict[str, Any] | None,
) -> None:
    pytest.importorskip("typer")
    from modelarts_ext.cli.app import run

    if fault:
        simulator.faults.add(**fault)
    body = tmp_path / "job.json"
    body.write_text(json.dumps({"job_name": "c", "config": CONFIG}), encoding="utf-8")
    with trapped() as trap, simulator.serve() as server:
        for number, options in enumerate(
            (["-v", "-o", "json"], ["-v"], ["--sk", CANARIES["secret key"]], ["--token", CANARIES["token"]])
        ):
            monkeypatch.setattr(PROCESS, "_by_name", {})
            for name, value in {
                "HUAWEICLOUD_SDK_AK": CANARIES["access key"],
                "HUAWEICLOUD_SDK_SK": CANARIES["secret key"] if number else CANARIES["temporary secret key"],
                "HUAWEICLOUD_SDK_PROJECT_ID": "simulator-project",
                "MODELARTS_ENDPOINT": server.url,
            }.items():
                monkeypatch.setitem(os.environ, name, value)
            logging.getLogger("httpcore").setLevel(logging.NOTSET)
            run([*options, "--max-attempts", "1", *arguments, *([str(body)] if arguments[-1] == "-f" else [])])
            shown = capfd.readouterr()
            trap.see("output", shown.out, shown.err)
    assert any(place == "output" and text for place, text in trap.texts)
    assert trap.found() == set()


def test_the_trap_catches() -> None:
    """A search that finds nothing proves nothing, unless it finds what is there."""
    with trapped() as trap:
        logging.getLogger("httpcore.http11").debug("x %s", CANARIES["token"])
        logging.getLogger("elsewhere").log(1, "hidden", extra={"held": CANARIES["password"]})
        trap.see_error(errors.APIError("no", remedy=CANARIES["secret key"]))
    assert {"token", "password", "secret key"} == {name for name, _ in trap.found()}
    assert {place for name, place in trap.found() if name == "secret key"} >= {
        "str",
        "pickle",
        "copy",
        "traceback",
        "repr",
    }
