"""Rules of saved settings of training jobs, and of the engines, flavors and algorithms that they name (5.1.12, 5.2, 5.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from modelarts_ext.contract.case import Case
from modelarts_ext.contract.laws.rulebook import NOW, Desk, Rulebook
from modelarts_ext.contract.laws.training_rules import get as version_of
from modelarts_ext.contract.laws.training_rules import new as new_job
from modelarts_ext.contract.laws.training_rules import settings as job_settings
from modelarts_ext.document import Document

BOOK: Final = Rulebook("settings-rules")
_TRAIN: Final = {"job_type": "train"}
_DAY: Final = 86_400_000
_BROUGHT: Final = 1_530_000_000_000
"""When the service got what it brings, in the milliseconds of the API."""


def cases(document: Document) -> Iterable[Case]:
    """Return the cases of this module."""
    return BOOK.cases(document)


def _settings(**changes: Any) -> dict[str, Any]:
    usual = {
        "worker_server_num": 1,
        "app_url": "/bucket/code/",
        "boot_file_url": "/bucket/code/start.py",
        "engine_id": 1,
        "spec_id": 1,
        "data_url": "/bucket/data/",
    }
    return {**usual, **changes}


def _save(desk: Desk, name: str = "config", **changes: Any) -> None:
    answer = desk.ok("create_training_job_config", {"config_name": name, **_settings(**changes)})
    desk.same(answer, {"is_success": True}, "the answer of a creation")


def _get(desk: Desk, name: str = "config", **query: Any) -> Any:
    return desk.ok("get_training_job_config", query=query, config_name=name)


def _names(desk: Desk, **query: Any) -> list[str]:
    return [row["config_name"] for row in desk.ok("list_training_job_configs", query=query)["configs"]]


_ENGINE: Final = {"engine_name": "TensorFlow", "engine_type": 1, "engine_version": "TF-1.8.0-python3.6"}


@BOOK.about("create_training_job_config", "get_training_job_config", "list_training_job_configs")
def _what_a_configuration_shows(desk: Desk) -> None:
    """A configuration shows its settings, when it was saved, and what flavor and engine are called; no GPU without one"""
    given = {"config_desc": "words", "worker_server_num": 2, "spec_id": 3, "train_url": "/b/o/", "log_url": "/b/l/"}
    given["parameter"] = [{"label": "rate", "value": "0.1"}]
    _save(desk, "full", **given)
    gpu = {"spec_code": "modelarts.vm.gpu.p100", "gpu_num": 1, "gpu_type": "nvidia-p100", "core": "8", "cpu": "64"}
    wanted = {"is_success": True, "config_name": "full", "create_time": NOW, **_settings(**given), **_ENGINE, **gpu}
    desk.same(_get(desk, "full"), wanted, "a configuration")
    desk.wait(1)
    body = {"config_name": "model", "worker_server_num": 1, "spec_id": 1, "model_id": 2, "data_url": "/bucket/data/"}
    desk.ok("create_training_job_config", body)
    shown = _get(desk, "model")
    hardware = {"spec_code": "modelarts.vm.cpu.2u", "core": "2", "cpu": "8"}
    rest = {"is_success": True, "config_desc": "", "create_time": NOW + 1000}
    desk.same(shown, {**body, **hardware, **rest}, "a configuration of a built-in model, without a GPU")
    rows = desk.ok("list_training_job_configs")["configs"]
    named = {"config_name": "full", "config_desc": "words", "create_time": NOW, "engine_id": 1}
    desk.same(rows[1], {**named, **_ENGINE}, "the row of a configuration with an engine")
    desk.same(rows[0], {"config_name": "model", "config_desc": "", "create_time": NOW + 1000}, "one without")


@BOOK.about("create_training_job_config", "delete_training_job_config")
def _names_and_quota(desk: Desk) -> None:
    """0103 for a name that is taken, 0106 for one more than the quota, 0107 for names without form"""
    _save(desk)
    desk.refused("ModelArts.0103", "create_training_job_config", {"config_name": "config", **_settings(spec_id=2)})
    desk.same(_get(desk)["spec_id"], 1, "the settings after a refusal")
    _save(desk, "config2")
    for name in ("", "with space", "x" * 21):
        desk.refused("ModelArts.0107", "create_training_job_config", {"config_name": name, **_settings()})
    desk.simulator.set_realism({"quotas": {"training_job_configs": 3}})
    _save(desk, "config3")
    late = {"config_name": "config4", **_settings()}
    desk.refused("ModelArts.0106", "create_training_job_config", late)
    desk.same(_names(desk, order="asc"), ["config", "config2", "config3"], "the list after refusals")
    with desk.elsewhere("another"):
        desk.same(_names(desk), [], "the configurations of another project")
        desk.refused("ModelArts.0102", "get_training_job_config", config_name="config")
    desk.same(desk.ok("delete_training_job_config", config_name="config"), {"is_success": True}, "the answer")
    desk.refused("ModelArts.0102", "delete_training_job_config", config_name="config")
    desk.refused("ModelArts.0102", "get_training_job_config", config_name="config")
    desk.same(_names(desk, order="asc"), ["config2", "config3"], "a deletion is done at once")
    desk.ok("create_training_job_config", late)


@BOOK.about("create_training_job_config", "update_training_job_config")
def _settings_that_do_not_fit(desk: Desk) -> None:
    """0107 for settings that name what is not there; nothing is saved or changed by them"""
    _save(desk, config_desc="first")
    model = {"worker_server_num": 1, "spec_id": 1, "model_id": 999, "data_url": "/bucket/data/"}
    for body in (
        _settings(spec_id=999),
        _settings(engine_id=999),
        model,
        _settings(worker_server_num=3),
        _settings(worker_server_num=0),
        _settings(dataset_id="set", dataset_version_id="version"),
        _settings(surprise=1),
        {name: value for name, value in _settings().items() if name != "boot_file_url"},
    ):
        desk.refused("ModelArts.0107", "create_training_job_config", {"config_name": "bad", **body})
        desk.refused("ModelArts.0107", "update_training_job_config", body, config_name="config")
    desk.same(_names(desk), ["config"], "the list after refusals")
    desk.shows(_get(desk), **_settings(), config_desc="first")
    desk.ok("update_training_job_config", {**model, "model_id": 5}, config_name="config")


@BOOK.about("get_training_job_config", "update_training_job_config", "delete_training_job_config")
def _what_is_not_there(desk: Desk) -> None:
    """0102 for a configuration that is not there, and for a sample that is to be changed"""
    _save(desk)
    for operation, body, query in (
        ("get_training_job_config", None, None),
        ("get_training_job_config", None, {"config_type": "sample"}),
        ("update_training_job_config", _settings(), None),
        ("delete_training_job_config", None, None),
    ):
        desk.refused("ModelArts.0102", operation, body, query, config_name="none")
    desk.refused("ModelArts.0102", "get_training_job_config", query={"config_type": "sample"}, config_name="config")
    desk.refused("ModelArts.0102", "get_training_job_config", config_name="rcnn-sample")
    desk.refused("ModelArts.0102", "update_training_job_config", _settings(), config_name="rcnn-sample")
    desk.refused("ModelArts.0102", "delete_training_job_config", config_name="resnet-sample")


@BOOK.about("update_training_job_config", "get_training_job_config")
def _changes(desk: Desk) -> None:
    """A change replaces all settings and the description; name and time of creation stay"""
    _save(desk, config_desc="first", log_url="/bucket/log/")
    desk.wait(60)
    answer = desk.ok("update_training_job_config", _settings(train_url="/b/n/", spec_id=2), config_name="config")
    desk.same(answer, {"is_success": True}, "the answer of a change")
    shown = _get(desk)
    desk.shows(shown, config_name="config", config_desc="", create_time=NOW, train_url="/b/n/", log_url=None)
    desk.shows(shown, spec_code="modelarts.vm.cpu.8u")
    desk.ok("update_training_job_config", _settings(config_desc="second"), config_name="config")
    desk.shows(_get(desk), config_desc="second", train_url=None, spec_id=1)
    desk.same(_names(desk), ["config"], "the list after changes")


_LISTS: Final[tuple[tuple[dict[str, Any], list[str]], ...]] = (
    ({}, ["gamma", "beta", "Alpha"]),
    ({"order": "desc"}, ["gamma", "beta", "Alpha"]),
    ({"order": "asc"}, ["Alpha", "beta", "gamma"]),
    ({"sortBy": "config_name", "order": "asc"}, ["Alpha", "beta", "gamma"]),
    ({"sortBy": "create_time", "order": "asc"}, ["beta", "gamma", "Alpha"]),
    ({"sortBy": "create_time"}, ["Alpha", "gamma", "beta"]),
    ({"sortBy": "config_desc", "order": "asc"}, ["gamma", "Alpha", "beta"]),
    ({"search_content": "A", "order": "asc"}, ["Alpha", "beta", "gamma"]),
    ({"search_content": "ALP"}, ["Alpha"]),
    ({"search_content": "zz"}, []),
    ({"per_page": 2}, ["gamma", "beta"]),
    ({"per_page": 2, "page": 2}, ["Alpha"]),
    ({"per_page": 2, "page": 3}, []),
    ({"config_type": "custom"}, ["gamma", "beta", "Alpha"]),
    ({"config_type": "custom", "search_content": "sample"}, []),
)


@BOOK.about("list_training_job_configs")
def _lists(desk: Desk) -> None:
    """A list is filtered, sorted by name, falling, unless asked otherwise, and paged; the total is what the search leaves"""
    for name, text in (("beta", "b"), ("gamma", ""), ("Alpha", "a")):
        _save(desk, name, config_desc=text)
        desk.wait(1)
    for query, found in _LISTS:
        answer = desk.ok("list_training_job_configs", query=query)
        desk.same([row["config_name"] for row in answer["configs"]], found, f"the list of {query}")
        desk.shows(answer, config_total_count=3 if "per_page" in query else len(found))
    for query in ({"page": 0}, {"per_page": 1001}, {"sortBy": "spec_id"}, {"config_type": "mine"}):
        desk.refused("ModelArts.0107", "list_training_job_configs", query=query)


@BOOK.about("list_training_job_configs")
def _equal_rows(desk: Desk) -> None:
    """What is equal in what a list is sorted by comes by its name; a page has ten rows unless asked otherwise"""
    made = [f"config-{number:02}" for number in (11, *range(11))]
    for name in made:
        _save(desk, name)
    desk.same(_names(desk), sorted(made, reverse=True)[:10], "the first page")
    for order in ("asc", "desc"):
        rows = _names(desk, sortBy="create_time", order=order, per_page=100)
        desk.same(rows, sorted(made), f"rows of one time, {order}")


@BOOK.about("list_training_job_configs", "get_training_job_config")
def _samples(desk: Desk) -> None:
    """What the service brings is asked for as samples; it may have the name of a custom configuration"""
    _save(desk, "rcnn-sample", config_desc="mine")
    for query in ({}, {"sortBy": "create_time"}, {"sortBy": "config_name", "order": "desc"}):
        answer = desk.ok("list_training_job_configs", query={"config_type": "sample", **query})
        told = [row["config_name"] for row in answer["configs"]]
        desk.same(told, ["resnet-sample", "rcnn-sample"], f"the samples for {query}")
        desk.same(answer["config_total_count"], 2, "config_total_count")
    rising = _names(desk, config_type="sample", sortBy="create_time", order="asc")
    desk.same(rising, ["rcnn-sample", "resnet-sample"], "the samples, rising")
    described = _names(desk, config_type="sample", sortBy="config_desc", order="asc")
    desk.same(described, ["resnet-sample", "rcnn-sample"], "the samples by description")
    desk.same(_names(desk, config_type="sample", search_content="RC"), ["rcnn-sample"], "a search")
    desk.same(_get(desk, "rcnn-sample")["config_desc"], "mine", "the custom one")
    for model, (name, purpose) in enumerate((("resnet-sample", "classification"), ("rcnn-sample", "detection")), 1):
        shown = _get(desk, name, config_type="sample")
        desk.shows(
            shown,
            config_name=name,
            config_desc=f"{purpose} with a built-in model",
            create_time=_BROUGHT,
            worker_server_num=1,
            model_id=model,
            spec_id=3,
            data_url="/samples/data/",
            parameter=[{"label": "batch_size", "value": "32"}],
            spec_code="modelarts.vm.gpu.p100",
            gpu_num=1,
            engine_id=None,
        )
        rows = desk.ok("list_training_job_configs", query={"config_type": "sample", "search_content": name})["configs"]
        desk.same(rows[0], {each: shown[each] for each in ("config_name", "config_desc", "create_time")}, "its row")


@BOOK.about("list_training_job_configs", "get_training_job_config")
def _what_is_seeded(desk: Desk) -> None:
    """What is seeded lives as a configuration or a sample, with what only the console can set"""
    rows = [
        {"config_name": "console", **_settings(), "pool_id": "pool", "create_time": 7, "config_desc": "words"},
        {"config_name": "theirs", "config_type": "sample", "config_desc": "brought", **_settings(spec_id=2)},
        {"config_name": "late", "config_type": "custom", **_settings()},
    ]
    desk.simulator.seed("list_training_job_configs", rows)
    desk.refused("ModelArts.0103", "create_training_job_config", {"config_name": "console", **_settings()})
    desk.shows(_get(desk, "console"), **_settings(), pool_id="pool", create_time=7, config_desc="words")
    desk.shows(_get(desk, "late"), create_time=NOW, config_desc="")
    desk.same(_names(desk), ["late", "console"], "the custom ones")
    wanted = ["theirs", "resnet-sample", "rcnn-sample"]
    desk.same(_names(desk, config_type="sample"), wanted, "the samples")
    desk.shows(_get(desk, "theirs", config_type="sample"), config_desc="brought", spec_code="modelarts.vm.cpu.8u")
    desk.ok("delete_training_job_config", config_name="console")
    desk.same(_names(desk), ["late"], "what is left")
    desk.simulator.seed("list_training_job_configs", [{"config_name": "more", **_settings()}])
    desk.ok("update_training_job_config", _settings(spec_id=3), config_name="more")
    desk.same(_names(desk), ["more", "late"], "what is seeded later")
    for operation in ("get_training_job_config", "delete_training_job_config", "list_training_job_configs"):
        with desk.elsewhere(operation.replace("_", "-")):
            desk.simulator.seed("list_training_job_configs", [rows[0]], project=desk.project)
            if operation.startswith("list"):
                desk.same(_names(desk), ["console"], "a list as the first call")
            else:
                desk.ok(operation, config_name="console")
    desk.simulator.seed("list_training_job_configs", [rows[1]], project="fourth")
    with desk.elsewhere("fourth"):
        desk.same(_names(desk, config_type="sample"), wanted, "a list of samples as the first call")
    kinds = {kind for kind, _ in desk.kept()}
    desk.same(kinds, {"training_job_configs", "training_job_sample_configs"}, "what is kept")


# --------------------------------------------------------------------------------------------------------- the specs

_OWN_ENGINE: Final = {"engine_id": 77, "engine_type": 21, "engine_name": "Own", "engine_version": "Own-1.0"}


@BOOK.about("list_engines")
def _engines(desk: Desk) -> None:
    """Engines come in one answer, each once; what is seeded comes behind them, and jobs can run on it"""
    before = desk.ok("list_engines", query=_TRAIN)["engines"]
    desk.same([row["engine_id"] for row in before], list(range(1, 10)), "the ids of the built-in engines")
    desk.same(before[0], {"engine_id": 1, **_ENGINE}, "an engine")
    for row in before:
        config = job_settings(engine_id=row["engine_id"])
        shown = version_of(desk, new_job(desk, f"job-{row['engine_id']}", **config))
        desk.shows(shown, **row)
    desk.refused("ModelArts.0107", "create_training_job", {"job_name": "own", "config": job_settings(engine_id=77)})
    desk.simulator.seed("list_engines", [_OWN_ENGINE])
    desk.same(desk.ok("list_engines", query=_TRAIN)["engines"], [*before, _OWN_ENGINE], "with what was seeded")
    desk.shows(version_of(desk, new_job(desk, "own", engine_id=77)), **_OWN_ENGINE)
    with desk.elsewhere("another"):
        desk.same(desk.ok("list_engines", query=_TRAIN)["engines"], before, "the engines of another project")


@BOOK.about("list_job_flavors")
def _flavors(desk: Desk) -> None:
    """Flavors come in one answer with their number; an engine that is not known runs on none"""
    answer = desk.ok("list_job_flavors", query=_TRAIN)
    specs = answer["specs"]
    desk.same(answer["spec_total_count"], 4, "spec_total_count")
    desk.same([row["spec_id"] for row in specs], [1, 2, 3, 4], "the ids of the built-in flavors")
    wanted = {"spec_id": 3, "core": "8", "cpu": "64", "gpu_num": 1, "gpu_type": "nvidia-p100", "max_num": 4}
    wanted |= {"spec_code": "modelarts.vm.gpu.p100", "unit_num": 8, "storage": "", "interface_type": 1}
    desk.same(specs[2], {**wanted, "no_resource": False}, "a flavor")
    own = {**specs[0], "spec_id": 9, "spec_code": "own", "max_num": 1}
    desk.simulator.seed("list_job_flavors", [own])
    for engine in (None, 1, 9):
        answer = desk.ok("list_job_flavors", query={**_TRAIN, "engine_id": engine})
        desk.same((answer["spec_total_count"], answer["specs"]), (5, [*specs, own]), f"flavors for engine {engine}")
    nothing = desk.ok("list_job_flavors", query={**_TRAIN, "engine_id": 77})
    desk.same((nothing["spec_total_count"], nothing["specs"]), (0, []), "flavors of an engine that is not known")
    desk.simulator.seed("list_engines", [_OWN_ENGINE])
    found = desk.ok("list_job_flavors", query={**_TRAIN, "engine_id": 77})
    desk.same(found["spec_total_count"], 5, "flavors of an engine that is seeded")
    wide = {"job_name": "wide", "config": job_settings(spec_id=9, worker_server_num=2)}
    desk.refused("ModelArts.0107", "create_training_job", wide)
    desk.shows(version_of(desk, new_job(desk, "narrow", spec_id=9)), spec_code="own")


_BUILT_IN: Final = (
    ("ResNet_v1_50", "74.2%(top1)", 102_000_000, "batch_size"),
    ("Faster_RCNN_ResNet_v1_50", "73.6%(mAP)", 134_000_000, "lr"),
    ("DeepLab_ResNet_v1_50", "71.0%(mIoU)", 156_000_000, "lr"),
    ("BERT_base", "84.4%(acc)", 440_000_000, "max_length"),
    ("FaceNet", "99.1%(acc)", 95_000_000, "embedding_size"),
)
"""What the simulator's gallery has: name, precision, size, and what is to be set; tests of users rest on it."""


