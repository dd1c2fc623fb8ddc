"""Models: import, list, read, delete (chapter 6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from modelarts_ext.simulator.exchange import PLAN, Exchange, World
from modelarts_ext.simulator.registry import behaviour, refusal, rule, scripted
from modelarts_ext.simulator.resources.scripts import follow, named
from modelarts_ext.simulator.resources.seeds import adopt
from modelarts_ext.simulator.resources.service_seeds import SERVICES, adopt_services
from modelarts_ext.simulator.resources.workspaces import trouble
from modelarts_ext.simulator.states import Plan, Step, current
from modelarts_ext.simulator.store import Record
from modelarts_ext.simulator.validation import Invalid

MODELS = "models"
STATUS = "ModelStatus"
_KIND = "model"
_INVALID = "ModelArts.3037"
_USUAL_KINDS = ["real-time", "edge", "batch"]
_MOST_DELETED = 20


@behaviour("create_model")
@rule("MOD-001", "inferred", "the answer comes while the model is being published")
@rule("MOD-002", "documented", "3002: the name has that version already", source="10.2")
@rule(
    "MOD-003", "documented", "the default workspace, and every kind of service, unless told otherwise", source="6.1.1"
)
@rule("MOD-005", "inferred", "the image of a model that needs packages is built before it is published")
def create(exchange: Exchange) -> Any:
    """Import a model."""
    body = exchange.body
    workspace = body.get("workspace_id", "0")
    refused = trouble(exchange, workspace, creating=True)
    if refused is not None:
        raise exchange.failure("invalid", refused[1], _INVALID)
    config = _configuration(exchange, body)
    _check_source(exchange, body)
    same = [model for model in _all(exchange) if _version(model) == (body["model_name"], body["model_version"])]
    if same:
        raise exchange.failure("exists", "the model exists already in this version")
    model_id = new_id(exchange, _KIND)
    model: Record = {
        **{name: value for name, value in body.items() if name not in ("apis", "initial_config")},
        **config,
        "model_id": model_id,
        "workspace_id": workspace,
        "install_type": body.get("install_type", _USUAL_KINDS),
        "model_size": 1_000_000 + int(model_id[:6], 16),
        "owner": owner_of(exchange),
        "create_at": exchange.world.milliseconds(),
    }
    model[PLAN] = _plan(exchange, model)
    exchange.put(MODELS, model_id, model)
    return exchange.answer({"model_id": model_id})


@behaviour("list_models")
@rule("MOD-010", "documented", "name and description find the models that contain the text", source="6.1.2")
@rule("MOD-011", "documented", "version, status, and a type that is wanted or not, narrow the list", source="6.1.2")
@rule("MOD-012", "documented", "a list is sorted by create_at, falling, unless asked otherwise", source="6.1.2")
@rule("MOD-013", "inferred", "a list shows one workspace, the default one unless another is named")
@rule("MOD-014", "documented", "model_type and not_model_type exclude each other", source="6.1.2")
@rule("MOD-015", "inferred", "versions are sorted by their numbers, and types compared whatever the case")
@rule("MOD-016", "inferred", "3037: the version of a filter is no version")
@rule("MOD-004", "inferred", "3037: a workspace that is missing, closed to the caller or, for an import, not in order")
def list_all(exchange: Exchange) -> Any:
    """Answer one page of models."""
    query, world = exchange.query, exchange.world
    if "model_type" in query and "not_model_type" in query:
        raise exchange.failure("invalid", "model_type and not_model_type exclude each other", _INVALID)
    if query.get("model_version") and _numbers(query["model_version"]) is None:
        raise exchange.failure("invalid", "model_version is no version", _INVALID)
    workspace = str(exchange.asked("workspace_id"))
    refused = trouble(exchange, workspace)
    if refused is not None:
        raise exchange.failure("invalid", refused[1], _INVALID)
    _adopt(world, exchange.project)
    found = [
        model
        for model in exchange.listed(MODELS)
        if model["workspace_id"] == workspace
        and _contains(model["model_name"], query.get("model_name"))
        and _contains(model.get("description", ""), query.get("description"))
        and query.get("model_version") in (None, "", model["model_version"])
        and query.get("model_status") in (None, "", current(model[PLAN], world.now))
        and _of_type(model, query.get("model_type"), wanted=True)
        and _of_type(model, query.get("not_model_type"), wanted=False)
    ]
    member = str(exchange.asked("sort_by"))
    falling = exchange.asked("order") != "asc"
    found.sort(key=lambda model: (_sorted_by(model, member), model["model_id"]), reverse=falling)
    page = [_members(exchange, model) for model in exchange.page(found)]
    return exchange.answer({"total_count": len(found), "count": len(page), "models": page})


@behaviour("get_model")
@rule("MOD-020", "inferred", "a model has the address of its image once it is published")
@rule("MOD-021", "inferred", "interfaces, inputs, outputs and packages of the configuration are those of the model")
def get(exchange: Exchange) -> Any:
    """Answer one model."""
    return exchange.answer(_members(exchange, find_model(exchange, exchange.path["model_id"])))


@behaviour("delete_model")
@rule("MOD-030", "documented", "cascade deletes every version of the name, otherwise only the model", source="6.1.4")
@rule("MOD-031", "documented", "a model that a service runs stays, with 3009 in a success", source="6.1.4")
@rule("MOD-032", "documented", "at most 20 models are deleted at a time", source="6.1.4")
@rule("MOD-033", "inferred", "a deleted model is gone when the answer comes; the one named goes first")
def delete(exchange: Exchange) -> Any:
    """Delete a model, or every version of its name."""
    model = find_model(exchange, exchange.path["model_id"])
    chosen = [model]
    if exchange.asked("cascade"):
        chosen += [each for each in _all(exchange) if _is_sibling(each, model)]
    gone, kept = [], []
    for each in chosen[:_MOST_DELETED]:
        model_id = each["model_id"]
        if _in_use(exchange, model_id):
            text = f"The model ({model_id}) is deployed as a service."
            kept.append({"model_id": model_id, "error_code": "ModelArts.3009", "error_msg": text})
        else:
            exchange.delete(MODELS, model_id)
            gone.append(model_id)
    return exchange.answer({"delete_success_list": gone, "delete_failed_list": kept})


@refusal("create_model", "list_models", "get_model", "delete_model")
@rule("MOD-090", "documented", "3037: a parameter does not fit", source="10.2")
@rule("MOD-091", "documented", "3014: the interfaces do not fit", source="10.2")
def code_of(invalid: Invalid) -> str:
    """Return the code for a request that the document does not admit."""
    return "ModelArts.3014" if invalid.place[:2] == ("body", "apis") else _INVALID


@scripted(_KIND)
def apply_script(world: World, project: str, name: object, steps: Sequence[Step]) -> bool:
    """Put a script into a model, given by id, or the newest version of a name."""
    _adopt(world, project)
    model = named(world, project, MODELS, name, "model_id", "model_name", newest=True)
    return follow(world, project, MODELS, model, "model_id", STATUS, steps)


@rule("MOD-080", "documented", "3001: a model that does not exist", source="10.2")
def find_model(exchange: Exchange, model_id: str) -> Record:
    """Return the model of that id; the failure when there is none."""
    model = known_model(exchange, model_id)
    if model is None:
        raise exchange.failure("missing", "the model does not exist")
    return model


def known_model(exchange: Exchange, model_id: str) -> Record | None:
    """Return the model of that id, None when there is none."""
    _adopt(exchange.world, exchange.project)
    return exchange.get(MODELS, model_id)


def state_of(exchange: Exchange, model: Record) -> str:
    """Return the status of a model."""
    return current(model[PLAN], exchange.world.now)


def new_id(exchange: Exchange, name: str) -> str:
    """Return a new id in the form of a UUID."""
    return str(UUID(exchange.store.identifier(name)))


def owner_of(exchange: Exchange) -> str:
    """Return the id of the user that calls."""
    accounts = exchange.world.accounts
    user = accounts.user(exchange.caller.user, None) or next(iter(accounts.users.values()))
    return user.id


def _all(exchange: Exchange) -> list[Record]:
    _adopt(exchange.world, exchange.project)
    return exchange.all(MODELS)


@rule(
    "MOD-017",
    "inferred",
    "what is seeded for the list is a model like any other; it is published unless it says otherwise",
)
def _adopt(world: World, project: str) -> None:
    adopt(world, project, "list_models", MODELS, "model_id", _seeded)


def _seeded(world: World, project: str, item: Record) -> Record:
    model_id = item.get("model_id") or str(UUID(world.store.identifier(_KIND)))
    usual: Record = {
        "model_name": "seeded",
        "model_version": "0.0.1",
        "model_type": "TensorFlow",
        "source_location": "https://bucket.simulator.invalid/seeded/",
        "workspace_id": "0",
        "install_type": _USUAL_KINDS,
        "model_size": 1_000_000,
        "owner": next(iter(world.accounts.users.values())).id,
        "create_at": world.milliseconds(),
        "input_params": [],
        "output_params": [],
    }
    plan = world.machine(STATUS).script([item.get("model_status", "published")], world.now, world.random)
    return {**usual, **item, "model_id": model_id, PLAN: plan}


def _plan(exchange: Exchange, model: Record) -> Plan:
    waiting = exchange.waiting_script(STATUS, _KIND, model["model_name"], model["model_id"])
    if waiting is not None:
        return waiting
    machine, now, chance = exchange.world.machine(STATUS), exchange.world.now, exchange.world.random
    if not model.get("dependencies"):
        return machine.begin(now, chance)
    first, build = machine.script(["publishing", "building"], now, chance)
    return [first, *machine.begin(build[0], chance, build[1])]


@rule(
    "MOD-040", "documented", "3015: the configuration is not JSON; 3016: it has a member of a wrong form", source="10.2"
)
@rule("MOD-041", "documented", "3014: interfaces that come as text are no interfaces", source="10.2")
@rule("MOD-042", "inferred", "3037: metrics are JSON text of the documented form")
def _configuration(exchange: Exchange, body: Record) -> Record:
    """Return what apis, metrics and initial_config say, with JSON texts parsed."""
    found: Record = {}
    if "initial_config" in body:
        config = _parsed(exchange, body["initial_config"], "ModelArts.3015")
        _check(exchange, "ModelConfiguration", config, "ModelArts.3016")
        found["config"] = body["initial_config"]
        names = ("apis", "dependencies", "model_algorithm", "runtime")
        found.update({name: config[name] for name in names if name in config and name not in body})
    if "apis" in body:
        apis = body["apis"]
        found["apis"] = _parsed(exchange, apis, "ModelArts.3014") if isinstance(apis, str) else apis
        _check(exchange, "ModelApis", found["apis"], "ModelArts.3014")
    if "model_metrics" in body:
        _check(exchange, "ModelMetrics", _parsed(exchange, body["model_metrics"], _INVALID), _INVALID)
    for side, name in (("request", "input_params"), ("response", "output_params")):
        found[name] = body.get(name) or [_parameter(api, side, name) for api in found.get("apis", [])]
    return found


def _parameter(api: Record, side: str, name: str) -> Record:
    """Return an interface as one input or output, whose description is its schema."""
    schema = api.get(name) or api.get(side, {}).get("data", {"type": "object"})
    named: Record = {key: api[key] for key in ("url", "method", "protocol") if key in api}
    kind = str(schema.get("type", "object"))
    return {**named, "param_name": "data", "param_type": kind, "param_desc": _dumps(schema)}


def _parsed(exchange: Exchange, text: str, code: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise exchange.failure("invalid", "a text is not JSON", code) from None


def _check(exchange: Exchange, schema: str, value: Any, code: str) -> None:
    validator = exchange.world.document.schema_validator({"$ref": f"#/components/schemas/{schema}"})
    if not validator.is_valid(value):
        raise exchange.failure("invalid", f"a part of the request is no {schema}", code)


@rule("MOD-043", "documented", "3017: the source is no path of OBS, nor the address of an image", source="10.2")
def _check_source(exchange: Exchange, body: Record) -> None:
    source = body["source_location"]
    if any(sign.isspace() for sign in source) or not source.strip("/") or ".." in source.split("/"):
        raise exchange.failure("invalid", "the source path of the model is wrong", "ModelArts.3017")


def _version(model: Record) -> tuple[str, str]:
    return model["model_name"], model["model_version"]


def _is_sibling(each: Record, model: Record) -> bool:
    return bool(each["model_name"] == model["model_name"] and each["model_id"] != model["model_id"])


def _in_use(exchange: Exchange, model_id: str) -> bool:
    adopt_services(exchange.world, exchange.project)
    return any(entry["model_id"] == model_id for service in exchange.all(SERVICES) for entry in service["config"])


def _contains(whole: str, part: str | None) -> bool:
    return (part or "").casefold() in whole.casefold()


def _of_type(model: Record, kind: str | None, *, wanted: bool) -> bool:
    return not kind or (model["model_type"].casefold() == kind.casefold()) is wanted


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.split(".")
    right = len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts)
    return tuple(map(int, parts)) if right else None


def _sorted_by(model: Record, member: str) -> Any:
    return _numbers(model[member]) if member == "model_version" else model[member]


def _members(exchange: Exchange, model: Record) -> Record:
    state = state_of(exchange, model)
    auto = model.get("source_type") == "auto"
    ready = exchange.world.machine(STATUS).phase(state) == "succeeded"
    image = f"registry.simulator.invalid/models/{model['model_id']}:{model['model_version']}"
    return {
        **model,
        "model_status": state,
        "tenant": exchange.world.accounts.domain_id,
        "project": exchange.project,
        "image_address": image if ready else None,
        "model_source": "auto" if auto else "custom",
        "source_type": model.get("source_type", ""),
        "tunable": False,
        "market_flag": False,
        "publishable_flag": not auto,
        "model_labels": [],
        "labels_map": {"labels": []},
        "specification": {},
    }


def _dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
