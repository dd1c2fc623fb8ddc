"""Servers that have a part of the API: what they lack is told once, and hides nothing of what they have."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from modelarts_ext.contract.bench import Live, Settings
from modelarts_ext.contract.case import Verdict
from modelarts_ext.contract.guard import Limits
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.results import Report
from modelarts_ext.contract.runner import run
from modelarts_ext.contract.target import Address
from modelarts_ext.contract.verdicts import Selection
from modelarts_ext.credentials import Token

ENGINE = {"engine_type": 1, "engine_name": "TensorFlow", "engine_id": 1, "engine_version": "TF-1.8.0-python2.7"}
SPEC = {"spec_id": 4, "core": "8", "cpu": "64", "gpu_num": 0, "gpu_type": "", "spec_code": "vm.cpu", "unit_num": 1}
SPEC |= {"max_num": 4, "storage": "", "interface_type": 1, "no_resource": False}


class Part:
    """Configurations of training jobs and what they need, by section 5 of the reference, and nothing else.

    defect: the one thing that it does wrong, if any. It refuses what is missing by the code that the section prints.
    """

    def __init__(self, defect: str = "") -> None:
        self.defect = defect
        self.made: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def answer(self, method: str, target: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        parts = urlsplit(target)
        query = dict(pair.split("=") for pair in parts.query.split("&") if pair)
        kind, *name = [unquote(piece) for piece in parts.path.split("/")[3:]] or [""]
        self.asked.append(f"{method} {kind}")
        if (kind, *name) == ("job", "ai-engines"):
            shown = {**ENGINE, **({"engine_type": "one"} if self.defect == "engine" else {})}
            return 200, {"is_success": True, "engines": [shown]}
        if (kind, *name) == ("job", "resource-specs"):
            return 200, {"is_success": True, "spec_total_count": 1, "specs": [SPEC]}
        if kind != "training-job-configs":
            return 404, {"error_code": "APIG.0101", "error_msg": "The API does not exist", "request_id": "1"}
        if not name:
            return self._made(body) if method == "POST" else self._listed(query)
        if name[0] not in self.made:
            return self._refused(404)
        if method == "DELETE" and self.defect != "delete":
            del self.made[name[0]]
        if method == "PUT":
            self.made[name[0]] |= body
        return 200, {"is_success": True, **(self._shown(name[0]) if method == "GET" else {})}

    def _refused(self, status: int) -> tuple[int, dict[str, Any]]:
        return status, {"is_success": False, "error_code": "ModelArts.0105", "error_msg": "no"}

    def _made(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if body["config_name"] in self.made:
            return self._refused(400)
        self.made[body["config_name"]] = {**body, "create_time": 1_790_000_000_000}
        return 200, {"is_success": True}

    def _shown(self, name: str) -> dict[str, Any]:
        return {**ENGINE, "core": "8", "cpu": "64", "gpu_num": 0, "gpu_type": "", "spec_code": "vm.cpu"} | self.made[
            name
        ]

    def _listed(self, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if query.get("config_type") == "sample":
            return 200, {"is_success": True, "config_total_count": 0, "configs": []}
        names = [name for name in sorted(self.made) if query.get("search_content", "") in name]
        names = names if query.get("order") == "asc" else names[::-1]
        page, size = int(query.get("page", 1)), int(query.get("per_page", 10))
        start = 0 if self.defect == "page" else (page - 1) * size
        known = ("config_name", "config_desc", "create_time", *ENGINE)
        rows = [{key: self._shown(name)[key] for key in known if key in self._shown(name)} for name in names]
        return 200, {"is_success": True, "config_total_count": len(rows), "configs": rows[start : start + size]}


@contextmanager
def serving(part: Part) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = part.answer(self.command, self.path, json.loads(content or b"{}"))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_PUT = do_DELETE = do_GET

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def judged(part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *only: str) -> Report:
    monkeypatch.setattr("modelarts_ext.contract.target.time.sleep", lambda _: None)
    with serving(part) as url:
        live = Live(Address(url, "p", Token("t")), Limits(rate=None), tmp_path / "ledger", {"bucket": "b"})
        return run(Settings(level=Level.WRITE, live=live, selection=Selection(only=only)))


def blamed(report: Report) -> set[tuple[str, str]]:
    return {
        (finding.operation, finding.rule)
        for outcome in report.failures()
        for finding in outcome.findings
        if not finding.deviation
    }


def test_what_a_server_lacks_is_told_once_for_an_operation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part()
    report = judged(part, tmp_path, monkeypatch, "story.notebooks.missing", "property.get_notebook.*", "story.models.*")
    assert blamed(report) == {("get_notebook", "operation.absent"), ("get_model", "operation.absent")}
    assert report.failures()[0].findings[0].section
    told = {outcome.id: outcome.reason for outcome in report.outcomes if outcome.verdict is Verdict.SKIP}
    assert told["property.get_notebook.fuzz-admitted"] == "the server does not have get_notebook"
    assert "cannot be undone: the server does not have list_models" in told["story.models.lifecycle"]
    assert part.asked.count("GET models") == 2  # looked for things of another run, and for the one that never was
    assert "POST models" not in part.asked


def test_a_server_that_is_right_by_the_reference_is_not_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part()
    report = judged(part, tmp_path, monkeypatch, "story.training_job_configs.*")
    assert not report.failures()
    assert {one.verdict for one in report.outcomes} >= {Verdict.PASS, Verdict.DEVIATES}
    assert not part.made
    assert not report.remaining


@pytest.mark.parametrize(
    ("defect", "operation"),
    [("page", "list_training_job_configs"), ("delete", "delete_training_job_config"), ("engine", "list_engines")],
)
def test_a_defect_is_blamed_on_its_operation_alone(
    defect: str, operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = judged(Part(defect), tmp_path, monkeypatch, "story.training_job_configs.*")
    assert {name for name, _ in blamed(report)} == {operation}
    assert all(finding.section for outcome in report.failures() for finding in outcome.findings)
    assert bool(report.remaining) is (defect == "delete")
