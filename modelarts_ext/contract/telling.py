"""Telling a story to a server: one step after the other, each answer judged by the document and by what the story says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from modelarts_ext.contract.absent import Absent
from modelarts_ext.contract.comparing import alike, as_number, disagreements, echoes, lists, times
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.findings import Broken, Exchange, Finding, Skip
from modelarts_ext.contract.guard import NOTHING, Guard
from modelarts_ext.contract.policy import at
from modelarts_ext.contract.reading import Unreadable, items_of, judged, missing_codes, state_class, state_schema
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.shape import at as schema_at
from modelarts_ext.document import Node, OperationNode

MOST_POLLS: Final = 80
MOST_PAGES: Final = 40
_LAGS: Final = (2.0, 5.0)
"""Seconds after which a read that does not fit is made again."""
_VALUE: Final = re.compile(r"\$\{(\w+)\}")
_KEEPS: Final = frozenset({"as", "bind"})
"""What later steps need of an answer."""
_NO_LEDGER: Final = "mact-story-"

Story = dict[str, Any]
Step = dict[str, Any]


def tell(context: Context, story: Story) -> list[Finding]:
    """Tell a story. Return what is wrong; Skip when it does not apply, and whatever the guard raises."""
    guard = context.server()
    target = guard.target
    if story.get("embedded") and not target.embedded:
        raise Skip("only a simulator of this process is used in this way")
    lacking = [name for name in story.get("needs", []) if name not in target.given]
    if lacking:
        raise Skip(f"needs a value for {', '.join(lacking)}")
    return _Teller(context, guard, story).run()


@dataclass
class _Teller:
    context: Context
    guard: Guard
    story: Story
    bound: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """Which operation gave a bound value."""
    deleted: dict[str, str] = field(default_factory=dict)
    """Which operation deleted what a value names."""
    found: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        target = self.guard.target
        self.bound |= dict(target.given)
        self.bound["project"] = target.project_id
        if target.simulator is not None:
            credentials = target.simulator.credentials
            self.bound |= {"user": credentials.user, "domain": credentials.domain, "region": credentials.region}
            self.bound["password"] = credentials.password
        ledger = self.guard.ledger
        prefix = ledger.prefix if ledger is not None else _NO_LEDGER
        # What every name begins with, and a part from its middle: searches find by parts of names.
        self.bound |= {"prefix": prefix, "middle": prefix.partition("-")[2]}
        for number, (name, subject) in enumerate(self.story.get("names", {}).items()):
            self.bound[name] = ledger.name(subject) if ledger is not None else f"{_NO_LEDGER}{subject}-{number + 1}"

    def run(self) -> list[Finding]:
        """Tell every step; stop at the first that leaves nothing to go on with."""
        try:
            for step in self.story["steps"]:
                self._step(step)
        except Broken as broken:
            self.found += broken.findings
        except Skip:
            if not self.found:
                raise
        return list(_without_consequences(self.found))

    def _step(self, step: Step) -> None:
        if "call" in step:
            self._call(step)
        elif "wait" in step:
            self._wait(step)
        elif "pages" in step:
            self._pages(step)
        elif "advance" in step:
            self.guard.target.wait(step["advance"])
        elif "script" in step:
            self._script(step["script"])

    def _script(self, script: Mapping[str, Any]) -> None:
        simulator = self.guard.target.simulator
        if simulator is None:
            raise Skip("states are forced on a simulator of this process only")
        steps = [tuple(one) if isinstance(one, list) else one for one in script["steps"]]
        simulator.script(script["kind"], self._filled(script["name"]), steps)

    def _call(self, step: Step) -> None:
        """Make a call. On a server of others a read that does not fit is repeated: its copies may lag behind."""
        reads = self.context.document.operation(step["call"]).effect == "read"
        last = 0 if self.guard.target.embedded or not reads else len(_LAGS)
        for look in range(last + 1):
            before, ended = len(self.found), None
            try:
                self._call_once(step)
            except Absent as lacking:
                if not reads or not _KEEPS.isdisjoint(step):
                    raise
                # What the server does have is still to be judged.
                self.found += lacking.findings
                return
            except Broken as broken:
                ended = broken
            new = [*self.found[before:], *(ended.findings if ended is not None else ())]
            if look == last or not any(finding.rule.startswith(("story.", "paging.")) for finding in new):
                if ended is not None:
                    raise ended
                return
            del self.found[before:]
            self.guard.target.wait(_LAGS[look])

    def _call_once(self, step: Step) -> None:
        reply = self._ask(step, step["call"])
        refused = step.get("refused")
        if refused is not None:
            self._refused(step, reply, refused)
            return
        self._succeeded(step, reply)
        if self.context.document.operation(reply.operation).effect == "destroy":
            self.deleted |= {str(value): reply.operation for value in self._filled(step.get("path", {})).values()}
        if "as" in step:
            body = self._filled(step.get("body"))
            self.bound[step["as"]] = {"body": body, "answer": reply.body, "operation": reply.operation}
        for name, pointer in step.get("bind", {}).items():
            value = at(reply.body, pointer)
            if value is None:
                raise Broken(self._finding(step, reply, "story.member", f"the answer has nothing at {pointer}"))
            self.bound[name] = value
            self.origins[name] = reply.operation
        self._expect(step, reply)

    def _ask(self, step: Step, operation: str, query: Mapping[str, Any] | None = None) -> Reply:
        body = self._filled(step["body"]) if "body" in step else NOTHING
        asked = {**self._filled(step.get("query", {})), **(query or {})}
        reply = self.guard.call(operation, path=self._filled(step.get("path", {})), query=asked, body=body)
        broken = reply.findings(self.context.document)
        self.found += broken
        if not _KEEPS.isdisjoint(step) and not all(finding.deviation for finding in broken):
            # Later steps would blame others for what they take from it.
            raise Broken
        return reply

    def _succeeded(self, step: Step, reply: Reply) -> None:
        expected = self.context.document.operation(reply.operation).success
        told = reply.body.get("is_success") if isinstance(reply.body, dict) else None
        if reply.status == expected and told is not False:
            return
        message = f"a call that should succeed is answered with {reply.status} {reply.code}".rstrip()
        raise Broken(self._finding(self._suspect(step, reply), reply, "story.success", message))

    def _suspect(self, step: Step, reply: Reply) -> Step:
        """Blame what gave the id when a thing that was just made is not found."""
        lost = reply.code in missing_codes(self.context.document.operation(reply.operation))
        named = [str(value)[1:] for value in step.get("path", {}).values() if str(value)[1:] in self.origins]
        return {"blame": self.origins[named[-1]], **step} if lost and named else step

    def _refused(self, step: Step, reply: Reply, refused: str | Sequence[str]) -> None:
        """An answer is to be an error with a documented code for the reason, or with one of the codes that are named."""
        operation = self.context.document.operation(reply.operation)
        if isinstance(refused, str):
            codes = [row["code"] for row in operation.node.get("x-ma-errors", []) if row["when"] == refused]
        else:
            codes = list(refused)
        if reply.status < 300 or (codes and reply.code not in codes):
            wanted = f" with {' or '.join(codes)}" if codes else ""
            message = f"a call that should be refused{wanted} is answered with {reply.status} {reply.code}".rstrip()
            finding = self._finding(step, reply, "story.refused", message)
            if isinstance(refused, str) and _is_open(operation, refused, reply):
                finding = replace(finding, deviation=True)
            if "blame" in step:
                raise Broken(finding)
            self.found.append(finding)

    def _wait(self, step: Step) -> None:
        """Ask until a waiter of the document is satisfied; every change of state is to be one that the document knows."""
        document, operation = self.context.document, step["of"]
        rule = document.operation(operation).node["x-ma-waiters"][step["wait"]]
        if rule.get("absent") == "success":
            # What stays although it was deleted is not the fault of the read that shows it.
            named = [str(value) for value in self._filled(step.get("path", {})).values()]
            deleted = next((self.deleted[name] for name in named if name in self.deleted), "")
            step = {"blame": deleted, **step} if deleted else step
        schema = state_schema(document, operation, rule["state"])
        seen = None
        for poll in range(MOST_POLLS):
            reply = self._ask(step, operation)
            try:
                outcome = judged(document, operation, step["wait"], reply)
            except Unreadable as error:
                raise Broken(self._finding(self._suspect(step, reply), reply, "story.wait", str(error))) from None
            value = at(reply.body, rule["state"]) if reply.status < 300 else None
            if value is not None and not _leads(schema, seen, value):
                self._blame(step, reply, "story.transition", f"the state goes from {seen} to {value}")
            seen = seen if value is None else value
            if outcome == "reached" or (outcome == "failed" and step.get("fails")):
                self._reached(step, reply, outcome)
                return
            if outcome == "failed":
                raise Broken(self._finding(step, reply, "story.wait", f"it ends as {value}, not {step['wait']}"))
            self.guard.target.wait(min(rule["poll"]["max"], rule["poll"]["min"] * 1.3**poll))
        raise Broken(self._finding(step, reply, "story.wait", f"it does not become {step['wait']}, it is {seen}"))

    def _reached(self, step: Step, reply: Reply, outcome: str) -> None:
        if step.get("fails") and outcome != "failed":
            self._blame(step, reply, "story.wait", "it should have failed")
        if reply.status < 300:
            if "as" in step:
                self.bound[step["as"]] = {"body": None, "answer": reply.body, "operation": reply.operation}
            for name, pointer in step.get("bind", {}).items():
                self.bound[name] = at(reply.body, pointer)
            self._expect(step, reply)

    def _expect(self, step: Step, reply: Reply) -> None:
        document = self.context.document
        for rule, message in times(document, reply.operation, reply.body, self.guard.target.now()):
            self._blame({}, reply, rule, message)
        query = self._filled(step.get("query", {}))
        if "x-ma-pagination" in document.operation(reply.operation).node:
            for rule, message in lists(document, reply.operation, reply.body, query):
                self._blame({}, reply, rule, message)
        before = len(self.found)
        for name, check in _CHECKS.items():
            if name in step:
                for message in check(self, reply, self._filled(step[name])):
                    self._blame(step, reply, f"story.{name}", message)
        if "echo" in step:
            self._echo(step, reply)
        if "blame" in step and len(self.found) > before:
            # What comes after it would fail for the same reason, and be blamed on others.
            raise Broken

    def _echo(self, step: Step, reply: Reply) -> None:
        """What a request gave is to come back; otherwise it is the fault of who should have stored it."""
        named = step["echo"] if isinstance(step["echo"], dict) else {"of": step["echo"]}
        saved = self._filled(named["of"])
        schema = self.context.document.answer_schema(reply.operation, reply.status) or {}
        for message in echoes(self.context.document, schema, saved["body"], reply.body, named.get("except", ())):
            self._blame({"blame": saved["operation"]}, reply, "story.echo", message)

    def _pages(self, step: Step) -> None:
        """Read a list in pages of a size and compare it with the same list in one piece: nothing twice, nothing left out."""
        operation = self.context.document.operation(step["pages"])
        paging = operation.node["x-ma-pagination"]
        whole = self._ask(step, operation.id, step.get("whole", {}))
        self._succeeded(step, whole)
        self._expect({name: value for name, value in step.items() if name in _CHECKS}, whole)
        expected = [repr(at(item, paging["key"])) for item in items_of(operation, whole.body)]
        size, got = step["size"], []
        exchanges: list[Exchange] = []
        for number in range(MOST_PAGES):
            reply = self._ask(step, operation.id, _page(paging, number, size))
            self._succeeded(step, reply)
            exchanges.append(reply.exchange)
            items = items_of(operation, reply.body)
            got.append([repr(at(item, paging["key"])) for item in items])
            if len(items) < size or sum(map(len, got)) > len(expected) + size:
                break
            total = at(reply.body, paging["total"]) if "total" in paging else None
            if total is not None and paging.get("total_scope") == "filter" and as_number(total) != len(expected):
                self._blame(step, reply, "paging.total", f"the total of a page is {total}, there are {len(expected)}")
        flat = [key for page in got for key in page]
        if flat != expected:
            message = f"pages of {size} hold {flat}, the whole list is {expected}"
            self.found.append(Finding(operation.id, "paging.pages", message, "", False, tuple(exchanges[-3:])))

    def _filled(self, value: Any) -> Any:
        """Put bound values where a story names them: `$name` is the value itself, `${name}` its text in a text."""
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        if re.fullmatch(r"\$\w+", value):
            return self.bound[value[1:]]
        return _VALUE.sub(lambda found: str(self.bound[found[1]]), value)

    def _blame(self, step: Step, reply: Reply, rule: str, message: str) -> None:
        self.found.append(self._finding(step, reply, rule, message))

    def _finding(self, step: Step, reply: Reply, rule: str, message: str) -> Finding:
        return Finding(step.get("blame", reply.operation), rule, message, "", False, (reply.exchange,))

    def has(self, reply: Reply, expected: Mapping[str, Any]) -> Iterator[str]:
        """Members that an answer is to have, by pointer."""
        for pointer, value in expected.items():
            if not alike(at(reply.body, pointer), value):
                yield f"{pointer} is {at(reply.body, pointer)!r:.80}, not {value!r:.80}"

    def lacks(self, reply: Reply, pointers: Sequence[str]) -> Iterator[str]:
        """Members that an answer is to lack."""
        yield from (f"{name} is there" for name in pointers if at(reply.body, name) not in (None, "", [], {}))

    def holds(self, reply: Reply, pointers: Sequence[str]) -> Iterator[str]:
        """Members that an answer is to have, whatever they say."""
        yield from (f"{name} is empty or not there" for name in pointers if at(reply.body, name) in (None, "", []))

    def agrees(self, reply: Reply, saved: Mapping[str, Any]) -> Iterator[str]:
        """Members that say the same as those of an earlier answer."""
        other, left_out = (saved["with"], saved["except"]) if "with" in saved else (saved, ())
        yield from disagreements(reply.body, other["answer"], left_out, "this answer", "an earlier one")

    def state(self, reply: Reply, expected: Mapping[str, Any]) -> Iterator[str]:
        """The class of a state."""
        for pointer, classes in expected.items():
            schema = state_schema(self.context.document, reply.operation, pointer)
            value = at(reply.body, pointer)
            if state_class(schema, value) not in classes:
                yield f"{pointer} is {value}, which is not {' or '.join(classes)}"

    def lists(self, reply: Reply, expected: Mapping[str, Any]) -> Iterator[str]:
        """An item that a list is to contain exactly once, and what it says."""
        items = items_of(self.context.document.operation(reply.operation), reply.body)
        for one in expected if isinstance(expected, list) else [expected]:
            found = [item for item in items if _fits(item, one["where"])]
            if len(found) != one.get("times", 1):
                yield f"{one['where']} is listed {len(found)} times, not {one.get('times', 1)}"
                continue
            for item in found:
                for pointer, value in one.get("has", {}).items():
                    if not alike(at(item, pointer), value):
                        yield f"{one['where']} has {pointer} {at(item, pointer)!r:.80}, not {value!r:.80}"
                if "agrees" in one:
                    answer = one["agrees"]["answer"]
                    yield from disagreements(item, answer, one.get("except", []), "the list", "the thing itself")
                    yield from self._left_out(reply, item, answer, one.get("except", []))

    def _left_out(self, reply: Reply, item: Any, whole: Any, left_out: Sequence[str]) -> Iterator[str]:
        """Members that an item of a list lacks although the document has them there and the thing itself shows them."""
        operation = self.context.document.operation(reply.operation)
        schema = self.context.document.answer_schema(operation.id, reply.status) or {}
        known = schema_at(self.context.document, schema, operation.node["x-ma-pagination"]["items"] + "/0")
        for name in sorted(known.get("properties", {}).keys() & whole.keys() - item.keys() - set(left_out)):
            yield f"the list leaves out {name}, which the thing itself has"

    def keys(self, reply: Reply, expected: Sequence[Any]) -> Iterator[str]:
        """The keys of all items, in their order."""
        operation = self.context.document.operation(reply.operation)
        found = [at(item, operation.node["x-ma-pagination"]["key"]) for item in items_of(operation, reply.body)]
        if not alike(found, expected):
            yield f"the list holds {found}, not {list(expected)}"

    def total(self, reply: Reply, expected: Any) -> Iterator[str]:
        """The total, and on a server of this process exactly."""
        operation = self.context.document.operation(reply.operation)
        total = at(reply.body, operation.node["x-ma-pagination"]["total"])
        if self.guard.target.embedded and not alike(total, expected):
            yield f"the total is {total}, not {expected}"

    def sorted(self, reply: Reply, expected: Mapping[str, str]) -> Iterator[str]:
        """The order of a list by a member."""
        operation = self.context.document.operation(reply.operation)
        values = [as_number(at(item, expected["by"])) for item in items_of(operation, reply.body)]
        if any(value is None for value in values):
            yield f"an item lacks {expected['by']}, by which the list is sorted"
        elif values != sorted(values, reverse=expected["order"] == "desc"):
            yield f"the list is not sorted by {expected['by']}, {expected['order']}: {values}"

    def every(self, reply: Reply, expected: Mapping[str, Any]) -> Iterator[str]:
        """Members that every item is to have; a filter is not to let others through."""
        operation = self.context.document.operation(reply.operation)
        for item in items_of(operation, reply.body):
            for pointer, value in expected.items():
                if not alike(at(item, pointer), value):
                    yield f"an item has {pointer} {at(item, pointer)!r:.80}, not {value!r:.80}"

    def length(self, reply: Reply, expected: int) -> Iterator[str]:
        """How many items a list has."""
        found = len(items_of(self.context.document.operation(reply.operation), reply.body))
        if found != expected:
            yield f"the list has {found} items, not {expected}"


_Check = Callable[[_Teller, Reply, Any], Iterator[str]]
_CHECKS: Final[dict[str, _Check]] = {
    "has": _Teller.has,
    "lacks": _Teller.lacks,
    "holds": _Teller.holds,
    "state": _Teller.state,
    "lists": _Teller.lists,
    "keys": _Teller.keys,
    "total": _Teller.total,
    "sorted": _Teller.sorted,
    "every": _Teller.every,
    "length": _Teller.length,
    "agrees": _Teller.agrees,
}


def _without_consequences(found: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out what a story has against other operations once it has gone wrong: mostly that follows from the first.

    What is wrong with an answer by itself is kept.
    """
    about = ""
    for finding in found:
        of_the_story = finding.rule.startswith("story.") and not finding.deviation
        if of_the_story and about not in ("", finding.operation):
            continue
        if of_the_story:
            about = finding.operation
        yield finding


