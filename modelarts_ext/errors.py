"""Every error that this package raises, in one tree.

`ModelArtsError` catches all of them. An error says what happened, to which operation, whether sending the same
request again is safe, and, where the document knows it, what the code means and what helps. Errors can be pickled
and copied, and hold no secret: no token, no signature, no request body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

if TYPE_CHECKING:
    from modelarts_client.call import Change


class Facts(TypedDict, total=False):
    """What any error may carry beside its message."""

    operation: str | None
    status: int | None
    code: str | None
    request_id: str | None
    retry_safe: bool
    meaning: str | None
    remedy: str | None
    retry_after: float | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request: where it stands, which rule it breaks, and who says so."""

    member: str
    rule: str
    section: str | None = None

    def __str__(self) -> str:
        return f"{self.member}: {self.rule}" + (f" (section {self.section})" if self.section else "")


@dataclass(frozen=True, slots=True)
class Lookup:
    """How to look for what a create of unknown outcome may have made.

    `operation` is the list to read with `path` and `query`; an item is the one when each pointer of `equal` holds
    its value. `certain` says whether finding none proves that nothing was made.
    """

    operation: str
    path: Mapping[str, Any] = field(default_factory=dict)
    query: tuple[tuple[str, Any], ...] = ()
    equal: tuple[tuple[tuple[str, ...], Any], ...] = ()
    certain: bool = False


