"""Tokens are kept, renewed before their end, and renewed once for all who wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_world import IAM, START, AsyncDoor, World, answer, any_call, iso, token_answer

from modelarts_client.catalogue import LIMITS
from modelarts_ext.core.effects import Core, Request, Response
from modelarts_ext.credentials import UserPassword
from modelarts_ext.errors import AuthenticationError, ResponseDecodeError, ServerError
from modelarts_ext.tokens import (
    MARGIN,
    PATIENCE,
    IssuedToken,
    TokenCache,
    parse_expiry,
    read_token,
    renewal_due,
)

DAY = 86400.0


@given(st.floats(1, 10 * DAY), st.floats(-DAY, 11 * DAY))
def test_renewal_is_due_shortly_before_the_end(life: float, age: float) -> None:
    token = IssuedToken("t", START, START + life)
    due = renewal_due(token, START + age)
    if age >= life:
        assert due
    if age < life - MARGIN or age < 0.89 * life:
        assert due is (age >= life - MARGIN and age >= 0.9 * life)
    assert not renewal_due(token, START)


@pytest.mark.parametrize(
    ("life", "age", "due"),
    [
        (DAY, DAY - MARGIN - 1, False),
        (DAY, DAY - MARGIN, True),
        (60.0, 53.0, False),
        (60.0, 54.0, True),
        (60.0, 61.0, True),
    ],
)
def test_the_margin(life: float, age: float, due: bool) -> None:
    assert renewal_due(IssuedToken("t", START, START + life), START + age) is due


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20.000000Z",
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.000Z",
        "2023-11-14T22:13:20",
        "2023-11-15T06:13:20+08:00",
        " 2023-11-14T22:13:20Z ",
    ],
)
def test_forms_of_the_end(text: str) -> None:
    assert parse_expiry(text) == START


@pytest.mark.parametrize("text", ["", "soon", "1700000000000", "2023-13-14T22:13:20Z"])
def test_what_is_no_end(text: str) -> None:
    with pytest.raises(ValueError):
        parse_expiry(text)


def facts(expires: Any, **more: Any) -> Any:
    return SimpleNamespace(token=SimpleNamespace(expires_at=expires, **more))


def test_the_end_is_relative_to_the_clock_of_iam() -> None:
    behind = START - 7200
    response = token_answer("t", START + DAY, date=START)
    assert read_token(facts(iso(START + DAY)), response, behind) == IssuedToken("t", behind, behind + DAY)


@pytest.mark.parametrize("told", [facts(None), facts("soon"), facts(17), SimpleNamespace(token=None), None])
def test_an_end_that_is_not_told_is_the_documented_one(told: Any) -> None:
    token = read_token(told, token_answer("t", 0), START)
    assert token.expires == START + LIMITS["token_validity"]


def test_an_answer_without_a_token_is_an_error() -> None:
    with pytest.raises(ResponseDecodeError, match="X-Subject-Token"):
        read_token(facts(iso(START)), answer(201, {}), START)


def test_a_token_hides_its_value() -> None:
    assert "hush" not in repr(IssuedToken("hush", START, START + 1))


def counting(world: World, life: float = DAY, before: Callable[[int], None] = lambda number: None) -> World:
    """Let IAM hand out token-1, token-2, ...; `before` may raise or wait."""
    numbers = iter(range(1, 1000))

    def handler(request: Request) -> Response:
        if not request.url.startswith(IAM):
            return answer()
        number = next(numbers)
        before(number)
        return token_answer(f"token-{number}", world.clock.now + life)

    world.handler = handler
    return world


def world_of(life: float = DAY, before: Callable[[int], None] = lambda number: None) -> tuple[World, Any]:
    world = counting(World(lambda request: answer()), life, before)
    return world, world.engine(UserPassword("me", "hush", "us"), max_attempts=1)


def used(world: World) -> list[str]:
    return [request.headers["X-Auth-Token"] for request in world.sent if not request.url.startswith(IAM)]


def test_a_token_is_renewed_before_its_end() -> None:
    world, engine = world_of()
    for step in (0.0, DAY - MARGIN - 1, 1.0, 0.0):
        world.clock.now += step
        world.call(engine)
    assert used(world) == ["token-1", "token-1", "token-2", "token-2"]


def test_threads_share_one_renewal() -> None:
    gate = threading.Event()

    def before(number: int) -> None:
        assert gate.wait(10)

    world, engine = world_of(before=before)
    start = threading.Barrier(9)

    def call() -> None:
        start.wait(10)
        world.call(engine)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    start.wait(10)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert used(world) == ["token-1"] * 8
    assert len(world.to(IAM)) == 1


def test_tasks_share_one_renewal() -> None:
    world, engine = world_of()
    door = AsyncDoor(world)

    async def main() -> None:
        await asyncio.gather(*(door.run(any_call(engine)) for _ in range(20)))

    asyncio.run(main())
    asyncio.run(main())
    assert used(world) == ["token-1"] * 40
    assert len(world.to(IAM)) == 1


def test_those_who_wait_share_the_error_and_the_next_tries_again() -> None:
    def before(number: int) -> None:
        if number == 1:
            raise ServerError("down", status=503)

    world, engine = world_of(before=before)
    door = AsyncDoor(world)

    async def main() -> list[Any]:
        return await asyncio.gather(*(door.run(any_call(engine)) for _ in range(5)), return_exceptions=True)

    errors = asyncio.run(main())
    assert [type(error) for error in errors] == [ServerError] * 5
    assert len({id(error) for error in errors}) == 5
    assert len(world.to(IAM)) == 1
    world.call(engine)
    assert used(world) == ["token-2"]


def test_a_valid_token_outlives_a_failed_renewal() -> None:
    def before(number: int) -> None:
        if number in (2, 3):
            raise ServerError("down", status=503)

    world, engine = world_of(before=before)
    world.call(engine)
    world.clock.now += DAY - MARGIN
    world.call(engine)
    world.call(engine)
    assert len(world.to(IAM)) == 2
    world.clock.now += PATIENCE
    world.call(engine)
    assert len(world.to(IAM)) == 3
    world.clock.now += PATIENCE
    world.call(engine)
    assert used(world) == ["token-1"] * 4 + ["token-4"]


def test_a_token_that_is_over_does_not() -> None:
    def before(number: int) -> None:
        if number == 2:
            raise ServerError("down", status=503)

    world, engine = world_of(before=before)
    world.call(engine)
    world.clock.now += DAY
    with pytest.raises(ServerError):
        world.call(engine)
    assert used(world) == ["token-1"]


def test_scopes_have_tokens_of_their_own() -> None:
    world = counting(World(lambda request: answer()))
    user = UserPassword("me", "hush", "us")
    for project in ("p1", "p2", "p1"):
        world.call(world.engine(user, project_id=project))
    assert used(world) == ["token-1", "token-2", "token-1"]


def fixed(*values: str) -> Callable[[], Core[IssuedToken]]:
    left = iter(values)

    def renew() -> Core[IssuedToken]:
        return IssuedToken(next(left), START, START + DAY)
        yield

    return renew


def test_a_refused_token_is_given_up_unless_it_is_new_or_replaced() -> None:
    world = World(lambda request: answer())
    engine = world.engine(UserPassword("me", "hush", "us"))
    cache, renew = TokenCache(), fixed("one", "two")
    assert cache.refused("none", START) is True
    assert world.run(cache.current(engine, renew)).value == "one"
    assert cache.refused("one", START + PATIENCE - 1) is False
    assert cache.refused("older", START) is True
    assert world.run(cache.current(engine, renew)).value == "one"
    assert cache.refused("one", START + PATIENCE) is True
    assert world.run(cache.current(engine, renew)).value == "two"


def test_a_refused_login_is_an_authentication_error() -> None:
    def before(number: int) -> None:
        raise AuthenticationError("no", status=401)

    world, engine = world_of(before=before)
    with pytest.raises(AuthenticationError):
        world.call(engine)
