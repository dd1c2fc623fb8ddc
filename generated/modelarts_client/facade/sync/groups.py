"""The groups of the synchronous client. Do not edit: change the document and generate again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from modelarts_client.call import Caller
    from modelarts_client.facade.sync.iam import Iam
    from modelarts_client.facade.sync.models import Models
    from modelarts_client.facade.sync.notebooks import Notebooks
    from modelarts_client.facade.sync.services import Services
    from modelarts_client.facade.sync.specs import Specs
    from modelarts_client.facade.sync.training_job_configs import TrainingJobConfigs
    from modelarts_client.facade.sync.training_jobs import TrainingJobs
    from modelarts_client.facade.sync.visualization_jobs import VisualizationJobs
    from modelarts_client.facade.sync.workspaces import Workspaces

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


class Groups:
    """Gives a caller its groups of methods; each is imported when it is first used."""

    @cached_property
    def training_jobs(self) -> TrainingJobs:
        """Training jobs, their versions and their logs."""
        from modelarts_client.facade.sync.training_jobs import TrainingJobs

        return TrainingJobs(cast("Caller", self))

    @cached_property
    def training_job_configs(self) -> TrainingJobConfigs:
        """Saved parameter sets from which training jobs are made."""
        from modelarts_client.facade.sync.training_job_configs import TrainingJobConfigs

        return TrainingJobConfigs(cast("Caller", self))

    @cached_property
    def visualization_jobs(self) -> VisualizationJobs:
        """TensorBoard jobs over the summaries of a training job."""
        from modelarts_client.facade.sync.visualization_jobs import VisualizationJobs

        return VisualizationJobs(cast("Caller", self))

    @cached_property
    def specs(self) -> Specs:
        """What jobs and services can run on: flavors, engines, built-in algorithms and dedicated pools."""
        from modelarts_client.facade.sync.specs import Specs

        return Specs(cast("Caller", self))

    @cached_property
    def notebooks(self) -> Notebooks:
        """Development environments: create, list, change, start, stop and delete notebook instances."""
        from modelarts_client.facade.sync.notebooks import Notebooks

        return Notebooks(cast("Caller", self))

    @cached_property
    def models(self) -> Models:
        """Models: import, list, read and delete."""
        from modelarts_client.facade.sync.models import Models

        return Models(cast("Caller", self))

    @cached_property
    def services(self) -> Services:
        """Real-time, batch and edge services that serve models."""
        from modelarts_client.facade.sync.services import Services

        return Services(cast("Caller", self))

    @cached_property
    def workspaces(self) -> Workspaces:
        """Workspaces and the quotas within them."""
        from modelarts_client.facade.sync.workspaces import Workspaces

        return Workspaces(cast("Caller", self))

    @cached_property
    def iam(self) -> Iam:
        """The part of Identity and Access Management that a client needs: tokens and project ids."""
        from modelarts_client.facade.sync.iam import Iam

        return Iam(cast("Caller", self))
