"""The public names, guarded: what is added or taken away is seen here first."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import Any

import pytest

import modelarts_ext
from modelarts_client.catalogue import OPERATIONS
from modelarts_ext import types

NAMES = [
    "APIError",
    "AccessKey",
    "AlreadyExistsError",
    "AsyncModelArts",
    "AttemptTimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ClientClosedError",
    "ClientOptions",
    "ConfigurationError",
    "ConflictError",
    "ConnectFailedError",
    "CredentialsNotFoundError",
    "DeadlineExceededError",
    "InUseError",
    "IncompleteCredentialsError",
    "InvalidStateError",
    "Key",
    "KeyLockedError",
    "ModelArts",
    "ModelArtsError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaginationError",
    "PartialFailureError",
    "PermissionDeniedError",
    "Phase",
    "ProjectNotFoundError",
    "QuotaExceededError",
    "RateLimitedError",
    "RequestValidationError",
    "ResponseDecodeError",
    "RetryBudgetExhaustedError",
    "SdkHmacAuth",
    "ServerError",
    "SignatureRejectedError",
    "Token",
    "TokenExpiredError",
    "TransportError",
    "UserPassword",
    "WaitActionRequiredError",
    "WaitAmbiguousError",
    "WaitDegradedError",
    "WaitError",
    "WaitFailedError",
    "WaitTimeoutError",
    "sign",
]
GROUPS = {operation.group for operation in OPERATIONS.values()}


def test_public_names() -> None:
    missing = [name for name in NAMES if not hasattr(modelarts_ext, name)]
    assert missing == []
    added = set(dir(modelarts_ext)) - set(NAMES) - {"__version__"}
    assert added == set()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Moon"):
        modelarts_ext.Moon  # noqa: B018
    with pytest.raises(AttributeError, match="Moon"):
        types.Moon  # noqa: B018


def methods(flavour: str) -> list[tuple[str, Any]]:
    found = []
    for group in sorted(GROUPS):
        module = import_module(f"modelarts_client.facade.{flavour}.{group}")
        kind = next(
            value
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__ == module.__name__
        )
        found += [
            (f"{group}.{name}", method)
            for name, method in vars(kind).items()
            if inspect.isfunction(method) and name[0] != "_"
        ]
    return found


def test_both_clients_have_the_same_methods() -> None:
    sync, aio = dict(methods("sync")), dict(methods("aio"))
    assert list(sync) == list(aio)
    for name, method in sync.items():
        own = [(parameter.name, parameter.kind) for parameter in inspect.signature(method).parameters.values()]
        twin = [(parameter.name, parameter.kind) for parameter in inspect.signature(aio[name]).parameters.values()]
        assert [pair for pair in twin if pair[0] != "lookahead"] == [pair for pair in own if pair[0] != "lookahead"], (
            name
        )


@pytest.mark.parametrize("flavour", ["sync", "aio"])
def test_every_method_says_what_it_raises_and_where_it_is_described(flavour: str) -> None:
    for name, method in methods(flavour):
        text = inspect.getdoc(method) or ""
        assert re.search(r"Reference section [0-9.]+\.$", text), name
        assert "Raises:" in text, name
        for parameter in list(inspect.signature(method).parameters.values())[1:]:
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                assert f"    {parameter.name}: " in text, f"{name}: {parameter.name}"


def test_public_classes_and_functions_have_docstrings() -> None:
    for name in NAMES:
        value = getattr(modelarts_ext, name)
        assert inspect.getdoc(value), name
        if inspect.isclass(value):
            for member, function in vars(value).items():
                if inspect.isfunction(function) and member[0] != "_":
                    assert inspect.getdoc(function), f"{name}.{member}"
