from __future__ import annotations

from typing import Any

import pytest
from scripted import ENDPOINT, PROJECT, Service, answer

from modelarts_ext.core.plain import plain
from modelarts_ext.errors import (
    NotFoundError,
    OutcomeUnknownError,
    RequestValidationError,
    ResponseDecodeError,
)


def test_plain_request(drive: Any) -> None:
    service = Service([answer(200, {"a": [1]})])

    got = drive(
        service,
        plain(service.engine(), "put", "/v2/{project_id}/x y", {}, query={"q": 1}, body=[1], headers={"X-A": "b"}),
    )

    assert got == {"a": [1]}
    sent = service.sent[0]
    assert (sent.method, sent.url, sent.content) == ("PUT", f"{ENDPOINT}/v2/{PROJECT}/x%20y?q=1", b"[1]")
    assert (sent.headers["x-a"], sent.headers["content-type"]) == ("b", "application/json")


@pytest.mark.parametrize(
    ("method", "sent"), [("GET", 2), ("PUT", 2), ("DELETE", 2), ("HEAD", 2), ("POST", 1), ("PATCH", 1)]
)
def test_plain_request_is_repeated_as_its_method_admits(method: str, sent: int) -> None:
    service = Service([answer(500, b""), answer(200, b"")])
    core = plain(service.engine(), method, "/v2/x", {})

    if sent == 2:
        assert service.run(core) is None
    else:
        with pytest.raises(OutcomeUnknownError):
            service.run(core)
    assert len(service.sent) == sent


def test_plain_request_of_a_class_of_its_own() -> None:
    service = Service([answer(500, b""), answer(200, b"7")])

    assert service.run(plain(service.engine(), "POST", "/v2/search", {}, retry="read")) == 7


def test_plain_request_errors_are_normalised() -> None:
    service = Service([answer(404, {"error_code": "X.1", "error_msg": "nothing here"}), answer(200, b"<html>")])

    with pytest.raises(NotFoundError, match="nothing here") as caught:
        service.run(plain(service.engine(), "GET", "/v2/x", {}))
    assert caught.value.operation == "GET /v2/x"
    with pytest.raises(ResponseDecodeError):
        service.run(plain(service.engine(), "GET", "/v2/x", {}))
    with pytest.raises(RequestValidationError, match="method"):
        service.run(plain(service.engine(), "TRACE", "/v2/x", {}))
