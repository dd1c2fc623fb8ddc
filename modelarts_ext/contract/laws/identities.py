"""Laws of who calls: what credentials are complete, what an answer says of them, and who shares a token or a rest."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, Final

import httpx

from modelarts_ext import AsyncModelArts, ModelArts
from modelarts_ext.breaker import Breakers, wait_for_probe
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import ENDPOINT, IAM_ENDPOINT, PROJECT_ID, START, Both, Side, Wire, always
from modelarts_ext.core.effects import Request
from modelarts_ext.credentials import AccessKey, Token, UserPassword, from_arguments
from modelarts_ext.errors import (
    AuthenticationError,
    ConfigurationError,
    IncompleteCredentialsError,
    KeyLockedError,
    ModelArtsError,
    ServerError,
)
from modelarts_ext.signing import timestamp
from modelarts_ext.skew import parse_date
from modelarts_ext.tokens import IssuedToken, TokenCache, parse_expiry

_GIVEN: Final = "credentials"
_RULE_SCOPE: Final = "token.scope"
_REST: Final = "key.rest"
_WORD: Final = "open-sesame-of-the-contract"
_LOGIN: Final = "create_token"
_NUMBERS: Final = count()
"""Each key and user is met once: what a process has learned of one it keeps."""
_USER: Final = {"user": "somebody", "password": _WORD, "domain": "an-account"}


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each question about who calls."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.identities.{slug}", "law", "client", (_LOGIN,), title, run, seconds=0.1)


def _complete(_: Context) -> None:
    """One kind of credentials, whole; what is missing is named; nothing at all is nothing."""
    wholes: list[tuple[dict[str, Any], type | None]] = [
        ({}, None),
        ({"ak": "some-key", "sk": _WORD}, AccessKey),
        ({"ak": "some-key", "sk": _WORD, "security_token": "st"}, AccessKey),
        ({"ak": "some-key", "sk": _WORD, "security_token": ""}, AccessKey),
        ({"token": "t"}, Token),
        ({"token": lambda: "t"}, Token),
        (_USER, UserPassword),
        ({**_USER, "domain": None, "domain_id": "d"}, UserPassword),
        ({"user_id": "u", "password": _WORD}, UserPassword),
        ({"user_id": "u", "password": _WORD, "passcode": "123456"}, UserPassword),
        ({"user_id": "u", "password": _WORD, "passcode": ""}, UserPassword),
    ]
    for given, kind in wholes:
        made = from_arguments(**given)
        equal(None if made is None else type(made), kind, "", _GIVEN, f"what {sorted(given)} make up")
    parts: list[tuple[dict[str, Any], tuple[str, ...]]] = [
        ({"ak": "some-key"}, ("sk",)), ({"sk": _WORD}, ("ak",)), ({"security_token": "st"}, ("ak", "sk")),
        ({"ak": "", "sk": _WORD}, ("ak",)), ({"user": "u", "domain": "d"}, ("password",)),
        ({"password": _WORD, "domain": "d"}, ("user",)), ({"user": "u", "password": _WORD}, ("domain",)),
        ({**_USER, "passcode": "123456"}, ("user_id",)), ({"domain": "d"}, ("password",)),
        ({"user_id": "u"}, ("password",)), ({"domain_id": "d", "password": _WORD}, ("user",)),
    ]  # fmt: skip
    for given, missing in parts:
        error = _refusal(partial(from_arguments, **given), f"{sorted(given)}")
        expect(isinstance(error, IncompleteCredentialsError), "", _GIVEN, f"{sorted(given)}: {type(error).__name__}")
        told = [name for name in missing if name not in str(error)]
        expect(not told and _WORD not in str(error), "", _GIVEN, f"{sorted(given)}: the error says {error}")
    for given in (
        {"ak": "some-key", "sk": _WORD, "token": "t"}, {"token": "t", **_USER}, {"ak": "some-key", **_USER},
        {"token": ""}, {"token": " "}, {"token": "a b"}, {"token": "a\nb"}, {"token": "ü"},
        {"ak": "a key", "sk": _WORD}, {"ak": "kéy", "sk": _WORD}, {"ak": "some-key", "sk": _WORD, "security_token": "a b"},
        {"ak": "some-key", "sk": "\ud83d"}, {"ak": "some-key\n1", "sk": _WORD}, {"ak": " ", "sk": _WORD}, {"ak": 7, "sk": _WORD},
        {"user": "u", "password": 7, "domain": "d"}, {"user": 7, "password": _WORD, "domain": "d"},
    ):  # fmt: skip
        error = _refusal(partial(from_arguments, **given), f"{given}")
        expect(_WORD not in str(error), "", _GIVEN, "the error shows a secret")
    key = AccessKey(" some-key ", f" {_WORD} ", " st ").key
    equal((key.ak, key.sk, key.security_token), ("some-key", _WORD, "st"), "", _GIVEN, "a key with blanks around")
    for made in (AccessKey("some-key-of-mine", _WORD), Token("t" * 30), UserPassword("u", _WORD, "d")):
        expect(_WORD not in repr(made) and "ttt" not in repr(made), "", _GIVEN, "credentials show a secret")
        for twin in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301
            equal(twin, made, "", _GIVEN, "copies of credentials")
    equal(repr(AccessKey("some-key-of-mine", _WORD)), "AccessKey(ak='some…')", "", _GIVEN, "a key shows")
    equal(repr(AccessKey("some-key", _WORD)), "AccessKey(ak='…')", "", _GIVEN, "a short key shows")


def _refusal(make: Callable[[], Any], what: str) -> ConfigurationError:
    try:
        made = make()
    except ConfigurationError as error:
        return error
    expect(False, "", _GIVEN, f"{what} make up {type(made).__name__}")
    raise AssertionError


def _key() -> dict[str, Any]:
    return {"ak": f"contract-identity-{next(_NUMBERS)}", "sk": _WORD}


def _ask(side: Side, path: str = "/v2/x", **options: Any) -> ModelArtsError | None:
    try:
        side.answer(lambda: side.client.request("GET", path, **options))
    except ModelArtsError as error:
        return error
    return None


def _answers(context: Context) -> None:
    """What an answer says of a key: good, refused, or nothing; without an answer nothing either."""
    refusal = plain.response(401, {"error_code": "APIG.0301", "error_msg": "no"})
    over = plain.response(401, {"error_code": "ModelArts.0202", "error_msg": "the token is over"})
    for says, answer in (
        *(("good", httpx.Response(status, json={})) for status in (200, 404, 405, 409, 499)),
        *(("nothing", httpx.Response(status, json={})) for status in (400, 403, 407, 408, 429, 500, 503)),
        ("nothing", over),
        ("nothing", None),
        ("refused", refusal),
    ):
        for turn in range(2):
            with Both(context.journal, **_key()) as sides:
                side = sides[turn]
                what = f"{answer.status_code if answer else 'no answer'} between two refusals ({side.name})"
                side.wire.script = always(refusal)
                equal(type(_ask(side)).__name__, "SignatureRejectedError", "", _REST, what)
                side.wire.script = always(answer) if answer else _broken
                _ask(side, max_attempts=1)
                side.wire.script = always(refusal)
                began = side.wire.clock.now
                told = [type(_ask(side)).__name__ for _ in range(2)]
                wanted = {
                    "good": ["SignatureRejectedError"] * 2,
                    "nothing": ["SignatureRejectedError", "KeyLockedError"],
                    "refused": ["KeyLockedError"] * 2,
                }[says]
                equal(told, wanted, "", _REST, f"{what}: later calls end in")
                equal(side.wire.clock.now, began, "", _REST, f"{what}: nobody waits for a probe that has ended")


def _broken(_: Captured) -> Any:
    raise httpx.ReadError("the line broke")


def _locked(context: Context) -> None:
    """A key that is locked rests by itself, and for all clients that use it."""
    breakers = Breakers()
    one, other = breakers.of("key a"), breakers.of("key b")
    expect(breakers.of("key a") is one and one is not other, "", _REST, "two keys share a rest, or one has two")
    one.lock(0.0)
    expect(other.admit(1.0, "x"), "", _REST, "a key rests for another's refusals")
    try:
        breakers.of("key a").admit(1.0, "x")
    except KeyLockedError as error:
        expect(error.retry_safe and error.retry_after == 299.0, "", _REST, f"the error of a rest says {error}")
    else:
        expect(False, "", _REST, "a locked key does not rest")
    key = _key()
    with Both(context.journal, **key) as sides, Both(context.journal, **key) as more:
        refusal = plain.response(401, {"error_code": "APIG.0301", "error_msg": "no"})
        for side in (*sides, *more):
            side.wire.script = always(refusal)
        told = [type(_ask(side)).__name__ for side in (sides[0], more[1], sides[1], more[0])]
        wanted = ["SignatureRejectedError"] * 2 + ["KeyLockedError"] * 2
        equal(told, wanted, "", _REST, "four clients of one key end in")


def _told_locked(context: Context) -> None:
    """A key of which the service says that it is locked rests at once, and nothing more is sent with it."""
    for turn in range(2):
        key = _key()
        with Both(context.journal, **key) as sides:
            side = sides[turn]
            expect(_ask(side) is None, "", _REST, "a good key is refused")
            engine, request = side.client._engine, Request("GET", ENDPOINT, {})
            core = engine.identity.rejected(engine, KeyLockedError("locked"), request)
            try:
                next(core)
            except StopIteration as stop:
                equal(stop.value, False, "", _REST, "whether another attempt helps a locked key")
            side.wire.sent.clear()
            error = _ask(side)
            expect(isinstance(error, KeyLockedError), "", _REST, f"a key that is told to be locked ends in {error!r}")
            equal(side.wire.sent, [], "", _REST, "requests of a key that is told to be locked")


def _scopes(context: Context) -> None:
    """A token is for one project, by its id or its name, at one IAM: clients that share a user share it where all is so."""
    places: list[dict[str, Any]] = [
        {"project_id": "p-1"}, {"project_id": "p-2"}, {"project": "eu_team"}, {"project": "eu_other"}, {"region": "eu-de"},
        {"region": "eu-nl"}, {"project_id": "p-1", "iam_endpoint": "https://iam.other.example"},
    ]  # fmt: skip
    for turn in range(2):
        user = UserPassword("somebody", _WORD, domain="account")
        logins: list[str] = []
        for place in (*places, *places):
            known = {"endpoint": ENDPOINT, "iam_endpoint": IAM_ENDPOINT, **place}
            wire = Wire(context.journal, script=partial(_logged_in, logins))
            transport = httpx.MockTransport(wire.handle)
            with context.blames("", _RULE_SCOPE):
                if turn == 0:
                    with ModelArts(credentials=user, transport=transport, clock=wire.clock, **known) as client:
                        client.request("GET", "/v2/x")
                else:
                    asyncio.run(_asked_once(user, transport, wire, known))
        equal(len(logins), len(places), "", _RULE_SCOPE, f"logins for {len(places)} places, each used by two clients")


async def _asked_once(user: UserPassword, transport: httpx.MockTransport, wire: Wire, known: dict[str, Any]) -> None:
    async with AsyncModelArts(credentials=user, transport=transport, clock=wire.clock, **known) as client:
        await client.request("GET", "/v2/x")


def _logged_in(logins: list[str], asked: Captured) -> Any:
    if not asked.target.endswith("/auth/tokens"):
        return 200, {}
    logins.append(asked.target)
    body = {"token": {"expires_at": "2099-01-01T00:00:00.000000Z"}}
    return plain.response(201, body, {"X-Subject-Token": f"token-{len(logins)}"})


def _notes(context: Context) -> None:
    """A refusal says when the clock is not its cause; one that the clock explains is no error."""
    for dates, noted in (({"Date": "Mon, 21 Sep 2026 14:13:25 GMT"}, True), ({}, False)):
        for turn in range(2):
            with Both(context.journal, **_key()) as sides:
                refusal = plain.response(401, {"error_code": "APIG.0301", "error_msg": "no"}, dates)
                sides[turn].wire.script = always(refusal)
                error = _ask(sides[turn])
                notes = " ".join(getattr(error, "__notes__", ()))
                equal("clock" in notes, noted, "", "clock", f"a note about the clock, with {dates}")
                expect(not noted or "+5 s" in notes, "", "clock", f"the note says {notes}")
    for turn in range(2):
        with Both(context.journal, **_key()) as sides:
            side = sides[turn]

            def later(_: Captured, side: Side = side) -> Any:
                # Its clock leaps with every request, so that each refusal has a cause that is mended too late.
                moment = datetime.fromtimestamp(START + 3600.0 * len(side.wire.sent), UTC)
                date = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
                return plain.response(401, {"error_code": "APIG.0301", "error_msg": "no"}, {"Date": date})

            side.wire.script = later
            notes = " ".join(getattr(_ask(side), "__notes__", ()))
            expect("clock" not in notes, "", "clock", f"a clock that leaps is said to be no cause: {notes}")


def _zones(_: Context) -> None:
    """A date that names no zone is of UTC, wherever this machine is."""
    zone = os.environ.get("TZ")
    try:
        os.environ["TZ"] = "UTC-8"
        time.tzset()
        equal(parse_date("Mon Sep 21 14:13:21 2026"), START + 1, "", "clock", "a date without a zone")
        equal(parse_date("Mon, 21 Sep 2026 14:13:22 -0000"), START + 2, "", "clock", "a date of an unknown zone")
        equal(parse_expiry(" 2026-09-21T14:13:23 "), START + 3, _LOGIN, "clock", "an end without a zone")
        equal(parse_expiry("2026-09-21T14:13:23+02:00"), START - 7197, _LOGIN, "clock", "an end with a zone")
        equal(timestamp(START + 4), "20260921T141324Z", "", "signing.date", "the date of a signature")
    finally:
        os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
        time.tzset()


def _projects(context: Context) -> None:
    """The project of a request is named in a header, unless the caller names one."""
    for extra, wanted in (({}, PROJECT_ID), ({"x-project-ID": "mine"}, "mine"), ({"X-Other": "1"}, PROJECT_ID)):
        with Both(context.journal, **_key()) as sides:
            for side in sides:
                equal(_ask(side, extra_headers=extra), None, "", "signing.project", "a call")
                told = [value for name, value in side.wire.sent[-1].headers.items() if name.lower() == "x-project-id"]
                equal(told, [wanted], "", "signing.project", f"X-Project-Id with {extra}")


def _asynchronous(context: Context) -> None:
    """A function may be async where it can be awaited; elsewhere the error says so."""

    async def yields() -> str:
        return "t-1"

    with Both(context.journal, token=yields) as sides:
        for side in sides:
            error = _ask(side)
            if side.runner is not None:
                equal(error, None, "", "token", "an async function for the asynchronous client")
                equal(_header(side, "x-auth-token"), ["t-1"], "", "token", "what an async function yields")
                continue
            expect(isinstance(error, ConfigurationError), "", "token", f"an async function: {error!r}")
            expect("async" in str(error) and not side.wire.sent, "", "token", f"an async function: {error}")


def _header(side: Side, name: str) -> list[str]:
    return [value for key, value in side.wire.sent[-1].headers.items() if key.lower() == name]


def _one_token(context: Context) -> None:
    """A token of a hook does not stand beside that of the client."""

    def hook(request: Any) -> None:
        request.headers["x-auth-TOKEN"] = "of-a-hook"

    for token in ("t-1", " t-1 "):
        with Both(context.journal, token=token, on_request=hook) as sides:
            for side in sides:
                equal(_ask(side), None, "", "token", "a call with a hook")
                equal(_header(side, "x-auth-token"), ["t-1"], "", "token", "the tokens that are sent")


def _lookups(context: Context) -> None:
    """A project whose id is not given is asked for by its name, once; one that nobody or several have is an error."""
    row = {"id": "p-1", "name": "eu-de_team", "enabled": True, "domain_id": "d", "parent_id": "eu-de"}
    forms: list[tuple[list[dict[str, Any]], str | None]] = [
        ([row], "p-1"), ([], None), ([row, {**row, "id": "p-2"}], None), ([{**row, "enabled": False}], None),
        ([{**row, "id": "p-0", "name": "eu-de"}, row], "p-1"), ([{**row, "id": "p-0", "enabled": False}, row], "p-1"),
        ([row, {**row, "id": "p-2", "parent_id": "d"}], "p-2"), ([{**row, "name": "eu-de_team_b"}], None),
    ]  # fmt: skip
    for rows, wanted in forms:
        for make in (_key, lambda: {"token": "t-1"}):
            with Both(context.journal, **make(), project_id=None, project="eu-de_team", region="eu-de") as sides:
                for side in sides:
                    side.wire.script = partial(_told, rows)
                    what = f"projects {[(one['id'], one['name']) for one in rows]} ({side.name})"
                    errors = [_ask(side, path="/v1/{project_id}/x") for _ in range(2)]
                    targets = [sent.target for sent in side.wire.sent]
                    if wanted is None:
                        names = [type(error).__name__ for error in errors]
                        equal(names, ["ProjectNotFoundError"] * 2, "list_projects", "project", what)
                        continue
                    equal(errors, [None, None], "list_projects", "project", what)
                    asked = ["/v3/projects?name=eu-de_team", *[f"/v1/{wanted}/x"] * 2]
                    equal(targets, asked, "list_projects", "project", what)


def _told(rows: list[dict[str, Any]], asked: Captured) -> Any:
    return (200, {"projects": rows, "links": {}} if "/projects" in asked.target else {})


def _waits(_: Context) -> None:
    """Who finds another's probe on its way waits for ten seconds at most."""
    engine: Any = _Engine()
    for passed, waits in ((0.0, True), (9.9, True), (10.0, False), (30.0, False)):
        try:
            effects = list(wait_for_probe(engine, engine.now - passed))
        except KeyLockedError as error:
            expect(not waits and error.retry_safe, "", _REST, f"{passed:g} s after it began it ends in {error}")
        else:
            equal(len(effects), int(waits), "", _REST, f"pauses {passed:g} s after it began")


