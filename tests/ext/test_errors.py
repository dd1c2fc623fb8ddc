from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from modelarts_client.call import Change
from modelarts_ext import errors
from modelarts_ext.errors import (
    KIND_CLASSES,
    APIError,
    Lookup,
    ModelArtsError,
    OutcomeUnknownError,
    PermissionDeniedError,
    Problem,
    ServerError,
)

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ModelArtsError)]
FACTS: dict[str, Any] = {
    "operation": "create_training_job",
    "status": 503,
    "code": "ModelArts.0010",
    "request_id": "r-1",
    "retry_safe": True,
    "meaning": "An internal fault.",
    "remedy": "Try again.",
    "retry_after": 2.5,
}
# The tree as the design of the package draws it: each class and what it stands below.
TREE = {
    "ModelArtsError": "Exception",
    "ConfigurationError": "ModelArtsError",
    "CredentialsNotFoundError": "ConfigurationError",
    "IncompleteCredentialsError": "ConfigurationError",
    "ProjectNotFoundError": "ConfigurationError",
    "ClientClosedError": "ConfigurationError",
    "RequestValidationError": "ModelArtsError",
    "TransportError": "ModelArtsError",
    "ConnectFailedError": "TransportError",
    "AttemptTimeoutError": "TransportError",
    "ResponseDecodeError": "TransportError",
    "OutcomeUnknownError": "ModelArtsError",
    "DeadlineExceededError": "ModelArtsError",
    "RetryBudgetExhaustedError": "ModelArtsError",
    "PaginationError": "ModelArtsError",
    "APIError": "ModelArtsError",
    "BadRequestError": "APIError",
    "AuthenticationError": "APIError",
    "SignatureRejectedError": "AuthenticationError",
    "KeyLockedError": "AuthenticationError",
    "TokenExpiredError": "AuthenticationError",
    "PermissionDeniedError": "APIError",
    "NotFoundError": "APIError",
    "ConflictError": "APIError",
    "AlreadyExistsError": "ConflictError",
    "InUseError": "ConflictError",
    "InvalidStateError": "ConflictError",
    "QuotaExceededError": "APIError",
    "RateLimitedError": "APIError",
    "ServerError": "APIError",
    "PartialFailureError": "APIError",
    "WaitError": "ModelArtsError",
    "WaitTimeoutError": "WaitError",
    "WaitFailedError": "WaitError",
    "WaitAmbiguousError": "WaitError",
    "WaitDegradedError": "WaitError",
    "WaitActionRequiredError": "WaitError",
}


def own_facts(kind: type[ModelArtsError]) -> dict[str, Any]:
    """A value for every argument that the class has beyond those of all errors."""
    values: dict[str, Any] = {
        "problems": (Problem("job_name", "is required", "5.1.1"),),
        "sent": False,
        "lookup": Lookup("list_training_jobs", {}, (("search_content", "a"),), ((("job_name",), "a"),), False),
        "last": ServerError("it failed", status=500),
        "deadline": 9.0,
        "iam_actions": ("modelarts:trainJob:create",),
        "limit": "100",
        "remaining": "0",
        "window": "minute",
        "failures": {"a": APIError("no")},
        "done": ("b",),
        "answer": {"status": 11},
        "history": [Change(11, None, None, 1.0, 2)],
        "state": 11,
        "phase": "failed",
    }
    own = [one for one in kind.__mro__ if issubclass(one, ModelArtsError) and "__init__" in vars(one)]
    names = {name for one in own for name in inspect.signature(one).parameters}
    return {name: value for name, value in values.items() if name in names}


def members(error: ModelArtsError) -> dict[str, Any]:
    """Everything that an error holds, errors inside it by their text."""
    return {
        name: str(value) if isinstance(value, (ModelArtsError, dict, list)) else value
        for name, value in vars(error).items()
    }


def test_tree_is_the_one_of_the_design() -> None:
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES} == TREE


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_errors_survive_pickling_and_copying(kind: type[ModelArtsError], again: Any) -> None:
    error = kind("it went wrong", **FACTS, **own_facts(kind))
    error.add_note("sent twice")

    other = again(error)

    assert type(other) is kind
    assert members(other) == members(error)
    assert other.args == error.args
    assert str(other) == str(error)
    assert other.__notes__ == ["sent twice"]


@pytest.mark.parametrize("kind", CLASSES)
def test_every_fact_has_a_default_and_is_kept(kind: type[ModelArtsError]) -> None:
    bare, full = kind("m"), kind("m", **FACTS)

    assert {name: getattr(full, name) for name in FACTS} == FACTS
    assert [getattr(bare, name) for name in FACTS] == [None, None, None, None, False, None, None, None]
    with pytest.raises(TypeError):
        kind("m", "get_training_job")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        kind("m", colour="red")  # type: ignore[call-arg]


def test_text_says_what_where_and_what_to_do() -> None:
    error = ServerError("The service failed.", **FACTS)

    assert str(error) == (
        "The service failed. [create_training_job, HTTP 503, ModelArts.0010, request r-1]\nTry again."
    )
    assert str(ServerError("The service failed.")) == "The service failed."


def test_denied_permission_names_the_actions() -> None:
    error = PermissionDeniedError("No.", iam_actions=("a:b:c", "a:b:d"), remedy="Ask the owner.")

    assert str(error).splitlines()[1] == "Needs the IAM action a:b:c or a:b:d. Ask the owner."
    assert str(PermissionDeniedError("No.")) == "No."


def test_unknown_outcome_advises_to_look_first() -> None:
    assert "Look for what the request may have made" in str(OutcomeUnknownError("Who knows.", status=502))


def test_problem_reads_as_one_line() -> None:
    assert str(Problem("config[0].weight", "is required", "7.2")) == "config[0].weight: is required (section 7.2)"
    assert str(Problem("body", "is required")) == "body: is required"


def test_each_kind_of_code_has_a_class() -> None:
    assert set(KIND_CLASSES) == {
        "bad_request", "authentication", "signature_rejected", "key_locked", "token_expired", "permission_denied",
        "not_found", "already_exists", "in_use", "invalid_state", "conflict", "quota_exceeded", "rate_limited", "server",
    }  # fmt: skip
    assert all(issubclass(kind, APIError) for kind in KIND_CLASSES.values())
