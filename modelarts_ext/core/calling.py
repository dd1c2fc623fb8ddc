"""One call, from its parameters to its typed answer: check, build, authenticate, send, repeat, classify, decode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError

from modelarts_client.base import Model
from modelarts_client.behaviour import Operation, Variant
from modelarts_client.call import Call, CallOptions
from modelarts_ext import logs
from modelarts_ext.core import recording, retry
from modelarts_ext.core.effects import Core, Notify, Request, Response, Send, Sleep
from modelarts_ext.core.engine import Engine, Exchange
from modelarts_ext.core.limits import Limits, limits_of, within
from modelarts_ext.core.lookup import resolve_newest
from modelarts_ext.core.request import assemble, body_of, headers_of, path_of, query_of, refuse_size, too_large
from modelarts_ext.core.rereading import UNSEEN, Inquiry, Seen, unknown
from modelarts_ext.core.validation import check, variant_of
from modelarts_ext.errors import (
    APIError,
    AuthenticationError,
    ConflictError,
    ModelArtsError,
    RateLimitedError,
    ResponseDecodeError,
    RetryBudgetExhaustedError,
    ServerError,
    TransportError,
)
from modelarts_ext.failures import failure_of, partial_failure_of, request_id_of, title_of

A = TypeVar("A", bound=Model)

_NO_CONTENT = 204
_EMPTY = "The answer is empty."

PROJECT = "project_id"
"""The path parameter that the client fills in, unless a call does."""


def execute(engine: Engine, call: Call[A], options: CallOptions) -> Core[A]:
    """Send one call and return its typed answer."""
    answer, _ = yield from execute_raw(engine, call, options)
    return answer


def execute_raw(engine: Engine, call: Call[A], options: CallOptions) -> Core[tuple[A, Response]]:
    """Send one call and return its typed answer, and the response that held it."""
    operation = call.operation
    limits = limits_of(engine, operation.id, options)
    call = yield from resolve_newest(engine, call, options, limits)
    check(call, limits.validate)
    path = call.path
    if f"{{{PROJECT}}}" in operation.path and PROJECT not in path:
        project_id = yield from within(engine.identity.project_id(engine), limits, engine.clock)
        path = {**path, PROJECT: project_id}
    template = _build(engine, call, path, options)
    variant = variant_of(call)

    def inquiry() -> Inquiry:
        return Inquiry(engine, call, variant, options, limits, execute)

    response = yield from exchange(engine, operation, template, limits, variant, inquiry)
    answer = _decode(engine, call, variant, response)
    if isinstance(answer, ResponseDecodeError):
        raise unknown(operation, answer, inquiry(), (yield from inquiry().look())) from answer
    failure = partial_failure_of(operation, answer, response)
    if failure is not None:
        raise failure
    recording.note(operation, response)
    return answer, response


def _build(engine: Engine, call: Call[Any], path: dict[str, Any], options: CallOptions) -> Request:
    operation = call.operation
    body: Any = call.body
    if "extra_body" in options:
        body = {**(body or {}), **options["extra_body"]}
    query = [*call.query, *options.get("extra_query", {}).items()]
    has_body = body is not None
    return assemble(
        operation.id,
        operation.method,
        engine.settings.base(operation.host) + path_of(operation, path),
        query_of(operation.id, query),
        headers_of(operation.id, engine.settings.user_agent, has_body, options.get("extra_headers", {})),
        body_of(operation.id, body) if has_body else b"",
    )


def exchange(
    engine: Engine,
    operation: Operation,
    template: Request,
    limits: Limits,
    variant: Variant | None = None,
    inquiry: Callable[[], Inquiry] | None = None,
) -> Core[Response]:
    """Send a request until it is answered, and return the answer of success.

    inquiry: how an unknown outcome is looked into; without one the first ends the call.
    """
    kind: retry.RetryClass = variant.retry if variant else operation.retry
    bucket = engine.buckets.of(engine.settings.base(operation.host))
    spent = attempt = 0
    renewed = doubted = False
    error: ModelArtsError | None = None
    while True:
        attempt += 1
        request = yield from _prepared(engine, operation, template, limits)
        response, error = yield from _attempt(engine, operation, request, limits, variant, attempt, error)
        if error is None:
            assert response is not None, "an attempt without an error has an answer"
            bucket.give(spent or retry.GAIN)
            return response
        error.retry_safe = retry.can_repeat(kind, error)
        if isinstance(error, AuthenticationError) and operation.authenticated:
            worth_it = yield from within(engine.identity.rejected(engine, error, request), limits, engine.clock)
            if worth_it and not renewed and attempt < limits.max_attempts:
                renewed = True
                continue
        failure = retry.judge(kind, error)
        if failure.next is retry.Next.UNKNOWN:
            how = inquiry() if inquiry else None
            again = not failure.lasting and attempt < limits.max_attempts
            seen = yield from _seen(engine, how, limits, attempt, failure, error, bucket if again else None)
            if seen.took_effect is not False or not again:
                raise unknown(operation, error, how, seen) from error
            doubted = True
            spent += retry.cost_of(failure)
            continue
        if doubted and inquiry and isinstance(error, ConflictError):
            # The attempt in doubt may be what the service refuses this one for.
            raise unknown(operation, error, inquiry(), (yield from inquiry().look_after_refusal())) from error
        if isinstance(error, APIError) and not isinstance(error, (ServerError, RateLimitedError)):
            bucket.give(spent)
        delay = retry.backoff(attempt, failure, error.retry_after, engine.random)
        if failure.next is retry.Next.RAISE or attempt >= limits.max_attempts or delay is None:
            if attempt > 1:
                error.add_note(f"The request was sent {attempt} times.")
            raise error
        if not limits.leaves_room_for(delay, engine.clock):
            raise limits.exceeded(error) from error
        if not bucket.take(retry.cost_of(failure)):
            raise _exhausted(operation, error) from error
        spent += retry.cost_of(failure)
        logs.retrying(operation, attempt, delay, error)
        yield Sleep(delay)


def _prepared(engine: Engine, operation: Operation, template: Request, limits: Limits) -> Core[Request]:
    """A fresh copy of the request, through the hooks of the user; its signature comes last."""
    request = Request(template.method, template.url, dict(template.headers), template.content)
    for hook in engine.hooks.request:
        yield Notify(hook, request)
    if not operation.authenticated:
        return request
    authentic = yield from within(engine.identity.authenticate(engine, request), limits, engine.clock)
    if too_large(authentic):
        engine.identity.unanswered(engine, authentic)
        raise refuse_size(authentic, operation.id)
    return authentic


def _attempt(
    engine: Engine,
    operation: Operation,
    request: Request,
    limits: Limits,
    variant: Variant | None,
    number: int,
    last: ModelArtsError | None,
) -> Core[tuple[Response | None, ModelArtsError | None]]:
    """Send once. An error of the way or of the service is returned, not raised."""
    sent = engine.clock.time()
    try:
        response: Response = yield Send(request, limits.attempt(engine.clock, last))
    except BaseException as error:
        if operation.authenticated:
            engine.identity.unanswered(engine, request)
        if not isinstance(error, TransportError):
            raise
        error.operation = operation.id
        logs.attempt_ended(operation, number, request, None, error)
        return None, error
    if operation.authenticated:
        engine.identity.answered(engine, request, response, sent)
    failure = failure_of(operation, response, variant=variant, now=engine.clock.time())
    logs.attempt_ended(operation, number, request, response, failure)
    if engine.settings.log_bodies:
        logs.bodies(operation, request, response)
    for hook in engine.hooks.response:
        yield Notify(hook, Exchange(operation.id, number, request, response))
    return response, failure


def _seen(
    engine: Engine,
    how: Inquiry | None,
    limits: Limits,
    attempt: int,
    failure: retry.Failure,
    error: ModelArtsError,
    bucket: retry.Bucket | None,
) -> Core[Seen]:
    """Look, after a pause, whether an attempt in doubt did its work. bucket: what another attempt would be paid from."""
    if how is None or how.rule is None:
        return UNSEEN
    pause = retry.backoff(attempt, failure, error.retry_after, engine.random)
    if pause is None or not limits.leaves_room_for(pause, engine.clock):
        return UNSEEN
    if bucket and not bucket.take(retry.cost_of(failure)):
        return UNSEEN
    logs.looking(how.call.operation, attempt, pause, error)
    yield Sleep(pause)
    return (yield from how.look())


def _exhausted(operation: Operation, error: ModelArtsError) -> RetryBudgetExhaustedError:
    return RetryBudgetExhaustedError(
        f"This client repeated too many requests to the host lately, so it gave up after: {error.message}",
        last=error,
        operation=operation.id,
        status=error.status,
        code=error.code,
        request_id=error.request_id,
        retry_safe=error.retry_safe,
        meaning=error.meaning,
        remedy="Let the service recover; what succeeds fills the budget again.",
        retry_after=error.retry_after,
    )


def _decode(engine: Engine, call: Call[A], variant: Variant | None, response: Response) -> A | ResponseDecodeError:
    """Return the typed answer, or the error of one that leaves it open whether the service heard of the request."""
    kind: retry.RetryClass = variant.retry if variant else call.operation.retry
    # Success without a word is enough for what was to be done, and no answer to a question.
    empty = not response.content and response.status != _NO_CONTENT
    if empty and kind == "read":
        raise _unreadable(call, response, kind, _EMPTY)
    try:
        return engine.parse(call.answer, response.content)
    except ValidationError as error:
        findings = error.errors(include_url=False, include_context=False, include_input=False)
    # Raised outside of the handler: the error of pydantic is ours to hide.
    first = findings[0]
    if not empty and first["type"] != "json_invalid":
        text = f"The answer is not of its shape: {_where(first)}: {first['msg']}"
        raise _unreadable(call, response, kind, text)
    decode = _unreadable(call, response, kind, _EMPTY if empty else _not_json(response))
    if kind in ("create", "action"):
        # Something else than the service answered, so the request may have been lost on its way.
        return decode
    raise decode


def _unreadable(call: Call[Any], response: Response, kind: retry.RetryClass, text: str) -> ResponseDecodeError:
    return ResponseDecodeError(
        text,
        operation=call.operation.id,
        status=response.status,
        request_id=request_id_of(response),
        retry_safe=kind in ("read", "idempotent"),
    )


def _not_json(response: Response) -> str:
    title = title_of(response.content)
    return f"The answer is not JSON: {title}" if title else "The answer is not JSON."


def _where(finding: Any) -> str:
    return ".".join(str(part) for part in finding["loc"]) or "the whole"
