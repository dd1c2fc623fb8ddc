"""Who is measured. Each contender runs in a process of its own, and does what it is told over its standard input.

python -m scripts.bench_contenders NAME BASE KIND SHAPE

An order is a line of JSON, and so is its outcome: {"calls": 50} gives the seconds of each of so many calls, one after
the other; {"crowd": 1000, "at": 100} gives the seconds of all of them, so many at a time; {"grow": [100, 900]} gives
the bytes that the process grew by in the second lot of calls.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from scripts.bench_server import PROJECT

AK = "bench-access-key"
SK = "bench-secret-key-not-a-secret"
PAGE = 1000
"""Items that a page is asked to have, as this SDK asks by itself."""

Sync = Callable[[], Any]
Async = Callable[[], Awaitable[Any]]


def _sdk(base: str, kind: str, whole: bool) -> Sync:
    from modelarts_ext import ModelArts

    client = ModelArts(ak=AK, sk=SK, endpoint=base, project_id=PROJECT)
    group: Any = getattr(client, kind)
    if whole:
        return lambda: group.list().all()
    return lambda: next(group.list().pages())


def _sdk_async(base: str, kind: str, whole: bool) -> Async:
    from modelarts_ext import AsyncModelArts

    client = AsyncModelArts(ak=AK, sk=SK, endpoint=base, project_id=PROJECT)
    group: Any = getattr(client, kind)

    async def page() -> Any:
        pages = group.list().pages()
        try:
            return await anext(pages)
        finally:
            await pages.aclose()

    return (lambda: group.list().all()) if whole else page


def _httpx(base: str, kind: str, whole: bool) -> Sync:
    import httpx

    client = httpx.Client()
    url, query = f"{base}/v1/{PROJECT}/{kind}", {"offset": 0, "limit": PAGE}
    return lambda: json.loads(client.get(url, params=query).content)


def _httpx_async(base: str, kind: str, whole: bool) -> Async:
    import httpx

    client = httpx.AsyncClient()
    url, query = f"{base}/v1/{PROJECT}/{kind}", {"offset": 0, "limit": PAGE}

    async def call() -> Any:
        return json.loads((await client.get(url, params=query)).content)

    return call


def _vendor(base: str, kind: str, whole: bool) -> Sync:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkmodelarts.v1 import ListWorkspaceRequest, ModelArtsClient

    credentials = BasicCredentials(AK, SK, PROJECT)
    client = ModelArtsClient.new_builder().with_credentials(credentials).with_endpoints([base]).build()
    return lambda: client.list_workspace(ListWorkspaceRequest(offset=0, limit=PAGE)).workspaces


def _otcextensions(base: str, kind: str, whole: bool) -> Sync:
    import openstack
    from otcextensions import sdk

    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth_type="password",
        auth={
            "auth_url": f"{base}/v3",
            "username": "user",
            "password": "bench-password-not-a-secret",
            "user_domain_name": "domain",
            "project_name": "bench",
            "project_domain_name": "domain",
        },
        region_name="bench",
    )
    sdk.load(connection)
    models = getattr(connection, "modelartsv1").models  # noqa: B009  # added to the connection at run time
    return lambda: list(models())


@dataclass(frozen=True, slots=True)
class Contender:
    """One of those who are measured. `needs` are its distributions, by which it is known whether it is there."""

    title: str
    needs: tuple[str, ...]
    kinds: tuple[str, ...]
    sync: Callable[[str, str, bool], Sync] | None = None
    asynchronous: Callable[[str, str, bool], Async] | None = None


CONTENDERS = {
    "sdk": Contender("this SDK", ("httpx", "pydantic", "jsonschema-rs"), ("workspaces", "models"), sync=_sdk),
    "httpx": Contender("plain httpx", ("httpx",), ("workspaces", "models"), sync=_httpx),
    "vendor": Contender(
        "huaweicloudsdkmodelarts", ("huaweicloudsdkmodelarts", "huaweicloudsdkcore"), ("workspaces",), sync=_vendor
    ),
    "otcextensions": Contender("otcextensions", ("otcextensions", "openstacksdk"), ("models",), sync=_otcextensions),
    "sdk-async": Contender(
        "this SDK, async", ("httpx", "pydantic", "jsonschema-rs"), ("workspaces",), asynchronous=_sdk_async
    ),
    "httpx-async": Contender("plain httpx, async", ("httpx",), ("workspaces",), asynchronous=_httpx_async),
}


def installed(contender: str) -> bool:
    """Whether the distributions of a contender are there."""
    return all(version(name) is not None for name in CONTENDERS[contender].needs)


def version(distribution: str) -> str | None:
    """Return the version of a distribution, None when it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    return resident_of("self")


def resident_of(process: int | str) -> int:
    """Return the bytes of memory that a process holds now; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    rows = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return 1024 * int(rows.get("VmRSS", "0 kB").split()[0])


class Crew:
    """A contender at work: synchronous and asynchronous ones take the same orders."""

    def __init__(self, name: str, base: str, kind: str, whole: bool) -> None:
        contender = CONTENDERS[name]
        self._runner = asyncio.Runner()
        self._sync = contender.sync(base, kind, whole) if contender.sync else None
        self._async = contender.asynchronous(base, kind, whole) if contender.asynchronous else None

    def obey(self, order: dict[str, Any]) -> Any:
        """Carry out one order; return its outcome."""
        if "calls" in order:
            return self._calls(int(order["calls"]))
        if "crowd" in order:
            return self._runner.run(self._crowd(int(order["crowd"]), int(order["at"])))
        first, then = order["grow"]
        self._calls(int(first))
        before = resident()
        self._calls(int(then))
        return resident() - before

    def _calls(self, count: int) -> list[float]:
        if self._sync is not None:
            return [self._timed(self._sync) for _ in range(count)]
        return self._runner.run(self._in_a_row(count))

    @staticmethod
    def _timed(call: Sync) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    async def _in_a_row(self, count: int) -> list[float]:
        assert self._async is not None
        seconds = []
        for _ in range(count):
            began = time.perf_counter()
            await self._async()
            seconds.append(time.perf_counter() - began)
        return seconds

    async def _crowd(self, count: int, at: int) -> float:
        assert self._async is not None
        call, turns = self._async, iter(range(count))

        async def one() -> None:
            for _ in turns:
                await call()

        began = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(at)))
        return time.perf_counter() - began


def main() -> int:
    """Take orders until the input ends."""
    name, base, kind, shape = sys.argv[1:]
    crew = Crew(name, base, kind, shape == "list")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(crew.obey(json.loads(line))) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