def _is_open(operation: OperationNode, reason: str, reply: Reply) -> bool:
    """Whether a refusal has a code that the reference prints for the operation, and prints none for the reason."""
    rows = operation.node.get("x-ma-errors", [])
    printed = {row["code"]: row["when"] for row in rows if row.get("source") == "documented"}
    return reply.status >= 400 and reason not in printed.values() and printed.get(reply.code) == "other"


def _fits(item: Any, where: Mapping[str, Any]) -> bool:
    return all(alike(at(item, pointer), value) for pointer, value in where.items())


def _leads(schema: Node, before: Any, after: Any) -> bool:
    """Whether a state can follow another, maybe by others that nobody saw. Unknown states are for the document to judge."""
    edges = schema.get("x-ma-transitions", {}).get("edges", {})
    if before is None or alike(before, after) or str(before) not in edges:
        return before is None or alike(before, after) or not edges
    reached, new = {str(before)}, [str(before)]
    while new:
        new = [one for state in new for one in edges.get(state, []) if one not in reached]
        reached |= set(new)
    return str(after) in reached


def _page(paging: Mapping[str, Any], number: int, size: int) -> dict[str, int]:
    """The query of a page. Of offsets in doubt the documented reading is taken."""
    named = paging["size"]["param"]
    if paging["style"] == "page":
        return {paging["page"]["param"]: paging["page"]["first"] + number, named: size}
    offset = paging["offset"]
    unit = offset["documented"] if offset["unit"] == "doubt" else offset["unit"]
    return {offset["param"]: number * (1 if unit == "page" else size), named: size}
