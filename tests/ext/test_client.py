from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import httpx
import pytest
from loopback import closed_port, listening, says
from scripted import StillClock, call_of

import modelarts_ext
from modelarts_client.call import AsyncCaller, Caller
from modelarts_client.facade.aio import groups as aio_groups
from modelarts_client.facade.sync import groups as sync_groups
from modelarts_ext import AsyncModelArts, ModelArts, transport, types
from modelarts_ext.client import ClientOptions
from modelarts_ext.credentials import AccessKey
from modelarts_ext.errors import (
    ClientClosedError,
    ConfigurationError,
    ConnectFailedError,
    CredentialsNotFoundError,
    Lookup,
    ModelArtsError,
    NotFoundError,
    OutcomeUnknownError,
    RequestValidationError,
)

ENDPOINT = "https://modelarts.example.com"
GIVEN: dict[str, Any] = {"ak": "AKTEST", "sk": "SKTEST", "endpoint": ENDPOINT, "project_id": "p1"}
JOBS = {"is_success": True, "job_total_count": 1, "jobs": [{"job_id": 7, "job_name": "a"}]}


class Handler:
    """Answers from a function and remembers the requests."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response] | None = None) -> None:
        self.answer = answer or (lambda request: httpx.Response(200, json=JOBS))
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.answer(request)


def client(handler: Handler | None = None, **more: Any) -> ModelArts:
    return ModelArts(**GIVEN | {"transport": httpx.MockTransport(handler or Handler())} | more)


def aclient(handler: Handler | None = None, **more: Any) -> AsyncModelArts:
    return AsyncModelArts(**GIVEN | {"transport": httpx.MockTransport(handler or Handler())} | more)


@pytest.fixture
def no_warnings() -> Iterator[None]:
    """Whatever is dropped in the test was closed before."""
    gc.collect()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield
        gc.collect()
    # What pytest tells of objects that earlier tests dropped says nothing of this one.
    own = [one for one in seen if not issubclass(one.category, pytest.PytestUnraisableExceptionWarning)]
    assert [str(one.message) for one in own] == []


def test_signed_call_through_the_facade(no_warnings: None) -> None:
    handler = Handler()

    with client(handler) as ma:
        jobs = ma.training_jobs.list(search_content="a b").all()

    assert [job.job_name for job in jobs] == ["a"]
    sent = handler.seen[0]
    assert sent.url.raw_path.startswith(b"/v1/p1/training-jobs?search_content=a%20b")
    assert sent.headers["authorization"].startswith("SDK-HMAC-SHA256 Access=AKTEST, ")
    assert sent.headers["x-project-id"] == "p1"


def test_asynchronous_call_through_the_facade(no_warnings: None) -> None:
    handler = Handler()

    async def main() -> list[Any]:
        async with aclient(handler) as ma:
            return [job async for job in ma.training_jobs.list(search_content="a b")]

    assert [job.job_name for job in asyncio.run(main())] == ["a"]
    assert handler.seen[0].headers["authorization"].startswith("SDK-HMAC-SHA256 Access=AKTEST, ")


@pytest.mark.parametrize("kind", [ModelArts, AsyncModelArts])
def test_every_group_is_there_and_made_once(kind: Any) -> None:
    made = kind(**GIVEN)
    names = sync_groups.GROUPS if kind is ModelArts else aio_groups.GROUPS

    assert sync_groups.GROUPS == aio_groups.GROUPS
    for name in names:
        assert getattr(made, name) is getattr(made, name)


def test_both_clients_have_the_same_names() -> None:
    ours = {name for name in dir(ModelArts) if not name.startswith("_")}
    theirs = {name.removeprefix("a") if name == "aclose" else name for name in dir(AsyncModelArts) if name[0] != "_"}

    assert ours == theirs
    assert issubclass(ModelArts, sync_groups.Groups)


def test_clients_are_what_the_facade_asks_for() -> None:
    for protocol, kind in ((Caller, ModelArts), (AsyncCaller, AsyncModelArts)):
        for name in (name for name in vars(protocol) if not name.startswith("_")):
            assert callable(getattr(kind, name))


# Requests that the document lacks.


def test_request_to_any_path() -> None:
    handler = Handler(lambda request: httpx.Response(200, json={"path": str(request.url)}))

    with client(handler) as ma:
        got = ma.request("POST", "/v2/{project_id}/x", query={"a": True}, body={"b": 1}, headers={"X-C": "d"})

    assert got == {"path": f"{ENDPOINT}/v2/p1/x?a=true"}
    assert json.loads(handler.seen[0].content) == {"b": 1}
    assert "x-c" in handler.seen[0].headers["authorization"]


def test_asynchronous_request_to_any_path() -> None:
    async def main() -> Any:
        async with aclient(Handler(lambda request: httpx.Response(404, json={"error_msg": "no"}))) as ma:
            return await ma.request("GET", "/v2/x")

    with pytest.raises(NotFoundError, match="no"):
        asyncio.run(main())


def test_call_without_a_facade() -> None:
    with client() as ma:
        assert ma.call(call_of("list_training_jobs")).jobs[0].job_id == 7
        with pytest.raises(RequestValidationError):
            ma.call(call_of("list_training_jobs", query=[("page", "x")]))
        assert ma.call(call_of("list_training_jobs", query=[("page", "x")]), {"validate": "off"}).jobs


# Life.


@pytest.mark.parametrize("how", ["with", "close"])
def test_closed_client_says_so(how: str) -> None:
    ma = client()
    ma.training_jobs.list().first()
    if how == "with":
        with ma:
            pass
    ma.close()
    ma.close()

    uses: list[Callable[[], Any]] = [
        lambda: ma.call(call_of("list_training_jobs")),
        lambda: ma.training_jobs.list(),
        lambda: ma.request("GET", "/x"),
        lambda: ma.wait(call_of("list_training_jobs"), "w", {}, deadline=1),
        lambda: ma.tail(call_of("list_training_jobs"), {}),
        lambda: ma.reconcile(Lookup("list_training_jobs")),
        lambda: ma.resolve_project(),
        lambda: ma.__enter__(),
    ]
    for use in uses:
        with pytest.raises(ClientClosedError):
            use()


def test_closed_asynchronous_client_says_so() -> None:
    async def main() -> None:
        ma = aclient()
        await ma.aclose()
        with pytest.raises(ClientClosedError):
            await ma.call(call_of("list_training_jobs"))
        with pytest.raises(ClientClosedError):
            await ma.request("GET", "/x")
        with pytest.raises(ClientClosedError):
            ma.training_jobs.list()

    asyncio.run(main())


def test_pager_of_a_closed_client_says_so() -> None:
    with client() as ma:
        pager = ma.training_jobs.list()

    with pytest.raises(ClientClosedError):
        pager.all()


def test_client_dropped_open_warns() -> None:
    ma = client()
    ma.request("GET", "/x")
    with pytest.warns(ResourceWarning, match="never closed"):
        del ma
        gc.collect()


def test_client_dropped_unused_is_silent(no_warnings: None) -> None:
    client()
    aclient()
    with pytest.raises(TypeError):
        client(colour="red")


def test_own_client_is_left_open(no_warnings: None) -> None:
    with httpx.Client(transport=httpx.MockTransport(Handler())) as own:
        ma = ModelArts(**GIVEN, http_client=own)
        ma.request("GET", "/x")
        ma.close()
        assert not own.is_closed
        ModelArts(**GIVEN, http_client=own).request("GET", "/x")
        with pytest.raises(ConfigurationError):
            ModelArts(**GIVEN, http_client=own, transport=httpx.MockTransport(Handler()))


# Options.


def test_with_options_shares_all_but_what_it_changes(no_warnings: None) -> None:
    handler = Handler()
    ma = client(handler, timeout=9.0)
    ma.request("GET", "/v1/{project_id}/x")

    other = ma.with_options(project_id="p2", timeout=3.0)
    other.request("GET", "/v1/{project_id}/x")
    other.close()
    ma.request("GET", "/v1/{project_id}/x")

    assert [seen.url.path for seen in handler.seen] == ["/v1/p1/x", "/v1/p2/x", "/v1/p1/x"]
    assert (ma.settings.timeout, other.settings.timeout) == (9.0, 3.0)
    assert other.training_jobs is not ma.training_jobs
    with pytest.raises(ClientClosedError):
        other.request("GET", "/x")
    third = ma.with_options(max_attempts=1)
    ma.close()
    with pytest.raises(ClientClosedError):
        third.request("GET", "/x")


def test_project_name_of_with_options_is_not_overruled_by_the_old_id() -> None:
    other = client().with_options(project="other")

    assert (other.settings.project, other.settings.project_id) == ("other", None)
    assert client().with_options(timeout=1).settings.project_id == "p1"


@pytest.mark.parametrize(
    "changes",
    [{"endpoint": "https://other"}, {"ak": "x"}, {"colour": "red"}],
)
def test_with_options_changes_limits_only(changes: Any) -> None:
    with pytest.raises(TypeError):
        client().with_options(**changes)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"timeout": 0}, ConfigurationError),
        ({"max_attempts": 0}, ConfigurationError),
        ({"deadline": -1}, ConfigurationError),
        ({"validate": "maybe"}, ConfigurationError),
        ({"endpoint": "http://modelarts.example.com"}, ConfigurationError),
        ({"token": "t"}, ConfigurationError),
        ({"sk": None}, ConfigurationError),
        ({"ak": None, "sk": None}, CredentialsNotFoundError),
        ({"acces_key": "typo"}, TypeError),
    ],
)
@pytest.mark.parametrize("make", [client, aclient])
def test_arguments_that_make_no_client(make: Any, options: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        make(**options)


def test_every_option_is_taken() -> None:
    hooks = {"on_request": lambda request: None, "on_response": [lambda exchange: None]}
    options: dict[str, Any] = GIVEN | hooks | {
        "security_token": "st",
        "iam_endpoint": "https://iam.example.com",
        "region": "r-1",
        "project": None,
        "timeout": 5.0,
        "connect_timeout": 2.0,
        "deadline": 50.0,
        "max_attempts": 2,
        "validate": "warn",
        "verify": False,
        "proxy": "http://proxy.example:3128",
        "trust_env": False,
        "log_bodies": True,
        "user_agent": "tool/3",
        "clock": StillClock(),
        "random": Random(1),
        "credentials": None,
    }  # fmt: skip
    other_kinds = {"token", "user", "password", "domain", "passcode", "user_id", "domain_id", "cloud"}
    assert set(options) | other_kinds == ClientOptions.__optional_keys__

    ma = ModelArts(**options)

    settings = ma.settings
    assert (settings.timeout, settings.connect_timeout, settings.deadline, settings.max_attempts) == (5.0, 2.0, 50.0, 2)
    assert settings.user_agent.startswith("tool/3 modelarts-ext/")
    assert (settings.region, settings.iam_endpoint) == ("r-1", "https://iam.example.com")


def test_region_gives_the_addresses() -> None:
    ma = ModelArts(ak="AKTEST", sk="SKTEST", region="cn-north-4")

    assert ma.settings.endpoint == "https://modelarts.cn-north-4.myhuaweicloud.com"
    assert ma.settings.iam_endpoint == "https://iam.cn-north-4.myhuaweicloud.com"


def test_credentials_object_is_shared() -> None:
    key = AccessKey("AKTEST", "SKTEST")
    handler = Handler()
    with ModelArts(credentials=key, endpoint=ENDPOINT, project_id="p", transport=httpx.MockTransport(handler)) as ma:
        ma.request("GET", "/x")

    assert "Access=AKTEST" in handler.seen[0].headers["authorization"]


def test_nothing_shows_secrets() -> None:
    for made in (client(), aclient(), ModelArts(token="canary", endpoint=ENDPOINT, project_id="p")):
        text = f"{made!r} {made.settings!r} {vars(made)!r}"
        assert "SKTEST" not in text
        assert "canary" not in text
    assert repr(client()) == "ModelArts(endpoint='https://modelarts.example.com', project='p1')"


def test_default_deadline_is_for_all_pages_together() -> None:
    clock = StillClock()

    def slow(request: httpx.Request) -> httpx.Response:
        clock.now += 4.0
        rows = [{"job_id": len(handler.seen) * 2 + n, "job_name": "a"} for n in range(2)]
        return httpx.Response(200, json=JOBS | {"jobs": rows, "job_total_count": 100})

    handler = Handler(slow)
    with client(handler, clock=clock, deadline=10.0) as ma, pytest.raises(ModelArtsError, match="deadline"):
        ma.training_jobs.list(page_size=2).all()

    assert len(handler.seen) == 3


# What a create of unknown outcome made.


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_reconcile_looks_for_what_may_have_been_made(mode: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(502)
        return httpx.Response(200, json=JOBS)

    error = OutcomeUnknownError("?", lookup=Lookup("list_training_jobs", {}, (), ((("job_name",), "a"),), False))

    async def main() -> Any:
        async with aclient(Handler(answer)) as ma:
            return await ma.reconcile(error), await ma.resolve_project()

    if mode == "sync":
        with client(Handler(answer)) as ma:
            found, project = ma.reconcile(error, max_attempts=1), ma.resolve_project()
    else:
        found, project = asyncio.run(main())

    assert found.verdict == "found"
    assert [item.job_id for item in found.items] == [7]
    assert project == "p1"


# Connections.


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_thousand_calls_open_one_connection(mode: str, monkeypatch: pytest.MonkeyPatch, no_warnings: None) -> None:
    made: list[Any] = []

    def count(kind: Any) -> Callable[..., Any]:
        def make(**given: Any) -> Any:
            made.append(given)
            return kind(**given)

        return make

    for name in ("HTTPTransport", "AsyncHTTPTransport"):
        monkeypatch.setattr(httpx, name, count(getattr(httpx, name)))
    with listening(says(json.dumps(JOBS).encode())) as server:
        given = GIVEN | {"endpoint": server.url}

        async def main() -> None:
            async with AsyncModelArts(**given) as ma:
                for _ in range(1000):
                    await ma.call(call_of("list_training_jobs"))

        if mode == "sync":
            with ModelArts(**given) as ma:
                for _ in range(1000):
                    ma.call(call_of("list_training_jobs"))
        else:
            asyncio.run(main())

        assert len(server.requests) == 1000
        assert server.connections == 1
    assert len(made) == 1
    assert made[0]["verify"] is transport.tls_context(True)


def test_many_clients_share_one_tls_context() -> None:
    port = closed_port()
    before = transport.tls_context(True)
    for _ in range(3):
        given = GIVEN | {"endpoint": f"http://127.0.0.1:{port}", "max_attempts": 1}
        with ModelArts(**given) as ma, pytest.raises(ConnectFailedError):
            ma.request("GET", "/x")
    assert transport.tls_context(True) is before


# The package.


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def paths() -> str:
    """Code that makes the packages under test importable in another process."""
    return f"import sys; sys.path[:0] = {[entry for entry in sys.path if entry]!r}\n"


def test_import_loads_next_to_nothing() -> None:
    heavy = "('httpx', 'pydantic', 'jsonschema_rs', 'modelarts_client', 'ssl', 'asyncio')"
    out = run_python(f"{paths()}import modelarts_ext; print([name for name in {heavy} if name in sys.modules])")

    assert out == "[]"


def test_making_a_client_loads_no_model_and_no_group() -> None:
    code = (
        f"{paths()}from modelarts_ext import ModelArts\n"
        "ma = ModelArts(ak='AKTEST', sk='SKTEST', endpoint='https://h.example', project_id='p')\n"
        "loaded = [name for name in sys.modules if name.startswith(('modelarts_client.models.', 'modelarts_client.api',"
        " 'modelarts_client.facade.sync.training', 'jsonschema_rs', 'httpx', 'modelarts_ext.simulator'))]\n"
        "print(loaded, len(sys.modules) < 360)"
    )

    assert run_python(code) == "[] True"


def test_public_names_are_importable_and_listed() -> None:
    names = [name for name in dir(modelarts_ext) if not name.startswith("__")]

    assert {"ModelArts", "AsyncModelArts", "NotFoundError", "AccessKey", "sign"} <= set(names)
    for name in names:
        assert getattr(modelarts_ext, name) is not None
    for missing in ("Nothing", "NoSuchError", "_hidden"):
        with pytest.raises(AttributeError):
            getattr(modelarts_ext, missing)


def test_types_are_importable_and_listed() -> None:
    names = dir(types)

    assert {"Change", "LogLine", "Phase", "Pager", "TrainingJob"} <= set(names)
    for name in names:
        assert getattr(types, name).__name__ == name
    with pytest.raises(AttributeError):
        types.Nothing  # noqa: B018
