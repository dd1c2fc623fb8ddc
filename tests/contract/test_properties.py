from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import strategies as st

from modelarts_ext.contract.answers import attribute_of, full
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Finding
from modelarts_ext.contract.laws.signing import judge
from modelarts_ext.contract.properties import equal, expect, hold, sample
from modelarts_ext.contract.strategies import FORMS, deviating
from modelarts_ext.document import Document


@pytest.fixture
def context(document: Document) -> Iterator[Context]:
    made = Context(document)
    yield made
    made.close()


def test_the_smallest_example_is_told(context: Context) -> None:
    def check(number: int) -> None:
        if number >= 70:
            raise Broken(Finding("an_operation", "a.rule", f"{number} is too much"))

    with pytest.raises(Broken, match=r"^70 is too much$"):
        hold(context, "a.case", 100, st.integers(0, 1000), check)


def test_examples_are_those_of_seed_and_case(document: Document) -> None:
    def seen(seed: int, case_id: str) -> list[int]:
        found: list[int] = []
        hold(Context(document, seed=seed), case_id, 5, st.integers(), found.append)
        return found

    assert seen(1, "a") == seen(1, "a")
    assert seen(1, "a") != seen(2, "a") != seen(2, "b")


def test_effort_is_the_number_of_examples(document: Document) -> None:
    found: list[int] = []
    hold(Context(document, effort=3.0), "a.case", 4, st.integers(), found.append)
    assert 6 < len(found) <= 12


def test_what_fails_now_and_then_is_broken_too(context: Context) -> None:
    seen: list[int] = []

    def check(number: int) -> None:
        seen.append(number)
        expect(len(seen) != 3, "an_operation", "a.rule", "the third")

    with pytest.raises(Broken, match="the third"):
        hold(context, "a.case", 10, st.integers(), check)


def test_errors_of_a_check_go_through(context: Context) -> None:
    def check(number: int) -> None:
        raise LookupError("of the suite itself")

    with pytest.raises(LookupError):
        hold(context, "a.case", 3, st.integers(), check)


def test_samples_are_those_of_their_chance() -> None:
    assert sample(st.integers(), Random(1), 3) == sample(st.integers(), Random(1), 3)
    assert len(sample(st.integers(), Random(2), 3)) <= 3


@pytest.mark.parametrize(("one", "other"), [(1, 2), (True, 1), (1, True), (None, False), ([], ())])
def test_equal_tells_apart(one: Any, other: Any) -> None:
    equal(one, one, "an_operation", "a.rule", "it")
    with pytest.raises(Broken):
        equal(one, other, "an_operation", "a.rule", "it")


def test_each_form_is_met(context: Context) -> None:
    """Over all operations, each form that deployments use changes something in a full answer."""
    document = context.document
    met: set[str] = set()
    for operation_id, operation in document.operations.items():
        schema = document.answer_schema(operation_id, operation.success)
        if schema is None:
            continue
        value = full(document, operation_id)
        for form in set(FORMS) - met:
            drawn = deviating(value, schema, document, forms=[form])
            met |= {form for changed in sample(drawn, Random(0), 3) if changed != value}
    assert met == set(FORMS)


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("job_id", "job_id"),
        ("cpuUsage", "cpu_usage"),
        ("gpuMemUsage", "gpu_mem_usage"),
        ("GPU", "gpu"),
        ("Content-type", "content_type"),
    ],
)
def test_names_of_attributes(wire: str, name: str) -> None:
    assert attribute_of(wire) == name


KEY = {"ak": "AKEXAMPLE", "sk": "no-secret"}

SIGNED = Captured(
    "POST",
    "/v1/a%2Fb?b=2&a=x%20y&a=1",
    {
        "Host": "modelarts.example.com",
        "X-Sdk-Date": "20231114T221320Z",
        "Content-Type": "application/json",
        "Authorization": "SIGNATURE",
    },
    b'{"name": "caf\xc3\xa9"}',
)
NOW = 1_700_000_000.0


def signed(**changes: Any) -> Captured:
    """The request as the vendor signs it, changed afterwards."""
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer

    request = SdkRequest(
        method="POST",
        schema="https",
        host="modelarts.example.com",
        resource_path="/v1/a%2Fb",
        query_params=[("b", "2"), ("a", "x y"), ("a", "1")],
        header_params={"X-Sdk-Date": "20231114T221320Z", "Content-Type": "application/json"},
        body=SIGNED.content,
    )
    credentials = BasicCredentials(KEY["ak"], KEY["sk"], "project")
    made = Signer(credentials).sign(request)
    headers = {**SIGNED.headers, "Authorization": made.header_params["Authorization"]}
    given: dict[str, Any] = {
        "method": SIGNED.method,
        "target": SIGNED.target,
        "headers": headers,
        "content": SIGNED.content,
    }
    if "headers" in changes:
        changes["headers"] = {**headers, **changes["headers"]}
    return Captured(**given | changes)


def test_the_other_signer_agrees_with_the_vendors() -> None:
    assert list(judge(signed(), "an_operation", KEY, NOW, "it")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "PUT"},
        {"target": "/v1/a%2Fc?b=2&a=x%20y&a=1"},
        {"target": "/v1/a%2Fb?b=3&a=x%20y&a=1"},
        {"target": "/v1/a%2Fb?b=2&a=x%20y"},
        {"content": b"{}"},
        {"headers": {"Host": "elsewhere.example.com"}},
        {"headers": {"Content-Type": "text/plain"}},
        {"headers": {"X-Sdk-Date": "20231114T221321Z"}},
        {"headers": {"X-More": "unsigned"}},
    ],
    ids=str,
)
def test_the_other_signer_sees_every_change(changes: dict[str, Any]) -> None:
    assert list(judge(signed(**changes), "an_operation", KEY, NOW, "it"))
