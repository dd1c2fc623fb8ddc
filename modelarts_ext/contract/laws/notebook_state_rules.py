"""Rules of how notebook instances move: actions by status, the auto stop, and the queue for what is free (chapter 4)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.notebook_rules import (
    FREE,
    FREE_GPU,
    OFF,
    get,
    listed,
    new,
    request,
    seeded,
    status_of,
    stopping,
)
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.document import Document

BOOK: Final = Rulebook("notebook-states")
_ACTIONS: Final = ("start", "stop", "restart", "queue", "dequeue")
_DONE: Final = {
    ("STOPPED", "start"): "STARTING",
    ("START_FAILED", "start"): "STARTING",
    ("READY_TO_START", "start"): "STARTING",
    ("UNAVAILABLE", "start"): "STARTING",
    ("RUNNING", "stop"): "STOPPING",
    ("RUNNING", "restart"): "RESTARTING",
    ("STOPPED", "queue"): "START_QUEUING",
    ("START_QUEUING", "dequeue"): "STOPPED",
    ("READY_TO_START", "dequeue"): "STOPPED",
    ("CREATE_QUEUING", "dequeue"): "DELETED",
}
_BUSY: Final = ("CREATING", "STARTING", "RESTARTING")
_FAILED: Final = ("CREATE_FAILED", "START_FAILED", "UNAVAILABLE", "RESIZE_FAILED")


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _refusal(state: str, action: str) -> str:
    """The code that refuses an action: of the status itself, of the action, or of the trouble of the instance."""
    if state in _BUSY:
        return "ModelArts.6306"
    if state == "STOPPING":
        return "ModelArts.6308"
    if state == "RUNNING" and action in ("start", "queue"):
        return "ModelArts.6305"
    if action == "stop" and state == "STOPPED":
        return "ModelArts.6307"
    if action in ("stop", "restart"):
        return "ModelArts.6327"
    return "ModelArts.6333" if state in _FAILED else "ModelArts.6357"


def _act(desk: Desk, made: str, action: str) -> tuple[str, str]:
    answer = desk.ok("manage_notebook", {"action": action}, instance_id=made)
    return answer["previous_state"], answer["current_status"]


@BOOK.about("manage_notebook", "get_notebook")
def _actions_by_status(desk: Desk) -> None:
    """Every action in every status leads along an edge of the document, or is refused with its code"""
    node = desk.document.at("/components/schemas/NotebookStatus")
    for state in node["x-ma-states"]["values"]:
        for action in _ACTIONS:
            with desk.elsewhere(f"{state}-{action}".lower().replace("_", "-")):
                made = seeded(desk, "lab", state, flavor=FREE)
                new_state = _DONE.get((state, action))
                if new_state is None:
                    code = _refusal(state, action)
                    desk.refused(code, "manage_notebook", {"action": action}, instance_id=made)
                    desk.same(status_of(desk, made), state, f"the status after {action} was refused")
                    continue
                desk.same(_act(desk, made, action), (state, new_state), f"{action} in {state}")
                edges = node["x-ma-transitions"]["edges"][state]
                desk.same(new_state in edges, True, f"{new_state} follows {state}")
                desk.same(status_of(desk, made), new_state, f"the status after {action}")


@BOOK.about("manage_notebook")
def _queues_are_for_free_flavors(desk: Desk) -> None:
    """6336 for queue and dequeue on what is not free, whatever the status; the other actions do not ask"""
    for state in ("STOPPED", "START_QUEUING", "RUNNING", "CREATING"):
        with desk.elsewhere(state.lower().replace("_", "-")):
            made = seeded(desk, "lab", state)
            for action in ("queue", "dequeue"):
                desk.refused("ModelArts.6336", "manage_notebook", {"action": action}, instance_id=made)
    gpu = seeded(desk, "gpu", "STOPPED", flavor=FREE_GPU, profile={"id": "Python3-gpu"})
    desk.same(_act(desk, gpu, "queue"), ("STOPPED", "START_QUEUING"), "a queue")


@BOOK.about("manage_notebook", "get_notebook")
def _actions_take_their_time(desk: Desk) -> None:
    """An action answers at once, the instance goes on afterwards; the time of the change is told"""
    made = seeded(desk, "lab", "RUNNING")
    for action, path in (
        ("restart", ["RESTARTING", "RUNNING"]),
        ("stop", ["STOPPING", "STOPPED"]),
        ("start", ["STARTING", "RUNNING"]),
    ):
        _act(desk, made, action)
        desk.same(get(desk, made)["latest_update_timestamp"], str(desk.now), f"the time of the change by {action}")
        desk.same(desk.way(lambda: status_of(desk, made), 40), path, f"the way after {action}")
    desk.same(get(desk, made)["creation_timestamp"], str(NOW), "the time of the creation")


@BOOK.about("get_notebook")
def _what_has_failed(desk: Desk) -> None:
    """What has failed says so with a code; a creation or a start that has failed gives reasons"""
    node = desk.document.at("/components/schemas/NotebookStatus")
    for state, row in node["x-ma-states"]["values"].items():
        shown = get(desk, seeded(desk, state.replace("_", "-"), state))
        desk.shows(shown, status=state, error_code="ModelArts.6333" if row["class"] == "failed" else None)
        spec = shown["spec"]
        reasons = spec.get("failed_reasons")
        stage = {"CREATE_FAILED": "create", "START_FAILED": "start"}.get(state)
        if stage is None:
            desk.same(reasons, None, f"the reasons in {state}")
        else:
            desk.shows(reasons, code="ModelArts.6333", detail={"stage": stage})
            desk.same(f"the {stage} " in reasons["message"], True, "the message names the stage")
        desk.same(bool(spec["annotations"]["url"]), state == "RUNNING", f"whether there is an address in {state}")
        reserved = NOW if state == "READY_TO_START" else None
        desk.shows(spec, resource_reserved_timestamp=reserved)
        desk.same("queuing_info" in shown, state in ("CREATE_QUEUING", "START_QUEUING"), f"the queue in {state}")


# --------------------------------------------------------------------------------------------------- the auto stop


def _auto_stop(desk: Desk, made: str) -> Any:
    return get(desk, made)["spec"]["auto_stop"]


@BOOK.about("get_notebook", "manage_notebook")
def _the_auto_stop_ends_every_run(desk: Desk) -> None:
    """A run ends after the duration, to the second; every start counts anew; the end is shown while it runs"""
    made = seeded(desk, "lab", "RUNNING", spec=stopping(7200, prompt=False))
    settings = {"enable": True, "duration": 7200, "prompt": False}
    end = NOW + 7_200_000
    desk.same(_auto_stop(desk, made), {**settings, "stop_timestamp": end, "remain_time": 7200}, "at the begin")
    desk.wait(100.5)
    desk.same(_auto_stop(desk, made), {**settings, "stop_timestamp": end, "remain_time": 7099}, "later")
    desk.wait(7099)
    desk.same(status_of(desk, made), "RUNNING", "half a second before the end")
    desk.wait(0.5)
    desk.same(status_of(desk, made), "STOPPING", "at the end")
    desk.same(_auto_stop(desk, made), settings, "the auto stop of what does not run")
    desk.wait(20)
    desk.same(status_of(desk, made), "STOPPED", "after the end")
    desk.same(_act(desk, made, "start"), ("STOPPED", "STARTING"), "the next start")
    desk.same(_auto_stop(desk, made), settings, "the auto stop of what does not run yet")
    desk.wait(40)
    shown = _auto_stop(desk, made)
    desk.within(shown["remain_time"], 7159, 7195, "what is left of the second run")
    desk.same(shown["stop_timestamp"] // 1000 - desk.now // 1000 - shown["remain_time"] in (0, 1), True, "both ends")
    desk.wait(shown["remain_time"] - 1)
    desk.same(status_of(desk, made), "RUNNING", "before the second end")
    desk.wait(3)
    desk.same(status_of(desk, made), "STOPPING", "after the second end")


@BOOK.about("get_notebook", "create_notebook")
def _without_an_auto_stop(desk: Desk) -> None:
    """Without an auto stop a run goes on; a creation may bring one that counts from the begin of the run"""
    made, ends = new(desk), new(desk, "ends", spec=stopping(3600))
    desk.same(desk.way(lambda: status_of(desk, made), 600, 5), ["CREATING", "RUNNING"], "the way")
    left = _auto_stop(desk, ends)["remain_time"]
    desk.within(left, 3600 - 600 + 5, 3600 - 600 + 30, "what is left")
    desk.wait(90_000)
    desk.same(status_of(desk, made), "RUNNING", "a day later")
    desk.same(_auto_stop(desk, made), OFF, "its auto stop")
    desk.same(status_of(desk, ends), "STOPPED", "the other one")


def _change(desk: Desk, made: str, **settings: Any) -> Any:
    body = {"spec": {"auto_stop": settings}}
    return desk.ok("update_notebook", body, instance_id=made)["spec"]["auto_stop"]


@BOOK.about("update_notebook", "get_notebook")
def _a_new_duration(desk: Desk) -> None:
    """A duration that is changed while the instance runs counts from the next start, one before it for this run"""
    made = seeded(desk, "lab", "RUNNING", spec=stopping(3600))
    desk.wait(60)
    shown = _change(desk, made, enable=True, duration=7200)
    desk.shows(shown, duration=7200, stop_timestamp=NOW + 3_600_000, remain_time=3540)
    desk.wait(3600)
    desk.same(status_of(desk, made), "STOPPED", "the run ends when it was to end")
    _act(desk, made, "start")
    shown = _change(desk, made, enable=True, duration=10_800)
    desk.same("remain_time" in shown, False, "an end is shown only while it runs")
    desk.wait(40)
    desk.within(_auto_stop(desk, made)["remain_time"], 10_759, 10_795, "a duration from before the run")
    stopped = seeded(desk, "idle", "STOPPED")
    desk.same(_change(desk, stopped, enable=True, duration=7200), {**OFF, "enable": True, "duration": 7200}, "at rest")
    desk.same(status_of(desk, stopped), "STOPPED", "a change starts nothing")
    idle = seeded(desk, "rest", "STOPPED", spec=stopping(3600))
    desk.wait(3601)
    desk.same(status_of(desk, idle), "STOPPED", "what does not run is not stopped")


@BOOK.about("update_notebook", "get_notebook")
def _switching(desk: Desk) -> None:
    """The auto stop of a run can be switched, not for a time that has passed: 6346, and nothing changes"""
    made = seeded(desk, "lab", "RUNNING", description="first")
    desk.wait(5000)
    body = {"description": "second", "spec": {"auto_stop": {"enable": True, "duration": 3600}}}
    desk.refused("ModelArts.6346", "update_notebook", body, instance_id=made)
    shown = get(desk, made)
    desk.shows(shown, description="first", status="RUNNING", latest_update_timestamp=str(NOW))
    desk.same(shown["spec"]["auto_stop"], OFF, "the auto stop after a refusal")
    told = _change(desk, made, enable=True, duration=7200)
    desk.shows(told, enable=True, stop_timestamp=NOW + 7_200_000, remain_time=2200)
    desk.same(_change(desk, made, enable=False), {**OFF, "duration": 7200}, "switched off")
    desk.wait(9000)
    desk.same(status_of(desk, made), "RUNNING", "what was switched off does not stop")
    _act(desk, made, "stop")
    for status in ("STOPPING", "STOPPED"):
        for enable in (True, False):
            _change(desk, made, enable=enable, duration=3600)
            desk.same(status_of(desk, made), status, "a switch after the run")
        desk.wait(20)


@BOOK.about("manage_notebook", "get_notebook")
def _scripts(desk: Desk) -> None:
    """A script, given by id or name, rules the states and the auto stop out until the next action"""
    for name in ("DE-byid", "byname"):
        made = seeded(desk, name.removeprefix("DE-"), "RUNNING", spec=stopping(3600))
        get(desk, made)
        desk.simulator.script("notebook", name, [("STOPPING", 5), "RUNNING"])
        desk.same(desk.way(partial(status_of, desk, made), 10), ["STOPPING", "RUNNING"], "the script")
        desk.wait(7200)
        desk.same(status_of(desk, made), "RUNNING", "the auto stop of what a script rules")
        _change(desk, made, enable=False)
        _change(desk, made, enable=True, duration=3600)
        desk.same(status_of(desk, made), "RUNNING", "a switch does not end what a script rules")
        _act(desk, made, "stop")
        desk.wait(20)
        _act(desk, made, "start")
        desk.wait(40)
        desk.within(_auto_stop(desk, made)["remain_time"], 3559, 3595, "the auto stop after the next start")
    desk.simulator.script("notebook", "forced", ["RUNNING"])
    forced = new(desk, "forced", spec=stopping(3600))
    desk.wait(4000)
    for enable in (False, True):
        desk.same("remain_time" in _change(desk, forced, enable=enable, duration=3600), False, "an end of its run")
        desk.same(status_of(desk, forced), "RUNNING", "what a script that waited rules")
    desk.simulator.script("notebook", "later", [("CREATING", 3), "CREATE_FAILED"])
    later = new(desk, "later")
    path = desk.way(lambda: status_of(desk, later), 6)
    desk.same(path, ["CREATING", "CREATE_FAILED"], "a script that waited")
    desk.simulator.script("notebook", "later", ["FROZEN"])
    _, shown = desk.call("get_notebook", instance_id=later)
    desk.same(shown["status"], "FROZEN", "a status that the document lacks goes out as it is")


# ------------------------------------------------------------------------------------------------------- the queue


@BOOK.about("create_notebook", "get_notebook")
def _a_free_flavor_has_room_for_one(desk: Desk) -> None:
    """The second instance of a free flavor queues to be created, the third behind it; each flavor by itself"""
    first = desk.ok("create_notebook", request("a", flavor=FREE))
    desk.same(first["status"], "CREATING", "the first")
    desk.same(first["spec"]["auto_stop"], {**OFF, "enable": True}, "its auto stop")
    waiting = [desk.ok("create_notebook", request("b", flavor=FREE))["id"]]
    desk.wait(0.5)
    waiting.append(desk.ok("create_notebook", request("c", flavor=FREE))["id"])
    infos = []
    for rank, made in enumerate(waiting, 1):
        shown = get(desk, made)
        info = shown["queuing_info"]
        infos.append(info)
        desk.shows(shown, status="CREATE_QUEUING", error_code=None)
        desk.shows(info, id=made, name="bc"[rank - 1], de_type="Notebook", flavor=FREE, status="CREATE_QUEUING")
        desk.shows(info, rank=rank, begin_timestamp=NOW + 500 * (rank - 1))
        desk.within(info["end_timestamp"] - info["begin_timestamp"], 5_000, 60_000, "how long it queues")
        desk.within(info["end_timestamp"] - desk.now - 1000 * info["remain_time"], -1, 1000, "both ends")
        desk.same(info["flavor_details"], shown["flavor_details"], "the details of the flavor")
    wanted = {"status": "soldOut", "queuing_num": 2, "instance_num": 3}
    desk.shows(get(desk, first["id"])["flavor_details"], **wanted)
    left = max(info["remain_time"] for info in infos)
    desk.same(get(desk, first["id"])["flavor_details"]["queue_left_time"], left, "the time that the queue takes")
    gpu = desk.ok("create_notebook", request("d", flavor=FREE_GPU, profile_id="Python3-gpu"))
    desk.same(gpu["status"], "CREATING", "another free flavor")
    desk.shows(gpu["flavor_details"], instance_num=1, queuing_num=0, queue_left_time=0)
    desk.same(desk.ok("create_notebook", request("e"))["status"], "CREATING", "a flavor that is not free")
    path = desk.way(lambda: status_of(desk, waiting[0]), 120)
    desk.same(path, ["CREATE_QUEUING", "CREATING", "RUNNING"], "the way of what queues")
    desk.same("queuing_info" in get(desk, waiting[0]), False, "the place in the queue of what runs")
    with desk.elsewhere("another"):
        there = desk.ok("create_notebook", request("a", flavor=FREE))
        desk.same((there["status"], there["flavor_details"]["instance_num"]), ("CREATING", 1), "another project")


@BOOK.about("get_notebook", "manage_notebook")
def _who_came_first(desk: Desk) -> None:
    """The place in the queue goes by when an instance came into it, not by when it was made"""
    older, newer = seeded(desk, "older", "STOPPED", flavor=FREE), seeded(desk, "newer", "START_QUEUING", flavor=FREE)
    seeded(desk, "apart", "STOPPED", flavor=FREE)
    get(desk, newer)
    desk.wait(1)
    _act(desk, older, "queue")
    begins = {older: NOW + 1000, newer: NOW}
    for rank, made in enumerate((newer, older), 1):
        desk.shows(get(desk, made)["queuing_info"], rank=rank, begin_timestamp=begins[made], status="START_QUEUING")
    desk.shows(get(desk, older)["flavor_details"], queuing_num=2, instance_num=3, status="soldOut")
    _act(desk, newer, "dequeue")
    desk.shows(get(desk, older)["queuing_info"], rank=1)
    desk.shows(get(desk, older)["flavor_details"], queuing_num=1)


@BOOK.about("get_notebook", "delete_notebook")
def _the_ends_of_queues(desk: Desk) -> None:
    """What queues without end has nothing left to wait, and what is deleted leaves the queue"""
    made, other = (seeded(desk, name, "STOPPED", flavor=FREE) for name in ("a", "b"))
    desk.simulator.script("notebook", made, ["START_QUEUING"])
    info = get(desk, made)["queuing_info"]
    desk.shows(info, remain_time=0, end_timestamp=None, begin_timestamp=NOW, rank=1)
    desk.shows(info["flavor_details"], instance_num=2, queuing_num=1, queue_left_time=0)
    desk.ok("delete_notebook", instance_id=other)
    desk.wait(5)
    desk.shows(get(desk, made)["flavor_details"], instance_num=1, queuing_num=1)
    desk.simulator.script("notebook", made, ["READY_TO_START"])
    desk.ok("delete_notebook", instance_id=made)
    desk.wait(5)
    fresh = desk.ok("create_notebook", request(flavor=FREE))
    desk.same(fresh["status"], "CREATING", "a creation after the flavor is free again")
    desk.shows(fresh["flavor_details"], instance_num=1, queuing_num=0)


@BOOK.about("manage_notebook", "get_notebook", realism={"read_lag": 5})
def _reads_that_lag(desk: Desk) -> None:
    """A read that lags tells the status of before"""
    made = seeded(desk, "lab", "RUNNING")
    desk.wait(100)
    desk.same(_act(desk, made, "restart"), ("RUNNING", "RESTARTING"), "an action does not lag")
    desk.wait(4)
    desk.same(status_of(desk, made), "RUNNING", "the status of five seconds ago")
    desk.wait(2)
    desk.same(status_of(desk, made), "RESTARTING", "the status of one second after the action")


@BOOK.about("create_notebook", quotas={"free_notebooks": 2})
def _the_room_can_be_set(desk: Desk) -> None:
    """The quota says how many instances of a free flavor there is room for"""
    made = [desk.ok("create_notebook", request(name, flavor=FREE)) for name in "abc"]
    desk.same([each["status"] for each in made], ["CREATING", "CREATING", "CREATE_QUEUING"], "who queues")
    desk.same([each["flavor_details"]["status"] for each in made], ["onSale", "soldOut", "soldOut"], "the sale")
    desk.same("queuing_num" in made[0]["flavor_details"], False, "there is no queue for what is on sale")


_HOLDING: Final = ("CREATING", "STARTING", "RESTARTING", "RUNNING", "STOPPING", "READY_TO_START")
_WAITING: Final = ("CREATE_QUEUING", "START_QUEUING")


@BOOK.about("create_notebook", "manage_notebook")
def _who_sells_a_flavor_out(desk: Desk) -> None:
    """What holds a place or queues sells a free flavor out: 6329 for a start, the queue for a creation"""
    node = desk.document.at("/components/schemas/NotebookStatus")
    for state in node["x-ma-states"]["values"]:
        with desk.elsewhere(state.lower().replace("_", "-")):
            seeded(desk, "holder", state, flavor=FREE)
            idle, ready = (seeded(desk, name, name, flavor=FREE) for name in ("STOPPED", "START-FAILED"))
            desk.simulator.script("notebook", ready, ["START_FAILED"], project=desk.project)
            full = state in (*_HOLDING, *_WAITING)
            details = get(desk, idle)["flavor_details"]
            desk.shows(details, status="soldOut" if full else "onSale", instance_num=3)
            if full:
                for made in (idle, ready):
                    desk.refused("ModelArts.6329", "manage_notebook", {"action": "start"}, instance_id=made)
                desk.same(_act(desk, idle, "queue"), ("STOPPED", "START_QUEUING"), "it can queue")
            else:
                desk.same(_act(desk, idle, "start"), ("STOPPED", "STARTING"), f"a start beside {state}")
            made_there = desk.ok("create_notebook", request(flavor=FREE))
            desk.same(made_there["status"], "CREATE_QUEUING", "a creation when it is sold out")
    seeded(desk, "holder", "RUNNING", flavor=FREE)
    ready = seeded(desk, "ready", "READY_TO_START", flavor=FREE)
    desk.same(_act(desk, ready, "start"), ("READY_TO_START", "STARTING"), "its place is reserved")
    paid = [seeded(desk, name, "STOPPED") for name in ("one", "two")]
    for made in paid:
        desk.same(_act(desk, made, "start"), ("STOPPED", "STARTING"), "what is not free is never sold out")


@BOOK.about("manage_notebook", "get_notebook")
def _leaving_the_queue(desk: Desk) -> None:
    """What leaves the queue is stopped, or gone where it never was created; its place goes to others"""
    seeded(desk, "holder", "RUNNING", flavor=FREE)
    made, other = (desk.ok("create_notebook", request(name, flavor=FREE))["id"] for name in "ab")
    desk.same(_act(desk, made, "dequeue"), ("CREATE_QUEUING", "DELETED"), "what never was created")
    desk.same(get(desk, other)["queuing_info"]["rank"], 1, "the next one comes first")
    desk.same(status_of(desk, made), "DELETED", "it is told for a while")
    desk.wait(4.1)
    desk.refused("ModelArts.6309", "get_notebook", instance_id=made)
    desk.same(listed(desk)["total_count"], 2, "what is left")
    with desk.elsewhere("another"):
        for state in ("START_QUEUING", "READY_TO_START"):
            each = seeded(desk, state.replace("_", "-"), state, flavor=FREE)
            desk.same(_act(desk, each, "dequeue"), (state, "STOPPED"), "what was created before")
            desk.wait(10)
            desk.same(status_of(desk, each), "STOPPED", "it stays stopped")


@BOOK.about("manage_notebook", "get_notebook")
def _the_queue_to_start(desk: Desk) -> None:
    """What leaves the queue to be started waits for a call of start, since a moment that is told"""
    made = seeded(desk, "lab", "START_QUEUING", flavor=FREE)
    end = get(desk, made)["queuing_info"]["end_timestamp"]
    desk.wait((end - desk.now) / 1000 - 0.01)
    desk.same(status_of(desk, made), "START_QUEUING", "before the end of the queue")
    desk.wait(0.02)
    shown = get(desk, made)
    desk.shows(shown, status="READY_TO_START", queuing_info=None)
    desk.within(shown["spec"]["resource_reserved_timestamp"], end - 1, end, "since when its place is reserved")
    desk.wait(1000)
    desk.same(status_of(desk, made), "READY_TO_START", "it waits")
    desk.same(_act(desk, made, "start"), ("READY_TO_START", "STARTING"), "the start")


@BOOK.about("create_notebook", "get_notebook")
def _free_runs(desk: Desk) -> None:
    """A run on a free flavor ends after its hour at the latest, and earlier only where nothing earlier was asked for"""
    asked = {"auto_stop": {"enable": True, "duration": 7200}}
    for number, (spec, wanted) in enumerate(
        (
            (asked, {"enable": True, "duration": 7200, "prompt": True}),
            ({"auto_stop": {"enable": False, "duration": 7200}}, {"enable": False, "duration": 7200, "prompt": True}),
            ({"auto_stop": {"duration": 7200}}, {"enable": False, "duration": 7200, "prompt": True}),
            ({}, {**OFF, "enable": True}),
        )
    ):
        with desk.elsewhere(f"free-{number}"):
            made = seeded(desk, "lab", "RUNNING", flavor=FREE, spec=spec)
            shown = _auto_stop(desk, made)
            desk.same(shown, {**wanted, "remain_time": 3600, "stop_timestamp": desk.now + 3_600_000}, "its end")
            fresh = desk.ok("create_notebook", request("fresh", flavor=FREE, spec={"storage": {"type": "evs"}, **spec}))
            desk.same(fresh["spec"]["auto_stop"], wanted, "the auto stop of a new one")
            desk.wait(3599)
            desk.same(status_of(desk, made), "RUNNING", "before the end")
            desk.wait(2)
            desk.same(status_of(desk, made), "STOPPING", "after the end")
