"""Rules of notebook instances: names, hardware, storage, lists, changes and deletion, and what answers show (chapter 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext import ModelArts
from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.document import Document
from modelarts_ext.simulator.accounts import Key, User

BOOK: Final = Rulebook("notebook-rules")
FREE: Final = "modelarts.vm.cpu.free"
FREE_GPU: Final = "modelarts.vm.gpu.free"
OFF: Final = {"enable": False, "duration": 3600, "prompt": True}
_DISK: Final = {
    "type": "evs",
    "location": {"path": "/home/ma-user/work", "volume_size": 5, "volume_unit": "GB"},
}
_LIST: Final = {"de_type": "Notebook"}


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def request(name: str = "lab", **changes: Any) -> dict[str, Any]:
    """Return the body that makes an instance."""
    usual = {"profile_id": "Python3", "flavor": "modelarts.vm.cpu.2u", "spec": {"storage": {"type": "evs"}}}
    return {"name": name, **usual, **changes}


def new(desk: Desk, name: str = "lab", **changes: Any) -> str:
    """Make an instance and return its id."""
    return str(desk.ok("create_notebook", request(name, **changes))["id"])


def seeded(desk: Desk, name: str, status: str, **members: Any) -> str:
    """Bring an instance that comes into a status now; return its id."""
    row = {"id": f"DE-{name}", "name": name, "status": status, **members}
    desk.simulator.seed("list_notebooks", [row], project=desk.project)
    get(desk, f"DE-{name}")  # it lives from the first call on
    return f"DE-{name}"


def get(desk: Desk, made: str) -> Any:
    """Read an instance."""
    return desk.ok("get_notebook", instance_id=made)


def status_of(desk: Desk, made: str) -> str:
    """Read the status of an instance."""
    return str(get(desk, made)["status"])


def stopping(duration: int, **settings: Any) -> dict[str, Any]:
    """Return the settings of an instance that stops by itself."""
    return {"storage": {"type": "evs"}, "auto_stop": {"enable": True, "duration": duration, **settings}}


def listed(desk: Desk, **query: Any) -> Any:
    """Read the list."""
    return desk.ok("list_notebooks", query={**_LIST, **query})


def names(desk: Desk, **query: Any) -> list[str]:
    """Read the names of a list."""
    return [str(row["name"]) for row in listed(desk, **query)["instances"]]


@BOOK.about("create_notebook", "get_notebook", "list_notebooks")
def _a_new_instance(desk: Desk) -> None:
    """A new instance shows what it was given, what is assumed for the rest, and when it was made, then runs"""
    made = desk.ok("create_notebook", request())
    desk.shows(
        made,
        name="lab",
        description="",
        status="CREATING",
        creation_timestamp=str(NOW),
        latest_update_timestamp=str(NOW),
        flavor="modelarts.vm.cpu.2u",
        workspace={"id": "0"},
        ai_project={"id": "default-ai-project"},
        user={"id": "simulator-user-id", "name": "simulator"},
        error_code=None,
        queuing_info=None,
        pool=None,
    )
    uuid = r"DE-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    desk.same(bool(re.fullmatch(uuid, made["id"])), True, f"the id {made['id']} is DE- and a UUID")
    spec = made["spec"]
    desk.shows(spec, storage=_DISK, auto_stop=OFF, failed_reasons=None, resource_reserved_timestamp=None)
    desk.same(spec["annotations"]["url"], "", "the address of an instance that does not run")
    desk.same(get(desk, made["id"]), made, "a read beside the answer of the creation")
    desk.same(listed(desk)["instances"], [made], "the list beside the answer of the creation")
    path = desk.way(lambda: status_of(desk, made["id"]), 60)
    desk.same(path, ["CREATING", "RUNNING"], "the way of a new instance")
    shown = get(desk, made["id"])
    place = f"{spec['annotations']['target_domain']}/user/{made['id']}"
    desk.same(shown["spec"]["annotations"]["url"], place, "the address of an instance that runs")
    desk.same(shown["latest_update_timestamp"], str(NOW), "the time of the latest change, when only the status changed")
    desk.same(new(desk, "other") != made["id"], True, "another instance has another id")


@BOOK.about("create_notebook")
def _caller(desk: Desk) -> None:
    """A description is kept, and so is the workspace"""
    desk.simulator.seed("list_workspaces", [{"id": "team", "name": "team"}])
    made = desk.ok("create_notebook", request(description="words", workspace={"id": "team"}))
    desk.shows(made, description="words", workspace={"id": "team"})
    desk.same(names(desk, workspace_id="team"), ["lab"], "the list of the workspace")
    desk.same(names(desk), [], "the list of the default workspace")


@BOOK.about("create_notebook", auth="on")
def _whose_it_is(desk: Desk) -> None:
    """An instance belongs to the user who made it"""
    simulator = desk.simulator
    for name in (simulator.credentials.user, "second"):
        user = simulator.accounts.users.setdefault(name, User(f"id-of-{name}", name, "no-secret"))
        simulator.accounts.keys[f"key-of-{name}"] = Key(f"key-of-{name}", "no-secret", name, (desk.project,))
        made = _client(desk, f"key-of-{name}").notebooks.create(**request(name)).to_wire()
        desk.same(made["user"], {"id": user.id, "name": name}, "the user of an instance")


def _client(desk: Desk, key: str) -> ModelArts:
    simulator = desk.simulator
    place = {"endpoint": simulator.endpoint, "iam_endpoint": simulator.endpoint, "project_id": desk.project}
    return ModelArts(ak=key, sk="no-secret", transport=simulator.transport(), clock=simulator.clock, **place)  # type: ignore[arg-type]


@BOOK.about("create_notebook")
def _names_are_unique(desk: Desk) -> None:
    """6301 while there is an instance of the name in the project, and until its deletion has ended"""
    desk.simulator.script("notebook", "lab", ["STOPPED"])
    made = new(desk)
    desk.refused("ModelArts.6301", "create_notebook", request(flavor="modelarts.vm.cpu.8u"))
    new(desk, "lab2")
    with desk.elsewhere("another"):
        desk.same(names(desk), [], "the instances of another project")
        desk.refused("ModelArts.6309", "get_notebook", instance_id=made)
        new(desk)
    desk.ok("delete_notebook", instance_id=made)
    desk.refused("ModelArts.6301", "create_notebook", request())
    desk.wait(5)
    desk.same(new(desk) != made, True, "a name that is free again belongs to a new instance")


@BOOK.about("create_notebook", quotas={"notebooks": 2})
def _quota(desk: Desk) -> None:
    """6302 for one more than the quota; an instance that is gone leaves its place"""
    desk.simulator.script("notebook", "a", ["STOPPED"])
    made = new(desk, "a")
    new(desk, "b")
    desk.refused("ModelArts.6302", "create_notebook", request("c"))
    desk.same(names(desk), ["a", "b"], "the list after a refusal")
    desk.ok("delete_notebook", instance_id=made)
    desk.refused("ModelArts.6302", "create_notebook", request("c"))
    desk.wait(5)
    new(desk, "c")


@BOOK.about("create_notebook", "list_notebooks", "create_workspace", "delete_workspace")
def _workspaces(desk: Desk) -> None:
    """0104 for a workspace that is not there, or of a creation for one that is being deleted"""
    desk.refused("ModelArts.0104", "create_notebook", request(workspace={"id": "none"}))
    desk.refused("ModelArts.0104", "list_notebooks", query={**_LIST, "workspace_id": "none"})
    desk.same(names(desk), [], "the list after a refusal")
    place = desk.ok("create_workspace", {"name": "team"})["id"]
    new(desk, "first", workspace={"id": place})
    desk.ok("delete_workspace", workspace_id=place)
    desk.refused("ModelArts.0104", "create_notebook", request(workspace={"id": place}))
    desk.same(names(desk, workspace_id=place), ["first"], "the list of a workspace that is being deleted")


_HARDWARE: Final = {
    "modelarts.vm.cpu.2u": {"CPU": 2, "GPU": 0, "memory": "8GiB"},
    "modelarts.vm.cpu.8u": {"CPU": 8, "GPU": 0, "memory": "32GiB"},
    "modelarts.vm.gpu.p100": {"CPU": 8, "GPU": 1, "memory": "64GiB", "gpu_type": "p100"},
    "modelarts.bm.gpu.v100NV32": {"CPU": 8, "GPU": 1, "memory": "64GiB", "gpu_type": "v100NV32"},
    FREE: {"CPU": 2, "GPU": 0, "memory": "8GiB"},
    FREE_GPU: {"CPU": 8, "GPU": 1, "memory": "64GiB", "gpu_type": "p100"},
}
_PAID: Final = {FREE: "modelarts.vm.cpu.2u", FREE_GPU: "modelarts.vm.gpu.p100"}
_IMAGES: Final = {
    "Python2": ("Python2", "CPU", "kernels-cpu-py27"),
    "Python2-gpu": ("Python2", "GPU", "kernels-gpu-py27"),
    "Python3": ("Python3", "CPU", "kernels-cpu-py36"),
    "Python3-gpu": ("Python3", "GPU", "kernels-gpu-py36"),
    "TF-2.1.0&Pytorch-1.4.0-python3.6": ("TF-2.1.0&Pytorch-1.4.0", "", "kernels-tf2-pt14"),
    "Multi-Engine 1.0 (python3)-cpu": ("Python3", "CPU", "kernels-cpu-py36"),
    "Multi-Engine 1.0 (python3)-gpu": ("Python3", "GPU", "kernels-gpu-py36"),
}
"""What the catalogue of the simulator holds; tests of users rest on it."""


@BOOK.about("create_notebook")
def _flavors(desk: Desk) -> None:
    """Each flavor shows its hardware; one that is free also what it gives and what is charged otherwise"""
    for number, (flavor, hardware) in enumerate(_HARDWARE.items()):
        kind = "GPU" if hardware["GPU"] else "CPU"
        profile = "Python3-gpu" if kind == "GPU" else "Python3"
        made = desk.ok("create_notebook", request(f"n{number}", flavor=flavor, profile_id=profile))
        desk.same(made["flavor"], flavor, "flavor")
        free = flavor in _PAID
        wanted: dict[str, Any] = {"name": flavor, "params": hardware, "type": kind}
        if free:
            wanted |= {
                "promo_type": "Free",
                "storage_list": ["obs", "evs"],
                "is_permitted": "true",
                "duration": 3600,
                "store_time": 72,
                "billing_flavor": _PAID[flavor],
                "billing_params": 1,
                "instance_num": 1,
                "queuing_num": 0,
                "queue_left_time": 0,
            }
        wanted["status"] = "soldOut" if free else "onSale"
        desk.same(made["flavor_details"], wanted, f"the details of {flavor}")


@BOOK.about("create_notebook")
def _profiles(desk: Desk) -> None:
    """Each configuration shows what it is made of and for; one for both kinds of hardware that of the flavor"""
    number = 0
    for profile, (name, only, image) in _IMAGES.items():
        for flavor in ("modelarts.vm.cpu.8u", "modelarts.bm.gpu.v100NV32"):
            kind = "GPU" if "gpu" in flavor else "CPU"
            body = request(f"n{number}", flavor=flavor, profile_id=profile)
            number += 1
            if only not in ("", kind):
                desk.refused("ModelArts.6330", "create_notebook", body)
                continue
            shown = desk.ok("create_notebook", body)["profile"]
            desk.shows(shown, id=profile, name=name, de_type="Notebook", flavor_type=kind, labels=None)
            desk.same(bool(shown["description"]), True, "a configuration has a description")
            provision = shown["provision"]
            proposed = "modelarts.vm.gpu.p100" if kind == "GPU" else "modelarts.vm.cpu.2u"
            told = {"category": "Multi-Engine", "flavor": proposed, "type": "system"}
            params = {"namespace": "simulator", "image_name": image, "image_tag": "2.0.5-B003"}
            desk.same(
                provision,
                {"type": "Docker", "spec": {"engine": "CCE", "params": params}, "annotations": told},
                f"the provision of {profile}",
            )
    desk.refused("ModelArts.6323", "create_notebook", request(flavor="modelarts.vm.cpu.1000u"))
    desk.refused("ModelArts.6336", "create_notebook", request(profile_id="Python1"))
    lost = request(flavor="modelarts.vm.cpu.1000u", profile_id="Python1")
    desk.refused("ModelArts.6323", "create_notebook", lost)


def _folder(**location: Any) -> dict[str, Any]:
    return {"spec": {"storage": {"type": "obs", "location": location}}}


_REFUSED: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"name": 5}, "6332"),
    ({"name": "a b"}, "6336"),
    ({"description": "<b>"}, "6334"),
    ({"description": "x" * 5000}, "6334"),
    ({"spec": {}}, "6316"),
    ({"spec": 7}, "6332"),
    ({"spec": {"storage": {"type": "obs"}}}, "6317"),
    ({"spec": {"storage": {}}}, "6335"),
    (_folder(), "6317"),
    (_folder(path=""), "6317"),
    (_folder(path="/bucket/folder"), "6318"),
    (_folder(path="/bucket/"), "6358"),
    ({"spec": {"storage": {"type": "efs"}}}, "6324"),
    ({"spec": {"storage": {"type": "evs", "location": {"volume_size": 4097}}}}, "6331"),
    ({"spec": {"storage": {"type": "evs", "location": {"volume_size": 4}}}}, "6336"),
    ({"spec": {"storage": {"type": "evs"}, "auto_stop": {"enable": True}}}, "6348"),
    ({"spec": stopping(3599)}, "6349"),
    ({"spec": stopping(86_401)}, "6349"),
    ({"surprise": 1}, "6336"),
)


@BOOK.about("create_notebook", "list_notebooks", "manage_notebook")
def _requests_that_do_not_fit(desk: Desk) -> None:
    """Each trouble of a request has its code of chapter 10.2, and nothing comes of the request"""
    for changes, code in _REFUSED:
        desk.refused(f"ModelArts.{code}", "create_notebook", request(**changes))
    desk.refused("ModelArts.6332", "create_notebook", [])
    for name in ("name", "flavor", "profile_id", "spec"):
        body = {member: value for member, value in request().items() if member != name}
        desk.refused("ModelArts.6335", "create_notebook", body)
    desk.same(names(desk), [], "the list after refusals")
    desk.refused("ModelArts.6335", "manage_notebook", {}, instance_id="x")
    desk.refused("ModelArts.6336", "manage_notebook", {"action": "dance"}, instance_id="x")
    desk.refused("ModelArts.6332", "manage_notebook", {"action": 7}, instance_id="x")
    for query, code in (
        ({}, "6335"),
        ({"de_type": "notebook"}, "6336"),
        ({**_LIST, "sortby": "status"}, "6303"),
        ({**_LIST, "limit": "-1"}, "6336"),
        ({**_LIST, "limit": "x"}, "6332"),
        ({**_LIST, "order": "up"}, "6336"),
    ):
        desk.refused(f"ModelArts.{code}", "list_notebooks", query=query)


@BOOK.about("create_notebook")
def _limits_that_fit(desk: Desk) -> None:
    """What lies on the edge of a limit is taken, and kept"""
    for number, (size, duration) in enumerate(((5, 3600), (4096, 86_400))):
        spec = stopping(duration, prompt=False)
        spec["storage"]["location"] = {"volume_size": size, "path": "anywhere"}
        shown = get(desk, new(desk, f"edge{number}", spec=spec))["spec"]
        desk.same(shown["auto_stop"], {"enable": True, "duration": duration, "prompt": False}, "auto_stop")
        wanted = {**_DISK, "location": {**_DISK["location"], "volume_size": size}}  # type: ignore[dict-item]
        desk.same(shown["storage"], wanted, "a disk is mounted where the service says")
    folder = get(desk, new(desk, "folder", **_folder(path="/bucket/folder/", volume_size=9)))
    told = {"type": "obs", "location": {"path": "/bucket/folder/"}}
    desk.same(folder["spec"]["storage"], told, "a folder has no size")


@BOOK.about("get_notebook", "update_notebook", "delete_notebook", "manage_notebook")
def _what_is_not_there(desk: Desk) -> None:
    """6309 for an instance that is not there, in the form of chapter 4"""
    new(desk)
    for operation, body in (
        ("get_notebook", None),
        ("update_notebook", {"description": "x"}),
        ("delete_notebook", None),
        ("manage_notebook", {"action": "start"}),
    ):
        desk.refused("ModelArts.6309", operation, body, instance_id="DE-none")
        _, content = desk.call(operation, body, instance_id="DE-none")
        desk.same(sorted(content), ["error_code", "error_msg"], "the members of a refusal")


_LISTS: Final[tuple[tuple[dict[str, Any], list[str]], ...]] = (
    ({}, ["alpha", "beta", "gamma"]),
    ({"order": "asc"}, ["alpha", "beta", "gamma"]),
    ({"order": "desc"}, ["gamma", "beta", "alpha"]),
    ({"sortby": "name", "order": "desc"}, ["gamma", "beta", "alpha"]),
    ({"sortby": "creation_timestamp"}, ["beta", "gamma", "alpha"]),
    ({"sortby": "creation_timestamp", "order": "desc"}, ["alpha", "gamma", "beta"]),
    ({"limit": 0}, ["alpha", "beta", "gamma"]),
    ({"limit": 2}, ["alpha", "beta"]),
    ({"limit": 2, "offset": 2}, ["gamma"]),
    ({"limit": 2, "offset": 1}, ["beta", "gamma"]),
    ({"offset": 1}, ["beta", "gamma"]),
    ({"limit": 2, "offset": 3}, []),
    ({"status": "STOPPED"}, ["gamma"]),
    ({"status": "STOPPING"}, []),
    ({"workspace_id": "team"}, ["delta"]),
    ({"workspace_id": "0"}, ["alpha", "beta", "gamma"]),
    ({"workspace_id": ""}, ["alpha", "beta", "gamma"]),
    ({"ai_project": "default-ai-project"}, ["alpha", "beta"]),
    ({"ai_project": "own"}, ["gamma"]),
    ({"ai_project": "another"}, []),
    ({"pool_id": "pool"}, ["gamma"]),
    ({"pool_id": "other"}, []),
    ({"provision_type": "Docker"}, ["alpha", "beta", "gamma"]),
)


@BOOK.about("list_notebooks")
def _lists(desk: Desk) -> None:
    """A list is filtered, sorted by name unless asked otherwise, and paged; the total is of what fits the filters"""
    desk.simulator.seed("list_workspaces", [{"id": "team", "name": "team"}])
    new(desk, "delta", workspace={"id": "team"})
    new(desk, "beta")
    desk.wait(1)
    seeded(desk, "gamma", "STOPPED", pool={"id": "pool"}, ai_project={"id": "own"})
    listed(desk)
    desk.wait(1)
    new(desk, "alpha", workspace={"id": "0"})
    for query, found in _LISTS:
        answer = listed(desk, **query)
        desk.same([row["name"] for row in answer["instances"]], found, f"the list of {query}")
        total = 3 if {"limit", "offset"} & query.keys() else len(found)
        desk.same(answer["total_count"], total, f"the total of {query}")
    for row in listed(desk)["instances"]:
        desk.same(get(desk, row["id"]), row, "a read beside the row of the list")


@BOOK.about("list_notebooks")
def _a_long_list(desk: Desk) -> None:
    """Without a limit a list comes whole"""
    for number in range(25):
        new(desk, f"lab-{number:02}")
    answer = listed(desk)
    desk.same((len(answer["instances"]), answer["total_count"]), (25, 25), "rows and total")


@BOOK.about("list_notebooks", "get_notebook", "manage_notebook", "delete_notebook")
def _what_is_seeded(desk: Desk) -> None:
    """What is seeded lives as an instance, with what it says and what is assumed for the rest"""
    row = {
        "id": "DE-1",
        "name": "given",
        "description": "words",
        "status": "RUNNING",
        "pool": {"id": "pool"},
        "repository": {"id": "books", "type": "github"},
        "flavor": "modelarts.vm.gpu.p100",
        "profile": {"id": "Python3-gpu", "labels": {"mine": "yes"}},
        "workspace": {"id": "0"},
        "ai_project": {"id": "own"},
        "user": {"id": "u", "name": "somebody"},
        "creation_timestamp": "1600000000000",
        "latest_update_timestamp": "1600000001000",
        "spec": {
            "storage": {"type": "obs", "location": {"path": "/b/f/"}},
            "auto_stop": stopping(7200)["auto_stop"],
            "log_path": "/b/logs/",
            "custom_script_path": "/b/start.sh",
        },
    }
    desk.simulator.seed("list_notebooks", [row, {"name": "bare"}])
    desk.refused("ModelArts.6301", "create_notebook", request("given"))
    shown = get(desk, "DE-1")
    desk.shows(shown, **{name: value for name, value in row.items() if name not in ("spec", "profile", "repository")})
    desk.shows(shown["profile"], id="Python3-gpu", labels={"mine": "yes"}, flavor_type="GPU")
    desk.shows(shown["repository"], id="books", type="github")
    desk.same(shown["spec"]["storage"], row["spec"]["storage"], "storage")  # type: ignore[index]
    desk.shows(shown["spec"], log_path="/b/logs/", custom_script_path="/b/start.sh")
    settings = {"enable": True, "duration": 7200, "prompt": True, "remain_time": 7200}
    desk.same(shown["spec"]["auto_stop"], {**settings, "stop_timestamp": NOW + 7_200_000}, "auto_stop")
    bare = next(row for row in listed(desk)["instances"] if row["name"] == "bare")
    desk.shows(
        bare,
        status="STOPPED",
        description="",
        flavor="modelarts.vm.cpu.2u",
        workspace={"id": "0"},
        ai_project={"id": "default-ai-project"},
        creation_timestamp=str(NOW),
        latest_update_timestamp=str(NOW),
        pool=None,
    )
    desk.same(bare["profile"]["id"], "Python3", "the configuration that is assumed")
    desk.same((bare["spec"]["storage"], bare["spec"]["auto_stop"]), (_DISK, OFF), "what is assumed")
    desk.same(bare["id"].startswith("DE-"), True, "an id is made where none is given")
    desk.same(bool(bare["user"]["id"]), True, "it belongs to somebody")
    moved = desk.ok("manage_notebook", {"action": "stop"}, instance_id="DE-1")
    desk.same(moved, {"previous_state": "RUNNING", "current_status": "STOPPING"}, "a stop of what was seeded")
    desk.ok("delete_notebook", instance_id=bare["id"])
    desk.wait(5)
    desk.same(names(desk), ["given"], "what is left")


@BOOK.about("get_notebook", "list_notebooks", "update_notebook", "manage_notebook", "delete_notebook")
def _seeded_and_met_first(desk: Desk) -> None:
    """What is seeded is there whatever is called first, and for a script"""
    row = {"id": "DE-1", "name": "old", "status": "STOPPED"}
    calls: tuple[tuple[str, Any], ...] = (
        ("get_notebook", None),
        ("update_notebook", {"description": "x"}),
        ("manage_notebook", {"action": "start"}),
        ("delete_notebook", None),
    )
    for operation, body in calls:
        with desk.elsewhere(operation.replace("_", "-")):
            desk.simulator.seed("list_notebooks", [row], project=desk.project)
            desk.ok(operation, body, instance_id="DE-1")
            desk.same(names(desk), ["old"], f"the list after {operation}")
    desk.simulator.seed("list_notebooks", [row])
    desk.same(names(desk), ["old"], "a list as the first call")
    desk.simulator.seed("list_notebooks", [{**row, "id": "DE-2", "name": "new"}])
    desk.simulator.script("notebook", "new", ["RESIZING"])
    desk.same(names(desk, status="RESIZING"), ["new"], "the list after a script")


@BOOK.about("get_notebook")
def _unknown_hardware(desk: Desk) -> None:
    """What is seeded with hardware that the service does not sell shows the name of it, and can be used"""
    made = seeded(desk, "odd", "STOPPED", flavor="custom.flavor", profile={"id": "custom"})
    shown = get(desk, made)
    desk.shows(shown["flavor_details"], name="custom.flavor", status="onSale", type="CPU")
    desk.same(shown["flavor_details"]["params"], {"CPU": 1, "GPU": 0, "memory": "1GiB"}, "its hardware")
    desk.shows(shown["profile"], id="custom", flavor_type="CPU")
    both = seeded(desk, "two", "STOPPED", flavor="custom.flavor", profile={"id": "TF-2.1.0&Pytorch-1.4.0-python3.6"})
    profile = get(desk, both)["profile"]
    desk.same(profile["flavor_type"], "CPU", "a configuration for both kinds, on unknown hardware")
    desk.same(profile["provision"]["annotations"]["flavor"], "modelarts.vm.cpu.2u", "the flavor that it proposes")
    bound = get(desk, seeded(desk, "bound", "STOPPED", flavor="custom.flavor", profile={"id": "Python3-gpu"}))
    desk.same(bound["profile"]["flavor_type"], "GPU", "a configuration for GPU, on unknown hardware")
    free = seeded(desk, "gift", "STOPPED", flavor=FREE)
    desk.same(get(desk, free)["spec"]["auto_stop"], {**OFF, "enable": True}, "the auto stop of what is free")
    desk.refused("ModelArts.6336", "manage_notebook", {"action": "queue"}, instance_id=made)
    moved = desk.ok("manage_notebook", {"action": "start"}, instance_id=made)
    desk.same(moved["current_status"], "STARTING", "a start")
    desk.same(desk.way(lambda: status_of(desk, made), 9000, 50)[-1], "RUNNING", "nothing stops it")


@BOOK.about("update_notebook", "get_notebook")
def _updates(desk: Desk) -> None:
    """A change keeps what it leaves out, and tells its time"""
    made = new(desk, description="first", spec=stopping(7200, prompt=False))
    desk.wait(60)
    changed = desk.ok("update_notebook", {"description": "second"}, instance_id=made)
    desk.shows(changed, description="second", latest_update_timestamp=str(desk.now), creation_timestamp=str(NOW))
    settings = {name: changed["spec"]["auto_stop"][name] for name in OFF}
    desk.same(settings, {"enable": True, "duration": 7200, "prompt": False}, "the auto stop stays")
    desk.same(get(desk, made), changed, "a read beside the answer of the change")
    desk.wait(1)
    changed = desk.ok("update_notebook", {"spec": {"auto_stop": {"enable": False}}}, instance_id=made)
    desk.shows(changed, description="second", latest_update_timestamp=str(desk.now))
    desk.same(changed["spec"]["auto_stop"], {"enable": False, "duration": 7200, "prompt": True}, "the auto stop")
    changed = desk.ok("update_notebook", {"description": ""}, instance_id=made)
    desk.same(changed["description"], "", "a description can be taken away")
    for body, code in (
        ({"spec": {"auto_stop": {"enable": True}}}, "6348"),
        ({"spec": {"auto_stop": {"enable": True, "duration": 1}}}, "6349"),
        ({"description": "a & b"}, "6334"),
        ({"description": 5}, "6334"),
        ({"spec": 5}, "6332"),
        ({}, "6336"),
    ):
        desk.refused(f"ModelArts.{code}", "update_notebook", body, instance_id=made)


_NO_DELETION: Final = {
    "RUNNING": "6304",
    "CREATING": "6306",
    "STARTING": "6306",
    "RESTARTING": "6306",
    "STOPPING": "6308",
    "START_QUEUING": "6357",
    "RESIZING": "6357",
    "DELETED": "6357",
}


@BOOK.about("delete_notebook", "update_notebook", "get_notebook")
def _deletion_and_change_by_status(desk: Desk) -> None:
    """A deletion takes the edges of the document, else each status has its code; all but three take a change"""
    node = desk.document.at("/components/schemas/NotebookStatus")
    for state in node["x-ma-states"]["values"]:
        made = seeded(desk, state.replace("_", "-"), state)
        if state in ("RESIZING", "DELETED"):
            desk.refused("ModelArts.6357", "update_notebook", {"description": "x"}, instance_id=made)
        else:
            desk.ok("update_notebook", {"description": "x"}, instance_id=made)
        if "DELETED" not in node["x-ma-transitions"]["edges"].get(state, []):
            desk.refused(f"ModelArts.{_NO_DELETION[state]}", "delete_notebook", instance_id=made)
            desk.same(status_of(desk, made), state, "the status after a refusal")
            continue
        desk.same(desk.ok("delete_notebook", instance_id=made), {"instance_id": made}, "the answer of a deletion")
        desk.same(status_of(desk, made), state, "the status while the deletion is under way")
    desk.wait(4)
    left = {state.replace("_", "-") for state in _NO_DELETION}
    desk.same(set(names(desk)), left, "what is left")


@BOOK.about("delete_notebook", "manage_notebook", "update_notebook")
def _a_deletion_under_way(desk: Desk) -> None:
    """While it is being deleted an instance can be deleted again, and takes nothing else; then all of it is gone"""
    made = seeded(desk, "lab", "STOPPED", flavor=FREE)
    desk.ok("delete_notebook", instance_id=made)
    desk.wait(0.9)
    desk.same(desk.ok("delete_notebook", instance_id=made), {"instance_id": made}, "a second deletion")
    for action in ("start", "stop", "restart", "queue", "dequeue"):
        desk.refused("ModelArts.6357", "manage_notebook", {"action": action}, instance_id=made)
    desk.refused("ModelArts.6357", "update_notebook", {"description": "x"}, instance_id=made)
    desk.same(len(listed(desk)["instances"]), 1, "the list while the deletion is under way")
    desk.wait(3.2)
    desk.refused("ModelArts.6309", "get_notebook", instance_id=made)
    desk.same((names(desk), desk.kept()), ([], []), "what is left")
