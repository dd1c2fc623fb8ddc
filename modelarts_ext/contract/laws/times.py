"""Laws of times: what a creation, and a read right after it, tell of when something happened is the present."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from modelarts_ext.contract import plain
from modelarts_ext.contract.case import Case, profile_of
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Finding, Skip
from modelarts_ext.contract.golden_files import asked, golden
from modelarts_ext.contract.levels import Level
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.seeding import Link, Seeds, links, send, succeeded
from modelarts_ext.document import Document

_BEGUN: Final = re.compile(r"(create|created|publish|operation|transition|update)_(time|at|timestamp)\Z")
"""Members that tell of the beginning of a new thing; what comes later (a start, an end, a due time) is told later."""
_RULE: Final = "create.time"


def cases(document: Document) -> Iterable[Case]:
    """Return one law for each creation."""
    for creator in dict.fromkeys(link.creator for link in links(document)):
        operation = document.operation(creator)
        if operation.host == "modelarts":
            yield Case(
                f"law.{creator}.times",
                "law",
                "server",
                (creator,),
                "times of a new thing are the moment of its creation",
                partial(_check, creator),
                level=Level.BILLABLE,
                profile=profile_of(operation.node["tags"][0]),
                hostile=True,
                seconds=0.3,
            )


def _check(creator: str, context: Context) -> Iterator[Finding]:
    guard = context.server()
    if guard.target.simulator is None:
        raise Skip("a clock that stands still is one of a server of this process only")
    entries = [one for one in golden()[creator].cases if one["kind"] == "request" and ".request.sample-" in one["id"]]
    made = 0
    for entry in entries:
        guard.target.reset()
        values = Seeds(guard, context.document).fitting(creator, asked(entry["given"]))
        now = guard.target.now()
        reply = send(guard, creator, values)
        if not succeeded(reply):
            continue  # other cases say which requests are to be taken
        made += 1
        yield from _told(context.document, creator, reply, now)
        for link in links(context.document):
            target = context.document.operation(link.target)
            if link.creator == creator and target.effect == "read" and "x-ma-pagination" not in target.node:
                read = guard.call(link.target, path=_path(link, values.path, values.body, reply.body))
                if succeeded(read):
                    yield from _told(context.document, link.target, read, now)
    if not made:
        yield Finding(creator, _RULE, "no thing could be made")


def _path(link: Link, path: Any, body: Any, answer: Any) -> dict[str, Any]:
    sources = {"$response.body#": answer, "$request.body#": body}
    found = {}
    for name, where in link.parameters.items():
        begin = next((one for one in sources if where.startswith(one)), "")
        found[name] = plain.get(sources[begin], where.removeprefix(begin)) if begin else path.get(name)
    return found


def _told(document: Document, operation_id: str, reply: Reply, now: float) -> Iterator[Finding]:
    schema = document.answer_schema(operation_id, document.operation(operation_id).success)
    for where, _, value in plain.walk(document, schema, reply.body):
        name = where.rpartition("/")[2]
        # Nodes of an edge service and what a list begins with are older than the thing; their times stand deeper.
        if where.count("/") == 1 and _BEGUN.match(name) and not _is(value, now):
            message = f"{name} is {value!r:.40} of what was made at {int(now * 1000)}"
            yield Finding(operation_id, _RULE, message, exchanges=(reply.exchange,))


def _is(value: Any, now: float) -> bool:
    return value is None or str(value) == str(int(now * 1000))
