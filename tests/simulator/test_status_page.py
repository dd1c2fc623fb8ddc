"""The status page: what it shows, what it escapes, and whom it lets in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from status import JOBS, WORKSPACES, workspace

from modelarts_ext.simulator import Simulator
from modelarts_ext.simulator.admin import TOKEN_HEADER
from modelarts_ext.simulator.server import Server

EVIL = '<script>alert("1")</script>&\'"><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """Tags, and the texts of cells by section, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self._section = ""
        self._in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "section":
            self._section = dict(attrs)["id"] or ""
        if tag == "tr":
            self.cells.setdefault(self._section, []).append([])
        if tag == "td":
            self._in_cell = True
            self.cells[self._section][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in_cell:
            self.cells[self._section][-1][-1] += data

    def rows(self, section: str) -> list[list[str]]:
        return [row for row in self.cells.get(section, []) if row]


@pytest.fixture
def server(simulator: Simulator) -> Iterator[Server]:
    with simulator.serve() as server:
        yield server


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={TOKEN_HEADER: server.token}) as http:
        yield http


def shown(http: httpx.Client) -> Page:
    answer = http.get("/_sim/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Page(answer.text)


def test_an_empty_simulator(http: httpx.Client) -> None:
    page = shown(http)
    for words in ("Nothing has been created.", "No call came yet.", "No fault has fired.", "2026-09-21 14:13:20 UTC"):
        assert words in page.words
    assert page.rows("things") == page.rows("calls") == page.rows("faults") == []


def test_it_shows_things_calls_and_faults(simulator: Simulator, http: httpx.Client, api: Any) -> None:
    job = api.new_job("nightly")
    workspace(simulator, "research")
    simulator.faults.add("get_training_job_version", id="busy", status=503)
    version = f"{JOBS}/{job['job_id']}/versions/{job['version_id']}"
    assert http.get(version).status_code == 503
    simulator.faults.add("list_training_jobs", id="lost", drop=True)
    with pytest.raises(httpx.RemoteProtocolError):
        http.get(JOBS)
    page = shown(http)
    assert "simulator-project" in page.words
    things = {(row[0], row[1]): row[2:] for row in page.rows("things")}
    job_id, version_id = str(job["job_id"]), str(job["version_id"])
    assert things["training jobs", "nightly"] == ["", job_id]
    assert things["training job versions", "nightly V0001"] == ["JOBSTAT_INIT", f"{job_id}/{version_id}"]
    assert things["workspaces", "research"][0] == "NORMAL"
    lost, busy = page.rows("calls")[:2]
    assert [row[1:5] for row in (lost, busy)] == [
        ["GET", JOBS, "list_training_jobs", "no answer"],
        ["GET", version, "get_training_job_version", "503"],
    ]
    assert float(busy[5]) >= 0
    assert busy[6].endswith("-simulator")
    assert [row[1:] for row in page.rows("faults")] == [
        ["lost", "list_training_jobs"],
        ["busy", "get_training_job_version"],
    ]
    simulator.advance(3600)
    assert "JOBSTAT_COMPLETED" in [row[2] for row in shown(http).rows("things")]


def test_what_is_deleted_is_not_shown(simulator: Simulator, http: httpx.Client) -> None:
    made = workspace(simulator, "short-lived")
    assert simulator.handle("DELETE", f"{WORKSPACES}/{made}").status == 200
    assert [row[2] for row in shown(http).rows("things")] == ["DELETING"]
    simulator.run_until_idle()
    assert shown(http).rows("things") == []


def test_names_of_users_are_text_and_nothing_else(simulator: Simulator, http: httpx.Client) -> None:
    clean = [tag for tag in shown(http).tags if tag in ("script", "img", "style", "link")]
    with simulator._lock, simulator.store.transaction():
        simulator.store.put(f"project-{EVIL}", "notebooks", EVIL, {"name": EVIL, "plan": [[0.0, EVIL]]})
    simulator.faults.add("", id=EVIL, status=500)
    simulator.handle("GET", f"/{EVIL}?{EVIL}=1")
    page = shown(http)
    assert [tag for tag in page.tags if tag in ("script", "img", "style", "link")] == clean
    assert "onerror" not in {name for name, _ in page.attributes}
    assert f"project-{EVIL}" in "".join(page.words)
    assert page.rows("things") == [["notebooks", EVIL, EVIL, EVIL]]
    assert page.rows("faults")[0][1] == EVIL
    assert page.rows("calls")[0][2].startswith(f"/{EVIL}")


def test_names_that_are_no_text_are_shown(simulator: Simulator, http: httpx.Client) -> None:
    with simulator._lock, simulator.store.transaction():
        simulator.store.put("simulator-project", "notebooks", "1", {"name": "\ud800", "plan": [[0.0, "RUNNING"]]})
    simulator.handle("GET", "/v1/\udcff")
    assert [row[1] for row in shown(http).rows("things")] == ["?"]
    assert [row[2] for row in shown(http).rows("calls")] == ["/v1/?"]


def test_no_secret_is_shown(simulator: Simulator, http: httpx.Client) -> None:
    headers = {"X-Auth-Token": "canary-header", "Authorization": "canary-header", "Content-Type": "application/json"}
    body = json.dumps({"auth": {"identity": {"password": "canary-body"}}}).encode()
    simulator.handle("POST", "/v3/auth/tokens", headers, body)
    simulator.handle("GET", f"{JOBS}?token=canary-query&per_page=7&canary%20name=canary-query", headers)
    simulator.handle("GET", "/_infer/1?key=canary-query", headers)
    text = http.get("/_sim/").text
    assert re.findall(r"canary.\w*", text) == ["canary name"]
    assert f"{JOBS}?token=***&amp;per_page=7&amp;canary name=***" in text
    assert "/_infer/1?key=***" in text


def test_it_needs_nothing_else(http: httpx.Client) -> None:
    answer = http.get("/_sim/")
    addresses = {value for name, value in Page(answer.text).attributes if name in ("src", "href", "action", "data")}
    assert addresses == {"data:,"}
    assert "url(" not in answer.text
    assert "import" not in answer.text
    policy = answer.headers["content-security-policy"]
    (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
    assert policy.startswith("default-src 'none';")
    assert answer.text.count(f'nonce="{nonce}"') == 2
    assert nonce not in http.get("/_sim/").text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_a_browser_gets_in_by_the_address(server: Server) -> None:
    with httpx.Client() as browser:
        first = browser.get(server.status_url)
        assert (first.status_code, first.headers["location"]) == (303, "/_sim/")
        assert re.search(r"; Path=/_sim/; HttpOnly; SameSite=Strict$", first.headers["set-cookie"])
        second = browser.get(server.url + "/_sim/")
        assert second.status_code == 200
        assert server.token not in second.text
        assert browser.get(server.url + "/_sim/faults").status_code == 200


def test_a_cookie_changes_nothing(simulator: Simulator, server: Server) -> None:
    with httpx.Client(base_url=server.url) as browser:
        browser.get(server.status_url)
        assert browser.post("/_sim/faults", json={"status": 500}).status_code == 401
        assert browser.post("/_sim/realism", json={"nulls": True}).status_code == 401
        assert browser.request("DELETE", "/_sim/faults").status_code == 401
    assert simulator.faults.rules == []
    assert simulator.deviations.nulls is False


@pytest.mark.parametrize("path", ["/_sim/", "/_sim/events", "/_sim/realism", "/_sim/faults"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({TOKEN_HEADER: "wrong"}, 401),
        ({"Cookie": "simulator=wrong"}, 401),
        ({"Cookie": "; ="}, 401),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example", TOKEN_HEADER: "right"}, 421),
    ],
)
def test_nobody_else_gets_in(server: Server, path: str, headers: dict[str, str], status: int) -> None:
    sent = {name: server.token if value == "right" else value for name, value in headers.items()}
    answer = httpx.get(server.url + path, headers=sent)
    assert answer.status_code == status
    assert server.token not in answer.text


def test_cookies_of_other_runs_do_not_open(simulator: Simulator, server: Server) -> None:
    with simulator.serve() as other, httpx.Client() as browser:
        browser.get(other.status_url)
        assert browser.get(other.url + "/_sim/").status_code == 200
        assert browser.get(server.url + "/_sim/").status_code == 401
        browser.get(server.status_url)
        assert [browser.get(each.url + "/_sim/").status_code for each in (server, other)] == [200, 200]


@pytest.mark.parametrize("query", ["token=", "token=wrong", "token", "x=1", "token=%ff"])
def test_a_wrong_token_in_the_address(server: Server, query: str) -> None:
    answer = httpx.get(f"{server.url}/_sim/?{query}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/_sim/", "/_sim/events", "/_sim/realism"])
def test_methods_that_are_not_there(http: httpx.Client, path: str) -> None:
    assert http.request("DELETE", path).status_code == 405


def test_many_things_are_cut(simulator: Simulator, http: httpx.Client) -> None:
    with simulator._lock, simulator.store.transaction():
        for number in range(510):
            simulator.store.put("simulator-project", "notebooks", number, {"name": f"n{number}"})
    assert len(shown(http).rows("things")) == 500
