"""The groups of the asynchronous client. Do not edit: change the document and generate again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from modelarts_client.call import AsyncCaller
    from modelarts_client.facade.aio.iam import AsyncIam
    from modelarts_client.facade.aio.models import AsyncModels
    from modelarts_client.facade.aio.notebooks import AsyncNotebooks
    from modelarts_client.facade.aio.services import AsyncServices
    from modelarts_client.facade.aio.specs import AsyncSpecs
    from modelarts_client.facade.aio.training_job_configs import AsyncTrainingJobConfigs
    from modelarts_client.facade.aio.training_jobs import AsyncTrainingJobs
    from modelarts_client.facade.aio.visualization_jobs import AsyncVisualizationJobs
    from modelarts_client.facade.aio.workspaces import AsyncWorkspaces

GROUPS = (
    "training_jobs",
    "training_job_configs",
    "visualization_jobs",
    "specs",
    "notebooks",
    "models",
    "services",
    "workspaces",
    "iam",
)


class AsyncGroups:
    """Gives a caller its groups of methods; each is imported when it is first used."""

    @cached_property
    def training_jobs(self) -> AsyncTrainingJobs:
        """Training jobs, their versions and their logs."""
        from modelarts_client.facade.aio.training_jobs import AsyncTrainingJobs

        return AsyncTrainingJobs(cast("AsyncCaller", self))

    @cached_property
    def training_job_configs(self) -> AsyncTrainingJobConfigs:
        """Saved parameter sets from which training jobs are made."""
        from modelarts_client.facade.aio.training_job_configs import AsyncTrainingJobConfigs

        return AsyncTrainingJobConfigs(cast("AsyncCaller", self))

    @cached_property
    def visualization_jobs(self) -> AsyncVisualizationJobs:
        """TensorBoard jobs over the summaries of a training job."""
        from modelarts_client.facade.aio.visualization_jobs import AsyncVisualizationJobs

        return AsyncVisualizationJobs(cast("AsyncCaller", self))

    @cached_property
    def specs(self) -> AsyncSpecs:
        """What jobs and services can run on: flavors, engines, built-in algorithms and dedicated pools."""
        from modelarts_client.facade.aio.specs import AsyncSpecs

        return AsyncSpecs(cast("AsyncCaller", self))

    @cached_property
    def notebooks(self) -> AsyncNotebooks:
        """Development environments: create, list, change, start, stop and delete notebook instances."""
        from modelarts_client.facade.aio.notebooks import AsyncNotebooks

        return AsyncNotebooks(cast("AsyncCaller", self))

    @cached_property
    def models(self) -> AsyncModels:
        """Models: import, list, read and delete."""
        from modelarts_client.facade.aio.models import AsyncModels

        return AsyncModels(cast("AsyncCaller", self))

    @cached_property
    def services(self) -> AsyncServices:
        """Real-time, batch and edge services that serve models."""
        from modelarts_client.facade.aio.services import AsyncServices

        return AsyncServices(cast("AsyncCaller", self))

    @cached_property
    def workspaces(self) -> AsyncWorkspaces:
        """Workspaces and the quotas within them."""
        from modelarts_client.facade.aio.workspaces import AsyncWorkspaces

        return AsyncWorkspaces(cast("AsyncCaller", self))

    @cached_property
    def iam(self) -> AsyncIam:
        """The part of Identity and Access Management that a client needs: tokens and project ids."""
        from modelarts_client.facade.aio.iam import AsyncIam

        return AsyncIam(cast("AsyncCaller", self))
