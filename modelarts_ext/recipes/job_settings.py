"""Settings of training jobs: made of what people say, and of what an earlier version ran with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from modelarts_client.base import Model
from modelarts_client.call import AttemptOptions

if TYPE_CHECKING:
    from modelarts_client import models as m

Parameters = Mapping[str, Any]
"""Arguments of the program by their names. Values become text; None leaves an argument out."""


class JobSettings(AttemptOptions, total=False):
    """What a job runs and on which data, under the names of section 5.1.1, and the options of its calls.

    The program is model_id (a built-in one), or app_url, boot_file_url and an engine, or user_image_url with
    user_command. The data are data_url, or dataset_id and dataset_version_id, or data_source.
    """

    job_desc: str
    app_url: str
    boot_file_url: str
    model_id: int
    user_image_url: str
    user_command: str
    data_url: str
    dataset_id: str
    dataset_version_id: str
    data_source: Sequence[m.TrainingJobDataSourceInput | Mapping[str, Any]]
    log_url: str
    volumes: Sequence[m.TrainingJobVolumeInput | Mapping[str, Any]]


class NewJobSettings(JobSettings, total=False):
    """What a new job takes beside that: the workspace it belongs to."""

    workspace_id: str


_OPTIONS: Final = AttemptOptions.__optional_keys__
SETTINGS: Final = frozenset(JobSettings.__annotations__) - _OPTIONS - {"job_desc"}
"""Members that stand in the configuration of a job."""
OF_THE_JOB: Final = frozenset({"job_desc", "workspace_id"})

# Ways to name the program and the data; a version has one of each.
_PROGRAMS: Final = (("user_image_url", "user_command"), ("model_id",), ("app_url", "boot_file_url", "engine_id"))
_DATA: Final = (("dataset_id", "dataset_version_id"), ("data_url",), ("data_source",))
_ALWAYS: Final = ("worker_server_num", "spec_id", "train_url", "log_url", "volumes")


def parameter_list(parameters: Parameters) -> list[dict[str, str]]:
    """Return arguments as the API wants them: a list of labels and values, all text."""
    return [{"label": name, "value": text_of(value)} for name, value in parameters.items() if value is not None]


def text_of(value: Any) -> str:
    """Return a value as a program reads it: true and false in lower case, lists and mappings as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def settings_again(version: Model, changes: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    """Return the settings of a version that descends from another: those it had, with changes.

    parameters: replace those of the same name, and come beside the rest; None takes one away.
    """
    had = {name: value for name, value in version.to_wire().items() if value not in (None, "", 0, [], {})}
    kept: dict[str, Any] = {name: had[name] for name in _ALWAYS if name in had}
    for ways in (_PROGRAMS, _DATA):
        # A change of the way that program or data are named replaces the old way whole.
        if not any(name in changes for way in ways for name in way if name != "engine_id"):
            kept |= _one_way(ways, had, changes)
        elif "app_url" in changes or "boot_file_url" in changes:
            kept |= {name: had[name] for name in ("app_url", "boot_file_url", "engine_id") if name in had}
    before = {one["label"]: one.get("value") for one in had.get("parameter", [])}
    settings: dict[str, Any] = {**kept, **changes, "pre_version_id": had["version_id"]}
    merged = parameter_list({**before, **parameters})
    if merged:
        settings["parameter"] = merged
    return settings


def _one_way(ways: tuple[tuple[str, ...], ...], had: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The members of the first way that a version has; another engine means code of one's own."""
    found = [way for way in ways if way[0] in had]
    if "engine_id" in changes:
        found = [way for way in found if "engine_id" in way] or found
    if len(had.get("data_source", [])) > 1:
        # One source may be shown as data_url or data set as well; several cannot.
        found = [way for way in found if way == ("data_source",)] or found
    return {name: had[name] for name in found[0] if name in had} if found else {}
