"""Requests that the document admits and that have a given value at a given place, with what that value needs."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Final

from modelarts_ext.contract.shape import kind
from modelarts_ext.document import OperationNode
from scripts.cases_document import Broken, Member, Place, Request, Spec, drop, get, has, put

_REPAIRS: Final = 8
_TOO_MANY: Final = frozenset({"additionalProperties", "unevaluatedProperties", "falseSchema"})
_CHOICES: Final = frozenset({"anyOf", "oneOf", "not", "dependentRequired", "minProperties"})


@dataclass(frozen=True)
class Base:
    """A request to start from, and the example that it comes from."""

    name: str
    request: Request


class Maker:
    """Makes requests of one operation."""

    def __init__(self, spec: Spec, operation: OperationNode) -> None:
        self.spec = spec
        self.operation = operation

    @cached_property
    def samples(self) -> list[Base]:
        """The requests of the examples that the document admits, each once."""
        found: list[Base] = []
        for name, example in self.spec.samples(self.operation):
            asked = example.get("request")
            if asked is None:
                continue
            path = {key: value for key, value in asked.get("path", {}).items() if key != "project_id"}
            request = self._completed(Request(path, dict(asked.get("query", {})), copy.deepcopy(asked.get("body"))))
            if not self.broken(request) and all(request != base.request for base in found):
                found.append(Base(name, request))
        if not found:
            request = self._completed(Request(body=self._plain_body()))
            fixed = self._repaired(request, ("path",))
            if fixed is None:
                raise ValueError(f"{self.operation.id}: no request can be made without an example")
            found.append(Base("plain", fixed))
        return found

    @cached_property
    def borrowed(self) -> list[Base]:
        """The first request with a part that an example of another operation has under the same name, where it fits."""
        found: list[Base] = []
        for member in self.body_members:
            if len(member.place) != 2 or kind(member.node) not in ("object", "array"):
                continue
            for name, value in self.spec.known_under(str(member.place[1])):
                request = self.smallest[0].request.copy()
                if isinstance(request.body, dict) and self._placed(request, member.place, copy.deepcopy(value)):
                    fixed = self._repaired(request, member.place)
                    if fixed is not None:
                        found.append(Base(name, fixed))
        return found

    @cached_property
    def _bare(self) -> Base:
        """What every request has, which need not be a request by itself: some want at least one member, whichever."""
        request = self.smallest[0].request.copy()
        schema = self.spec.document.body_schema(self.operation.id)
        if schema is not None and isinstance(request.body, dict):
            required = {member.place[-1] for member in self.body_members if len(member.place) == 2 and member.required}
            for name in request.body.keys() - required:
                del request.body[name]
        return Base("bare", request)

    @property
    def bases(self) -> list[Base]:
        """All requests to start from, the smallest first."""
        return [*self.smallest, *self.samples, *self.borrowed]

    @cached_property
    def smallest(self) -> list[Base]:
        """The same with everything taken away that is not needed, each once."""
        found: list[Base] = []
        for base in self.samples:
            request = self._reduced(base.request)
            if all(request != other.request for other in found):
                found.append(Base(base.name, request))
        return found

    @cached_property
    def body_members(self) -> list[Member]:
        """Every member of the body, the body first; none when there is no body."""
        schema = self.spec.document.body_schema(self.operation.id)
        return [] if schema is None else list(self.spec.members(schema, ("body",)))

    def broken(self, request: Request) -> list[Broken]:
        """Return every rule that a request breaks."""
        return self.spec.broken(self.operation, request)

    def having(self, place: Place, value: Any) -> Request | None:
        """Return an admitted request with a value at a place, as small as it can be; None when none is found."""
        for base in [self._bare, *self.bases]:
            request = base.request.copy()
            if self._placed(request, place, value) and not self.broken(request):
                return request
        for base in self.bases:
            request = base.request.copy()
            if self._placed(request, place, value):
                fixed = self._repaired(request, place)
                if fixed is not None:
                    return fixed
        return None

    def with_only(self, place: Place, value: Any, judge: Callable[[list[Broken]], bool]) -> Request | None:
        """Return a request with a value at a place, for which the list of broken rules is as wanted."""
        for base in self.bases:
            request = base.request.copy()
            if self._placed(request, place, value) and judge(self.broken(request)):
                return request
        member = next((member for member in self.body_members if member.place == place), None)
        around = None if member is None else self.having(place, self.spec.value(member.schema, str(place[-1])))
        if around is not None:
            put(around.whole(), place, value)
            if judge(self.broken(around)):
                return around
        return None

    def _placed(self, request: Request, place: Place, value: Any) -> bool:
        whole: Any = request.whole()
        for depth in range(1, len(place) - 1):
            if not has(whole, place[: depth + 1]):
                member = next((one for one in self.body_members if one.place == place[: depth + 1]), None)
                parent = get(whole, place[:depth])
                if member is None or parent is None:
                    return False
                plain = self.spec.value(member.schema, str(place[depth]))
                if isinstance(parent, list):
                    parent.append(plain)
                elif isinstance(parent, dict):
                    parent[place[depth]] = plain
                else:
                    return False
        parent = get(whole, place[:-1])
        if isinstance(parent, list) and isinstance(place[-1], int) and place[-1] == len(parent):
            parent.append(value)
        elif isinstance(parent, (dict, list)):
            put(whole, place, value)
        else:
            return False
        return True

    def _completed(self, request: Request) -> Request:
        for location, values in (("path", request.path), ("query", request.query)):
            for name, member in self.spec.parameters(self.operation, location).items():
                if member.required and name not in values:
                    values[name] = self.spec.value(member.schema, name)
        return request

    def _plain_body(self) -> Any:
        schema = self.spec.document.body_schema(self.operation.id)
        return None if schema is None else self.spec.value(schema, "body")

    def _reduced(self, request: Request) -> Request:
        request = request.copy()
        changed = True
        while changed:
            changed = False
            for place in list(_places(request)):
                smaller = request.copy()
                if not has(smaller.whole(), place):
                    continue
                drop(smaller.whole(), place)
                if not self.broken(smaller):
                    request, changed = smaller, True
        return request

    def _repaired(self, request: Request, kept: Place) -> Request | None:
        wanted = get(request.whole(), kept) if has(request.whole(), kept) else None

        def kept_well(request: Request) -> bool:
            return (
                isinstance(wanted, (dict, list))
                or not has(request.whole(), kept)
                or get(request.whole(), kept) == wanted
            )

        for _ in range(_REPAIRS):
            broken = self.broken(request)
            if not broken:
                return request if kept_well(request) else None
            better = self._step(request, broken, kept)
            if better is None:
                return None
            request = better
        return None

    def _step(self, request: Request, broken: list[Broken], kept: Place) -> Request | None:
        """The change that leaves the fewest rules broken, of those that one of them calls for."""
        tried = [
            (len(self.broken(changed)), number, changed)
            for number, changed in enumerate(
                changed for rule in broken for changed in self._changes(request, rule, kept)
            )
        ]
        if not tried:
            return None
        best = min(tried, key=lambda entry: entry[:2])
        return best[2] if best[0] <= len(broken) + 1 else None

    def _changes(self, request: Request, rule: Broken, kept: Place) -> Iterator[Request]:
        if rule.keyword == "required":
            yield from self._added(request, rule.place)
        elif rule.keyword in _TOO_MANY:
            yield from self._dropped(request, [rule.place], kept)
            yield from self._switched(request, rule.place[:-1], kept)
        elif rule.keyword in _CHOICES and isinstance(get(request.whole(), rule.place), dict):
            siblings = get(request.whole(), rule.place)
            for names in [*combinations(siblings, 1), *combinations(siblings, 2)]:
                yield from self._dropped(request, [(*rule.place, name) for name in names], kept)
            for member in self.body_members:
                if member.place[:-1] == rule.place and member.place[-1] not in siblings:
                    yield from self._added(request, member.place)

    def _switched(self, request: Request, parent: Place, kept: Place) -> Iterator[Request]:
        """Other values of the closed sets that stand in an object, for they decide what else may stand there."""
        for member in self.body_members:
            place = (*parent, member.place[-1])
            if (
                member.place[:-1] == _generic(parent)
                and "enum" in member.node
                and has(request.whole(), place)
                and place != kept
            ):
                for value in member.node["enum"]:
                    changed = request.copy()
                    put(changed.whole(), place, value)
                    if changed != request:
                        yield changed

    def _added(self, request: Request, place: Place) -> Iterator[Request]:
        schema = next((member.schema for member in self.body_members if member.place == _generic(place)), None)
        if schema is not None:
            changed = request.copy()
            put(changed.whole(), place, self.spec.value(schema, str(place[-1])))
            yield changed

    def _dropped(self, request: Request, places: list[Place], kept: Place) -> Iterator[Request]:
        if all(has(request.whole(), place) and kept[: len(place)] != place for place in places):
            changed = request.copy()
            for place in places:
                drop(changed.whole(), place)
            yield changed


def _generic(place: Place) -> Place:
    return tuple(0 if isinstance(part, int) else part for part in place)


def _places(request: Request) -> Iterator[Place]:
    """Everything in a request that could be left out, large parts before what they hold."""
    for name in request.query:
        yield ("query", name)
    yield from _below(request.body, ("body",))


def _below(value: Any, place: Place) -> Iterator[Place]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*place, name)
            yield from _below(item, (*place, name))
    elif isinstance(value, list):
        for number in reversed(range(len(value))):
            if number:
                yield (*place, number)
            yield from _below(value[number], (*place, number))
