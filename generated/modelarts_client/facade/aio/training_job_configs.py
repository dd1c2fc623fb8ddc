"""Saved parameter sets from which training jobs are made. Do not edit: change the document and generate again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from modelarts_client.base import Model
from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    CallOptions,
    identifier,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncTrainingJobConfigs:
    """Saved parameter sets from which training jobs are made."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        sort_by: Literal["config_name", "config_desc", "create_time"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        search_content: str | None = None,
        config_type: Literal["custom", "sample"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.TrainingJobConfig, m.ListTrainingJobConfigsAnswer]:
        """List job configurations.

        Pages through the configurations of the user, or through the samples that the service brings. A search text
        narrows the list, `sortBy` and `order` sort it.

        Args:
            sort_by: Member that the configurations are sorted by; samples cannot be sorted by `create_time`. The
                server assumes 'config_name'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            search_content: Text to look for, such as a part of a name; no filter when empty.
            config_type: Whose configurations, `custom` for those of the user or `sample` for those that the service
                brings. The server assumes 'custom'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0105, ModelArts.0107 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.2.2.
        """
        from modelarts_client.api.training_job_configs import list_training_job_configs
        from modelarts_client.models.training_job_config import TrainingJobConfig

        call = list_training_job_configs.build(
            sort_by=sort_by,
            order=order,
            search_content=search_content,
            config_type=config_type,
        )
        return self._caller.paginate(
            call, TrainingJobConfig, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    async def create(
        self,
        *,
        config_name: str,
        worker_server_num: int,
        spec_id: int,
        config_desc: str | None = None,
        app_url: str | None = None,
        boot_file_url: str | None = None,
        model_id: int | None = None,
        parameter: Sequence[m.TrainingJobParameter | Mapping[str, Any]] | None = None,
        data_url: str | None = None,
        dataset_id: str | None = None,
        dataset_version_id: str | None = None,
        data_source: Sequence[m.TrainingJobDataSourceInput | Mapping[str, Any]] | None = None,
        engine_id: int | None = None,
        train_url: str | None = None,
        log_url: str | None = None,
        user_image_url: str | None = None,
        user_command: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.CreateTrainingJobConfigAnswer:
        """Save a job configuration.

        Saves settings of a training job under a name of its own. Nothing runs and nothing is billed; the answer
        holds no id, since the name identifies the configuration.

        Args:
            config_name: Name of the configuration, of letters, digits, underscores and hyphens.
            worker_server_num: Number of workers; the resource specification states the greatest.
            spec_id: Resource specification to run on, from the list of job flavors.
            config_desc: Free text about the configuration; empty when left out.
            app_url: OBS folder of the code. Goes with `boot_file_url`, except for a custom image; not needed with
                `model_id`.
            boot_file_url: OBS path of the file to start, inside the folder of the code. Goes with `app_url`; not
                needed with `model_id`.
            model_id: Built-in model to train, from the list of algorithms; stands for code and engine.
            parameter: Arguments of the program as pairs of label and value; environment variables of the container
                for a custom image.
            data_url: OBS path of the data; excludes `data_source` and `dataset_id` with `dataset_version_id`.
            dataset_id: Dataset to train on. Goes with `dataset_version_id`; excludes `data_url` and `data_source`.
            dataset_version_id: Version of the dataset to train on. Goes with `dataset_id`; excludes `data_url` and
                `data_source`.
            data_source: Data to train on, either all OBS paths or all dataset versions; excludes `data_url` and
                `dataset_id` with `dataset_version_id`.
            engine_id: Engine to run the code on, from the list of engines; not needed with `model_id` or a custom
                image. The server assumes 1.
            train_url: OBS folder that takes the output; empty when left out.
            log_url: OBS folder that takes the logs; empty when left out.
            user_image_url: Custom image to run, as its address in the image registry (SWR).
            user_command: Command that starts the container of a custom image.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0103, ModelArts.0105,
                ModelArts.0106, ModelArts.0107, ModelArts.0115, ModelArts.0404, ModelArts.0413, ModelArts.0415,
                ModelArts.1602, ModelArts.1674, ModelArts.1675 and the common codes); RequestValidationError for a
                request that the document does not admit; TransportError when no answer came.

        Reference section 5.2.1.
        """
        from modelarts_client.api.training_job_configs import create_training_job_config

        call = create_training_job_config.build(
            body={
                "config_name": config_name,
                "config_desc": config_desc,
                "worker_server_num": worker_server_num,
                "app_url": app_url,
                "boot_file_url": boot_file_url,
                "model_id": model_id,
                "parameter": parameter,
                "spec_id": spec_id,
                "data_url": data_url,
                "dataset_id": dataset_id,
                "dataset_version_id": dataset_version_id,
                "data_source": data_source,
                "engine_id": engine_id,
                "train_url": train_url,
                "log_url": log_url,
                "user_image_url": user_image_url,
                "user_command": user_command,
            },
        )
        return await self._caller.call(call, options)

    async def get(
        self,
        config_name: str | Model,
        *,
        config_type: Literal["custom", "sample"] | None = None,
        **options: Unpack[CallOptions],
    ) -> m.GetTrainingJobConfigAnswer:
        """Get a job configuration.

        Reads one configuration with all its settings, and with what its engine, specification and data are called.

        Args:
            config_name: Name of the configuration. An object that carries it will do.
            config_type: Whose configuration, `custom` for one of the user or `sample` for one that the service
                brings. The server assumes 'custom'.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.2.5.
        """
        from modelarts_client.api.training_job_configs import get_training_job_config

        call = get_training_job_config.build(
            config_name=identifier(config_name, ("config_name",), "config_name"),
            config_type=config_type,
        )
        return await self._caller.call(call, options)

    async def update(
        self,
        config_name: str | Model,
        *,
        worker_server_num: int,
        spec_id: int,
        config_desc: str | None = None,
        app_url: str | None = None,
        boot_file_url: str | None = None,
        model_id: int | None = None,
        parameter: Sequence[m.TrainingJobParameter | Mapping[str, Any]] | None = None,
        data_url: str | None = None,
        dataset_id: str | None = None,
        dataset_version_id: str | None = None,
        data_source: Sequence[m.TrainingJobDataSourceInput | Mapping[str, Any]] | None = None,
        engine_id: int | None = None,
        train_url: str | None = None,
        log_url: str | None = None,
        user_image_url: str | None = None,
        user_command: str | None = None,
        **options: Unpack[CallOptions],
    ) -> m.UpdateTrainingJobConfigAnswer:
        """Replace a job configuration.

        Replaces the settings and the description of a configuration. Everything is given again, as in a create; the
        name stays.

        Args:
            config_name: Name of the configuration. An object that carries it will do.
            worker_server_num: Number of workers; the resource specification states the greatest.
            spec_id: Resource specification to run on, from the list of job flavors.
            config_desc: Free text about the configuration, instead of what it had; empty when left out.
            app_url: OBS folder of the code. Goes with `boot_file_url`, except for a custom image; not needed with
                `model_id`.
            boot_file_url: OBS path of the file to start, inside the folder of the code. Goes with `app_url`; not
                needed with `model_id`.
            model_id: Built-in model to train, from the list of algorithms; stands for code and engine.
            parameter: Arguments of the program as pairs of label and value; environment variables of the container
                for a custom image.
            data_url: OBS path of the data; excludes `data_source` and `dataset_id` with `dataset_version_id`.
            dataset_id: Dataset to train on. Goes with `dataset_version_id`; excludes `data_url` and `data_source`.
            dataset_version_id: Version of the dataset to train on. Goes with `dataset_id`; excludes `data_url` and
                `data_source`.
            data_source: Data to train on, either all OBS paths or all dataset versions; excludes `data_url` and
                `dataset_id` with `dataset_version_id`.
            engine_id: Engine to run the code on, from the list of engines; not needed with `model_id` or a custom
                image. The server assumes 1.
            train_url: OBS folder that takes the output; empty when left out.
            log_url: OBS folder that takes the logs; empty when left out.
            user_image_url: Custom image to run, as its address in the image registry (SWR).
            user_command: Command that starts the container of a custom image.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105,
                ModelArts.0107, ModelArts.0115, ModelArts.0404, ModelArts.0413, ModelArts.0415, ModelArts.1602,
                ModelArts.1674, ModelArts.1675 and the common codes); RequestValidationError for a request that the
                document does not admit; TransportError when no answer came.

        Reference section 5.2.3.
        """
        from modelarts_client.api.training_job_configs import update_training_job_config

        call = update_training_job_config.build(
            config_name=identifier(config_name, ("config_name",), "config_name"),
            body={
                "config_desc": config_desc,
                "worker_server_num": worker_server_num,
                "app_url": app_url,
                "boot_file_url": boot_file_url,
                "model_id": model_id,
                "parameter": parameter,
                "spec_id": spec_id,
                "data_url": data_url,
                "dataset_id": dataset_id,
                "dataset_version_id": dataset_version_id,
                "data_source": data_source,
                "engine_id": engine_id,
                "train_url": train_url,
                "log_url": log_url,
                "user_image_url": user_image_url,
                "user_command": user_command,
            },
        )
        return await self._caller.call(call, options)

    async def delete(
        self,
        config_name: str | Model,
        **options: Unpack[CallOptions],
    ) -> m.DeleteTrainingJobConfigAnswer:
        """Delete a job configuration.

        Deletes a configuration. Jobs that were made with it stay as they are.

        Args:
            config_name: Name of the configuration. An object that carries it will do.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0102, ModelArts.0105, ModelArts.0107
                and the common codes); RequestValidationError for a request that the document does not admit;
                TransportError when no answer came.

        Reference section 5.2.4.
        """
        from modelarts_client.api.training_job_configs import delete_training_job_config

        call = delete_training_job_config.build(
            config_name=identifier(config_name, ("config_name",), "config_name"),
        )
        return await self._caller.call(call, options)
