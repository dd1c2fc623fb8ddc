"""What jobs and services can run on: flavors, engines, built-in algorithms and dedicated pools. Do not edit: change the document and generate again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

from modelarts_client.call import (
    AsyncCaller,
    AsyncPager,
    CallOptions,
)

if TYPE_CHECKING:
    from modelarts_client import models as m


class AsyncSpecs:
    """What jobs and services can run on: flavors, engines, built-in algorithms and dedicated pools."""

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    def list_algorithms(
        self,
        *,
        sort_by: Literal[
            "engine", "model_name", "model_precision", "model_usage", "model_size", "create_time", "parameter"
        ]
        | None = None,
        order: Literal["asc", "desc"] | None = None,
        search_content: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.BuiltInAlgorithm, m.ListAlgorithmsAnswer]:
        """List the built-in algorithms.

        Lists the algorithms that the service brings along, page by page, sorted and searched on request.

        Args:
            sort_by: Member to sort by. The server assumes 'engine'.
            order: Direction of sorting: asc rises, desc falls. The server assumes 'desc'.
            search_content: Text that the name must contain. Empty or absent finds all.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0105, ModelArts.0107 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.1.12.
        """
        from modelarts_client.api.specs import list_algorithms
        from modelarts_client.models.built_in_algorithm import BuiltInAlgorithm

        call = list_algorithms.build(
            sort_by=sort_by,
            order=order,
            search_content=search_content,
        )
        return self._caller.paginate(
            call, BuiltInAlgorithm, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def list_job_flavors(
        self,
        *,
        job_type: Literal["train", "inference"] | None = None,
        engine_id: int | None = None,
        project_type: Literal[0, 1, 2, 3] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.JobFlavor, m.ListJobFlavorsAnswer]:
        """List the flavors for jobs.

        Lists the resource flavors that a training or inference job can be created with, everything in one answer.

        Args:
            job_type: Kind of job that the result is for. Not needed when asking for an ExeML project.
            engine_id: Engine that the flavor must run; 0 stands for any. Without meaning for ExeML projects. The
                server assumes 0.
            project_type: Kind of project: 0 no ExeML, 1 ExeML image classification, 2 ExeML object detection, 3
                ExeML predictive analytics. The server assumes 0.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0105, ModelArts.0107 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.4.1.
        """
        from modelarts_client.api.specs import list_job_flavors
        from modelarts_client.models.job_flavor import JobFlavor

        call = list_job_flavors.build(
            job_type=job_type,
            engine_id=engine_id,
            project_type=project_type,
        )
        return self._caller.paginate(
            call, JobFlavor, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def list_engines(
        self,
        *,
        job_type: Literal["train", "inference"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.JobEngine, m.ListEnginesAnswer]:
        """List the engines for jobs.

        Lists the AI engines and versions that a training or inference job can be created with, everything in one
        answer.

        Args:
            job_type: Kind of job that the result is for. Not needed when asking for an ExeML project.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0105, ModelArts.0107 and the common
                codes); RequestValidationError for a request that the document does not admit; TransportError when
                no answer came.

        Reference section 5.4.2.
        """
        from modelarts_client.api.specs import list_engines
        from modelarts_client.models.job_engine import JobEngine

        call = list_engines.build(
            job_type=job_type,
        )
        return self._caller.paginate(
            call, JobEngine, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def list_service_flavors(
        self,
        *,
        is_personal_cluster: bool | None = None,
        infer_type: Literal["real-time", "batch", "edge"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ServiceFlavor, m.ListServiceFlavorsAnswer]:
        """List the flavors for services.

        Lists the flavors that a service of one mode can be deployed on, everything in one answer.

        Args:
            is_personal_cluster: Whether to list the flavors of dedicated pools instead of those of the public one.
                The server assumes False.
            infer_type: Mode of the service to deploy, `real-time`, `batch` or `edge`. The server assumes 'real-
                time'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107 and the common codes);
                RequestValidationError for a request that the document does not admit; TransportError when no answer
                came.

        Reference section 7.10.
        """
        from modelarts_client.api.specs import list_service_flavors
        from modelarts_client.models.service_flavor import ServiceFlavor

        call = list_service_flavors.build(
            is_personal_cluster=is_personal_cluster,
            infer_type=infer_type,
        )
        return self._caller.paginate(
            call, ServiceFlavor, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )

    def list_pools(
        self,
        *,
        cluster_name: str | None = None,
        status: str | None = None,
        sort_by: Literal["created_at", "cluster_name"] | None = None,
        order: Literal["asc", "desc"] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        lookahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPager[m.ServicePool, m.ListPoolsAnswer]:
        """List the dedicated pools.

        Pages through the dedicated resource pools, which a service names as its cluster.

        Args:
            cluster_name: Only pools of this name; any name when left out.
            status: Only pools of this status; any status when left out.
            sort_by: Member that the pools are sorted by. The server assumes 'created_at'.
            order: Direction of the sorting, `asc` for ascending or `desc` for descending. The server assumes
                'desc'.
            page_size: Items to ask for at a time; as many as the server gives when left out.
            max_items: Stop after so many items.
            lookahead: Whether to ask for the next page while the items of one are read.

        Raises:
            ModelArtsError: An APIError subclass for an error answer (ModelArts.0107 and the common codes);
                RequestValidationError for a request that the document does not admit; TransportError when no answer
                came.

        Reference section 7.11.
        """
        from modelarts_client.api.specs import list_pools
        from modelarts_client.models.service_pool import ServicePool

        call = list_pools.build(
            cluster_name=cluster_name,
            status=status,
            sort_by=sort_by,
            order=order,
        )
        return self._caller.paginate(
            call, ServicePool, options, page_size=page_size, max_items=max_items, lookahead=lookahead
        )
