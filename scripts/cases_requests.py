"""Golden cases of requests: what a client must send, and what it must refuse to send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from modelarts_ext.contract.facade import callable_with
from modelarts_ext.contract.plain import first_page
from modelarts_ext.contract.shape import identifying, kind
from modelarts_ext.contract.strategies import SUCCESS, RequestValues
from modelarts_ext.document import Node, OperationNode
from scripts.cases_bodies import Maker
from scripts.cases_document import LOCATIONS, Broken, Member, Place, Request, Spec, drop, get, has, pointer, put
from scripts.cases_values import HARD, Offer, inside, is_free, items_outside, outside, slug

Case = dict[str, Any]
_HARD_IN_JSON: Final = ("chinese", "quotes")
_CREDENTIALS: Final = ("authorization", "token")
_OF_PAGES: Final = "the method of a list asks for pages by itself"
_OF_VARIANTS: Final = "no method of the facade is for this form of the operation"
_REQUIRED: Final = "a required argument cannot be left out"
_UNKNOWN: Final = "the method has no such argument"
_MET: Final = "a wire form that is met, so that a server may take it"
_NO_ROUTE: Final = "such a path leads to no operation, or to another one"


class Requests:
    """Makes the cases of one operation."""

    def __init__(self, spec: Spec, operation: OperationNode) -> None:
        self.spec = spec
        self.operation = operation
        self.maker = Maker(spec, operation)
        self._seen: set[str] = set()

    def valid(self) -> Iterator[Case]:
        """Yield what a client must send."""
        failing = {name for name, example in self.spec.samples(self.operation) if _fails(example)}
        for base in self.maker.samples:
            title = f"The request of the example {base.name}"
            yield from self._request(("sample", base.name), title, base.request, free=base.name in failing)
        for base in self.maker.smallest:
            title = f"{base.name}, with what is needed only"
            yield from self._request(("smallest", base.name), title, base.request, free=base.name in failing)
        for base in self.maker.borrowed:
            yield from self._request(("part", base.name), "A part that is known from another operation", base.request)
        for location in LOCATIONS:
            for member in self._members(location):
                for offer in inside(self.spec, member.schema, member.node, str(member.place[-1])):
                    yield from self._having(member, offer)
                if is_free(member.node) or (location == "path" and "pattern" not in member.node):
                    for name, text in HARD.items():
                        if location != "body" or name in _HARD_IN_JSON:
                            yield from self._having(
                                member, Offer(f"hard-{name}", f"{text!r}, to be encoded", text, free=True)
                            )
        yield from self._beside()
        yield from self._pages()

    def invalid(self) -> Iterator[Case]:
        """Yield what a client must refuse, and a server too."""
        for location in LOCATIONS:
            for member in self._members(location):
                yield from self._outside(member, outside(member.node, typed=location == "body"))
                if kind(member.node) == "array":
                    yield from self._outside(member, items_outside(self.spec, member.node, str(member.place[-1])))
        yield from self._conditions()
        yield from self._missing()
        yield from self._too_many()
        yield from self._switched()
        yield from self._rules()
        yield from self._segments()

    def _members(self, location: str) -> Iterator[Member]:
        if location == "body":
            yield from (member for member in self.maker.body_members if len(member.place) > 1)
        else:
            yield from self.spec.parameters(self.operation, location).values()

    # What is sent.

    def _having(self, member: Member, offer: Offer) -> Iterator[Case]:
        if member.place[0] == "path" and ("/" in str(offer.value) or "\\" in str(offer.value)):
            return
        request = self.maker.having(member.place, offer.value)
        if request is not None:
            title = f"{_said(member.place)} is {offer.title}"
            yield from self._request((*_short(member.place), offer.name), title, request, member.place, free=offer.free)

    def _request(
        self,
        parts: tuple[Any, ...],
        title: str,
        request: Request,
        at: Place | None = None,
        *,
        free: bool = False,
        **options: Any,
    ) -> Iterator[Case]:
        given = given_of(request)
        case = self._case("request", parts, title)
        if not self._is_new(case, given, options):
            return
        if at is not None:
            case["at"] = pointer(at)
        if free:
            case["free"] = True
        case |= {"given": {**given, **options}, "expect": self._expected(request)}
        reason = self._inexpressible(request)
        if reason:
            case["inexpressible"] = {"facade": reason}
        elif "x-ma-pagination" in self.operation.node:
            paging = first_page(self.operation)
            size = self.operation.node["x-ma-pagination"].get("size", {}).get("param")
            if "page_size" in options:
                paging[size] = options["page_size"]
            case["expect"]["paging"] = _pairs(paging)
        yield case

    def _expected(self, request: Request) -> Node:
        path = self.operation.path
        for name, value in request.path.items():
            path = path.replace(f"{{{name}}}", _encoded(value))
        order = [name for location, name in self.operation.parameters if location == "query"]
        query = {name: request.query[name] for name in order if name in request.query}
        expected: Node = {"method": self.operation.method, "path": path, "query": _pairs(query)}
        names = {entry.get("role"): entry["name"].lower() for entry in self._headers()}
        forbidden = [] if self.operation.authenticated else [names[role] for role in _CREDENTIALS]
        if request.body is None:
            forbidden.append(names["content_type"])
        else:
            expected["headers"] = {names["content_type"]: "application/json"}
        return expected | {"forbidden": forbidden, "credentials": self.operation.authenticated}

    def _headers(self) -> list[Node]:
        found: list[Node] = self.spec.document.data["x-ma-headers"]["request"]
        return found

    def _beside(self) -> Iterator[Case]:
        """Where conditional rules decide which members go together: each that may be added to each request.

        A member that names another thing is free, and so is one beside a part of another operation: whether a server can
        make sense of them is not for the document to say.
        """
        members = [*self._members("body")]
        schema = self.spec.document.body_schema(self.operation.id)
        if schema is None or not any(True for _ in self.spec.conditions(schema)):
            return
        names = identifying(self.spec.document)
        for base in [*self.maker.smallest, *self.maker.borrowed]:
            for member in members:
                whole = base.request.whole()
                if has(whole, member.place) or not _is_object(whole, member.place[:-1]):
                    continue
                request = base.request.copy()
                put(request.whole(), member.place, self.spec.value(member.schema, str(member.place[-1])))
                if not self.maker.broken(request):
                    parts = (*_short(member.place), "beside", base.name)
                    title = f"{_said(member.place)} beside the members of {base.name}"
                    free = member.place[-1] in names or (len(member.place) == 2 and base in self.maker.borrowed)
                    yield from self._request(parts, title, request, member.place, free=free)

    def _pages(self) -> Iterator[Case]:
        size = self.operation.node.get("x-ma-pagination", {}).get("size")
        if size is None:
            return
        request = self.maker.smallest[0].request
        for name, number in (("min", max(size.get("min", 1), 1)), ("max", size.get("max", 77))):
            yield from self._request(("page-size", name), f"A page size of {number}", request, page_size=number)

    # What is not sent.

    def _outside(self, member: Member, offers: Iterator[Offer]) -> Iterator[Case]:
        place = member.place

        def only_here(broken: list[Broken]) -> bool:
            return bool(broken) and all(rule.place[: len(place)] == place for rule in broken)

        for offer in offers:
            request = self.maker.with_only(place, offer.value, only_here)
            request = request or self.maker.with_only(place, offer.value, bool)
            if request is not None:
                title = f"{_said(place)} is {offer.title}"
                met = offer.name == "wrong-type" and "x-ma-observed" in member.node
                yield from self._refused((*_short(place), offer.name), title, request, met=met)

    def _conditions(self) -> Iterator[Case]:
        schema = self.spec.document.body_schema(self.operation.id)
        for number, (place, node) in enumerate([] if schema is None else self.spec.conditions(schema, ("body",))):
            for offer in outside(node, typed=True):
                request = self.maker.with_only(place, offer.value, bool)
                if request is not None:
                    title = f"{_said(place)} is {offer.title}, where other members forbid it"
                    yield from self._refused((*_short(place), "when", number, offer.name), title, request)

    def _missing(self) -> Iterator[Case]:
        for base in self.maker.bases:
            for member in [*self._members("query"), *self._members("body")]:
                if not has(base.request.whole(), member.place) or isinstance(member.place[-1], int):
                    continue
                request = base.request.copy()
                drop(request.whole(), member.place)
                keywords = sorted({rule.keyword for rule in self.maker.broken(request)})
                if keywords:
                    parts = (*_short(member.place), "missing", *([] if member.required else keywords))
                    yield from self._refused(parts, f"{_said(member.place)} is missing", request)
        if self.spec.document.body_schema(self.operation.id) is not None:
            request = Request(dict(self.maker.samples[0].request.path), dict(self.maker.samples[0].request.query), None)
            if self.maker.broken(request):
                yield from self._refused(("body", "missing"), "There is no body", request)

    def _too_many(self) -> Iterator[Case]:
        """A member that is unknown in an object, and known ones that others exclude or that call for others."""
        for member in [member for member in self.maker.body_members if kind(member.node) == "object"]:
            for base in self.maker.bases:
                if has(base.request.whole(), member.place):
                    request = base.request.copy()
                    put(request.whole(), (*member.place, "no_such_member"), "text")
                    if self.maker.broken(request):
                        parts = (*_short(member.place), "unknown")
                        yield from self._refused(parts, f"{_said(member.place)} has an unknown member", request)
                        break
        for base in [*self.maker.smallest, *self.maker.samples]:
            for member in self._members("body"):
                whole = base.request.whole()
                if has(whole, member.place) or not _is_object(whole, member.place[:-1]):
                    continue
                request = base.request.copy()
                put(request.whole(), member.place, self.spec.value(member.schema, str(member.place[-1])))
                keywords = sorted({rule.keyword for rule in self.maker.broken(request)})
                if keywords:
                    parts = (*_short(member.place), "beside", base.name, *keywords)
                    yield from self._refused(parts, f"{_said(member.place)} beside the members of {base.name}", request)

    def _switched(self) -> Iterator[Case]:
        """Values of closed sets that call for other members than those that are there, or for one that is taken away."""
        for base in [*self.maker.smallest, *self.maker.samples]:
            for member in self._members("body"):
                if not _is_object(base.request.whole(), member.place[:-1]):
                    continue
                for value in member.node.get("enum", ()):
                    request = base.request.copy()
                    put(request.whole(), member.place, value)
                    marked = f"capital-{value}" if str(value).lower() != value else value
                    parts = (*_short(member.place), "is", marked)
                    title = f"{_said(member.place)} is {value!r} beside the members of {base.name}"
                    keywords = sorted({rule.keyword for rule in self.maker.broken(request)})
                    if keywords:
                        yield from self._refused((*parts, "beside", base.name, *keywords), title, request)
                    else:
                        yield from self._without_one(parts, member.place, request)

    def _without_one(self, parts: tuple[Any, ...], place: Place, request: Request) -> Iterator[Case]:
        for name in get(request.whole(), place[:-1]):
            sibling = next((one for one in self._members("body") if one.place == (*place[:-1], name)), None)
            if sibling is None or sibling.required:
                continue
            lesser = request.copy()
            drop(lesser.whole(), sibling.place)
            if self.maker.broken(lesser):
                title = f"{_said(sibling.place)} is missing where {_said(place)} is {get(request.whole(), place)!r}"
                yield from self._refused((*parts, "without", name), title, lesser)

    def _rules(self) -> Iterator[Case]:
        for entry in self.operation.node.get("x-ma-rules", ()):
            for base in self.maker.bases:
                for number, change in enumerate(_breaking(entry["rule"], base.request)):
                    if [rule.keyword for rule in self.maker.broken(change)] == [entry["id"]]:
                        parts = ("rule", entry["id"], base.name, number)
                        yield from self._refused(parts, f"Against the rule {entry['id']}", change)

    def _segments(self) -> Iterator[Case]:
        """Texts that would leave their place in the path, whatever the document says of them."""
        for member in self._members("path"):
            if kind(member.node) == "string":
                for name, text in (
                    ("dots", ".."),
                    ("dot", "."),
                    ("slash", "a/b"),
                    ("backslash", "a\\b"),
                    ("empty", ""),
                ):
                    request = self.maker.smallest[0].request.copy()
                    put(request.whole(), member.place, text)
                    title = f"{_said(member.place)} is {text!r}, which does not stay in its place"
                    yield from self._refused((*_short(member.place), "segment", name), title, request, [member.place])

    def _refused(
        self,
        parts: tuple[Any, ...],
        title: str,
        request: Request,
        places: list[Place] | None = None,
        *,
        met: bool = False,
    ) -> Iterator[Case]:
        """One case. places: what is to be named, where the document itself does not object; met: in other wire forms."""
        broken = self.maker.broken(request)
        where = places or list(dict.fromkeys(rule.place for rule in broken))
        given = given_of(request)
        case = self._case("request-invalid", parts, title)
        if not self._is_new(case, given):
            return
        server = "path" if any(place[0] == "path" for place in where) else "any"
        case |= {"given": given, "expect": {"members": sorted(map(pointer, where)), "server": server}}
        inexpressible = {
            layer: reason
            for layer in ("facade", "generated")
            if (reason := self._cannot_say(layer, request, broken)) is not None
        }
        if places is not None or any(value == "" for value in request.path.values()):
            case["expect"].pop("server")
            case["unanswerable"] = _NO_ROUTE
        elif met:
            case["expect"].pop("server")
            case["unanswerable"] = _MET
        if inexpressible:
            case["inexpressible"] = inexpressible
        yield case

    def usual(self) -> Request:
        """Return the smallest request that the facade can express, for cases that are about the answer."""
        bases = self.maker.bases
        return next((base.request for base in bases if self._inexpressible(base.request) is None), bases[0].request)

    def refusals(self) -> Node:
        """Return the statuses and codes by which a server may refuse: what is wrong in the path may also be missing."""
        if self.operation.host == "iam":
            return {"any": [{"status": 400}], "path": [{"status": 400}, {"status": 404}]}
        table = self.spec.document.data["x-ma-error-codes"]
        listed = self.operation.node.get("x-ma-errors", ())
        return {
            place: [
                {"status": table[entry["code"]]["status"], "code": entry["code"]}
                for entry in listed
                if entry["when"] in whens
            ]
            for place, whens in (("any", ("invalid",)), ("path", ("invalid", "missing")))
        }

    def _is_new(self, *parts: Any) -> bool:
        """Say whether neither the id nor the values of a case were there before, and remember them."""
        case, *values = parts
        marks = {case["id"], f"{case['kind']} {values}"}
        fresh = not marks & self._seen
        self._seen |= marks
        return fresh

    def _inexpressible(self, request: Request) -> str | None:
        paging = self.operation.node.get("x-ma-pagination", {})
        controlled = {paging.get(part, {}).get("param") for part in ("page", "offset", "size")}
        if controlled & request.query.keys():
            return _OF_PAGES
        values = RequestValues(request.path, request.query, request.body)
        return None if callable_with(self.spec.document, self.operation.id, values) else _OF_VARIANTS

    def _cannot_say(self, layer: str, request: Request, broken: list[Broken]) -> str | None:
        for rule in broken:
            if rule.keyword == "required" and (
                rule.place[0] == "query" or (layer == "facade" and len(rule.place) == 2)
            ):
                return _REQUIRED
            if rule.keyword == "required" and rule.place == ("body",):
                return _REQUIRED
            if layer == "facade" and rule.keyword == "additionalProperties" and len(rule.place) == 2:
                return _UNKNOWN
        return self._inexpressible(request) if layer == "facade" else None

    def _case(self, what: str, parts: tuple[Any, ...], title: str) -> Case:
        section = self.operation.node["x-ma-reference"]["section"]
        return {
            "id": f"{self.operation.id}.{what}.{slug(*parts)}",
            "operation": self.operation.id,
            "kind": what,
            "title": title,
            "section": section,
        }


def _is_object(whole: Any, place: Place) -> bool:
    return has(whole, place) and isinstance(get(whole, place), dict)


def _fails(example: Any) -> bool:
    """Say whether an example shows a failure, so that nothing speaks for its request."""
    response = example.get("response") or {}
    body = response.get("body")
    return response.get("status", 200) >= 400 or (isinstance(body, dict) and body.get(SUCCESS) is False)


def given_of(request: Request) -> Node:
    """Return the values of a request by their places, without the places that are empty."""
    whole = request.whole()
    return {
        place: whole[place] for place in LOCATIONS if whole[place] is not None and (whole[place] or place == "body")
    }


def _breaking(rule: Node, request: Request) -> Iterator[Request]:
    """Requests that break a rule which JSON Schema cannot say, made from one that obeys it."""
    ((name, terms),) = rule.items()
    if name == "sum":
        for change in (-1, 1):
            for item in _items(changed := request.copy(), terms):
                value = get(item, _way(terms["member"]))
                if value + change >= 0:
                    put(item, _way(terms["member"]), value + change)
                    yield changed
                    break
    elif name == "unique":
        changed = request.copy()
        items = _items(changed, terms)
        if items:
            twin = dict(items[0])
            _share(items[0], twin)
            get(changed.body, _way(terms["array"])).append(twin)
            yield changed
    else:
        raise ValueError(f"no case is made of a rule of the kind {name}; say here how one breaks it")


def _share(one: Node, other: Node) -> None:
    """Keep the sum of weights where two items take the place of one."""
    if isinstance(one.get("weight"), int):
        other["weight"] = one["weight"] // 2
        one["weight"] -= other["weight"]


def _items(request: Request, terms: Node) -> list[Any]:
    if not has(request.body, _way(terms["array"])):
        return []
    return [item for item in get(request.body, _way(terms["array"])) if has(item, _way(terms["member"]))]


def _way(text: str) -> Place:
    return tuple(text.split("/")[1:])


def _pairs(values: Node) -> list[str]:
    return [f"{_encoded(name)}={_encoded(value)}" for name, value in values.items()]


def _encoded(value: Any) -> str:
    text = ("false", "true")[value] if isinstance(value, bool) else str(value)
    return quote(text, safe="-._~")


def _short(place: Place) -> tuple[Any, ...]:
    return (
        tuple(part for part in place if part != 0)
        if place[0] != "body"
        else tuple(p for p in place[1:] if p != 0) or place
    )


def _said(place: Place) -> str:
    return ".".join(str(part) for part in place[1:] if part != 0) or str(place[0])
