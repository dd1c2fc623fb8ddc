"""Access keys, tokens and users make requests authentic, and learn from what comes back."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from email.utils import formatdate
from typing import Any

import pytest
from identity_world import (
    ENDPOINT,
    IAM,
    PROJECT,
    REFUSED,
    START,
    AsyncDoor,
    World,
    answer,
    any_call,
    project_row,
    projects_answer,
    token_answer,
)

from modelarts_client.catalogue import ERROR_CODES
from modelarts_ext.core.effects import Request, Response
from modelarts_ext.credentials import AccessKey, Token, UserPassword, from_arguments
from modelarts_ext.errors import (
    AuthenticationError,
    ConfigurationError,
    KeyLockedError,
    TokenExpiredError,
    TransportError,
)
from modelarts_ext.signing import sign

KEY = AccessKey("ACCESSKEY", "hush-key")
EXPIRED = next(code for code, row in ERROR_CODES.items() if row.kind == "token_expired")


def refused(skew: float | None = None) -> Response:
    headers = {} if skew is None else {"date": formatdate(START + skew, usegmt=True)}
    return answer(401, REFUSED, headers)


def script(*responses: Response) -> Any:
    """Answer in that order, the last one for ever."""
    left = list(responses)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


# Access keys.


def test_a_signed_request_holds_the_project_and_signs_it() -> None:
    world = World(script(answer()))
    engine = world.engine(AccessKey("ACCESSKEY", "hush-key", "hush-token"))
    world.call(engine)
    sent = world.sent[0]
    assert sent.headers["X-Project-Id"] == PROJECT
    assert sent.headers["X-Security-Token"] == "hush-token"
    assert sent.headers["Host"] == "modelarts.example.com"
    assert sent.headers["X-Sdk-Date"] == "20231114T221320Z"
    bare = {name: value for name, value in sent.headers.items() if name in {"X-Project-Id"}}
    signed = sign(Request(sent.method, sent.url, bare, sent.content), engine.identity.key, START)  # type: ignore[attr-defined]
    assert sent.headers["Authorization"] == signed["Authorization"]


def test_a_project_header_of_the_caller_stays() -> None:
    world = World(script(answer()))
    engine = world.engine(KEY)
    request = Request("GET", f"{ENDPOINT}/v1", {"x-project-id": "mine"})
    signed = world.run(KEY.authenticate(engine, request))
    assert signed.headers["x-project-id"] == "mine"
    assert "X-Project-Id" not in signed.headers
    assert request.headers == {"x-project-id": "mine"}


def test_a_wrong_clock_is_corrected_from_the_refusal() -> None:
    key = AccessKey("ACCESSKEY", "hush-key")
    world = World(script(refused(skew=7200), answer()))
    engine = world.engine(key)
    world.call(engine)
    world.call(engine)
    dates = [request.headers["X-Sdk-Date"] for request in world.sent]
    assert dates == ["20231114T221320Z", "20231115T001320Z", "20231115T001320Z"]


def test_a_wrong_clock_is_corrected_before_anything_is_refused() -> None:
    world = World(script(answer(headers={"date": formatdate(START - 7200, usegmt=True)})))
    engine = world.engine(AccessKey("ACCESSKEY", "hush-key"))
    world.call(engine)
    world.call(engine)
    assert world.sent[1].headers["X-Sdk-Date"] == "20231114T201320Z"


def test_tasks_that_were_all_signed_with_a_wrong_clock_all_recover() -> None:
    def handler(request: Request) -> Response:
        return answer() if request.headers["X-Sdk-Date"].startswith("20231115T0") else refused(skew=7200)

    world = World(handler)
    engine = world.engine(AccessKey("ACCESSKEY", "hush-key"))
    door = AsyncDoor(world)

    async def main() -> None:
        await asyncio.gather(*(door.run(any_call(engine)) for _ in range(4)))

    asyncio.run(main())
    assert len(world.sent) == 8


def test_a_refusal_says_that_the_clock_is_not_the_cause() -> None:
    world = World(script(refused(skew=100)))
    with pytest.raises(AuthenticationError) as caught:
        world.call(world.engine(AccessKey("ACCESSKEY", "hush-key")))
    assert any("+100 s" in note for note in caught.value.__notes__)


def test_a_wrong_key_is_tried_twice_and_rests() -> None:
    world = World(script(refused()))
    engine = world.engine(KEY)
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            world.call(engine)
    with pytest.raises(KeyLockedError) as caught:
        world.call(engine)
    assert len(world.sent) == 2
    assert caught.value.retry_after == 300
    world.clock.now += 299
    with pytest.raises(KeyLockedError):
        world.call(engine)
    world.clock.now += 2
    with pytest.raises(AuthenticationError):
        world.call(engine)
    assert len(world.sent) == 3


def test_clients_of_one_key_share_its_rest_and_other_keys_do_not() -> None:
    world = World(script(refused(skew=0)))
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            world.call(world.engine(KEY))
    with pytest.raises(KeyLockedError):
        world.call(world.engine(AccessKey("ACCESSKEY", "another")))
    with pytest.raises(AuthenticationError) as caught:
        world.call(world.engine(AccessKey("OTHERKEY", "another")))
    assert not isinstance(caught.value, KeyLockedError)


def test_success_resets_the_count() -> None:
    world = World(script(refused(), answer(), refused(), answer()))
    engine = world.engine(KEY)
    for fails in (True, False, True, False):
        if fails:
            with pytest.raises(AuthenticationError):
                world.call(engine)
        else:
            world.call(engine)
    assert len(world.sent) == 4


def test_a_lost_probe_is_not_a_verdict() -> None:
    steps: list[Any] = [refused(), TransportError("lost", sent=False), answer(), answer()]

    def handler(request: Request) -> Response:
        step = steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step  # type: ignore[no-any-return]

    world = World(handler)
    engine = world.engine(KEY)
    with pytest.raises(AuthenticationError):
        world.call(engine)
    world.call(engine)
    world.call(engine)
    assert steps == []


def test_tasks_wait_for_the_probe_of_another() -> None:
    world = World(script(refused(), answer()))
    engine = world.engine(KEY)
    with pytest.raises(AuthenticationError):
        world.call(engine)
    door = AsyncDoor(world)

    async def main() -> None:
        await asyncio.gather(*(door.run(any_call(engine)) for _ in range(5)))

    asyncio.run(main())
    assert len(world.sent) == 6


def test_the_services_word_that_the_key_is_locked_counts() -> None:
    world = World(script(answer()))
    engine = world.engine(KEY)
    request = world.run(KEY.authenticate(engine, Request("GET", f"{ENDPOINT}/v1", {})))
    assert world.run(KEY.rejected(engine, KeyLockedError("locked"), request)) is False
    with pytest.raises(KeyLockedError):
        world.call(engine)


def test_an_expired_security_token_is_no_failure_of_the_key() -> None:
    world = World(script(answer()))
    engine = world.engine(KEY)
    request = Request("GET", f"{ENDPOINT}/v1", {})
    for _ in range(3):
        assert world.run(KEY.rejected(engine, TokenExpiredError("over"), request)) is False
    world.call(engine)


@pytest.mark.parametrize(
    "parts",
    [("", "s"), ("a", ""), ("", ""), ("a b", "s"), ("a", "s", "t\n\nt")],
)
def test_half_a_key_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError):
        AccessKey(*parts)


# Tokens.


def test_a_token_replaces_any_other() -> None:
    world = World(script(answer()))
    token = Token(" hush-token\n")
    sent = world.run(token.authenticate(world.engine(token), Request("GET", f"{ENDPOINT}/v1", {"x-auth-token": "old"})))
    assert sent.headers == {"X-Auth-Token": "hush-token"}


def test_a_function_is_asked_for_every_request() -> None:
    values = iter(["one", "two"])
    world = World(script(answer()))
    engine = world.engine(Token(lambda: next(values)))
    world.call(engine)
    world.call(engine)
    assert [request.headers["X-Auth-Token"] for request in world.sent] == ["one", "two"]


def test_a_refused_token_is_sent_again_only_when_it_is_another() -> None:
    current = ["old"]
    world = World(lambda request: answer() if request.headers["X-Auth-Token"] == "new" else refused())
    engine = world.engine(Token(lambda: current[0]))
    with pytest.raises(AuthenticationError):
        world.call(engine)
    assert len(world.sent) == 1

    def moving() -> str:
        return "old" if len(world.sent) < 2 else "new"

    world.call(world.engine(Token(moving)))
    assert [request.headers["X-Auth-Token"] for request in world.sent] == ["old", "old", "new"]


def test_a_fixed_token_is_sent_once() -> None:
    world = World(script(refused()))
    with pytest.raises(AuthenticationError):
        world.call(world.engine(Token("old")))
    assert len(world.sent) == 1


def test_an_async_function_is_awaited() -> None:
    world = World(script(answer()))

    async def token() -> str:
        await asyncio.sleep(0)
        return "awaited"

    asyncio.run(AsyncDoor(world).run(any_call(world.engine(Token(token)))))
    assert world.sent[0].headers["X-Auth-Token"] == "awaited"


def test_an_async_function_needs_the_asynchronous_client() -> None:
    world = World(script(answer()))

    async def token() -> str:
        return "never"

    with pytest.raises(ConfigurationError, match="async"):
        world.call(world.engine(Token(token)))
    assert world.sent == []


@pytest.mark.parametrize("value", ["", "  ", "two words", "line\nline", "ü", None, b"bytes"])
def test_what_is_no_token_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Token(value)
    assert "line" not in str(caught.value)
    world = World(script(answer()))
    with pytest.raises(ConfigurationError):
        world.call(world.engine(Token(lambda: value)))
    assert world.sent == []


# Users.


def iam(*, expires: float = START + 86400, project: str | None = PROJECT) -> Any:
    """An IAM that hands out token-1, token-2, ... and a service that knows them all."""
    count = [0]

    def handler(request: Request) -> Response:
        if request.url.startswith(IAM) and request.method == "POST":
            count[0] += 1
            return token_answer(f"token-{count[0]}", expires, project=project)
        return answer()

    return handler


def login(world: World) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(world.to("/v3/auth/tokens")[0].content)["auth"]
    return body


def test_a_user_gets_a_token_once() -> None:
    world = World(iam())
    engine = world.engine(UserPassword("me", "hush-password", "us"))
    for _ in range(3):
        world.call(engine)
    assert len(world.to(IAM)) == 1
    assert [request.headers["X-Auth-Token"] for request in world.to(ENDPOINT)] == ["token-1"] * 3
    assert "X-Auth-Token" not in world.to(IAM)[0].headers
    assert login(world) == {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "me", "password": "hush-password", "domain": {"name": "us"}}},
        },
        "scope": {"project": {"id": PROJECT}},
    }


def test_a_user_by_id_with_a_passcode_for_a_project_by_name() -> None:
    world = World(iam())
    user = UserPassword(password="hush-password", user_id="u1", passcode=lambda: "123456")
    engine = world.engine(user, project_id=None, project="region-1_team", region="region-1")
    assert world.run(user.project_id(engine)) == PROJECT
    assert login(world) == {
        "identity": {
            "methods": ["password", "totp"],
            "password": {"user": {"id": "u1", "password": "hush-password"}},
            "totp": {"user": {"id": "u1", "passcode": "123456"}},
        },
        "scope": {"project": {"name": "region-1_team"}},
    }


def test_the_project_is_looked_up_when_the_token_does_not_name_it() -> None:
    def handler(request: Request) -> Response:
        if request.method == "POST":
            return token_answer("token-1", START + 86400, project=None)
        return projects_answer(project_row("region-1", "p1"))

    world = World(handler)
    user = UserPassword("me", "hush-password", domain_id="d1")
    engine = world.engine(user, project_id=None, region="region-1")
    assert world.run(user.project_id(engine)) == "p1"
    assert world.to("/v3/projects")[0].headers["X-Auth-Token"] == "token-1"
    assert login(world)["identity"]["password"]["user"]["domain"] == {"id": "d1"}


def test_a_refused_token_is_renewed_once() -> None:
    tokens = iam()

    def handler(request: Request) -> Response:
        if request.headers.get("X-Auth-Token") == "token-1" and world.clock.now > START + 60:
            return answer(401, {"error_code": EXPIRED, "error_msg": "over"})
        return tokens(request)  # type: ignore[no-any-return]

    world = World(handler)
    engine = world.engine(UserPassword("me", "hush-password", "us"))
    world.call(engine)
    world.clock.now += 120
    world.call(engine)
    assert [request.headers["X-Auth-Token"] for request in world.to(ENDPOINT)] == ["token-1", "token-1", "token-2"]


def test_a_token_that_is_refused_at_once_is_not_renewed_for_ever() -> None:
    tokens = iam()
    world = World(lambda request: tokens(request) if request.url.startswith(IAM) else refused())
    engine = world.engine(UserPassword("me", "hush-password", "us"))
    with pytest.raises(AuthenticationError):
        world.call(engine)
    assert len(world.to(IAM)) == 1


def test_a_wrong_password_is_tried_twice_and_rests() -> None:
    wrong = answer(401, {"error": {"code": 401, "title": "Unauthorized", "message": "wrong"}})
    world = World(script(wrong))
    engine = world.engine(UserPassword("me", "hush-password", "us"))
    for _ in range(2):
        with pytest.raises(AuthenticationError):
            world.call(engine)
    with pytest.raises(KeyLockedError):
        world.call(engine)
    assert len(world.sent) == 2


@pytest.mark.parametrize(
    "parts",
    [
        {"user": "me", "domain": "us"},
        {"user": "me", "password": "p"},
        {"password": "p", "domain": "us"},
        {"user": "me", "password": "p", "domain": "us", "passcode": "123456"},
    ],
)
def test_half_a_user_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="lacks"):
        UserPassword(**parts)


def test_without_an_iam_endpoint_a_user_cannot_sign_in() -> None:
    world = World(iam())
    with pytest.raises(ConfigurationError, match="iam_endpoint="):
        world.call(world.engine(UserPassword("me", "p", "us"), iam_endpoint=""))
    assert world.sent == []


# All of them.

ALL = [
    AccessKey("ACCESSKEY", "hush-key", "hush-token"),
    Token("hush-token"),
    UserPassword("me", "hush-password", "us", passcode="hush-code", user_id="u1"),
]


@pytest.mark.parametrize("identity", ALL, ids=lambda identity: type(identity).__name__)
def test_secrets_stay_out_of_sight_and_copies_are_equal(identity: Any) -> None:
    assert "hush" not in repr(identity)
    assert "hush" not in str(vars(identity).get("_shared"))
    for other in (copy.deepcopy(identity), pickle.loads(pickle.dumps(identity)), copy.copy(identity)):
        assert other == identity
        assert hash(other) == hash(identity)


def test_a_credential_that_was_used_can_be_copied() -> None:
    world = World(iam())
    user = UserPassword("me", "hush-password", "us")
    world.call(world.engine(user))
    other = pickle.loads(pickle.dumps(user))
    world.call(world.engine(other))
    assert len(world.to(IAM)) == 2


@pytest.mark.parametrize("identity", ALL[:2], ids=lambda identity: type(identity).__name__)
def test_a_missing_project_id_is_looked_up_once(identity: Any) -> None:
    identity = copy.deepcopy(identity)
    world = World(
        lambda request: projects_answer(project_row("region-1", "p1")) if request.url.startswith(IAM) else answer()
    )
    engine = world.engine(identity, project_id=None, region="region-1")
    for _ in range(2):
        world.call(engine)
    assert [request.url for request in world.to(IAM)] == [f"{IAM}/v3/projects?name=region-1"]
    assert all("/p1/" in request.url for request in world.to(ENDPOINT))
    if isinstance(identity, AccessKey):
        assert "X-Project-Id" not in world.to(IAM)[0].headers
        assert world.to(ENDPOINT)[0].headers["X-Project-Id"] == "p1"


def test_arguments_make_up_a_credential() -> None:
    assert from_arguments() is None
    assert from_arguments(ak="a", sk="s", security_token="t") == AccessKey("a", "s", "t")
    assert from_arguments(token="t") == Token("t")
    assert from_arguments(user="u", password="p", domain="d") == UserPassword("u", "p", "d")
    assert from_arguments(user_id="u", password="p") == UserPassword(password="p", user_id="u")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"ak": "a"}, "lacks sk"),
        ({"sk": "hush"}, "lacks ak"),
        ({"security_token": "hush"}, "lacks ak and sk"),
        ({"ak": "", "sk": "hush"}, "lacks ak"),
        ({"token": ""}, "no token"),
        ({"user": "u"}, "lacks password"),
        ({"password": "hush"}, "lacks user"),
        ({"user": "u", "password": "hush"}, "lacks domain"),
        ({"ak": "a", "sk": "hush", "token": "hush"}, "one kind"),
        ({"token": "hush", "user": "u"}, "one kind"),
        ({"ak": "a", "password": "hush"}, "one kind"),
    ],
)
def test_arguments_that_do_not_make_up_one_name_what_is_wrong(given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as caught:
        from_arguments(**given)  # type: ignore[arg-type]
    assert "hush" not in str(caught.value)