class _Engine:
    """As much of an engine as a cache of tokens needs: a clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.clock = self

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        return self.now


def _shared(_: Context) -> None:
    """Who waits for a renewal gets its token or its error; the next tries again; a refusal is of one token."""
    engine: Any = _Engine()
    made: list[str] = []
    failing: list[ModelArtsError] = []

    def renew() -> Any:
        if failing:
            raise failing[-1]
        made.append(f"t{len(made)}")
        return IssuedToken(made[-1], engine.now, engine.now + 1000.0)
        yield

    def wait(cache: TokenCache) -> Any:
        """Ask, and stop before the renewal: what is returned runs it."""
        try:
            effect: Any = next(cache.current(engine, renew))
            return effect.core
        except StopIteration as stop:
            return stop.value

    def run(core: Any) -> Any:
        try:
            next(core())
        except StopIteration as stop:
            return stop.value.value
        except ModelArtsError as error:
            return error
        raise AssertionError("a renewal waits for nothing here")

    cache = TokenCache()
    equal([run(core) for core in (wait(cache), wait(cache))], ["t0", "t0"], _LOGIN, "token", "one after the other")
    cache = TokenCache()
    waiting = [wait(cache) for _ in range(3)]
    equal([run(core) for core in waiting], ["t1"] * 3, _LOGIN, "token", "three who wait for one renewal")
    equal(wait(cache).value, "t1", _LOGIN, "token", "a token that is good")
    cache = TokenCache()
    waiting = [wait(cache) for _ in range(3)]
    failing.append(ServerError("down"))
    errors = [run(waiting[0])]
    failing.clear()
    errors += [run(core) for core in waiting[1:]]
    equal([type(error).__name__ for error in errors], ["ServerError"] * 3, _LOGIN, "token", "three who share an error")
    equal(len({id(error) for error in errors}), 3, _LOGIN, "token", "errors of their own")
    equal(run(wait(cache)), "t2", _LOGIN, "token", "the next one gets")
    equal(cache.refused("t2", engine.now + 29), False, _LOGIN, "token", "a new token that is refused may be renewed")
    equal(wait(cache).value, "t2", _LOGIN, "token", "a new token that is refused is kept")
    equal(cache.refused("t1", engine.now), True, _LOGIN, "token", "another token than the one kept may be renewed")
    equal(wait(cache).value, "t2", _LOGIN, "token", "the token kept, after another was refused")
    equal(cache.refused("t2", engine.now + 30), True, _LOGIN, "token", "an old token that is refused may be renewed")
    equal(cache.refused("t2", engine.now + 30), True, _LOGIN, "token", "a token that is given up may be renewed")
    equal(run(wait(cache)), "t3", _LOGIN, "token", "after a refusal")
    engine.now += 899
    equal(wait(cache).value, "t3", _LOGIN, "token", "a token well before its end")
    engine.now += 1
    failing.append(AuthenticationError("no"))
    equal(run(wait(cache)), "t3", _LOGIN, "token", "a token that holds, while its renewal fails")
    made_before = len(made)
    equal(wait(cache).value, "t3", _LOGIN, "token", "right after that")
    engine.now += 29
    equal(wait(cache).value, "t3", _LOGIN, "token", "29 s after that")
    failing.clear()
    engine.now += 1
    equal((run(wait(cache)), len(made) - made_before), ("t4", 1), _LOGIN, "token", "30 s after that")
    engine.now += 1000
    failing.append(ServerError("down"))
    equal(type(run(wait(cache))).__name__, "ServerError", _LOGIN, "token", "a token that has ended, and is not renewed")
    equal(cache.refused("t4", engine.now), True, _LOGIN, "token", "a refusal while there is no token")
    failing.clear()
    equal(run(wait(cache)), "t5", _LOGIN, "token", "after a failure")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "complete": ("credentials are whole, and of one kind", _complete),
    "answers": ("what an answer says of a key is learned", _answers),
    "locked": ("each key rests by itself, for all of its clients", _locked),
    "told-locked": ("a key that is told to be locked rests", _told_locked),
    "scopes": ("a token is for one project", _scopes),
    "notes": ("a refusal says whether the clock is its cause", _notes),
    "zones": ("times without a zone are of UTC", _zones),
    "projects": ("a request names its project", _projects),
    "asynchronous": ("a function may be async where it can be awaited", _asynchronous),
    "one-token": ("one token is sent", _one_token),
    "lookups": ("a project is known by its name", _lookups),
    "waits": ("a probe is waited for, not for long", _waits),
    "shared": ("who waits for a renewal shares what comes of it", _shared),
}
