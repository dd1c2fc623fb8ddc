"""Rules of visualization jobs, which run until they are stopped: what answers show, actions by status, lists (5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator.states import Step

BOOK: Final = Rulebook("visualization-rules")
_TWO_HOURS: Final = [{"type": "stop", "time_unit": "HOURS", "duration": 2}]


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _body(name: str = "board", **members: Any) -> dict[str, Any]:
    return {"job_name": name, "train_url": "/bucket/output/", **members}


def _new(desk: Desk, name: str = "board", **members: Any) -> int:
    return int(desk.ok("create_visualization_job", _body(name, **members))["job_id"])


def _in_status(desk: Desk, status: int, name: str = "board") -> int:
    desk.simulator.script("visualization_job", name, [status], project=desk.project)
    return _new(desk, name)


def _get(desk: Desk, job_id: int) -> Any:
    return desk.ok("get_visualization_job", job_id=job_id)


def _status(desk: Desk, job_id: int) -> int:
    return int(_get(desk, job_id)["status"])


def _names(desk: Desk, **query: Any) -> list[str]:
    return [row["job_name"] for row in desk.ok("list_visualization_jobs", query=query)["jobs"]]


@BOOK.about("create_visualization_job", "get_visualization_job", "list_visualization_jobs")
def _a_new_job(desk: Desk) -> None:
    """A new job answers at once, then runs without end; what only a run gives is not shown before it"""
    made = desk.ok("create_visualization_job", _body(job_desc="words"))
    job_id = made["job_id"]
    wanted = {"job_id": job_id, "job_name": "board", "status": 1, "create_time": NOW}
    desk.same(made, {"is_success": True, **wanted}, "the answer of the creation")
    shown = {**wanted, "job_desc": "words", "train_url": "/bucket/output/"}
    desk.same(_get(desk, job_id), {"is_success": True, **shown}, "a read")
    listed = desk.ok("list_visualization_jobs")
    desk.shows(listed, jobs=[shown], job_total_count=1, quotas=100, job_count_limit=99)
    desk.same(desk.way(lambda: _status(desk, job_id), 200), [1, 2, 4, 7, 8], "the way of a new job")
    desk.wait(100_000)
    desk.same(_status(desk, job_id), 8, "the status after a day")
    running = _get(desk, job_id)
    desk.same(running["service_url"].endswith(f"/{desk.project}/{job_id}"), True, "the address")
    desk.same(bool(running["resource_id"]), True, "the resource")
    other = desk.ok("create_visualization_job", _body("other", train_url="/bucket/else/"))
    desk.same(other["job_id"], job_id + 1, "ids count up")
    desk.shows(other, create_time=desk.now)
    desk.shows(_get(desk, other["job_id"]), job_desc="", train_url="/bucket/else/")
    desk.wait(200)
    desk.same(_get(desk, other["job_id"])["resource_id"] != running["resource_id"], True, "a resource of its own")
    desk.same(_get(desk, other["job_id"])["service_url"] != running["service_url"], True, "an address of its own")


@BOOK.about("create_visualization_job", "delete_visualization_job")
def _names_are_unique(desk: Desk) -> None:
    """0103 while there is a job of the name in the project"""
    job_id = _new(desk)
    desk.refused("ModelArts.0103", "create_visualization_job", _body(train_url="/other/"))
    _new(desk, "board2")
    desk.same(_names(desk), ["board", "board2"], "the list after a refusal")
    with desk.elsewhere("another"):
        desk.same(_names(desk), [], "the jobs of another project")
        desk.refused("ModelArts.0102", "get_visualization_job", job_id=job_id)
        _new(desk)
    desk.ok("delete_visualization_job", job_id=job_id)
    desk.refused("ModelArts.0103", "create_visualization_job", _body())
    desk.wait(5)
    desk.same(_new(desk) != job_id, True, "another job has another id")


@BOOK.about("create_visualization_job", "list_visualization_jobs", quotas={"visualization_jobs": 2})
def _quota(desk: Desk) -> None:
    """0106 for one more than the quota; a list tells the quota and what is left of it, whatever it is filtered by"""
    for number, name in enumerate("ab"):
        listed = desk.ok("list_visualization_jobs", query={"search_content": "none"})
        desk.shows(listed, quotas=2, job_count_limit=2 - number, job_total_count=0, jobs=[])
        _new(desk, name)
    desk.refused("ModelArts.0106", "create_visualization_job", _body("c"))
    desk.shows(desk.ok("list_visualization_jobs"), quotas=2, job_count_limit=0, job_total_count=2)
    desk.simulator.set_realism({"quotas": {"visualization_jobs": 1}})
    desk.shows(desk.ok("list_visualization_jobs"), quotas=1, job_count_limit=0)


@BOOK.about("get_visualization_job", "restart_visualization_job")
def _the_running_time(desk: Desk) -> None:
    """The running time is that of all runs, scaling included; address and resource stay through a restart"""
    steps: list[Step] = [("7", 5), ("8", 100), ("15", 10), ("8", 40), ("9", 5), "12"]
    desk.simulator.script("visualization_job", "board", steps)
    job_id = _new(desk)
    desk.shows(_get(desk, job_id), duration=None, service_url=None, resource_id=None)
    desk.wait(5)
    desk.shows(_get(desk, job_id), duration=0, status=8)
    desk.wait(30.5)
    first = _get(desk, job_id)
    desk.shows(first, duration=30_500, schedule=None, remaining_duration=None)
    desk.wait(1000)
    desk.shows(_get(desk, job_id), duration=150_000, status=12)
    desk.same(desk.ok("restart_visualization_job", job_id=job_id), {"is_success": True}, "the answer of a restart")
    desk.same(desk.way(lambda: _status(desk, job_id), 100), [1, 2, 4, 7, 8], "the way after a restart")
    desk.simulator.script("visualization_job", job_id, [("8", 50), "11"])
    before = _get(desk, job_id)["duration"]
    desk.wait(200)
    shown = _get(desk, job_id)
    desk.same(shown["duration"], before + 50_000, "the running time of both runs")
    desk.shows(shown, service_url=first["service_url"], resource_id=first["resource_id"], create_time=NOW)


_GOING_ON: Final = {1, 2, 4, 7, 8, 9, 15, 18, 19, 20}
"""States that do not last: the document gives them a duration and a follower."""


@BOOK.about("stop_visualization_job", "restart_visualization_job", "delete_visualization_job")
def _actions_by_status(desk: Desk) -> None:
    """What goes on can be stopped, what has ended restarted, what is not being cancelled deleted; else 0105"""
    for text in desk.document.at("/components/schemas/JobStatus")["x-ma-states"]["values"]:
        status = int(text)
        goes_on = status in _GOING_ON
        for action, taken in (("stop", goes_on), ("restart", not goes_on), ("delete", status != 9)):
            with desk.elsewhere(f"{action}-{text}"):
                job_id = _in_status(desk, status)
                listed = desk.ok("list_visualization_jobs", query={"status": text})["jobs"]
                desk.same([row["status"] for row in listed], [status], "the list by status")
                operation = f"{action}_visualization_job"
                if not taken:
                    desk.refused("ModelArts.0105", operation, job_id=job_id)
                    desk.same(_status(desk, job_id), status, f"the status after {action} was refused")
                    continue
                desk.same(desk.ok(operation, job_id=job_id), {"is_success": True}, f"the answer of {action}")
                # What is being scaled runs again before it can be cancelled: so the edges of the document say.
                stopped = 8 if status == 15 else 9
                after = {"stop": stopped, "restart": 1, "delete": status}[action]
                desk.same(_status(desk, job_id), after, f"the status after {action} in {status}")


@BOOK.about("stop_visualization_job")
def _a_stop_takes_its_time(desk: Desk) -> None:
    """A stop answers at once; the job is being cancelled, then cancelled; a second call does not begin anew"""
    job_id = _in_status(desk, 8)
    desk.ok("stop_visualization_job", job_id=job_id)
    seen = []
    for _ in range(80):
        seen.append(_status(desk, job_id))
        if seen[-1] == 9:
            desk.ok("stop_visualization_job", job_id=job_id)
            desk.refused("ModelArts.0105", "delete_visualization_job", job_id=job_id)
        desk.wait(0.25)
    desk.within(seen.count(9), 8, 33, "quarters of a second until it is cancelled")
    desk.same(seen, [9] * seen.count(9) + [12] * seen.count(12), "the way of a stop")
    desk.refused("ModelArts.0105", "stop_visualization_job", job_id=job_id)
    desk.wait(10_000)
    desk.same(_status(desk, job_id), 12, "it stays cancelled")


@BOOK.about("delete_visualization_job", "stop_visualization_job", "restart_visualization_job")
def _deletion(desk: Desk) -> None:
    """A deletion goes on after its answer and can be asked for again; meanwhile the job takes no stop and no restart"""
    job_id, ended = _in_status(desk, 8), _in_status(desk, 12, "ended")
    for each in (job_id, ended):
        desk.same(desk.ok("delete_visualization_job", job_id=each), {"is_success": True}, "the answer")
    desk.wait(0.9)
    for each in (job_id, ended):
        desk.ok("delete_visualization_job", job_id=each)
    desk.shows(desk.ok("list_visualization_jobs"), job_total_count=2, job_count_limit=98)
    desk.refused("ModelArts.0105", "stop_visualization_job", job_id=job_id)
    desk.refused("ModelArts.0105", "restart_visualization_job", job_id=ended)
    desk.same((_status(desk, job_id), _status(desk, ended)), (8, 12), "the states while the deletion is under way")
    desk.wait(3.2)
    desk.refused("ModelArts.0102", "get_visualization_job", job_id=job_id)
    desk.shows(desk.ok("list_visualization_jobs"), job_total_count=0, job_count_limit=100)
    desk.same(desk.kept(), [], "what is left")


@BOOK.about("update_visualization_job", "get_visualization_job")
def _descriptions(desk: Desk) -> None:
    """The description can be changed; one that is left out stays; one too long is refused"""
    job_id = _new(desk, job_desc="first")
    for body, wanted in (({}, "first"), ({"job_desc": "second"}, "second"), ({"job_desc": ""}, "")):
        desk.same(desk.ok("update_visualization_job", body, job_id=job_id), {"is_success": True}, "the answer")
        desk.shows(_get(desk, job_id), job_desc=wanted, job_name="board", create_time=NOW)
    desk.refused("ModelArts.0104", "update_visualization_job", {"job_desc": "x" * 257}, job_id=job_id)
    desk.same(_get(desk, job_id)["job_desc"], "", "the description after a refusal")


@BOOK.about("get_visualization_job", "create_visualization_job")
def _what_does_not_fit(desk: Desk) -> None:
    """0102 for what is not there, 0107 for a request that does not fit, and nothing comes of it"""
    _new(desk)
    for operation, body in (
        ("get_visualization_job", None),
        ("update_visualization_job", {"job_desc": "x"}),
        ("delete_visualization_job", None),
        ("stop_visualization_job", None),
        ("restart_visualization_job", None),
    ):
        desk.refused("ModelArts.0102", operation, body, job_id=1)
    for wrong in (
        {"job_name": "lost"},
        {"train_url": "/bucket/output/"},
        _body("x" * 21),
        _body("lost", train_url=5),
        _body("lost", workspace_id="0"),
    ):
        desk.refused("ModelArts.0107", "create_visualization_job", wrong)
    for query in ({"page": 0}, {"per_page": 101}, {"sortBy": "duration"}, {"order": "up"}):
        desk.refused("ModelArts.0107", "list_visualization_jobs", query=query)
    desk.refused("ModelArts.0104", "list_visualization_jobs", query={"workspace_id": "none"})
    desk.same(_names(desk), ["board"], "the list after refusals")


_LISTS: Final[tuple[tuple[dict[str, Any], list[str]], ...]] = (
    ({}, ["beta", "gamma", "Alpha"]),
    ({"order": "desc"}, ["Alpha", "gamma", "beta"]),
    ({"sortBy": "job_id", "order": "asc"}, ["beta", "gamma", "Alpha"]),
    ({"sortBy": "job_name"}, ["Alpha", "beta", "gamma"]),
    ({"sortBy": "job_desc"}, ["gamma", "Alpha", "beta"]),
    ({"sortBy": "create_time", "order": "desc"}, ["Alpha", "gamma", "beta"]),
    ({"sortBy": "status"}, ["Alpha", "beta", "gamma"]),
    ({"search_content": "ALP"}, ["Alpha"]),
    ({"search_content": "a"}, ["beta", "gamma", "Alpha"]),
    ({"search_content": "zz"}, []),
    ({"status": "10"}, ["gamma"]),
    ({"status": "1"}, ["Alpha"]),
    ({"status": "12"}, []),
    ({"status": ""}, ["beta", "gamma", "Alpha"]),
    ({"search_content": ""}, ["beta", "gamma", "Alpha"]),
    ({"per_page": 2}, ["beta", "gamma"]),
    ({"per_page": 2, "page": 2}, ["Alpha"]),
    ({"per_page": 2, "page": 3}, []),
    ({"workspace_id": "lab"}, ["delta"]),
    ({"workspace_id": ""}, ["beta", "gamma", "Alpha"]),
    ({"workspace_id": "0"}, ["beta", "gamma", "Alpha"]),
)


@BOOK.about("list_visualization_jobs")
def _lists(desk: Desk) -> None:
    """A list is filtered, sorted by id unless asked otherwise, and paged; the total is of what was found"""
    for name, text, status in (("beta", "b", 8), ("gamma", "", 10), ("Alpha", "a", 1)):
        desk.simulator.script("visualization_job", name, [status])
        _new(desk, name, job_desc=text)
        desk.wait(1)
    desk.simulator.seed("list_workspaces", [{"id": "lab", "name": "lab"}])
    desk.simulator.seed("list_visualization_jobs", [{"job_name": "delta", "workspace_id": "lab"}])
    for query, found in _LISTS:
        answer = desk.ok("list_visualization_jobs", query=query)
        desk.same([row["job_name"] for row in answer["jobs"]], found, f"the list of {query}")
        total = 3 if "per_page" in query else len(found)
        desk.shows(answer, job_total_count=total, quotas=100, job_count_limit=96)
    for row in desk.ok("list_visualization_jobs")["jobs"]:
        desk.same(_get(desk, row["job_id"]), {"is_success": True, **row}, "a read beside the row of the list")


@BOOK.about("list_visualization_jobs")
def _equal_rows(desk: Desk) -> None:
    """What is equal in what a list is sorted by comes by its id, so that pages do not overlap; a page has ten rows"""
    for number in range(11):
        _new(desk, f"job-{number:02}")
    desk.simulator.seed("list_visualization_jobs", [{"job_id": 7, "job_name": "job-99", "create_time": NOW}])
    for order in ("asc", "desc"):
        pages = [
            desk.ok("list_visualization_jobs", query={"sortBy": "create_time", "order": order, "page": page})["jobs"]
            for page in (1, 2)
        ]
        desk.same([len(page) for page in pages], [10, 2], "rows of the pages")
        ids = [row["job_id"] for page in pages for row in page]
        desk.same(ids, sorted(ids), f"the ids of equal rows, {order}")


@BOOK.about("list_visualization_jobs", "get_visualization_job", "restart_visualization_job")
def _the_auto_stop(desk: Desk) -> None:
    """What is seeded runs; an auto stop, shown in the list alone, completes it after its hours, and every next run"""
    rows: list[dict[str, Any]] = [
        {"job_id": 3001, "job_name": "board", "schedule": _TWO_HOURS},
        {"job_id": 77, "job_name": "endless", "schedule": [{"type": "start", "time_unit": "HOURS", "duration": 1}]},
        {"job_id": 76, "job_name": "open", "schedule": [{"type": "stop", "time_unit": "HOURS"}]},
        {"job_id": 78, "job_name": "ended", "status": 12, "schedule": _TWO_HOURS},
        {"job_id": 79, "job_name": "full", "job_desc": "words", "train_url": "/b/", "create_time": 7, "status": 3},
        {},
    ]
    desk.simulator.seed("list_visualization_jobs", rows)
    listed = {row["job_id"]: row for row in desk.ok("list_visualization_jobs")["jobs"]}
    desk.shows(listed[3001], status=8, schedule=_TWO_HOURS, job_desc="", create_time=NOW, duration=0)
    desk.shows(listed[79], job_name="full", job_desc="words", train_url="/b/", create_time=7, status=3, schedule=None)
    made = next(job_id for job_id in listed if job_id not in (3001, 76, 77, 78, 79))
    desk.shows(listed[made], job_name=f"job-{made}", train_url="/bucket/output/", status=8, job_desc="")
    desk.same(_new(desk, "other") in listed, False, "ids are given once")
    desk.same("schedule" in _get(desk, 3001), False, "the auto stop is in the list alone")
    desk.wait(7199)
    desk.same(_status(desk, 3001), 8, "before the end")
    desk.wait(2)
    desk.shows(_get(desk, 3001), status=10, duration=7_200_000)
    desk.same([_status(desk, each) for each in (76, 77, 78, made)], [8, 8, 12, 8], "the others")
    desk.ok("restart_visualization_job", job_id=3001)
    desk.wait(7100)
    desk.same(_status(desk, 3001), 8, "the next run")
    desk.wait(400)
    desk.shows(_get(desk, 3001), status=10, duration=14_400_000)


@BOOK.about("get_visualization_job", "delete_visualization_job")
def _seeded_and_met_first(desk: Desk) -> None:
    """What is seeded is there whatever is called first, and for a script; a passing state leads to running"""
    for operation in ("get", "update", "delete", "stop", "create", "script"):
        with desk.elsewhere(operation):
            row = {"job_id": 5, "job_name": "old"}
            desk.simulator.seed("list_visualization_jobs", [row], project=operation)
            if operation == "create":
                desk.refused("ModelArts.0103", "create_visualization_job", _body("old"))
            elif operation == "script":
                desk.simulator.script("visualization_job", "old", ["11"], project=operation)
                desk.same(_status(desk, 5), 11, "the status after a script")
            else:
                body = {"job_desc": "x"} if operation == "update" else None
                desk.ok(f"{operation}_visualization_job", body, job_id=5)
            desk.same(_names(desk), ["old"], f"the list after {operation}")
    desk.simulator.seed("list_visualization_jobs", [{"job_id": 6, "status": "4"}])
    desk.same(desk.way(lambda: _status(desk, 6), 80), [4, 7, 8], "the way from a passing state")


@BOOK.about("get_visualization_job")
def _scripts(desk: Desk) -> None:
    """A script rules at once by id or name and keeps the past; one that waits is used once"""
    job_id = _in_status(desk, 8)
    for place, name in enumerate((job_id, "board"), 1):
        desk.wait(10)
        desk.simulator.script("visualization_job", name, [("14", 5), "22"])
        desk.shows(_get(desk, job_id), status=14, duration=10_000)
        desk.wait(5)
        _, shown = desk.call("get_visualization_job", job_id=job_id)
        desk.same(shown["status"], 22, f"a status that the document lacks, {place}")
    desk.simulator.script("visualization_job", "later", ["10"])
    later = _new(desk, "later")
    desk.same(_status(desk, later), 10, "a script that waited")
    desk.ok("delete_visualization_job", job_id=later)
    desk.wait(5)
    desk.same(_status(desk, _new(desk, "later")), 1, "the next job of that name")
