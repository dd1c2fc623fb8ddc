"""Laws of following a log of any form that a document may describe: its files, its writer's end, its failures, its pace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any, Final

from modelarts_client.behaviour import Phase, Waiter
from modelarts_client.call import Call, CallOptions
from modelarts_client.catalogue import OPERATIONS
from modelarts_client.state import phase_of
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.context import Context
from modelarts_ext.contract.laws.logreading import described
from modelarts_ext.contract.properties import equal, expect
from modelarts_ext.contract.wire import StillClock
from modelarts_ext.core.effects import Emit, Sleep
from modelarts_ext.core.tailing import tail
from modelarts_ext.errors import (
    ConfigurationError,
    DeadlineExceededError,
    ModelArtsError,
    NotFoundError,
    PermissionDeniedError,
    ServerError,
)

_ONCE: Final = "tailing.every-line-once"
_ENDS: Final = "tailing.ends"
_LOG: Final = "read_training_job_log_bytes"
_STATE: Final = "get_training_job_version"
_FILES: Final = "list_training_job_log_files"
_MOST: Final = 400


def cases(document: object) -> Iterable[Case]:
    """Return the laws, one for each question about what is followed."""
    for slug, (title, run) in _LAWS.items():
        yield Case(f"law.following.{slug}", "law", "client", (_LOG,), title, run, profile="logs", seconds=0.05)


class _World:
    """A log by bytes, its files, and what writes it. says: answers the reads of the state, counted from 1."""

    def __init__(self, files: Mapping[str, str], **rules: Any) -> None:
        given: dict[str, Any] = {
            "files_operation": _FILES, "files_items": ("files",), "files_param": "name", "until_operation": _STATE,
            "until_waiter": "over", "drain": 2, "length_max": 8,
        }  # fmt: skip
        self.rules = described("bytes", **given | rules)
        self.files = dict(files)
        self.names: Any = None
        self.says: Callable[[int], Any] = lambda number: "done"
        self.fails: Callable[[str, int], ModelArtsError | None] = lambda kind, number: None
        self.asked: list[tuple[str, Any]] = []
        self.options: list[Any] = []
        self.lines: list[tuple[str, str]] = []
        self.pauses: list[float] = []
        self.clock = StillClock()
        self.random = Random(1)
        self.costs = 0.0
        """Seconds that each answer takes."""
        self.stale = _MOST
        """Looks for which a state that is no state, or absence where it is one of them, is borne."""
        self.borne = frozenset({phase_of("strange")})
        self.absent: Any = "failure"
        """What the absence of the writer means."""
        self.state: Any = ("state",)
        """Where the state of the writer stands; None where only its absence tells of its end."""

    def __call__(self, engine: Any, call: Call[Any], options: Any) -> Any:
        """Answer one call."""
        kind = {_LOG: "log", _STATE: "state", _FILES: "files"}[call.operation.id]
        self.clock.sleep(self.costs)
        self.asked.append((kind, dict(call.query)))
        self.options.append(options)
        expect(len(self.asked) < _MOST, _LOG, _ENDS, "the tail does not end")
        number = sum(name == kind for name, _ in self.asked)
        failure = self.fails(kind, number)
        if failure is not None:
            raise failure
        if kind == "state":
            return {"state": self.says(number)}
        if kind == "files":
            return {"files": list(self.files) if self.names is None else self.names}
        query: dict[str, Any] = dict(call.query)
        data = self.files[str(query.get("name", "a"))].encode()
        piece = data[query["at"] : query["at"] + query["size"]]
        return {"content": piece.decode(), "end": query["at"] + len(piece)}
        yield

    def run(self, options: CallOptions | None = None, **how: Any) -> ModelArtsError | None:
        """Follow the log to its end; return the error that ended it."""
        state = Waiter("over", True, self.state, frozenset(), frozenset(), frozenset(), ("done",), ("bad",), self.absent,
                       "wait", self.borne, self.stale, 0, (), 1.0, 2.0, 1.5)  # fmt: skip
        operations = {**OPERATIONS, _STATE: replace(OPERATIONS[_STATE], waiters=(state,))}
        call: Any = Call(replace(OPERATIONS[_LOG], tail=self.rules), Any, {})
        engine: Any = self
        core = tail(engine, call, {} if options is None else options, execute=self, operations=operations, **how)
        try:
            for effect in core:
                if isinstance(effect, Emit):
                    self.lines.append((effect.value.file, effect.value.text))
                elif isinstance(effect, Sleep):
                    self.pauses.append(effect.seconds)
                    self.clock.sleep(effect.seconds)
        except ModelArtsError as error:
            return error
        return None

    def count(self, kind: str) -> int:
        """Return how often that was asked for."""
        return sum(name == kind for name, _ in self.asked)


def _files(_: Context) -> None:
    """Each file is read to its end and no further; names are those of the list, of any form, or the one given."""
    world = _World({"a": "", "b": "one\n" * 9, "c": "x"})
    equal(world.run(follow=False), None, _LOG, _ENDS, "a log that is not followed ends in")
    told = {name: [text for file, text in world.lines if file == name] for name in "abc"}
    equal(told, {"a": [], "b": ["one"] * 9, "c": ["x"]}, _LOG, _ONCE, "the lines of three files")
    reads = [sum(query.get("name") == name for kind, query in world.asked if kind == "log") for name in "abc"]
    equal(reads, [1, 6, 2], _LOG, "tailing.requests", "reads of three files")
    equal((world.count("files"), world.count("state")), (1, 0), _LOG, "tailing.requests", "other requests")
    for names, read in (
        ("a", ["a"]),
        ("long", ["long"]),
        (["a", None, "", "b"], ["a", "b"]),
        (None, []),
        ([], []),
        (["b", "b"], ["b"]),
    ):
        world = _World({"a": "of a\n", "b": "of b\n", "long": "of long\n"})
        world.names = [] if names is None else names
        equal(world.run(follow=False), None, _LOG, _ENDS, f"files {names} end in")
        equal(world.lines, [(name, f"of {name}") for name in read], _LOG, _ONCE, f"the lines of the files {names}")
    world = _World({"a": "of a\n", "b": "of b\n"})
    equal(world.run(follow=False, file="b"), None, _LOG, _ENDS, "one file ends in")
    equal((world.lines, world.count("files")), ([("b", "of b")], 0), _LOG, _ONCE, "one file that is named")
    world = _World({"a": "of a\n"}, files_operation=None, files_items=None, files_param=None)
    equal(world.run(follow=False), None, _LOG, _ENDS, "a log without files ends in")
    equal(world.lines, [("", "of a")], _LOG, _ONCE, "the lines of a log without files")
    expect(all("name" not in query for _, query in world.asked), _LOG, "tailing.requests", "a file is named")
    world = _World({"a": "of a\n"}, files_operation=None)
    expect(isinstance(world.run(), ConfigurationError), _LOG, _ENDS, "files that nobody lists are followed")


def _uneven(_: Context) -> None:
    """A file that still grows is read on, whichever of the files are at their ends."""
    for order in (("long", "short"), ("short", "long")):
        lines = {"long": [f"line {number:03}" for number in range(40)], "short": ["the only one"]}
        world = _World({name: "".join(f"{line}\n" for line in lines[name]) for name in order})
        equal(world.run(), None, _LOG, _ENDS, f"files of the lengths {order} end in")
        told = {name: [text for file, text in world.lines if file == name] for name in lines}
        equal(told, lines, _LOG, _ONCE, f"the lines of files of the lengths {order}")


def _found_late(_: Context) -> None:
    """A look for files that failed is made again as it was: what was there before the tail is still passed over."""
    for since, wanted in (("now", ["new"]), ("start", ["old", "new"])):
        world = _World({"a": "old\n"})
        world.fails = lambda kind, number: ServerError("down", status=500) if (kind, number) == ("files", 1) else None
        world.says = partial(_grown, world)
        equal(world.run(since=since), None, _LOG, _ENDS, f"a log whose files were not found at first ends, {since}, in")
        equal([text for _, text in world.lines], wanted, _LOG, _ONCE, f"lines from {since} on, files found late")


def _grown(world: _World, number: int) -> str:
    """The state of a writer that writes between two looks and ends at a later one."""
    if number == 4:
        world.files["a"] = "old\nnew\n"
    return "done" if number > 6 else "runs"


def _says(ending: str, number: int) -> str | None:
    """The state at a look of that number: it runs, or is not told, until the fourth."""
    return ending if number >= 4 else "runs" if number % 2 else None


def _writers(_: Context) -> None:
    """The end is that of the writer, seen well, badly or gone; without a writer it is the deadline."""
    for ending in ("done", "bad"):
        world = _World({"a": "one\nhalf"})
        world.says = partial(_says, ending)
        equal(world.run(), None, _LOG, _ENDS, f"a writer that ends {ending} ends the tail in")
        equal((world.lines, world.count("state")), ([("a", "one"), ("a", "half")], 4), _LOG, _ENDS, "what is followed")
        after = [kind for kind, _ in world.asked]
        last = len(after) - after[::-1].index("state")
        equal(after[last:].count("log"), 2, _LOG, _ENDS, "reads after the end of the writer")
        expect(all(1.0 <= pause <= 2.0 for pause in world.pauses), _LOG, "tailing.delays", f"pauses {world.pauses}")
    world = _World({"a": "one\n"})
    world.says = lambda number: "runs"
    world.fails = lambda kind, number: NotFoundError("gone") if kind == "state" and number > 2 else None
    equal(world.run(), None, _LOG, _ENDS, "a writer that is gone ends the tail in")
    equal((world.lines, world.count("state")), ([("a", "one")], 3), _LOG, _ENDS, "what a writer that is gone wrote")
    world = _World({"a": "one\n"})
    world.stale, world.says = 3, lambda number: "strange"
    equal(world.run(), None, _LOG, _ENDS, "a state that is strange for too long ends the tail in")
    equal(world.count("state"), 4, _LOG, _ENDS, "looks at a strange state of which three are borne")
    world = _World({})
    world.fails = lambda kind, number: NotFoundError("no such thing") if kind == "state" else None
    expect(isinstance(world.run(), NotFoundError), _LOG, _ENDS, "a writer that never was is followed")
    world = _World({"a": "one\n"})
    world.absent = "success"
    world.fails = partial(_refused, "state", NotFoundError("gone"))
    equal((world.run(), world.lines), (None, [("a", "one")]), _LOG, _ENDS, "a writer whose absence is its end ends in")
    equal(world.count("state"), 1, _LOG, _ENDS, "looks at a writer whose absence is its end")
    world = _World({"a": "one\n"})
    world.state = None
    world.fails = lambda kind, number: NotFoundError("gone") if kind == "state" and number > 2 else None
    equal(world.run(), None, _LOG, _ENDS, "a writer without a state ends in")
    equal(world.count("state"), 3, _LOG, _ENDS, "looks at a writer without a state")
    for last, fine in ((3, True), (4, False)):
        world = _World({"a": "one\n"})
        world.borne, world.stale = frozenset({Phase.GONE}), 3
        world.fails = partial(_until, last, NotFoundError("not yet"))
        error = world.run()
        equal(
            error is None, fine, _LOG, _ENDS, f"a writer that is not there for {last} looks of three ends in {error!r}"
        )
        equal(world.count("state"), 4, _LOG, _ENDS, f"looks at a writer that is not there for {last}")
    world = _World({"a": "one\n"}, until_operation=None, until_waiter=None)
    error = world.run({"deadline": 60.0})
    expect(isinstance(error, DeadlineExceededError), _LOG, "tailing.deadline", f"a log without a writer: {error!r}")
    equal(
        (world.lines, round(sum(world.pauses), 3)),
        ([("a", "one")], 60.0),
        _LOG,
        "tailing.deadline",
        "lines and seconds",
    )
    expect(len(world.pauses) >= 30, _LOG, "tailing.deadline", f"{len(world.pauses)} pauses in 60 s")
    equal({option["deadline"] <= 60 for option in world.options}, {True}, _LOG, "tailing.deadline", "what is left")


def _busy(_: Context) -> None:
    """While reads bring something there is no pause, no look for files before it is due, and none at the writer."""
    world = _World({"a": "one\n" * 40})
    equal(world.run(), None, _LOG, _ENDS, "a busy log ends in")
    equal(world.lines, [("a", "one")] * 40, _LOG, _ONCE, "the lines of a busy log")
    kinds = [kind for kind, _ in world.asked]
    equal(kinds[:23], ["files", *["log"] * 21, "state"], _LOG, "tailing.requests", "what is asked for")
    equal(kinds.count("state"), 1, _LOG, "tailing.requests", "looks at the writer")
    world = _World({"a": "one\n" * 40})
    world.costs = 0.9
    equal(world.run(), None, _LOG, _ENDS, "a busy log that is slow ends in")
    kinds = [kind for kind, _ in world.asked][:12]
    # A look is due two seconds after the last: one look and two reads of nine tenths of a second are more.
    wanted = ["files", *["log"] * 2, "files", *["log"] * 2, "files", *["log"] * 2, "files", *["log"] * 2]
    equal(kinds, wanted, _LOG, "tailing.requests", "what is asked for while reads are slow")


def _until(last: int, failure: ModelArtsError, what: str, number: int) -> ModelArtsError | None:
    return failure if what == "state" and number <= last else None


def _refused(kind: str, refusal: ModelArtsError, what: str, _: int) -> ModelArtsError | None:
    return refusal if what == kind else None


def _bears(_: Context) -> None:
    """Ten failures in a row that pass are borne, of whatever read; one more, or one that stays, ends the tail."""
    for kind in ("log", "state", "files"):
        for failures, borne in ((10, True), (11, False)):
            world = _World({"a": "one\n"}, until_operation=_STATE)
            first = 2 if kind == "log" else 1

            def fails(what: str, number: int, kind: str = kind, span: range = range(first, first + failures)) -> Any:
                return ServerError("down", status=500) if what == kind and number in span else None

            world.fails = fails
            world.says = lambda number: "done" if number > 14 else "runs"
            error = world.run()
            # A read of the log that succeeds in between forgives what came before, so that only its own are in a row.
            ends = not borne and kind != "state"
            expect(isinstance(error, ServerError) is ends, _LOG, "tailing.errors", f"{failures} of {kind}: {error!r}")
            if not ends:
                equal(
                    world.count("state"), 15, _LOG, "tailing.errors", f"looks at the writer, {failures} of {kind} fail"
                )
                equal(world.lines, [("a", "one")], _LOG, _ONCE, f"the lines while {failures} of {kind} fail")
        world = _World({"a": "one\n"})
        refusal = PermissionDeniedError("no", status=403)
        world.fails = partial(_refused, kind, refusal)
        equal(world.run(), refusal, _LOG, "tailing.errors", f"a refusal of the read of {kind} ends in")
    world = _World({"a": "one\n"})
    world.fails = lambda what, number: ServerError("down", status=503, retry_after=33.0) if what == "log" and number == 2 else None  # fmt: skip
    world.says = lambda number: "done" if number > 2 else "runs"
    equal(world.run(), None, _LOG, "tailing.errors", "a pause that is asked for ends in")
    equal(world.pauses.count(33.0), 1, _LOG, "tailing.retry-after", f"pauses of 33 s among {world.pauses}")
    world = _World({"a": "one\n"})
    world.fails = lambda what, number: NotFoundError("not begun") if what == "log" and number < 20 else None
    world.says = lambda number: "done" if number > 25 else "runs"
    equal(world.run(), None, _LOG, "tailing.errors", "a file that is not begun ends in")
    equal(world.lines, [("a", "one")], _LOG, _ONCE, "a file that is begun late")


def _options(_: Context) -> None:
    """What the caller adds to the query and the body is for the log, and not for what else is read."""
    world = _World({"a": "one\n"})
    equal(
        world.run({"extra_query": {"q": "1"}, "extra_body": {"b": 1}, "timeout": 7.0}), None, _LOG, _ENDS, "it ends in"
    )
    for (kind, _query), options in zip(world.asked, world.options, strict=True):
        own = {"extra_query", "extra_body"} if kind == "log" else set()
        equal(set(options), {"timeout"} | own, _LOG, "tailing.requests", f"options of the read of {kind}")
    call: Any = Call(replace(OPERATIONS[_LOG], tail=None), Any, {})
    engine: Any = world
    try:
        next(tail(engine, call, {}, execute=world))
    except ConfigurationError:
        return
    expect(False, _LOG, _ENDS, "an operation that reads no log is followed")


_LAWS: Final[dict[str, tuple[str, Callable[[Context], None]]]] = {
    "files": ("each file is read to its end", _files),
    "uneven": ("a file that grows is read on beside others that do not", _uneven),
    "found-late": ("a look for files that failed is made again as it was", _found_late),
    "writers": ("the end is that of what writes", _writers),
    "busy": ("while reads bring something nothing else is done", _busy),
    "failures": ("failures that pass are borne, up to a number", _bears),
    "options": ("options are for the read that they are meant for", _options),
}
