"""Saved settings of training jobs (5.2). The name is the only handle of a configuration."""

from __future__ import annotations

from typing import Any

from modelarts_ext.simulator.exchange import Exchange, seed_kind
from modelarts_ext.simulator.registry import behaviour, rule
from modelarts_ext.simulator.resources.specs import engines, flavors, known
from modelarts_ext.simulator.resources.training_jobs import check_settings
from modelarts_ext.simulator.store import Record

CONFIGS = "training_job_configs"
SAMPLES = "training_job_sample_configs"
_BROUGHT = 1_530_000_000_000


@behaviour("create_training_job_config")
@rule("TC-001", "inferred", "the name of a configuration is unique: ModelArts.0103")
@rule("TC-002", "inferred", "configurations beyond the quota are refused")
@rule("TC-003", "inferred", "flavor, engine and model must be known, as for a job")
def create(exchange: Exchange) -> Any:
    """Save settings under a name."""
    body = exchange.body
    configs = _custom(exchange)
    if any(config["config_name"] == body["config_name"] for config in configs):
        raise exchange.failure("exists", f"a configuration named {body['config_name']} exists already")
    if len(configs) >= exchange.world.quotas[CONFIGS]:
        raise exchange.failure("quota", f"no more than {exchange.world.quotas[CONFIGS]} configurations can be saved")
    check_settings(exchange, body)
    exchange.put(CONFIGS, body["config_name"], {**_record(body), "create_time": exchange.world.milliseconds()})
    return exchange.answer({})


@behaviour("list_training_job_configs")
@rule("TC-010", "documented", "a list is sorted by config_name, falling, unless asked otherwise", source="5.2.2")
@rule("TC-011", "documented", "config_type sample asks for what the service brings, else for one's own", source="5.2.2")
@rule("TC-012", "inferred", "a search looks for a part of the name, whatever the case")
@rule("TC-013", "inferred", "what the service brings is sorted by its name when asked to be sorted by time")
@rule("TC-014", "inferred", "config_total_count counts what the search leaves")
def list_all(exchange: Exchange) -> Any:
    """Answer one page of configurations."""
    text = str(exchange.asked("search_content")).casefold()
    brought = exchange.asked("config_type") == "sample"
    configs = _samples(exchange) if brought else _listed(exchange)
    rows = [_members(exchange, config) for config in configs if text in config["config_name"].casefold()]
    member = str(exchange.asked("sortBy"))
    if brought and member == "create_time":
        member = "config_name"
    rows.sort(key=lambda row: row["config_name"])
    rows.sort(key=lambda row: row[member], reverse=exchange.asked("order") == "desc")
    return exchange.answer({"config_total_count": len(rows), "configs": exchange.page(rows)})


@behaviour("get_training_job_config")
@rule(
    "TC-020", "documented", "a configuration shows its settings, and what flavor and engine are called", source="5.2.5"
)
@rule(
    "TC-021", "inferred", "there is no engine to show for a built-in model or an image, and no GPU for a flavor without"
)
@rule("TC-022", "inferred", "a sample is found as a sample only, and may have the name of a custom configuration")
def get(exchange: Exchange) -> Any:
    """Answer one configuration."""
    if exchange.asked("config_type") == "sample":
        name = exchange.path["config_name"]
        found = next((config for config in _samples(exchange) if config["config_name"] == name), None)
        if found is None:
            raise exchange.failure("missing", "there is no such sample")
        return exchange.answer(_members(exchange, found))
    return exchange.answer(_members(exchange, _find(exchange)))


@behaviour("update_training_job_config")
@rule("TC-030", "inferred", "a change replaces all settings and the description; name and time of creation stay")
@rule("TC-031", "inferred", "a change must name what is known too")
def update(exchange: Exchange) -> Any:
    """Replace the settings."""
    config = _find(exchange)
    check_settings(exchange, exchange.body)
    changed = {**_record({**exchange.body, "config_name": config["config_name"]}), "create_time": config["create_time"]}
    exchange.put(CONFIGS, config["config_name"], changed)
    return exchange.answer({})


@behaviour("delete_training_job_config")
@rule("TC-040", "documented", "a configuration is gone when the answer comes", source="5.2.4")
def delete(exchange: Exchange) -> Any:
    """Delete a configuration."""
    config = _find(exchange)
    exchange.delete(CONFIGS, config["config_name"])
    return exchange.answer({})


@rule("TC-050", "inferred", "a configuration that does not exist, and a sample that is to be changed: ModelArts.0102")
def _find(exchange: Exchange) -> Record:
    _adopt(exchange)
    config = exchange.get(CONFIGS, exchange.path["config_name"])
    if config is None:
        raise exchange.failure("missing", "there is no such configuration")
    return config


@rule(
    "TC-051", "inferred", "what is seeded for the list is a configuration like any other, with what the console can set"
)
def _adopt(exchange: Exchange) -> None:
    seeds = seed_kind("list_training_job_configs")
    for item in exchange.all(seeds):
        kind = SAMPLES if item.get("config_type") == "sample" else CONFIGS
        record = {**_record(item), "create_time": item.get("create_time", exchange.world.milliseconds())}
        exchange.put(kind, record["config_name"], record)
    if exchange.store.count(exchange.project, seeds):
        exchange.store.drop(exchange.project, seeds)


def _custom(exchange: Exchange) -> list[Record]:
    _adopt(exchange)
    return exchange.all(CONFIGS)


def _listed(exchange: Exchange) -> list[Record]:
    _adopt(exchange)
    return exchange.listed(CONFIGS)


def _samples(exchange: Exchange) -> list[Record]:
    _adopt(exchange)
    return [*_built_in(), *exchange.all(SAMPLES)]


def _record(body: Record) -> Record:
    return {
        "config_name": body["config_name"],
        "config_desc": body.get("config_desc", ""),
        "settings": body,
    }


def _built_in() -> list[Record]:
    models = ((1, "resnet-sample", "classification"), (2, "rcnn-sample", "detection"))
    return [
        {
            "config_name": name,
            "config_desc": f"{purpose} with a built-in model",
            "create_time": _BROUGHT,
            "settings": {
                "worker_server_num": 1,
                "model_id": model,
                "spec_id": 3,
                "data_url": "/samples/data/",
                "parameter": [{"label": "batch_size", "value": "32"}],
            },
        }
        for model, name, purpose in models
    ]


def _members(exchange: Exchange, config: Record) -> Record:
    settings: Record = config["settings"]
    flavor = known(exchange, "list_job_flavors", flavors(), "spec_id", settings.get("spec_id")) or {}
    engine = known(exchange, "list_engines", engines(), "engine_id", settings.get("engine_id")) or {}
    hidden = () if flavor.get("gpu_num") else ("gpu_num", "gpu_type")
    shown = {name: value for name, value in {**flavor, **engine}.items() if name not in hidden}
    return {
        **shown,
        **settings,
        "config_name": config["config_name"],
        "config_desc": config["config_desc"],
        "create_time": config["create_time"],
    }
