"""Cases of every kind, for the tests of what runs them. A provider of its own, which workers import by its name."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator

from modelarts_ext.contract.case import Case, Layer, Subject
from modelarts_ext.contract.checks import Answered, Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Exchange, Finding, Skip
from modelarts_ext.contract.guard import Refused, TargetLost
from modelarts_ext.contract.levels import Level
from modelarts_ext.document import Document

SECRETS = {
    "header": "token-7f3a-of-the-caller",
    "password": "correct horse battery staple",
    "signature": "9b1c2d3e4f5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0",
    "command": "run --with-licence 4711-0815-plain",
    "echoed": "swordfish-and-chips",
}
_TRIES: dict[str, int] = {}


def finding(message: str = "it is not so", *, deviation: bool = False) -> Finding:
    return Finding("list_services", "answer.schema", message, "", deviation)


def _passes(context: Context) -> Iterable[Finding]:
    return ()


def _fails(context: Context) -> Iterator[Finding]:
    yield finding("one member is lost")
    yield finding("one member is lost")
    yield finding("another is added")


def _breaks(context: Context) -> None:
    raise Broken(finding("the smallest example"))


def _deviates(context: Context) -> Iterator[Finding]:
    yield finding("a number came as text", deviation=True)


def _both(context: Context) -> Iterator[Finding]:
    yield finding("a number came as text", deviation=True)
    yield finding("a member is lost")


def _errs(context: Context) -> None:
    raise KeyError("a slip of the suite")


def _skips(context: Context) -> None:
    raise Skip("there is no bucket")


def _hangs(context: Context) -> None:
    time.sleep(60)


def _dies(context: Context) -> None:
    os._exit(7)


def _unsteady(context: Context) -> Iterator[Finding]:
    _TRIES["unsteady"] = _TRIES.get("unsteady", 0) + 1
    if _TRIES["unsteady"] % 2:
        yield finding("only sometimes")


def _forbidden(context: Context) -> None:
    raise Refused("nobody may do that here")


def _silent(context: Context) -> None:
    raise TargetLost("the server did not answer")


def _locked_out(context: Context) -> None:
    raise TargetLost("the key is not accepted", final=True)


def _tells(context: Context) -> Iterator[Finding]:
    reply = context.server().call("get_workspace", path={"workspace_id": "0" * 32})
    yield finding(f"{reply.status} {reply.code}").with_exchange(reply.exchange)


def _asks(context: Context) -> Iterator[Finding]:
    reply = context.server().call("list_workspaces")
    if reply.status != 200:
        yield finding(f"answered with {reply.status}")


def _creates(context: Context) -> Iterator[Finding]:
    guard = context.server()
    assert guard.ledger is not None
    name = guard.ledger.name("c")
    data = [{"type": "obs", "data_url": "/bucket/in/"}]
    body = {"config_name": name, "worker_server_num": 2, "model_id": 4, "spec_id": 2, "data_source": data}
    made = guard.call("create_training_job_config", body=body)
    listed = [one["config_name"] for one in guard.call("list_training_job_configs").body["configs"]]
    if name not in listed or (guard.target.embedded and listed != [name]):
        yield finding(f"{made.status} {made.code}: the list has {listed}")


def leaking() -> Exchange:
    """An exchange that holds a secret at every place where one may be."""
    request = Captured(
        "POST",
        f"/v1/project/training-jobs?token={SECRETS['header']}",
        {
            "X-Auth-Token": SECRETS["header"],
            "Authorization": f"SDK-HMAC-SHA256 Access=AKOFSOMEBODY, Signature={SECRETS['signature']}",
            "Content-Type": "application/json",
        },
        json.dumps(
            {
                "job_name": "visible-name",
                "config": {"user_command": SECRETS["command"]},
                "password": SECRETS["password"],
            }
        ).encode(),
    )
    answer = Answered(
        400,
        {"Content-Type": "application/json", "Set-Cookie": f"session={SECRETS['echoed']}"},
        json.dumps({"error_msg": f"{SECRETS['command']} is refused for {SECRETS['password']}"}).encode(),
    )
    return Exchange(request, answer)


def _leaks(context: Context) -> Iterator[Finding]:
    exchange = leaking()
    assert exchange.answer is not None
    yield Finding(
        "create_training_job",
        "answer.status",
        f"400 is not documented: {exchange.answer.content!r:.60}; {SECRETS['signature']} for {SECRETS['echoed']}",
        exchanges=(exchange,),
    )


def _case(
    name: str,
    run: object,
    *,
    layer: Layer = "golden",
    subject: Subject = "client",
    operations: tuple[str, ...] = ("list_services",),
    level: Level = Level.OFFLINE,
    profile: str = "services",
    hostile: bool = False,
    seconds: float = 0.01,
) -> Case:
    return Case(
        f"{layer}.{name}",
        layer,
        subject,
        operations,
        f"Case {name}",
        run,  # type: ignore[arg-type]
        level,
        profile,
        hostile,
        seconds,
    )


def cases(document: Document) -> Iterator[Case]:
    """Every kind of case; the id says how it ends."""
    yield _case("pass", _passes)
    yield _case("fail", _fails)
    yield _case("broken", _breaks)
    yield _case("deviates", _deviates)
    yield _case("both", _both)
    yield _case("error", _errs)
    yield _case("skip", _skips)
    yield _case("flaky", _unsteady)
    yield _case("leak", _leaks, operations=("create_training_job",), profile="training")
    yield _case("refused", _forbidden)
    yield _case("silent", _silent)
    for number in range(4):
        yield _case(
            f"server.read-{number}",
            _asks,
            layer="story",
            subject="server",
            operations=("list_workspaces",),
            level=Level.READ,
            profile="workspaces",
            seconds=0.1 * number,
        )
        yield _case(
            f"server.write-{number}",
            _creates,
            layer="story",
            subject="server",
            operations=("create_training_job_config", "list_training_job_configs"),
            level=Level.WRITE,
            profile="training",
        )
    yield _case("server.fail", _tells, layer="story", subject="server", level=Level.READ, profile="workspaces")
    yield _case("server.hostile", _asks, layer="story", subject="server", level=Level.READ, hostile=True)
    yield _case("own", _passes, layer="document", subject="document", operations=(), profile="core")


HANGS = _case("hangs", _hangs)
DIES = _case("dies", _dies)
LOST = _case("server.lost", _locked_out, layer="story", subject="server", level=Level.READ)
