"""An SDK for the ModelArts v1 REST API: `ModelArts` blocks, `AsyncModelArts` awaits.

Names are imported when first used, so that importing the package costs nearly nothing. Models are in
`modelarts_ext.types`, errors in `modelarts_ext.errors` and here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelarts_ext._version import __version__ as __version__

if TYPE_CHECKING:
    from modelarts_client.behaviour import Phase as Phase
    from modelarts_ext.client import AsyncModelArts as AsyncModelArts
    from modelarts_ext.client import ClientOptions as ClientOptions
    from modelarts_ext.client import ModelArts as ModelArts
    from modelarts_ext.credentials import AccessKey as AccessKey
    from modelarts_ext.credentials import Token as Token
    from modelarts_ext.credentials import UserPassword as UserPassword
    from modelarts_ext.errors import AlreadyExistsError as AlreadyExistsError
    from modelarts_ext.errors import APIError as APIError
    from modelarts_ext.errors import AttemptTimeoutError as AttemptTimeoutError
    from modelarts_ext.errors import AuthenticationError as AuthenticationError
    from modelarts_ext.errors import BadRequestError as BadRequestError
    from modelarts_ext.errors import ClientClosedError as ClientClosedError
    from modelarts_ext.errors import ConfigurationError as ConfigurationError
    from modelarts_ext.errors import ConflictError as ConflictError
    from modelarts_ext.errors import ConnectFailedError as ConnectFailedError
    from modelarts_ext.errors import CredentialsNotFoundError as CredentialsNotFoundError
    from modelarts_ext.errors import DeadlineExceededError as DeadlineExceededError
    from modelarts_ext.errors import IncompleteCredentialsError as IncompleteCredentialsError
    from modelarts_ext.errors import InUseError as InUseError
    from modelarts_ext.errors import InvalidStateError as InvalidStateError
    from modelarts_ext.errors import KeyLockedError as KeyLockedError
    from modelarts_ext.errors import ModelArtsError as ModelArtsError
    from modelarts_ext.errors import NotFoundError as NotFoundError
    from modelarts_ext.errors import OutcomeUnknownError as OutcomeUnknownError
    from modelarts_ext.errors import PaginationError as PaginationError
    from modelarts_ext.errors import PartialFailureError as PartialFailureError
    from modelarts_ext.errors import PermissionDeniedError as PermissionDeniedError
    from modelarts_ext.errors import ProjectNotFoundError as ProjectNotFoundError
    from modelarts_ext.errors import QuotaExceededError as QuotaExceededError
    from modelarts_ext.errors import RateLimitedError as RateLimitedError
    from modelarts_ext.errors import RequestValidationError as RequestValidationError
    from modelarts_ext.errors import ResponseDecodeError as ResponseDecodeError
    from modelarts_ext.errors import RetryBudgetExhaustedError as RetryBudgetExhaustedError
    from modelarts_ext.errors import ServerError as ServerError
    from modelarts_ext.errors import SignatureRejectedError as SignatureRejectedError
    from modelarts_ext.errors import TokenExpiredError as TokenExpiredError
    from modelarts_ext.errors import TransportError as TransportError
    from modelarts_ext.errors import WaitActionRequiredError as WaitActionRequiredError
    from modelarts_ext.errors import WaitAmbiguousError as WaitAmbiguousError
    from modelarts_ext.errors import WaitDegradedError as WaitDegradedError
    from modelarts_ext.errors import WaitError as WaitError
    from modelarts_ext.errors import WaitFailedError as WaitFailedError
    from modelarts_ext.errors import WaitTimeoutError as WaitTimeoutError
    from modelarts_ext.httpx_auth import SdkHmacAuth as SdkHmacAuth
    from modelarts_ext.signing import Key as Key
    from modelarts_ext.signing import sign as sign

_MODULES = {
    "AccessKey": "modelarts_ext.credentials",
    "AsyncModelArts": "modelarts_ext.client",
    "ClientOptions": "modelarts_ext.client",
    "Key": "modelarts_ext.signing",
    "ModelArts": "modelarts_ext.client",
    "Phase": "modelarts_client.behaviour",
    "SdkHmacAuth": "modelarts_ext.httpx_auth",
    "Token": "modelarts_ext.credentials",
    "UserPassword": "modelarts_ext.credentials",
    "sign": "modelarts_ext.signing",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    module = _MODULES.get(name) or ("modelarts_ext.errors" if name.endswith("Error") else None)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from modelarts_ext import errors

    return sorted({"__version__", *_MODULES, *(name for name in dir(errors) if name.endswith("Error"))})
