"""The status page as a browser shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from browser import CHROMIUM, Tab, chromium
from status import JOBS, workspace

from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.server import Server

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is on PATH; on Debian: apt-get install chromium"),
    pytest.mark.timeout(180),
]
EVIL = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with chromium(tmp_path_factory.mktemp("chromium")) as tab:
        yield tab


@pytest.fixture
def server(simulator: Simulator) -> Iterator[Server]:
    with simulator.serve() as server:
        yield server


def opened(tab: Tab, server: Server) -> None:
    tab.ask("Page.navigate", url=server.status_url)
    tab.until("document.readyState === 'complete' && document.getElementById('link')?.textContent === 'live'")


def rows(tab: Tab, section: str) -> list[list[str]]:
    cells = f"[...document.querySelectorAll('#{section} tbody tr')].map(r => [...r.cells].map(c => c.innerText))"
    found: list[list[str]] = json.loads(tab.value_of(f"JSON.stringify({cells})"))
    return found


def test_a_call_appears_while_it_is_open(tab: Tab, simulator: Simulator, server: Server) -> None:
    opened(tab, server)
    assert tab.value_of("location.href") == f"{server.url}/_sim/", "the token does not stay in the address"
    assert tab.value_of("document.cookie") == ""
    assert rows(tab, "calls") == []
    assert httpx.get(f"{server.url}{JOBS}?per_page=3&key=canary").status_code == 200
    tab.until("document.querySelectorAll('#calls tbody tr').length === 1")
    (row,) = rows(tab, "calls")
    assert row[1:5] == ["GET", f"{JOBS}?per_page=3&key=***", "list_training_jobs", "200"]
    assert tab.value_of("document.querySelector('#calls h2').innerText") == "Recent calls 1"


def test_states_and_faults_appear(tab: Tab, simulator: Simulator, server: Server, api: Any) -> None:
    opened(tab, server)
    api.new_job("nightly")
    tab.until("document.querySelector('#things .pending')?.textContent === 'JOBSTAT_INIT'")
    simulator.advance(3600)
    tab.until("document.querySelector('#things .succeeded')?.textContent === 'JOBSTAT_COMPLETED'")
    assert sorted(row[1] for row in rows(tab, "things")) == ["nightly", "nightly V0001"]
    simulator.faults.add("list_training_jobs", id="busy", status=503)
    assert httpx.get(server.url + JOBS).status_code == 503
    tab.until("document.querySelectorAll('#faults tbody tr').length === 1")
    assert rows(tab, "faults")[0][1:] == ["busy", "list_training_jobs"]
    before = tab.value_of("document.getElementById('clock').textContent")
    simulator.advance(86_400)
    tab.until(f"document.getElementById('clock').textContent !== {json.dumps(before)}")


def test_what_is_deleted_disappears(tab: Tab, simulator: Simulator, server: Server) -> None:
    made = workspace(simulator, "short-lived")
    opened(tab, server)
    assert [row[1] for row in rows(tab, "things")] == ["short-lived"]
    assert simulator.handle("DELETE", f"/v1/simulator-project/workspaces/{made}").status == 200
    simulator.run_until_idle()
    tab.until("document.querySelectorAll('#things tbody tr').length === 0")
    assert "Nothing has been created." in tab.value_of("document.body.innerText")


def test_names_do_not_run(tab: Tab, simulator: Simulator, server: Server) -> None:
    opened(tab, server)
    with simulator._lock, simulator.store.transaction():
        simulator.store.put(f"project-{EVIL}", "notebooks", EVIL, {"name": EVIL, "plan": [[0.0, EVIL]]})
    simulator.faults.add("", id=EVIL, status=500)
    simulator.handle("GET", f"/{EVIL}")
    tab.until("document.querySelectorAll('#faults tbody tr').length === 1")
    tab.until("document.querySelectorAll('#things tbody tr').length === 1")
    assert rows(tab, "things") == [["notebooks", EVIL, EVIL, EVIL]]
    assert rows(tab, "faults")[0][1] == EVIL
    assert tab.value_of("document.images.length") == 0
    assert tab.value_of("document.title") == "ModelArts simulator"


def test_the_page_says_when_it_is_no_longer_live(tab: Tab, simulator: Simulator) -> None:
    with simulator.serve() as server:
        opened(tab, server)
    tab.until("document.getElementById('link').textContent !== 'live'")


def test_without_scripts_it_is_a_picture(tab: Tab, simulator: Simulator, server: Server) -> None:
    workspace(simulator, "research")
    tab.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.ask("Page.navigate", url=server.status_url)
        tab.until("document.readyState === 'complete' && location.pathname === '/_sim/'")
        assert tab.value_of("document.getElementById('link').textContent") == "as of this time"
        assert [row[1:3] for row in rows(tab, "things")] == [["research", "NORMAL"]]
    finally:
        tab.ask("Emulation.setScriptExecutionDisabled", value=False)
