"""Undoing what a run created: at its end, after an interruption, and from the file alone after a crash.

What was made is undone as `x-ma-undo` says, the newest first. What may have been made, because its answer was never
seen, is looked for by its exact name as `x-ma-reconcile` says. Whatever is left is told, never passed over.
"""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from modelarts_ext.contract.absent import Absent
from modelarts_ext.contract.guard import NOTHING, Guard, Limits, Refused, TargetLost
from modelarts_ext.contract.journal import Journal
from modelarts_ext.contract.ledger import PREFIX, Entry, Ledger, LedgerError
from modelarts_ext.contract.policy import at, mapped, name_member
from modelarts_ext.contract.reading import Unreadable, every, judged, missing_codes
from modelarts_ext.contract.reply import Reply
from modelarts_ext.contract.target import Target
from modelarts_ext.document import Document, OperationNode, load

REMAINS: Final = 3
"""The exit code of a run, or a sweep, that leaves something behind."""
ROUNDS: Final = 2
LOOKS: Final = 3
"""Looks for what may have been made: a list may lag behind."""
POLLS: Final = 60
"""Polls of one wait."""


@dataclass
class Swept:
    """What came of undoing. remaining: what may still be there, one line each, with the reason."""

    undone: list[str] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or `REMAINS`."""
        return REMAINS if self.remaining else 0


def sweep(
    path: str | Path,
    target: Target,
    document: Document | None = None,
    *,
    journal: Journal | None = None,
    limits: Limits | None = None,
) -> Swept:
    """Undo what stands in the ledger that a run left. LedgerError for a file of another server or project."""
    ledger = Ledger.load(path)
    if (ledger.target, ledger.project) != (target.url, target.project_id):
        raise LedgerError(f"the ledger is of project {ledger.project} at {ledger.target}, not of this server")
    return undo(Guard(target, document or load(), journal or Journal(), ledger, limits=limits or Limits()))


def undo(guard: Guard) -> Swept:
    """Undo everything that the ledger of a guard holds, the newest first. Never raises for what a server does."""
    swept = Swept()
    ledger = guard.ledger
    if ledger is None:
        return swept
    whys: dict[int, str] = {}
    with guard.cleaning():
        for _ in range(ROUNDS):
            for entry in ledger.remaining():
                try:
                    whys[entry.number] = _Undoing(guard, ledger).undo(entry)
                except (Refused, TargetLost, Unreadable, Absent) as error:
                    whys[entry.number] = str(error)
                if not whys[entry.number]:
                    ledger.undone(entry)
                    swept.undone.append(entry.told())
    swept.remaining = [f"{entry.told()}: {whys[entry.number]}" for entry in ledger.remaining()]
    return swept


def leftovers(guard: Guard) -> list[str]:
    """Return the names of things in the project that begin as those of the suite and are none of this run's ledger.

    Reads every list that creations are looked for in. Raises Unreadable, Refused, TargetLost.
    """
    own = {entry.name for entry in guard.ledger.entries} if guard.ledger is not None else set()
    found: dict[str, None] = {}
    for operation in guard.document.operations.values():
        look = operation.node.get("x-ma-reconcile")
        member = name_member(operation)
        if look is None or member is None:
            continue
        shown = next(name for name, pointer in look["equal"].items() if pointer == f"$request/body/{member}")
        query = {name: PREFIX for name, pointer in look["query"].items() if pointer == f"$request/body/{member}"}
        try:
            items = list(every(guard, look["operation"], {}, {**query, **look.get("constants", {})}))
        except Absent:
            # Nothing is created where it could not be looked for.
            continue
        for item in items:
            name = str(at(item, shown))
            if name.startswith(PREFIX) and name not in own:
                found[f"{name} ({look['operation']})"] = None
    return list(found)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that what the run created is undone. Does nothing off the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@dataclass
class _Undoing:
    guard: Guard
    ledger: Ledger

    def undo(self, entry: Entry) -> str:
        """Undo one creation. Return why it could not be, empty when nothing is left of it."""
        operation = self.guard.document.operation(entry.operation)
        if entry.fate == "made":
            self.guard.own(entry)
            why = self._run(operation, entry.values)
            if why and self._is_gone(operation, entry):
                # Deleted already, and the refusal of a second time is none that the document has.
                return ""
            return why or self._gone(operation, entry)
        for look in range(LOOKS if entry.fate == "open" else 1):
            if look:
                self.guard.target.wait(_pause(self.guard, look))
            found = self._found(operation, entry)
            if found:
                return self._undo_all(operation, entry, found)
        return ""

    def _undo_all(self, operation: OperationNode, entry: Entry, found: list[dict[str, Any]]) -> str:
        for values in found:
            # Written down first, so that the guard lets it be deleted, now and in a later sweep.
            self.ledger.made(entry, values)
            self.guard.own(entry)
            why = self._run(operation, entry.values)
            if why:
                return why
        return self._gone(operation, entry)

    def _run(self, operation: OperationNode, values: dict[str, Any]) -> str:
        for step in operation.node["x-ma-undo"]:
            target = self.guard.document.operation(step["operation"])
            path = mapped(step["parameters"], values)
            needed = re.findall(r"\{(\w+)\}", target.path.replace("{project_id}", ""))
            if any(name not in path for name in needed):
                if target.effect == "destroy":
                    return "its id is not known"
                continue
            why = self._wait(target, step["wait"], path) if "wait" in step else self._step(target, step, path)
            if why:
                return why
        return ""

    def _step(self, target: OperationNode, step: dict[str, Any], path: dict[str, str]) -> str:
        variants = {variant["name"]: variant for variant in target.node.get("x-ma-variants", [])}
        body = variants[step["variant"]].get("sets", NOTHING) if "variant" in step else NOTHING
        reply = self.guard.call(target.id, path=path, body=body)
        fine = {*step.get("tolerate", []), *missing_codes(target)}
        failed = _failure(target, reply, fine)
        return f"{target.id} answers {reply.status} {failed}".rstrip() if failed is not None else ""

    def _wait(self, target: OperationNode, waiter: str, path: dict[str, str]) -> str:
        poll = target.node["x-ma-waiters"][waiter]["poll"]
        for number in range(POLLS):
            reply = self.guard.call(target.id, path=path)
            if reply.code in missing_codes(target):
                return ""
            outcome = judged(self.guard.document, target.id, waiter, reply)
            if outcome != "keep":
                return "" if outcome == "reached" else f"{target.id} does not become {waiter}"
            self.guard.target.wait(min(poll["max"], poll["min"] * 1.5**number))
        return f"{target.id} does not become {waiter} in {POLLS} polls"

    def _gone(self, operation: OperationNode, entry: Entry) -> str:
        """Look whether anything is left. Return what, empty for nothing."""
        for look in range(LOOKS * 2):
            if look:
                self.guard.target.wait(_pause(self.guard, look))
            if not self._found(operation, entry, only=entry):
                return ""
        return "it is still listed"

    def _is_gone(self, operation: OperationNode, entry: Entry) -> bool:
        """Whether no look finds what was made, in the list of its kind."""
        if operation.node.get("x-ma-reconcile") is None:
            return False
        for look in range(LOOKS):
            if look:
                self.guard.target.wait(_pause(self.guard, look))
            if self._found(operation, entry, only=entry):
                return False
        return True

    def _found(self, operation: OperationNode, entry: Entry, *, only: Entry | None = None) -> list[dict[str, Any]]:
        """Return the values of everything that a creation may have made. only: what has the ids of this entry."""
        look = operation.node.get("x-ma-reconcile")
        if look is None:
            return self._children(operation, entry, only)
        path = mapped(look.get("path", {}), entry.values)
        query = mapped(look["query"], entry.values) | look.get("constants", {})
        equal = {member: entry.values.get(pointer) for member, pointer in look["equal"].items()}
        items = [
            item
            for item in every(self.guard, look["operation"], path, query)
            if all(str(at(item, member)) == str(value) for member, value in equal.items())
        ]
        return [found for found in (_item_values(operation, item) for item in items) if _same(found, only)]

    def _children(self, operation: OperationNode, entry: Entry, only: Entry | None) -> list[dict[str, Any]]:
        """What stands in the collection that a thing without a name was created in, when that is all of this run."""
        document = self.guard.document
        lists = (one for one in document.operations.values() if one.path == operation.path and one.effect == "read")
        listed = next((one for one in lists if "x-ma-pagination" in one.node), None)
        path = {
            name: entry.values[f"$request/path/{name}"]
            for place, name in operation.parameters
            if place == "path" and name != "project_id"
        }
        if listed is None or not path:
            return []
        try:
            items = list(every(self.guard, listed.id, path, {}))
        except Unreadable as error:
            if error.reply.code in missing_codes(listed):
                return []
            raise
        return [found for found in (_item_values(operation, item) for item in items) if _same(found, only)]


def _item_values(operation: OperationNode, item: Any) -> dict[str, Any]:
    """Read the ids of a listed thing as if its item were the answer of its creation."""
    found = {}
    for step in operation.node["x-ma-undo"]:
        for pointer in step["parameters"].values():
            value = None if pointer.startswith("$request") else at(item, pointer)
            if value is not None:
                found[pointer] = value
    return found


def _same(values: dict[str, Any], only: Entry | None) -> bool:
    if only is None:
        return True
    return all(str(only.values.get(pointer, value)) == str(value) for pointer, value in values.items())


def _failure(operation: OperationNode, reply: Reply, fine: set[str]) -> str | None:
    """Return the code of a failure that counts, None when there is none."""
    told = reply.body if isinstance(reply.body, dict) else {}
    if reply.status >= 300 or told.get("is_success") is False:
        return None if reply.code in fine else reply.code
    partial = operation.node.get("x-ma-partial")
    parts = at(told, partial["failed"]) if partial is not None else None
    named = partial.get("code") if partial is not None else None
    codes = [str(at(part, named)) if named else "" for part in parts or []]
    return next((code for code in codes if code not in fine), None)


def _pause(guard: Guard, look: int) -> float:
    return 2.0 * look
