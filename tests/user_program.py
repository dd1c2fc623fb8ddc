"""What a user may write with the package: every public name, in a program that runs and that mypy --strict accepts.

Names stand in annotations where they are classes, since a name that has no type to a type checker is refused there.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, assert_type

import httpx

from modelarts_ext import (
    AccessKey,
    AlreadyExistsError,
    APIError,
    AsyncModelArts,
    AttemptTimeoutError,
    AuthenticationError,
    BadRequestError,
    ClientClosedError,
    ClientOptions,
    ConfigurationError,
    ConflictError,
    ConnectFailedError,
    CredentialsNotFoundError,
    DeadlineExceededError,
    IncompleteCredentialsError,
    InUseError,
    InvalidStateError,
    Key,
    KeyLockedError,
    ModelArts,
    ModelArtsError,
    NotFoundError,
    OutcomeUnknownError,
    PaginationError,
    PartialFailureError,
    PermissionDeniedError,
    Phase,
    ProjectNotFoundError,
    QuotaExceededError,
    RateLimitedError,
    RequestValidationError,
    ResponseDecodeError,
    RetryBudgetExhaustedError,
    SdkHmacAuth,
    ServerError,
    SignatureRejectedError,
    Token,
    TokenExpiredError,
    TransportError,
    UserPassword,
    WaitActionRequiredError,
    WaitAmbiguousError,
    WaitDegradedError,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
    __version__,
    sign,
    types,
)
from modelarts_ext.simulator import Simulator

# Who asks.


def key_of(credentials: AccessKey) -> Key:
    return Key(credentials.ak, credentials.sk, credentials.security_token)


def options(credentials: AccessKey | Token | UserPassword, **more: Any) -> ClientOptions:
    return {"credentials": credentials, "max_attempts": 3, **more}  # type: ignore[typeddict-item]


def other_ways() -> list[Token | UserPassword]:
    by_id = UserPassword(user_id="0f1e2d", password="of her own", passcode=lambda: "123456")
    return [Token(lambda: "a token from elsewhere"), by_id]


def plain_http(key: Key, simulator: Simulator) -> int:
    """Sign without a client of this package."""
    keys = simulator.credentials
    address = f"{simulator.endpoint}/v1/{keys.project_id}/training-jobs"
    headers = assert_type(sign(types.Request("GET", address, {}), key, time.time()), dict[str, str])
    assert "Authorization" in headers
    auth: httpx.Auth = SdkHmacAuth(key, project_id=keys.project_id, clock=simulator.clock.time)
    with httpx.Client(auth=auth, transport=simulator.transport()) as http:
        return http.get(address).status_code


# What is asked.


def names(client: ModelArts) -> list[str]:
    return [job.job_name or "" for job in client.training_jobs.list(order="desc", max_items=3)]


def submit(client: ModelArts) -> types.GetTrainingJobVersionAnswer:
    config = types.TrainingJobSettings(
        worker_server_num=1,
        app_url="/b/code/",
        boot_file_url="/b/code/train.py",
        data_url="/b/data/",
        train_url="/b/out/",
        engine_id=1,
        spec_id=2,
    )
    job = client.training_jobs.create(job_name="typed", config=config)
    return client.training_jobs.wait(job, deadline=3600, on_change=lambda change: print(change.state, change.elapsed))


async def count(client: AsyncModelArts) -> int:
    return len([job async for job in client.training_jobs.list()])


def still_there(client: ModelArts, running: types.Inventory) -> list[Phase]:
    return [each.phase for each in running.items]


# What goes wrong. Each function takes one kind of error and reads what only that kind has.


def before_sending(
    error: CredentialsNotFoundError | IncompleteCredentialsError | ProjectNotFoundError | ClientClosedError,
) -> ConfigurationError:
    return error


def on_the_way(error: ConnectFailedError | AttemptTimeoutError | ResponseDecodeError) -> TransportError:
    assert_type(error.sent, bool)
    return error


def given_up(error: DeadlineExceededError | RetryBudgetExhaustedError) -> ModelArtsError | None:
    return error.last


def what_to_do(client: ModelArts, error: OutcomeUnknownError) -> str:
    if error.took_effect is None and error.lookup is not None:
        return assert_type(client.reconcile(error), types.Reconciliation).verdict
    return {True: "wait", False: "send again", None: "look"}[assert_type(error.took_effect, bool | None)]


def who(error: SignatureRejectedError | KeyLockedError | TokenExpiredError) -> AuthenticationError:
    assert_type(error.retry_after, float | None)
    return error


def conflict(error: AlreadyExistsError | InUseError | InvalidStateError) -> ConflictError:
    return error


def refused(error: BadRequestError | QuotaExceededError | ServerError | NotFoundError) -> APIError:
    return error


def waited(
    error: WaitTimeoutError | WaitFailedError | WaitAmbiguousError | WaitDegradedError | WaitActionRequiredError,
) -> list[str]:
    general: WaitError = error
    return [str(change.phase) for change in general.history]


def explained(error: ModelArtsError) -> str:
    match error:
        case RequestValidationError():
            return "; ".join(f"{problem.member}: {problem.rule}" for problem in error.problems)
        case PermissionDeniedError():
            return " or ".join(assert_type(error.iam_actions, tuple[str, ...]))
        case RateLimitedError():
            return assert_type(error.limit, str | None) or "slow down"
        case PartialFailureError():
            return ", ".join(assert_type(error.failures, dict[str, ModelArtsError]))
        case PaginationError():
            return "read the list again"
        case _:
            return error.remedy or error.message


def main() -> None:
    simulator = Simulator(seed=1)
    keys = simulator.credentials
    credentials = AccessKey(keys.ak, keys.sk)
    where: dict[str, Any] = {"project_id": keys.project_id, "endpoint": simulator.endpoint, "clock": simulator.clock}
    with ModelArts(transport=simulator.transport(), **options(credentials, **where)) as client:
        done = submit(client)
        assert done.status is not None
        assert done.status.phase is Phase.SUCCEEDED
        print(__version__, still_there(client, client.inventory()))
        print(done.status.name, names(client))
        try:
            client.training_jobs.get(4711)
        except NotFoundError as error:
            print(refused(error).code)
        print(what_to_do(client, OutcomeUnknownError("lost", took_effect=True)))

    async def main() -> int:
        async with AsyncModelArts(transport=simulator.async_transport(), **options(credentials, **where)) as client:
            return await count(client)

    print(asyncio.run(main()), plain_http(key_of(credentials), simulator))
    print(explained(PermissionDeniedError("no", iam_actions=("modelarts:trainJob:list",))), len(other_ways()))


main()
