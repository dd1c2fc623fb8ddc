"""Laws of proofs over time: logins, tokens that end or are refused, functions that yield them, clocks, and probes of a key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, Final

import httpx

from modelarts_ext.breaker import PATIENCE as PROBE_PATIENCE
from modelarts_ext.breaker import Breaker, wait_for_probe
from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.checks import Captured
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import PROJECT_ID, START, Both, Side, always
from modelarts_ext.core.effects import Sleep
from modelarts_ext.errors import KeyLockedError, ModelArtsError
from modelarts_ext.skew import Skews, measure, parse_date

_LOGIN: Final = "create_token"
_RULE: Final = "token"
_CLOCK: Final = "clock"
_REST: Final = "key.rest"
_WORD: Final = "open-sesame-of-the-contract"
_TURNS: Final = count()
"""Each user is met once: what a process has learned of a user it keeps."""


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each family of situations."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.proving.{slug}", "law", "client", (_LOGIN,), title, run, seconds=0.1)


def _user(**more: Any) -> dict[str, Any]:
    return {"user": f"contract-user-{next(_TURNS)}", "password": _WORD, "domain": "contract-domain"} | more


class _Service:
    """IAM and the service in one script: tokens are numbered; `refused` are answered with 401, and `down` fails logins."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.logins: list[Any] = []
        self.used: list[str] = []
        self.refused: set[str] = set()
        self.down: httpx.Response | None = None
        self.facts: Callable[[float], Any] = lambda now: {"expires_at": _iso(now + 86_400)}
        self.dated = False
        side.wire.script = self._answer

    def _answer(self, asked: Captured) -> Any:
        now = self.side.wire.clock.now
        if asked.target.endswith("/auth/tokens"):
            if self.down is not None:
                return self.down
            self.logins.append(json.loads(asked.content))
            dates = {"Date": _http(now)} if self.dated else {}
            facts = {"token": self.facts(now)}
            return plain.response(201, facts, {"X-Subject-Token": f"token-{len(self.logins)}", **dates})
        token = {name.lower(): value for name, value in asked.headers.items()}.get("x-auth-token", "")
        self.used.append(token)
        return (401, {"error_code": "ModelArts.0203"}) if token in self.refused else (200, {})

    def ask(self) -> ModelArtsError | None:
        """Make a call; return its error."""
        try:
            self.side.answer(lambda: self.side.client.request("GET", "/v2/{project_id}/x"))
        except ModelArtsError as error:
            return error
        return None

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.side.wire.clock.now += seconds


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _http(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def _services(context: Context, make: Callable[[], Mapping[str, Any]], run: Callable[[_Service, str], None]) -> None:
    """Run something with each of both clients, each with credentials of its own."""
    for turn in range(2):
        with Both(context.journal, **make()) as sides:
            run(_Service(sides[turn]), f"the {sides[turn].name} client")


def _logins(context: Context) -> None:
    """Who logs in is named by what was given, for a token of the project."""
    domain, project = {"name": "contract-domain"}, {"id": PROJECT_ID}
    forms: list[tuple[dict[str, Any], Any, Any, Any]] = [
        ({}, {"domain": domain}, None, project),
        ({"domain": None, "domain_id": "d-1"}, {"domain": {"id": "d-1"}}, None, project),
        ({"domain_id": "d-1"}, {"domain": {"id": "d-1"}}, None, project),
        ({"user_id": "u-1", "user": None, "domain": None}, {"id": "u-1"}, None, project),
        ({"user_id": "u-1", "user": None, "domain": None, "passcode": "123456"}, {"id": "u-1"}, "123456", project),
        ({"project_id": None, "project": "eu-de_team", "region": "eu-de"}, {"domain": domain}, None, {"name": "eu-de_team"}),
        ({"project_id": None, "region": "cn-north-4"}, {"domain": domain}, None, {"name": "cn-north-4"}),
    ]  # fmt: skip
    for more, who, passcode, scope in forms:
        for turn in range(2):
            given = _user(**more)
            with Both(context.journal, **given) as sides:
                _judge_login(context, _Service(sides[turn]), given["user"], who, passcode, scope)


def _judge_login(
    context: Context, service: _Service, user: str | None, who: Any, passcode: str | None, scope: Any
) -> None:
    name = f"the {service.side.name} client"
    service.facts = lambda now: {"expires_at": _iso(now + 86_400), "project": {"id": "p-told"}}
    with context.blames(_LOGIN, _RULE):
        error = service.ask()
    expect(error is None, _LOGIN, _RULE, f"{name} does not log in: {error}")
    whole = ({"name": user} if user else {}) | who | {"password": _WORD}
    identity: dict[str, Any] = {"methods": ["password"], "password": {"user": whole}}
    if passcode:
        identity |= {"methods": ["password", "totp"], "totp": {"user": {"id": who["id"], "passcode": passcode}}}
    wanted = {"auth": {"identity": identity, "scope": {"project": scope}}}
    equal(service.logins, [wanted], _LOGIN, _RULE, f"{name} logs in with")
    path = service.side.wire.sent[-1].target
    known = PROJECT_ID if "id" in scope else "p-told"
    equal(path, f"/v2/{known}/x", _LOGIN, _RULE, f"{name} uses the project")


def _kept(context: Context) -> None:
    """A token serves until shortly before its end, told by whatever the answer of IAM says."""
    for dated in (False, True):
        for facts, life in (
            (lambda now: {"expires_at": _iso(now + 3600)}, 3600.0),
            (lambda now: {"expires_at": _iso(now + 3600).removesuffix("Z")}, 3600.0),
            (lambda now: {"expires_at": _iso(now + 3600 + 7200).replace("Z", "+02:00")}, 3600.0),
            (lambda now: {"expires_at": "soon"}, 86_400.0),
            (lambda now: {"expires_at": None}, 86_400.0),
            (lambda now: {}, 86_400.0),
        ):

            def run(service: _Service, name: str, facts: Any = facts, life: float = life, dated: bool = dated) -> None:
                service.facts, service.dated = facts, dated
                for passed, number in ((0.0, 1), (0.85 * life, 1), (0.15 * life - 1, 2), (0.5 * life, 2)):
                    service.passes(passed)
                    with context.blames(_LOGIN, _RULE):
                        error = service.ask()
                    expect(error is None, _LOGIN, _RULE, f"{name} fails: {error}")
                    equal(service.used[-1], f"token-{number}", _LOGIN, _RULE, f"{name} of a life of {life:g} s uses")
                equal(len(service.logins), 2, _LOGIN, _RULE, f"{name} logs in so often")

            _services(context, _user, run)


def _other_clock(context: Context) -> None:
    """The end of a token is told by the clock of IAM, so that a wrong clock here does not matter."""
    for ahead in (-7200.0, 7200.0):

        def run(service: _Service, name: str, ahead: float = ahead) -> None:
            def answer(asked: Captured) -> Any:
                if not asked.target.endswith("/auth/tokens"):
                    return (200, {})
                service.logins.append(1)
                there = service.side.wire.clock.now + ahead
                facts = {"token": {"expires_at": _iso(there + 3600)}}
                return plain.response(201, facts, {"X-Subject-Token": f"t-{len(service.logins)}", "Date": _http(there)})

            service.side.wire.script = answer
            for passed, logins in ((0.0, 1), (3000.0, 1), (590.0, 2)):
                service.passes(passed)
                expect(service.ask() is None, _LOGIN, _RULE, f"{name} fails with a clock that is wrong")
                equal(len(service.logins), logins, _LOGIN, _RULE, f"{name} logs in so often, {ahead:g} s off")

        _services(context, _user, run)


def _refusals(context: Context) -> None:
    """A token that is refused is renewed once, unless it was refused right after it was obtained."""

    def run(service: _Service, name: str) -> None:
        service.refused = {"token-1"}
        error = service.ask()
        equal(
            type(error).__name__,
            "AuthenticationError",
            _LOGIN,
            _RULE,
            f"{name} with a new token that is refused ends in",
        )
        equal(service.used, ["token-1"], _LOGIN, _RULE, f"{name} uses a new token that is refused")
        service.passes(1000)
        expect(service.ask() is None, _LOGIN, _RULE, f"{name} does not renew an old token that is refused")
        equal(service.used[1:], ["token-1", "token-2"], _LOGIN, _RULE, f"{name} uses")
        service.passes(1000)
        service.refused = {f"token-{number}" for number in range(9)}
        error = service.ask()
        equal(
            type(error).__name__, "AuthenticationError", _LOGIN, _RULE, f"{name} whose tokens are all refused ends in"
        )
        equal(service.used[3:], ["token-2", "token-3"], _LOGIN, _RULE, f"{name} renews once")

    _services(context, _user, run)


def _no_renewal(context: Context) -> None:
    """While a token still holds, a renewal that fails is put off; when it has ended, its error is raised."""

    def run(service: _Service, name: str) -> None:
        expect(service.ask() is None, _LOGIN, _RULE, f"{name} does not log in")
        life = 86_400.0
        service.down = httpx.Response(500)
        service.passes(life - 200)
        before = len(service.side.wire.sent)
        expect(service.ask() is None, _LOGIN, _RULE, f"{name} fails although its token still holds")
        tried = len(service.side.wire.sent) - before - 1
        expect(tried >= 1, _LOGIN, _RULE, f"{name} does not try to renew")
        before = len(service.side.wire.sent)
        expect(service.ask() is None, _LOGIN, _RULE, f"{name} fails although its token still holds")
        equal(len(service.side.wire.sent) - before, 1, _LOGIN, _RULE, f"{name}, right after a renewal failed, sends")
        service.passes(500)
        error = service.ask()
        equal(type(error).__name__, "ServerError", _LOGIN, _RULE, f"{name} whose token has ended ends in")
        service.down = None
        expect(service.ask() is None, _LOGIN, _RULE, f"{name} does not log in again")
        equal(service.used[-1], "token-2", _LOGIN, _RULE, f"{name} uses then")
        service.down = plain.response(201, {"token": {}})
        service.passes(life)
        error = service.ask()
        equal(
            type(error).__name__, "ResponseDecodeError", _LOGIN, _RULE, f"{name} without a token in the answer ends in"
        )
        expect("X-Subject-Token" in str(error), _LOGIN, _RULE, "the error does not say which header is missing")

    _services(context, _user, run)


def _locked_out(context: Context) -> None:
    """A user whose password is refused twice rests, as a key does."""

    def run(service: _Service, name: str) -> None:
        service.down = plain.response(401, {"error": {"code": 401, "message": "wrong", "title": "Unauthorized"}})
        told = [type(service.ask()).__name__ for _ in range(3)]
        equal(told, ["AuthenticationError", "AuthenticationError", "KeyLockedError"], _LOGIN, _REST, f"{name} ends in")
        equal(len(service.side.wire.sent), 2, _LOGIN, _REST, f"{name} with a wrong password sends")
        service.passes(301)
        service.down = None
        expect(service.ask() is None, _LOGIN, _REST, f"{name} does not log in after the rest")

    _services(context, _user, run)


def _functions(context: Context) -> None:
    """A function is asked for every request, and once more after a refusal; the same token is not sent again."""
    for values, used, ends in (
        (["a", "b", "b"], ["a", "b"], "answer"),
        (["a", "a", "c"], ["a"], "AuthenticationError"),
        ([" b ", "c", "d"], ["b"], "answer"),
    ):
        for turn in range(2):
            told = iter(values)
            with Both(context.journal, token=lambda told=told: next(told)) as sides:
                service = _Service(sides[turn])
                service.refused = {"a"}
                error = service.ask()
                equal("answer" if error is None else type(error).__name__, ends, "", _RULE, f"{values} ends in")
                equal(service.used, used, "", _RULE, f"the tokens used of {values}")
    for bad in ("", " ", "a b\n", 7, None):
        with Both(context.journal, token=lambda bad=bad: bad) as sides:
            for side in sides:
                service = _Service(side)
                expect(service.ask() is not None, "", _RULE, f"a function may yield {bad!r}")
                expect(not service.used, "", _RULE, f"{bad!r} is sent as a token")


def _clocks(_: Context) -> None:
    """The clock of a host is what its dates say in the middle of the trip; what does not tell is not believed."""
    for text in ("Mon, 21 Sep 2026 14:13:20 GMT", "Monday, 21-Sep-26 14:13:20 GMT", "Mon Sep 21 14:13:20 2026", "Mon, 21 Sep 2026 16:13:20 +0200"):  # fmt: skip
        equal(parse_date(text), START, "", _CLOCK, f"{text} is")
    for text in ("", "yesterday", "99", "Mon, 99 Sep 2026 14:13:20 GMT"):
        equal(parse_date(text), None, "", _CLOCK, f"{text!r} is")
    for ahead in (-100_000.0, -3.0, 0.0, 3.0, 100_000.0):
        for trip in (0.0, 4.0, 120.0):
            told = measure({"date": _http(START + ahead)}, START, trip)
            equal(told, ahead - trip / 2, "", _CLOCK, f"{ahead:g} s ahead after {trip:g} s is")
    silent: list[tuple[dict[str, str], float]] = [
        ({}, 0.0), ({"date": "soon"}, 0.0), ({"date": _http(START), "age": "0"}, 0.0), ({"date": _http(START)}, 120.5), ({"date": _http(START)}, -1.0),
    ]  # fmt: skip
    for headers, trip in silent:
        equal(measure(headers, START, trip), None, "", _CLOCK, f"{headers} after {trip:g} s says")
    skews = Skews()
    equal((skews.measured("a"), skews.correction("a")), (None, 0.0), "", _CLOCK, "of a host that nobody met")
    for ahead, correction in ((240.0, 0.0), (-240.0, 0.0), (241.0, 241.0), (-241.0, -241.0), (0.0, 0.0)):
        skews.learn("a", {"date": _http(START + ahead)}, START, 0.0)
        skews.learn("a", {}, START, 0.0)
        equal(skews.measured("a"), ahead, "", _CLOCK, "what is known of a host")
        equal(skews.correction("a"), correction, "", _CLOCK, f"the correction of {ahead:g} s")
        equal(skews.correction("b"), 0.0, "", _CLOCK, "the correction of another host")


def _probes(_: Context) -> None:
    """After a refusal one request is the probe, whose outcome decides; a probe that nobody reports on is given up."""
    breaker = Breaker()
    equal([breaker.admit(0, "a"), breaker.admit(0, "b")], [True, True], "", _REST, "a key that nobody refused admits")
    breaker.failed(0)
    equal([breaker.admit(1, "a"), breaker.admit(1, "b")], [True, False], "", _REST, "after a refusal it admits")
    breaker.unanswered("b")
    equal(breaker.admit(1, "b"), False, "", _REST, "what is not the probe changes nothing")
    breaker.unanswered("a")
    equal(breaker.admit(1, "b"), True, "", _REST, "a probe without an answer makes room")
    equal([breaker.admit(60.9, "c"), breaker.admit(61, "c")], [False, True], "", _REST, "an old probe is given up")
    breaker.succeeded()
    equal([breaker.admit(61, "a"), breaker.admit(61, "b")], [True, True], "", _REST, "after a success it admits")
    for excused, refusals in ((False, 2), (True, 5)):
        breaker = Breaker()
        for number in range(refusals):
            equal(breaker.admit(number, "a"), True, "", _REST, f"after {number} refusals it admits")
            breaker.failed(number, excused=excused)
        _rests(breaker, refusals - 1)
    breaker = Breaker()
    breaker.lock(7)
    _rests(breaker, 7)
    equal([breaker.admit(307, "a"), breaker.admit(307, "b")], [True, False], "", _REST, "after the rest it admits")
    breaker.failed(307)
    _rests(breaker, 307)
    breaker = Breaker()
    for _turn in range(4):
        breaker.failed(0, excused=True)
    breaker.lock(0)
    breaker.admit(300, "a")
    breaker.failed(300, excused=True)
    _rests(breaker, 300)


def _rests(breaker: Breaker, since: float) -> None:
    for now in (since, since + 299):
        try:
            breaker.admit(now, "z")
        except KeyLockedError as error:
            equal(error.retry_after, since + 300 - now, "", _REST, "the seconds that a key rests")
            continue
        expect(False, "", _REST, f"a key does not rest {now - since:g} s after it was refused")


def _waiting(_: Context) -> None:
    """Who waits for another's probe looks again soon, and not for ever."""

    class _Clock:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

    clock: Any = _Clock()
    pauses: list[float] = []
    for _turn in range(1000):
        try:
            pauses += [effect.seconds for effect in wait_for_probe(clock, 0.0) if isinstance(effect, Sleep)]
        except KeyLockedError as error:
            expect(error.retry_safe, "", _REST, "what was not sent may be sent")
            break
        clock.now = sum(pauses)
    expect(all(0 < pause <= 1 for pause in pauses), "", _REST, "the pauses are too long, or none")
    equal(clock.now, PROBE_PATIENCE, "", _REST, "seconds that a request waits for a probe")


def _asked_pauses(context: Context) -> None:
    """A pause that the service asks for is told in seconds, or as a date by the clock of the service."""
    now = START
    for headers, wanted in (
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": _http(now + 9), "Date": _http(now)}, 9.0),
        ({"Retry-After": _http(now + 9), "Date": _http(now + 4)}, 5.0),
        ({"Retry-After": _http(now + 9)}, 9.0),
        ({"Retry-After": _http(now - 9), "Date": _http(now)}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": ""}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "1.2.3"}, None),
        ({"Retry-After": "٣"}, None),
        ({}, None),
    ):
        for side in context.sides():
            raw = [(name.encode(), value.encode()) for name, value in headers.items()]
            side.wire.script = always(httpx.Response(429, headers=raw, json={}))
            try:
                side.answer(partial(side.client.request, "GET", "/v2/x", max_attempts=1))
            except ModelArtsError as error:
                equal(error.retry_after, wanted, "", "retry.delay", f"the pause of {headers}")
            else:
                expect(False, "", "error.missed", "429 is taken for a success")


_LAWS: Final[Mapping[str, tuple[str, Callable[[Context], None]]]] = {
    "logins": ("who logs in is named by what was given", _logins),
    "kept": ("a token serves until shortly before its end", _kept),
    "other-clock": ("the end of a token is told by the clock of IAM", _other_clock),
    "refusals": ("a refused token is renewed once", _refusals),
    "no-renewal": ("a renewal that fails is put off while it can be", _no_renewal),
    "locked-out": ("a user with a wrong password rests", _locked_out),
    "functions": ("a function yields a token for each request", _functions),
    "clocks": ("the clock of a host is told by its dates", _clocks),
    "probes": ("one request is the probe of a refused key", _probes),
    "waiting": ("nobody waits for ever for a probe", _waiting),
    "pauses": ("a pause is asked for in seconds or by a date", _asked_pauses),
}