@BOOK.about("list_algorithms")
def _algorithms(desk: Desk) -> None:
    """Algorithms show what they are, which engine runs them and what is to be set; sorted by engine, falling"""
    answer = desk.ok("list_algorithms")
    desk.same(answer["model_total_count"], len(_BUILT_IN), "model_total_count")
    for number, (row, (name, precision, size, label)) in enumerate(zip(answer["models"], _BUILT_IN, strict=True), 1):
        desk.shows(row, model_id=number, model_name=name, model_usage=number, model_precision=precision)
        desk.shows(row, model_size=size, create_time=_BROUGHT + number * _DAY, engine_id=1)
        desk.shows(row, engine_name="TensorFlow", engine_version="TF-1.8.0-python3.6")
        desk.shows(row, model_train_dataset="a public data set", model_dataset_format="shape: [H, W, C]; type: uint8")
        desk.shows(row, model_description_url=f"https://example.com/algorithms/{number}")
        given = {"label": label, "value": "", "placeholder_cn": "", "placeholder_en": "", "required": True}
        desk.same(json.loads(row["parameter"]), [given], "what is to be set")
        desk.same(" " in row["parameter"], False, "the text is written without spaces")
    usual = answer["models"][0]
    rows = [{**usual, "model_id": number, "model_name": name} for number, name in ((99, "Own"), (98, "zzz"))]
    desk.simulator.seed("list_algorithms", [{**row, "engine_name": "Own-engine"} for row in rows])
    names = [name for name, *_ in _BUILT_IN]
    for query, found in (
        ({}, [*names, "zzz", "Own"]),
        ({"sortBy": "engine", "order": "desc"}, [*names, "zzz", "Own"]),
        ({"order": "asc"}, ["zzz", "Own", *names]),
        ({"search_content": "ReSNet"}, names[:3]),
        ({"search_content": "own"}, ["Own"]),
        ({"search_content": "xx"}, []),
        ({"sortBy": "model_name", "order": "asc"}, sorted([*names, "zzz", "Own"])),
        ({"sortBy": "create_time", "order": "asc", "per_page": 3}, ["ResNet_v1_50", "zzz", "Own"]),
        ({"sortBy": "model_size", "per_page": 1}, ["BERT_base"]),
        ({"per_page": 2, "page": 3}, ["FaceNet", "zzz"]),
        ({"order": "asc", "per_page": 1, "page": 2}, ["Own"]),
    ):
        answer = desk.ok("list_algorithms", query=query)
        desk.same([row["model_name"] for row in answer["models"]], found, f"the list of {query}")
        desk.same(answer["model_total_count"], 7 if "per_page" in query else len(found), f"the total of {query}")


@BOOK.about("list_engines", "list_job_flavors", "list_algorithms")
def _queries_that_do_not_fit(desk: Desk) -> None:
    """0107 for a query that does not fit"""
    for operation, query in (
        ("list_engines", {"job_type": "x"}),
        ("list_job_flavors", {"job_type": "x"}),
        ("list_algorithms", {"page": 0}),
        ("list_algorithms", {"per_page": 101}),
        ("list_algorithms", {"sortBy": "engine_name"}),
    ):
        desk.refused("ModelArts.0107", operation, query=query)
