"""Models: import, list, read and delete. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    AttemptOptions,
    CallOptions,
    Change,
    identifier,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncModels:
    """Models: import, list, read and delete."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        model_name: str | None = None,
        model_version: str | None = None,
        model_status: str | None = None,
        model_type: str | None = None,
        not_model_type: str | None = None,
        description: str | None = None,
        sort_by: Literal["create_at", "model_version", "model_size"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        workspace_id: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ModelSummary, m.ListModelsAnswer]:
        """List models.

        Pages through the models of one workspace, each version being a model of its own. Name, version, status,
        type and description narrow the list; `model_type` and `not_model_type` exclude each other.

        Args:
            model_name: Text that the names contain.
            model_version: Version of the models, three numbers joined by dots.
            model_status: Only models of this status.
            model_type: Only models of this type. Excludes `not_model_type`.
            not_model_type: Only models of other types than this. Excludes `model_type`.
            description: Text that the descriptions contain.
            sort_by: Member that the models are sorted by. The server assumes 'create_at'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            workspace_id: Workspace whose models are listed; `0` is the default workspace. The server assumes '0'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.3003, ModelArts.3037, ModelArts.3041
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 6.1.2.
        """
        from modelarts_client.api.models import list_models
        from modelarts_client.models.model_summary import ModelSummary

        call = list_models.build(
            model_name=model_name,
            model_version=model_version,
            model_status=model_status,
            model_type=model_type,
            not_model_type=not_model_type,
            description=description,
            sort_by=sort_by,
            order=order,
            workspace_id=workspace_id,
        )
        return self._caller.paginate(
            call, ModelSummary, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        model_name: str,
        model_version: str,
        source_location: str,
        model_type: str,
        source_job_id: str | None = None,
        source_job_version: str | None = None,
        source_type: Literal["auto", ""] | None = None,
        runtime: str | None = None,
        description: str | None = None,
        model_algorithm: str | None = None,
        execution_code: str | None = None,
        input_params: Sequence[m.ModelParameterInput | Mapping[str, Any]] | None = None,
        output_params: Sequence[m.ModelParameterInput | Mapping[str, Any]] | None = None,
        dependencies: Sequence[m.ModelDependencyInput | Mapping[str, Any]] | None = None,
        model_metrics: str | None = None,
        apis: Sequence[m.ModelApiInput | Mapping[str, Any]] | str | None = None,
        initial_config: str | None = None,
        workspace_id: str | None = None,
        model_docs: Sequence[m.ModelDocumentInput | Mapping[str, Any]] | None = None,
        install_type: Sequence[Literal["real-time", "batch", "edge"]] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateModelAnswer:
        """Import a model.

        Imports a model from files in OBS or from an image in the registry (SWR), as one version under a name. The
        answer comes before the model is published: poll it for its status.

        Args:
            model_name: Name of the model, of letters, Chinese characters, digits, hyphens and underscores.
            model_version: Version under the name, three numbers below 100 joined by dots and written without
                leading zeros.
            source_location: OBS path of the model, or address of its image in the registry (SWR).
            model_type: Engine of the model, or `Image` for an image of its own.
            source_job_id: Training job that made the model, to trace it by; left out when no job made it.
            source_job_version: Version of the training job that made the model; left out when no job made it.
            source_type: `auto` for a model of ExeML, which cannot be downloaded; left out or empty for any other.
            runtime: Environment that the model runs in, of those that its type has.
            description: Free text about the model.
            model_algorithm: What the model does; starts with a letter.
            execution_code: OBS path of the inference code, a file named customize_service.py; found in the model's
                folder when left out.
            input_params: Inputs of the model; not needed with `initial_config`.
            output_params: Outputs of the model; not needed with `initial_config`.
            dependencies: Packages that model and inference code need; not needed with `initial_config`.
            model_metrics: How well the model does, as JSON text.
            apis: Interfaces of the model, as JSON or as the text of it; not needed with `initial_config`.
            initial_config: Text of the model's configuration file, JSON.
            workspace_id: Workspace of the model; `0` is the default workspace. The server assumes '0'.
            model_docs: Documents that describe the model, three at most.
            install_type: Kinds of service that the model can be deployed as; all three when left out. The server
                assumes ['real-time', 'edge', 'batch'].

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.3002, ModelArts.3005,
                ModelArts.3006, ModelArts.3010, ModelArts.3013, ModelArts.3014, ModelArts.3015, ModelArts.3016,
                ModelArts.3017, ModelArts.3037, ModelArts.3041 and the common codes); RequestValidationError for a
                request that the document does not admit; TransportError when no answer came.

        Reference section 6.1.1.
        """
        from modelarts_client.api.models import create_model

        call = create_model.build(
            body={
                "model_name": model_name,
                "model_version": model_version,
                "source_location": source_location,
                "source_job_id": source_job_id,
                "source_job_version": source_job_version,
                "source_type": source_type,
                "model_type": model_type,
                "runtime": runtime,
                "description": description,
                "model_algorithm": model_algorithm,
                "execution_code": execution_code,
                "input_params": input_params,
                "output_params": output_params,
                "dependencies": dependencies,
                "model_metrics": model_metrics,
                "apis": apis,
                "initial_config": initial_config,
                "workspace_id": workspace_id,
                "model_docs": model_docs,
                "install_type": install_type,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        model_id: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.GetModelAnswer:
        """Get a model.

        Reads one model with its status, its interfaces and the configuration that it was imported with.

        Args:
            model_id: The model, which is one version of a name. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.3001, ModelArts.3037 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 6.1.3.
        """
        from modelarts_client.api.models import get_model

        call = get_model.build(
            model_id=identifier(model_id, ("model_id",), "model_id"),
        )
        return await self._caller.call(call, options)

    async def wait(
        self,
        model_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetModelAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetModelAnswer:
        """Wait: published.

        Until the model can be deployed; a failed import or build is an error. Polls `get_model` until the waiter
        `published` of the document ends; returns the last answer.

        Args:
            model_id: The model, which is one version of a name. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 6.1.3.
        """
        from modelarts_client.api.models import get_model

        call = get_model.build(
            model_id=identifier(model_id, ("model_id",), "model_id"),
        )
        return await self._caller.wait(call, "published", options, deadline=deadline, on_change=on_change)

    async def wait_deleted(
        self,
        model_id: str | Model,
        *,
        deadline: float,
        on_change: Callable[[Change[m.GetModelAnswer]], object | Awaitable[object]] | None = None,
        **options: Unpack[AttemptOptions],
    ) -> m.GetModelAnswer:
        """Wait: deleted.

        Until the model is gone. Polls `get_model` until the waiter `deleted` of the document ends; returns the last
        answer.

        Args:
            model_id: The model, which is one version of a name. An object that carries it will do.
            deadline: Seconds that the whole wait may take.
            on_change: Called with a Change whenever the state differs from the one before.

        Raises:
            WaitTimeoutError: The deadline passed.
            WaitFailedError: It ended in a state that is a failure for this wait.
            WaitError: Another end that is no success; it carries the last answer and the history.

        Reference section 6.1.3.
        """
        from modelarts_client.api.models import get_model

        call = get_model.build(
            model_id=identifier(model_id, ("model_id",), "model_id"),
        )
        return await self._caller.wait(call, "deleted", options, deadline=deadline, on_change=on_change)

    async def delete(
        self,
        model_id: str | Model,
        *,
        cascade: bool | None = None,
        **options: Unpack[CallOptions],
    ) -> m.DeleteModelAnswer:
        """Delete a model.

        Deletes one model or, with `cascade`, all versions of its name. A model that is in use stays: the answer is
        a success all the same and names it in `delete_failed_list` with the reason.

        Args:
            model_id: The model, which is one version of a name. An object that carries it will do.
            cascade: Whether all versions of the model's name are deleted with it, 20 models at most in one call;
                only the model itself when left out. The server assumes False.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.3001, ModelArts.3004,
                ModelArts.3008, ModelArts.3009, ModelArts.3037 and the common codes); RequestValidationError for a
                request that the document does not admit; TransportError when no answer came.

        Reference section 6.1.4.
        """
        from modelarts_client.api.models import delete_model

        call = delete_model.build(
            model_id=identifier(model_id, ("model_id",), "model_id"),
            cascade=cascade,
        )
        return await self._caller.call(call, options)
