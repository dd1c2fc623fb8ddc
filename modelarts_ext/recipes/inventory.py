"""What runs or bills in a project, over all groups and workspaces, and how to stop it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from modelarts_client.behaviour import Phase
from modelarts_client.call import CallOptions
from modelarts_client.state import phase_of
from modelarts_ext.errors import APIError, AuthenticationError, ModelArtsError
from modelarts_ext.recipes.flow import Flow
from modelarts_ext.recipes.services import partly

Kind = Literal["notebooks", "training_jobs", "visualization_jobs", "services"]
"""Kinds of things that can be stopped, by the names of their groups."""

DEFAULT_WORKSPACE: Final = "0"
"""The workspace that lists show when they are not asked for another (8.1)."""
_AT_REST: Final = frozenset({Phase.STOPPED, Phase.FAILED, Phase.SUCCEEDED, Phase.GONE})
_POOLS: Final = "pools"
_MODELS: Final = "models"


@dataclass(frozen=True, slots=True)
class Running:
    """Something that runs, or is about to, or is billed.

    kind: the group it belongs to, or `pools`. parent: of a version, the id of its job. workspace_id: None where things
    belong to no workspace. state: as the service calls it; phase: its class. Its phase is AMBIGUOUS where that cannot be
    told; it may run then. item: what the list showed of it.
    """

    kind: str
    id: int | str
    name: str | None
    workspace_id: str | None
    state: Any
    phase: Phase
    parent: int | None = None
    item: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was found. problems: the lists that could not be read, as kind and workspace, with the reason."""

    items: tuple[Running, ...]
    problems: tuple[tuple[str, str | None, ModelArtsError], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every list could be read."""
        return not self.problems

    def of(self, kind: str) -> tuple[Running, ...]:
        """Return those of one kind."""
        return tuple(item for item in self.items if item.kind == kind)


def take_inventory(
    client: Any, workspaces: Sequence[str] | None, options: CallOptions, only: Kind | None = None
) -> Flow[Inventory]:
    """Read every list, or those of one kind; of every workspace that the client may see when none are named."""
    problems: list[tuple[str, str | None, ModelArtsError]] = []
    if workspaces is None:
        found = yield from _read("workspaces", None, client.workspaces.list(**options), problems)
        workspaces = list(dict.fromkeys([DEFAULT_WORKSPACE, *(str(one.id) for one in found)]))
    items: list[Running] = []
    for workspace in workspaces:
        for kind, listed in _lists(client, workspace, options).items():
            if only not in (None, kind):
                continue
            found = yield from _read(kind, workspace, listed, problems)
            if kind == "training_jobs":
                items += yield from _versions(client, workspace, found, options, problems)
            else:
                items += [made for made in (_running(kind, one, workspace) for one in found) if _counts(made)]
    if only is None:
        pools = yield from _read(_POOLS, None, client.specs.list_pools(**options), problems)
        # Pools are billed whatever their state.
        items += [_running(_POOLS, one, None) for one in pools]
    return Inventory(tuple(items), tuple(problems))


def stop_all(
    client: Any, kind: Kind, workspaces: Sequence[str] | None, dry_run: bool, options: CallOptions
) -> Flow[tuple[Running, ...]]:
    """Stop everything of a kind that runs; a list that cannot be read is an error."""
    if kind not in ("notebooks", "training_jobs", "visualization_jobs", "services"):
        raise ValueError(f"there is no stopping of {kind!r}")
    inventory = yield from take_inventory(client, workspaces, options, kind)
    for _, _, error in inventory.problems:
        raise error
    chosen = tuple(item for item in inventory.of(kind) if item.phase is not Phase.STOPPING)
    failures: dict[str, ModelArtsError] = {}
    for item in () if dry_run else chosen:
        group = getattr(client, kind)
        try:
            if item.parent is None:
                yield lambda group=group, item=item: group.stop(item.id, **options)  # type: ignore[misc]
            else:
                yield lambda group=group, item=item: group.stop_version(item.parent, item.id, **options)  # type: ignore[misc]
        except APIError as error:
            failures[_label(item)] = error
    if failures:
        raise partly(failures, [_label(item) for item in chosen], None)
    return chosen


def _label(item: Running) -> str:
    return str(item.id) if item.parent is None else f"{item.parent}/{item.id}"


def _lists(client: Any, workspace: str, options: CallOptions) -> dict[str, Any]:
    """The lists of one workspace. Nothing is sent before they are read."""
    return {
        "notebooks": client.notebooks.list(de_type="Notebook", workspace_id=workspace, **options),
        "training_jobs": client.training_jobs.list(workspace_id=workspace, **options),
        "visualization_jobs": client.visualization_jobs.list(workspace_id=workspace, **options),
        _MODELS: client.models.list(workspace_id=workspace, **options),
        "services": client.services.list(workspace_id=workspace, **options),
    }


def _read(kind: str, workspace: str | None, pager: Any, problems: list[Any]) -> Flow[list[Any]]:
    """Read a list; one that is not to be had is noted, wrong credentials are raised."""
    try:
        found: list[Any] = yield pager.all
    except AuthenticationError:
        raise
    except APIError as error:
        problems.append((kind, workspace, error))
        return []
    return found


def _versions(
    client: Any, workspace: str, jobs: list[Any], options: CallOptions, problems: list[Any]
) -> Flow[list[Running]]:
    """The versions of jobs that run. A list of jobs shows the state of the newest version alone."""
    running: list[Running] = []
    for job in jobs:
        versions = [job]
        if (job.version_count or 0) > 1:
            versions = yield from _read(
                "training_jobs", workspace, client.training_jobs.list_versions(job, **options), problems
            )
        for version in versions:
            made = Running(
                "training_jobs",
                version.version_id or job.job_id,
                job.job_name,
                workspace,
                version.status,
                phase_of(version.status),
                job.job_id if version.version_id else None,
                version,
            )
            # A job without versions has nothing that could run.
            if version.version_id and _counts(made):
                running.append(made)
    return running


def _running(kind: str, item: Any, workspace: str | None) -> Running:
    names = {
        "notebooks": ("id", "name", "status"),
        "visualization_jobs": ("job_id", "job_name", "status"),
        _MODELS: ("model_id", "model_name", "model_status"),
        "services": ("service_id", "service_name", "status"),
        _POOLS: ("cluster_id", "cluster_name", "status"),
    }
    id_, name, status = (getattr(item, member) for member in names[kind])
    return Running(kind, id_, name, workspace, status, phase_of(status), None, item)


def _counts(item: Running) -> bool:
    return item.phase not in _AT_REST
