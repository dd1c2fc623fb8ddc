"""The groups of the clients: those of the generated facade, and in the place of some their subclasses with recipes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Unpack, cast

from modelarts_client.call import CallOptions
from modelarts_client.facade.aio.groups import AsyncGroups
from modelarts_client.facade.sync.groups import Groups

if TYPE_CHECKING:
    from modelarts_client.call import AsyncCaller, Caller
    from modelarts_ext.recipes.flow import Tools
    from modelarts_ext.recipes.inventory import Inventory, Kind, Running
    from modelarts_ext.recipes.services import AsyncServices, Services
    from modelarts_ext.recipes.training_jobs import AsyncTrainingJobs, TrainingJobs


class RecipeGroups(Groups):
    """The groups of the blocking client; each is imported when it is first used."""

    @abstractmethod
    def _tools(self) -> Tools:
        """What recipes work with; the client has it."""

    @cached_property
    def training_jobs(self) -> TrainingJobs:
        """Training jobs, their versions and their logs, and recipes that run them."""
        from modelarts_ext.recipes.training_jobs import TrainingJobs

        return TrainingJobs(cast("Caller", self), self._tools())

    @cached_property
    def services(self) -> Services:
        """Real-time, batch and edge services that serve models, and recipes for them."""
        from modelarts_ext.recipes.services import Services

        return Services(cast("Caller", self), self._tools())

    def inventory(self, *, workspaces: Sequence[str] | None = None, **options: Unpack[CallOptions]) -> Inventory:
        """Return everything that runs or bills: notebooks, job versions, services, models being made, dedicated pools.

        Reads every list of every workspace, and the versions of every job with several. A list that the caller may not
        read is noted in `problems`. Stopped notebooks, whose storage may be billed still, are left out.

        Args:
            workspaces: Ids of the workspaces to look into; all when left out, the default one (`0`) included.

        Raises:
            AuthenticationError: The credentials are not accepted.
            ModelArtsError: Of the connection.

        Reference sections 4.2, 5.1.2, 5.1.5, 5.3.2, 6.1.2, 7.2, 7.11, 8.2.
        """
        from modelarts_ext.recipes.flow import finish
        from modelarts_ext.recipes.inventory import take_inventory

        return finish(take_inventory(self, workspaces, options))

    def stop_all(
        self,
        kind: Kind,
        *,
        dry_run: bool = True,
        workspaces: Sequence[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> tuple[Running, ...]:
        """Stop everything of one kind that runs; return what was stopped, or would be.

        Args:
            kind: `notebooks`, `training_jobs`, `visualization_jobs` or `services`.
            dry_run: Whether to show what would be stopped and to stop nothing. Say False to stop it.
            workspaces: Ids of the workspaces to look into; all when left out.

        Raises:
            PartialFailureError: Some could not be stopped: `failures` holds the error of each.
            APIError: A list of that kind, or that of the workspaces, cannot be read; nothing was stopped.
            ModelArtsError: As `inventory` does.

        Reference sections 4.6, 5.1.7, 5.3.6, 7.5.
        """
        from modelarts_ext.recipes.flow import finish
        from modelarts_ext.recipes.inventory import stop_all

        return finish(stop_all(self, kind, workspaces, dry_run, options))


class AsyncRecipeGroups(AsyncGroups):
    """The groups of the awaiting client; each is imported when it is first used."""

    @abstractmethod
    def _tools(self) -> Tools:
        """What recipes work with; the client has it."""

    @cached_property
    def training_jobs(self) -> AsyncTrainingJobs:
        """Training jobs, their versions and their logs, and recipes that run them."""
        from modelarts_ext.recipes.training_jobs import AsyncTrainingJobs

        return AsyncTrainingJobs(cast("AsyncCaller", self), self._tools())

    @cached_property
    def services(self) -> AsyncServices:
        """Real-time, batch and edge services that serve models, and recipes for them."""
        from modelarts_ext.recipes.services import AsyncServices

        return AsyncServices(cast("AsyncCaller", self), self._tools())

    async def inventory(self, *, workspaces: Sequence[str] | None = None, **options: Unpack[CallOptions]) -> Inventory:
        """Return everything that runs or bills: notebooks, job versions, services, models being made, dedicated pools.

        Reads every list of every workspace, and the versions of every job with several. A list that the caller may not
        read is noted in `problems`. Stopped notebooks, whose storage may be billed still, are left out.

        Args:
            workspaces: Ids of the workspaces to look into; all when left out, the default one (`0`) included.

        Raises:
            AuthenticationError: The credentials are not accepted.
            ModelArtsError: Of the connection.

        Reference sections 4.2, 5.1.2, 5.1.5, 5.3.2, 6.1.2, 7.2, 7.11, 8.2.
        """
        from modelarts_ext.recipes.flow import afinish
        from modelarts_ext.recipes.inventory import take_inventory

        return await afinish(take_inventory(self, workspaces, options))

    async def stop_all(
        self,
        kind: Kind,
        *,
        dry_run: bool = True,
        workspaces: Sequence[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> tuple[Running, ...]:
        """Stop everything of one kind that runs; return what was stopped, or would be.

        Args:
            kind: `notebooks`, `training_jobs`, `visualization_jobs` or `services`.
            dry_run: Whether to show what would be stopped and to stop nothing. Say False to stop it.
            workspaces: Ids of the workspaces to look into; all when left out.

        Raises:
            PartialFailureError: Some could not be stopped: `failures` holds the error of each.
            APIError: A list of that kind, or that of the workspaces, cannot be read; nothing was stopped.
            ModelArtsError: As `inventory` does.

        Reference sections 4.6, 5.1.7, 5.3.6, 7.5.
        """
        from modelarts_ext.recipes.flow import afinish
        from modelarts_ext.recipes.inventory import stop_all

        return await afinish(stop_all(self, kind, workspaces, dry_run, options))
