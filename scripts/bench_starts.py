"""Measures that need fresh processes or none: importing, first answers, one signature."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from scripts.bench_contenders import AK, SK, installed
from scripts.bench_figures import Figure, absent
from scripts.bench_server import PROJECT
from scripts.bench_turns import ROOT, environment

_BUILD = {
    "sdk": f"from modelarts_ext import ModelArts\n"
    f"client = ModelArts(ak={AK!r}, sk={SK!r}, endpoint=BASE, project_id={PROJECT!r})",
    "httpx and pydantic": "import httpx\nfrom pydantic import BaseModel",
    "vendor": "from huaweicloudsdkcore.auth.credentials import BasicCredentials\n"
    "from huaweicloudsdkmodelarts.v1 import ListWorkspaceRequest, ModelArtsClient\n"
    f"client = ModelArtsClient.new_builder().with_credentials(BasicCredentials({AK!r}, {SK!r}, {PROJECT!r}))"
    ".with_endpoints([BASE]).build()",
}
_CALL = {
    "sdk": "client.workspaces.list().all()\nclient.close()",
    "httpx and pydantic": "client = httpx.Client()\n"
    f"client.get(BASE + '/v1/{PROJECT}/workspaces').json()\nclient.close()",
    "vendor": "client.list_workspace(ListWorkspaceRequest())",
}
_TIMED = "import time\nbegan = time.perf_counter()\n{code}\nprint('took', time.perf_counter() - began)"


def starts(base: str, *, rounds: int, answered: bool) -> tuple[Figure, ...]:
    """Return the milliseconds from a bare interpreter to a client, or to its first answer."""
    names = [name for name in _BUILD if name != "vendor" or installed(name)]
    samples: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name in names:
            code = _BUILD[name] + ("\n" + _CALL[name] if answered else "\nclient = None" if name != "sdk" else "")
            seconds = _fresh(_TIMED.format(code=f"BASE = {base!r}\n{code}"))
            # The first round writes the compiled modules.
            samples[name] += [1000 * seconds] if turn else []
    return tuple(Figure(name, samples[name]) if name in samples else absent(name) for name in _BUILD)


def _fresh(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment(),
        cwd=ROOT,
    )
    return float(done.stdout.split()[-1])


def signatures(*, rounds: int, count: int) -> tuple[Figure, ...]:
    """Return the microseconds of one signature of a list request, by this SDK and by the vendor's signer."""
    kinds: dict[str, Callable[[], Any]] = {"sdk": _own_signature()}
    if installed("vendor") or _vendor_core():
        kinds["vendor"] = _vendor_signature()
    samples: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, sign in kinds.items():
            began = time.perf_counter()
            for _ in range(count):
                sign()
            samples[name].append(1e6 * (time.perf_counter() - began) / count)
    return tuple(Figure(name, samples[name]) if name in samples else absent(name) for name in ("sdk", "vendor"))


def _vendor_core() -> bool:
    from scripts.bench_contenders import version

    return version("huaweicloudsdkcore") is not None


def _own_signature() -> Callable[[], Any]:
    from modelarts_ext.core.effects import Request
    from modelarts_ext.signing import Key, sign

    key = Key(AK, SK)
    url = f"https://modelarts.example.com/v1/{PROJECT}/workspaces?offset=0&limit=1000"
    headers = {"user-agent": "bench", "content-type": "application/json", "X-Project-Id": PROJECT}
    return lambda: sign(Request("GET", url, headers), key, time.time())


def _vendor_signature() -> Callable[[], Any]:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer

    signer = Signer(BasicCredentials(AK, SK, PROJECT))

    def sign() -> Any:
        headers = {"User-Agent": "bench", "Content-Type": "application/json", "X-Project-Id": PROJECT}
        return signer.sign(
            SdkRequest(
                method="GET",
                schema="https",
                host="modelarts.example.com",
                resource_path=f"/v1/{PROJECT}/workspaces",
                query_params=[("offset", 0), ("limit", 1000)],
                header_params=headers,
                body="",
            )
        )

    return sign
