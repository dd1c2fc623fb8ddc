"""Laws of keeping: what a creation was given is what a read of the thing tells, member by member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.seeding import Link, Seeds, links, send, succeeded
from modelarts_ext.document import Document

_CHOSEN: Final = frozenset({("create_notebook", "/spec/storage/location/path")})
"""What the service chooses where the caller's words do not apply: the storage of its own is mounted where it says."""


def cases(document: Document) -> Iterable[Case]:
    """Return one case for each creation whose thing can be read."""
    for link in links(document):
        target = document.operation(link.target)
        if target.effect != "read" or "x-ma-pagination" in target.node or not link.is_whole:
            continue
        creator = document.operation(link.creator)
        yield Case(
            f"law.{creator.id}.kept.{target.id}",
            "law",
            "server",
            (creator.id, target.id),
            "a read tells what the creation was given",
            partial(_kept, link),
            level=Level.BILLABLE,
            profile=profile_of(creator.node["tags"][0]),
            hostile=True,
            seconds=1.0,
        )


def _kept(link: Link, context: Context) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("many things of a kind are made on a server of this process only")
    entries = [entry for entry in golden()[link.creator].cases if entry["kind"] == "request" and not entry.get("free")]
    compared = 0
    for entry in entries:
        guard.target.reset()
        about = frozenset([entry["at"]]) if entry.get("at") else frozenset()
        values = Seeds(guard, context.document).fitting(link.creator, asked(entry["given"]), about)
        made = send(guard, link.creator, values)
        if not succeeded(made):
            continue  # other cases say which requests are to be taken
        read = guard.call(
            link.target, path={name: _found(at, values.body, made.body) for name, at in link.parameters.items()}
        )
        for where, given, told in _differences(values.body, read.body):
            if (link.creator, where) not in _CHOSEN:
                message = f"{entry['title']}: {where} was given as {given!r:.60} and is read as {told!r:.60}"
                yield Finding(link.creator, "create.kept", message, exchanges=(made.exchange, read.exchange))
        compared += 1
    if not compared:
        yield Finding(link.creator, "create.kept", "no thing could be made and read")


def _found(where: str, request: Any, answer: Any) -> Any:
    if where.startswith("$response.body#"):
        return plain.get(answer, where.removeprefix("$response.body#"))
    return plain.get(request, where.removeprefix("$request.body#"))


def _differences(given: Any, told: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield what both have and is not the same. Letters may come in another case, and JSON as text."""
    given, told = _opened(given), _opened(told)
    if isinstance(given, dict) and isinstance(told, dict):
        for name in given.keys() & told.keys():
            yield from _differences(given[name], told[name], f"{where}/{name}")
    elif isinstance(given, list) and isinstance(told, list) and len(given) == len(told):
        for one, other in zip(given, told, strict=True):
            yield from _differences(one, other, f"{where}/*")
    elif _folded(given) != _folded(told):
        yield where, given, told


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
