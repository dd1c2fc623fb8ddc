"""A plain client of the simulator, by operation id."""

from __future__ import annotations

from typing import Any

import httpx

from modelarts_ext.document import Document
from modelarts_ext.simulator import Simulator

START = 1_790_000_000.0


class Api:
    """A plain client by operation id that checks every answer against the strict document."""

    def __init__(self, simulator: Simulator, strict: Document) -> None:
        self.simulator = simulator
        self.strict = strict
        self.http = httpx.Client(transport=simulator.transport(), base_url=simulator.endpoint)
        self.project = simulator.credentials.project_id

    def call(self, operation_id: str, /, body: Any = None, query: Any = None, **path: Any) -> tuple[int, Any]:
        operation = self.strict.operation(operation_id)
        address = operation.path.format(project_id=self.project, **path)
        answer = self.http.request(operation.method, address, json=body, params=query)
        validator = self.strict.answer_validator(operation_id, answer.status_code)
        assert validator is not None, (operation_id, answer.status_code, answer.text)
        content = answer.json()
        findings = [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(content)]
        assert findings == [], (operation_id, content)
        return answer.status_code, content

    def ok(self, operation_id: str, /, body: Any = None, query: Any = None, **path: Any) -> Any:
        status, content = self.call(operation_id, body, query, **path)
        assert status == self.strict.operation(operation_id).success, content
        return content

    def refused(self, operation_id: str, /, body: Any = None, query: Any = None, **path: Any) -> str:
        status, content = self.call(operation_id, body, query, **path)
        assert status >= 400
        assert content.get("is_success", False) is False
        codes = self.strict.operation(operation_id).node["responses"][str(status)]["x-ma-codes"]
        assert content["error_code"] in codes
        return str(content["error_code"])

    @staticmethod
    def settings(**settings: Any) -> dict[str, Any]:
        usual = {
            "worker_server_num": 1,
            "app_url": "/bucket/code/",
            "boot_file_url": "/bucket/code/start.py",
            "data_url": "/bucket/data/",
            "spec_id": 1,
            "engine_id": 1,
            "train_url": "/bucket/output/",
        }
        return {**usual, **settings}

    def new_job(self, name: str = "job-a", **settings: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.ok("create_training_job", {"job_name": name, "config": self.settings(**settings)})
        return made
