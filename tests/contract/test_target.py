from __future__ import annotations

from typing import Any

import httpx
import pytest

from modelarts_ext.contract.guard import Guard
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.target import Address, Target
from modelarts_ext.credentials import AccessKey
from modelarts_ext.document import Document
from modelarts_ext.environment import resolve

KEY = AccessKey("some-key", "some-secret")


def test_a_reset_brings_everything_back(document: Document) -> None:
    with Target.embed(document) as target:
        guard = Guard(target, document, Journal())
        assert target.simulator is not None
        before = target.simulator.snapshot()
        guard.call("create_workspace", body={"name": "first-one"})
        target.wait(1000)
        target.simulator.set_realism({"faults": [{"status": 500}], "offset_unit": "item", "list_lag": 3})
        assert guard.call("list_workspaces").status == 500
        target.reset()
        assert target.simulator.snapshot() == before
        assert guard.call("list_workspaces").body["total_count"] == 1
        first = guard.call("create_workspace", body={"name": "first-one"}).body
        target.reset()
        assert guard.call("create_workspace", body={"name": "first-one"}).body == first


def test_another_document_can_be_served(document: Document) -> None:
    data = {**document.data, "paths": {k: v for k, v in document.data["paths"].items() if not k.endswith("/services")}}
    with Target.embed(Document(data)) as target:
        assert Guard(target, document, Journal()).call("list_services").status == 404


def test_an_address_comes_from_credentials_and_environment() -> None:
    environ = {
        "HUAWEICLOUD_SDK_AK": "some-key",
        "HUAWEICLOUD_SDK_SK": "some-secret",
        "MODELARTS_PROJECT_ID": "p",
        "MODELARTS_ENDPOINT": "https://modelarts.example",
    }
    address = Address.of(resolve(environ=environ), timeout=7.0)
    assert (address.url, address.project_id, address.identity, address.timeout) == (
        "https://modelarts.example",
        "p",
        KEY,
        7.0,
    )
    with pytest.raises(ValueError, match="project"):
        Address.of(resolve(environ={**environ, "MODELARTS_PROJECT_ID": ""}))


@pytest.mark.parametrize("url", ["ftp://host", "host", "https://", "https://user@host", "https://host/?a=1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="form"):
        Address(url, "p", KEY)


def test_secrets_are_not_shown() -> None:
    assert "some-secret" not in repr(Address("https://host", "p", KEY))


def test_the_client_of_an_address_keeps_to_itself(monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with Target.at(Address("https://host", "p", KEY)) as target:
        assert target.client.trust_env is False
        assert target.client.follow_redirects is False
        assert not target.embedded
        target.reset()
    with Target.at(Address("https://host", "p", KEY, use_proxies=True)) as target:
        assert target.client.trust_env is True
    assert isinstance(target.client, httpx.Client)


def test_nobody_waits_for_ever() -> None:
    target = Target.at(Address("https://host", "p", KEY))
    with pytest.raises(ValueError, match="waits"):
        target.wait(1e6)


def test_iam_is_below_its_version() -> None:
    assert Target.at(Address("https://host", "p", KEY)).iam_url is None
    assert Target.at(Address("https://host", "p", KEY, iam_url="https://iam/v3/")).iam_url == "https://iam"