class ModelArtsError(Exception):
    """Base of every error of this package.

    message: what happened, one line. operation: id of the operation, None outside of one. status: HTTP status.
    code: error code of the service. request_id: the service's id of the request. retry_safe: whether the same request
    can be sent again without the risk of doing its work twice. meaning, remedy: what the document says of the code.
    retry_after: seconds that the service asks to wait.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_safe: bool = False,
        meaning: str | None = None,
        remedy: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_safe = retry_safe
        self.meaning = meaning
        self.remedy = remedy
        self.retry_after = retry_after

    def __str__(self) -> str:
        labels = (
            self.operation,
            self.status and f"HTTP {self.status}",
            self.code,
            self.request_id and f"request {self.request_id}",
        )
        where = ", ".join(label for label in labels if label)
        first = f"{self.message} [{where}]" if where else self.message
        return f"{first}\n{self._advice()}" if self._advice() else first

    def _advice(self) -> str:
        """The second line: what to do."""
        return self.remedy or ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message), dict(self.__dict__)


def _rebuild(kind: type[ModelArtsError], message: str) -> ModelArtsError:
    """Make an error without its constructor; its members follow as state."""
    return kind.__new__(kind, message)


# Before anything is sent.


class ConfigurationError(ModelArtsError):
    """The client lacks a setting, or two settings contradict each other."""


class CredentialsNotFoundError(ConfigurationError):
    """No complete set of credentials was given or found."""


class IncompleteCredentialsError(ConfigurationError):
    """A source holds a part of a credential; the message names what it lacks."""


class ProjectNotFoundError(ConfigurationError):
    """No project id was given, and none or several match the region."""


class ClientClosedError(ConfigurationError):
    """The client was used after it was closed."""


class RequestValidationError(ModelArtsError):
    """The document does not admit the request, so it was not sent. `problems` lists all that is wrong with it."""

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = (), **facts: Unpack[Facts]) -> None:
        super().__init__(message, **facts)
        self.problems = problems


# On the way.


class TransportError(ModelArtsError):
    """No usable answer came. `sent` is False only when the service provably never saw the request."""

    def __init__(self, message: str, *, sent: bool = True, **facts: Unpack[Facts]) -> None:
        super().__init__(message, **facts)
        self.sent = sent


class ConnectFailedError(TransportError):
    """No connection came about; nothing was sent."""

    def __init__(self, message: str, *, sent: bool = False, **facts: Unpack[Facts]) -> None:
        super().__init__(message, sent=sent, **facts)


class AttemptTimeoutError(TransportError):
    """One attempt took longer than `timeout`."""


class ResponseDecodeError(TransportError):
    """An answer came that is not what the operation answers: not JSON, or not of its shape."""


class OutcomeUnknownError(ModelArtsError):
    """No answer tells whether the request did its work.

    lookup: how to look for what a create may have made (`client.reconcile(error)` does so), None when the document
    knows no way. took_effect, state: of an action, what the state that was read afterwards shows; True: it is one that
    the action leads to; False: one that it starts from; None: in doubt, or not read. last: the error of the last attempt.
    """

    def __init__(
        self,
        message: str,
        *,
        lookup: Lookup | None = None,
        last: ModelArtsError | None = None,
        took_effect: bool | None = None,
        state: Any = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(message, **facts)
        self.lookup = lookup
        self.last = last
        self.took_effect = took_effect
        self.state = state

    def _advice(self) -> str:
        return self.remedy or "Look for what the request may have made before you send it again."


class DeadlineExceededError(ModelArtsError):
    """The `deadline` of the whole call passed. `last` is the error of the last attempt, None when none failed."""

    def __init__(
        self,
        message: str,
        *,
        deadline: float | None = None,
        last: ModelArtsError | None = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(message, **facts)
        self.deadline = deadline
        self.last = last


class RetryBudgetExhaustedError(ModelArtsError):
    """The host failed so often lately that this process stopped repeating requests to it. `last` is the last error."""

    def __init__(self, message: str, *, last: ModelArtsError | None = None, **facts: Unpack[Facts]) -> None:
        super().__init__(message, **facts)
        self.last = last


class PaginationError(ModelArtsError):
    """The pages of a list contradict each other, so that reading on could lose or repeat items."""


# The service said no.


class APIError(ModelArtsError):
    """The service answered with an error. Its classes say what kind it is."""


class BadRequestError(APIError):
    """The service does not accept the request as it is."""


class AuthenticationError(APIError):
    """The service does not know who sends the request."""


class SignatureRejectedError(AuthenticationError):
    """The signature does not fit: a wrong key, a wrong clock, or a request that was changed on its way."""


class KeyLockedError(AuthenticationError):
    """The key rests after several refusals in a row; nothing was sent. `retry_after`: seconds until it may be used.

    The client raises it on its own, before the service locks the key and while it may be locked. The service answers a
    locked key with the code of a wrong signature, so that answer is a SignatureRejectedError.
    """


class TokenExpiredError(AuthenticationError):
    """The token is no longer valid."""


class PermissionDeniedError(APIError):
    """The user may not do this. `iam_actions` are the actions that the operation needs, empty when none are listed."""

    def __init__(self, message: str, *, iam_actions: tuple[str, ...] = (), **facts: Unpack[Facts]) -> None:
        super().__init__(message, **facts)
        self.iam_actions = iam_actions

    def _advice(self) -> str:
        needs = f"Needs the IAM action {' or '.join(self.iam_actions)}." if self.iam_actions else ""
        return " ".join(part for part in (needs, self.remedy) if part)


class NotFoundError(APIError):
    """What the request names does not exist."""


class ConflictError(APIError):
    """The request does not fit the present state of things."""


class AlreadyExistsError(ConflictError):
    """Something of that name exists already."""


class InUseError(ConflictError):
    """Something else still uses what the request would change or delete."""


class InvalidStateError(ConflictError):
    """What the request names is in a state that does not admit it."""


class QuotaExceededError(APIError):
    """A quota of the project, the user or the workspace is used up."""


class RateLimitedError(APIError):
    """Too many requests. `limit`, `remaining` and `window` hold what the service said of its limit, as it said it."""

    def __init__(
        self,
        message: str,
        *,
        limit: str | None = None,
        remaining: str | None = None,
        window: str | None = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(message, **facts)
        self.limit = limit
        self.remaining = remaining
        self.window = window


class ServerError(APIError):
    """The service, or a gateway before it, failed."""


class PartialFailureError(APIError):
    """Some parts of the request were done and some were not.

    failures: the error of each part that was not done, by its name. done: names of the parts that were, as far as the
    answer says. answer: the whole answer, None when the parts were asked for one by one.
    """

    def __init__(
        self,
        message: str,
        *,
        failures: Mapping[str, ModelArtsError] | None = None,
        done: tuple[str, ...] = (),
        answer: Any = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(message, **facts)
        self.failures = dict(failures or {})
        self.done = done
        self.answer = answer


KIND_CLASSES: Final[Mapping[str, type[APIError]]] = MappingProxyType(
    {
        "bad_request": BadRequestError,
        "authentication": AuthenticationError,
        "signature_rejected": SignatureRejectedError,
        "key_locked": KeyLockedError,
        "token_expired": TokenExpiredError,
        "permission_denied": PermissionDeniedError,
        "not_found": NotFoundError,
        "already_exists": AlreadyExistsError,
        "in_use": InUseError,
        "invalid_state": InvalidStateError,
        "conflict": ConflictError,
        "quota_exceeded": QuotaExceededError,
        "rate_limited": RateLimitedError,
        "server": ServerError,
    }
)
"""The class for each kind of error code in the catalogue."""


# Waiting.


class WaitError(ModelArtsError):
    """A wait did not end as hoped.

    answer: the last answer seen, None when there was none. history: the changes of state seen, in order. state, phase:
    those of the last answer. A copy or a pickle has the answers without the members that may hold secrets.
    """

    def __init__(
        self,
        message: str,
        *,
        answer: Any = None,
        history: tuple[Change[Any], ...] | list[Change[Any]] = (),
        state: Any = None,
        phase: Any = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(message, **facts)
        self.answer = answer
        self.history: list[Change[Any]] = list(history)
        self.state = state
        self.phase = phase

    def __reduce__(self) -> tuple[Any, ...]:
        history = [replace(change, answer=_shareable(change.answer)) for change in self.history]
        state = {**self.__dict__, "answer": _shareable(self.answer), "history": history}
        return _rebuild, (type(self), self.message), state


def _shareable(answer: Any) -> Any:
    return answer.without_secrets() if hasattr(answer, "without_secrets") else answer


class WaitTimeoutError(WaitError):
    """The deadline passed while the state still moved; what is waited for goes on."""


class WaitFailedError(WaitError):
    """What was waited for ended badly."""


class WaitAmbiguousError(WaitError):
    """The state says neither success nor failure, and stays so."""


class WaitDegradedError(WaitError):
    """What was waited for works, but not wholly."""


class WaitActionRequiredError(WaitError):
    """Nothing moves until somebody acts."""
