"""The models, one module each, imported when first used. Do not edit: change the document and generate again."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelarts_client.models.built_in_algorithm import BuiltInAlgorithm as BuiltInAlgorithm
    from modelarts_client.models.built_in_algorithm_parameter import (
        BuiltInAlgorithmParameter as BuiltInAlgorithmParameter,
    )
    from modelarts_client.models.create_token_answer import CreateTokenAnswer as CreateTokenAnswer
    from modelarts_client.models.create_token_request import CreateTokenRequest as CreateTokenRequest
    from modelarts_client.models.create_training_job_answer import CreateTrainingJobAnswer as CreateTrainingJobAnswer
    from modelarts_client.models.create_training_job_request import CreateTrainingJobRequest as CreateTrainingJobRequest
    from modelarts_client.models.create_training_job_version_answer import (
        CreateTrainingJobVersionAnswer as CreateTrainingJobVersionAnswer,
    )
    from modelarts_client.models.create_training_job_version_request import (
        CreateTrainingJobVersionRequest as CreateTrainingJobVersionRequest,
    )
    from modelarts_client.models.delete_training_job_answer import DeleteTrainingJobAnswer as DeleteTrainingJobAnswer
    from modelarts_client.models.delete_training_job_version_answer import (
        DeleteTrainingJobVersionAnswer as DeleteTrainingJobVersionAnswer,
    )
    from modelarts_client.models.envelope import Envelope as Envelope
    from modelarts_client.models.error_answer import ErrorAnswer as ErrorAnswer
    from modelarts_client.models.get_training_job_version_answer import (
        GetTrainingJobVersionAnswer as GetTrainingJobVersionAnswer,
    )
    from modelarts_client.models.iam_auth import IamAuth as IamAuth
    from modelarts_client.models.iam_catalog_endpoint import IamCatalogEndpoint as IamCatalogEndpoint
    from modelarts_client.models.iam_catalog_service import IamCatalogService as IamCatalogService
    from modelarts_client.models.iam_domain_name import IamDomainName as IamDomainName
    from modelarts_client.models.iam_error import IamError as IamError
    from modelarts_client.models.iam_error_answer import IamErrorAnswer as IamErrorAnswer
    from modelarts_client.models.iam_identity import IamIdentity as IamIdentity
    from modelarts_client.models.iam_links import IamLinks as IamLinks
    from modelarts_client.models.iam_password import IamPassword as IamPassword
    from modelarts_client.models.iam_password_user import IamPasswordUser as IamPasswordUser
    from modelarts_client.models.iam_project import IamProject as IamProject
    from modelarts_client.models.iam_scope import IamScope as IamScope
    from modelarts_client.models.iam_scope_project import IamScopeProject as IamScopeProject
    from modelarts_client.models.iam_token import IamToken as IamToken
    from modelarts_client.models.iam_token_domain import IamTokenDomain as IamTokenDomain
    from modelarts_client.models.iam_token_project import IamTokenProject as IamTokenProject
    from modelarts_client.models.iam_token_role import IamTokenRole as IamTokenRole
    from modelarts_client.models.iam_token_user import IamTokenUser as IamTokenUser
    from modelarts_client.models.iam_totp import IamTotp as IamTotp
    from modelarts_client.models.iam_totp_user import IamTotpUser as IamTotpUser
    from modelarts_client.models.job_engine import JobEngine as JobEngine
    from modelarts_client.models.job_flavor import JobFlavor as JobFlavor
    from modelarts_client.models.list_algorithms_answer import ListAlgorithmsAnswer as ListAlgorithmsAnswer
    from modelarts_client.models.list_engines_answer import ListEnginesAnswer as ListEnginesAnswer
    from modelarts_client.models.list_job_flavors_answer import ListJobFlavorsAnswer as ListJobFlavorsAnswer
    from modelarts_client.models.list_projects_answer import ListProjectsAnswer as ListProjectsAnswer
    from modelarts_client.models.list_training_job_log_files_answer import (
        ListTrainingJobLogFilesAnswer as ListTrainingJobLogFilesAnswer,
    )
    from modelarts_client.models.list_training_job_versions_answer import (
        ListTrainingJobVersionsAnswer as ListTrainingJobVersionsAnswer,
    )
    from modelarts_client.models.list_training_jobs_answer import ListTrainingJobsAnswer as ListTrainingJobsAnswer
    from modelarts_client.models.read_training_job_log_bytes_answer import (
        ReadTrainingJobLogBytesAnswer as ReadTrainingJobLogBytesAnswer,
    )
    from modelarts_client.models.read_training_job_log_lines_answer import (
        ReadTrainingJobLogLinesAnswer as ReadTrainingJobLogLinesAnswer,
    )
    from modelarts_client.models.stop_training_job_version_answer import (
        StopTrainingJobVersionAnswer as StopTrainingJobVersionAnswer,
    )
    from modelarts_client.models.training_job import TrainingJob as TrainingJob
    from modelarts_client.models.training_job_class_metric import TrainingJobClassMetric as TrainingJobClassMetric
    from modelarts_client.models.training_job_class_metric_values import (
        TrainingJobClassMetricValues as TrainingJobClassMetricValues,
    )
    from modelarts_client.models.training_job_data_source import TrainingJobDataSource as TrainingJobDataSource
    from modelarts_client.models.training_job_data_source_input import (
        TrainingJobDataSourceInput as TrainingJobDataSourceInput,
    )
    from modelarts_client.models.training_job_host_path_volume import (
        TrainingJobHostPathVolume as TrainingJobHostPathVolume,
    )
    from modelarts_client.models.training_job_host_path_volume_input import (
        TrainingJobHostPathVolumeInput as TrainingJobHostPathVolumeInput,
    )
    from modelarts_client.models.training_job_metric_class import TrainingJobMetricClass as TrainingJobMetricClass
    from modelarts_client.models.training_job_model_metrics import TrainingJobModelMetrics as TrainingJobModelMetrics
    from modelarts_client.models.training_job_nfs_volume import TrainingJobNfsVolume as TrainingJobNfsVolume
    from modelarts_client.models.training_job_nfs_volume_input import (
        TrainingJobNfsVolumeInput as TrainingJobNfsVolumeInput,
    )
    from modelarts_client.models.training_job_parameter import TrainingJobParameter as TrainingJobParameter
    from modelarts_client.models.training_job_reserved_metric_data import (
        TrainingJobReservedMetricData as TrainingJobReservedMetricData,
    )
    from modelarts_client.models.training_job_settings import TrainingJobSettings as TrainingJobSettings
    from modelarts_client.models.training_job_system_metrics import TrainingJobSystemMetrics as TrainingJobSystemMetrics
    from modelarts_client.models.training_job_total_metric import TrainingJobTotalMetric as TrainingJobTotalMetric
    from modelarts_client.models.training_job_total_metric_values import (
        TrainingJobTotalMetricValues as TrainingJobTotalMetricValues,
    )
    from modelarts_client.models.training_job_version import TrainingJobVersion as TrainingJobVersion
    from modelarts_client.models.training_job_version_parameter import (
        TrainingJobVersionParameter as TrainingJobVersionParameter,
    )
    from modelarts_client.models.training_job_version_settings import (
        TrainingJobVersionSettings as TrainingJobVersionSettings,
    )
    from modelarts_client.models.training_job_volume import TrainingJobVolume as TrainingJobVolume
    from modelarts_client.models.training_job_volume_input import TrainingJobVolumeInput as TrainingJobVolumeInput
    from modelarts_client.models.update_training_job_answer import UpdateTrainingJobAnswer as UpdateTrainingJobAnswer
    from modelarts_client.models.update_training_job_request import UpdateTrainingJobRequest as UpdateTrainingJobRequest

_MODULES = {
    "BuiltInAlgorithm": "built_in_algorithm",
    "BuiltInAlgorithmParameter": "built_in_algorithm_parameter",
    "CreateTokenAnswer": "create_token_answer",
    "CreateTokenRequest": "create_token_request",
    "CreateTrainingJobAnswer": "create_training_job_answer",
    "CreateTrainingJobRequest": "create_training_job_request",
    "CreateTrainingJobVersionAnswer": "create_training_job_version_answer",
    "CreateTrainingJobVersionRequest": "create_training_job_version_request",
    "DeleteTrainingJobAnswer": "delete_training_job_answer",
    "DeleteTrainingJobVersionAnswer": "delete_training_job_version_answer",
    "Envelope": "envelope",
    "ErrorAnswer": "error_answer",
    "GetTrainingJobVersionAnswer": "get_training_job_version_answer",
    "IamAuth": "iam_auth",
    "IamCatalogEndpoint": "iam_catalog_endpoint",
    "IamCatalogService": "iam_catalog_service",
    "IamDomainName": "iam_domain_name",
    "IamError": "iam_error",
    "IamErrorAnswer": "iam_error_answer",
    "IamIdentity": "iam_identity",
    "IamLinks": "iam_links",
    "IamPassword": "iam_password",
    "IamPasswordUser": "iam_password_user",
    "IamProject": "iam_project",
    "IamScope": "iam_scope",
    "IamScopeProject": "iam_scope_project",
    "IamToken": "iam_token",
    "IamTokenDomain": "iam_token_domain",
    "IamTokenProject": "iam_token_project",
    "IamTokenRole": "iam_token_role",
    "IamTokenUser": "iam_token_user",
    "IamTotp": "iam_totp",
    "IamTotpUser": "iam_totp_user",
    "JobEngine": "job_engine",
    "JobFlavor": "job_flavor",
    "ListAlgorithmsAnswer": "list_algorithms_answer",
    "ListEnginesAnswer": "list_engines_answer",
    "ListJobFlavorsAnswer": "list_job_flavors_answer",
    "ListProjectsAnswer": "list_projects_answer",
    "ListTrainingJobLogFilesAnswer": "list_training_job_log_files_answer",
    "ListTrainingJobVersionsAnswer": "list_training_job_versions_answer",
    "ListTrainingJobsAnswer": "list_training_jobs_answer",
    "ReadTrainingJobLogBytesAnswer": "read_training_job_log_bytes_answer",
    "ReadTrainingJobLogLinesAnswer": "read_training_job_log_lines_answer",
    "StopTrainingJobVersionAnswer": "stop_training_job_version_answer",
    "TrainingJob": "training_job",
    "TrainingJobClassMetric": "training_job_class_metric",
    "TrainingJobClassMetricValues": "training_job_class_metric_values",
    "TrainingJobDataSource": "training_job_data_source",
    "TrainingJobDataSourceInput": "training_job_data_source_input",
    "TrainingJobHostPathVolume": "training_job_host_path_volume",
    "TrainingJobHostPathVolumeInput": "training_job_host_path_volume_input",
    "TrainingJobMetricClass": "training_job_metric_class",
    "TrainingJobModelMetrics": "training_job_model_metrics",
    "TrainingJobNfsVolume": "training_job_nfs_volume",
    "TrainingJobNfsVolumeInput": "training_job_nfs_volume_input",
    "TrainingJobParameter": "training_job_parameter",
    "TrainingJobReservedMetricData": "training_job_reserved_metric_data",
    "TrainingJobSettings": "training_job_settings",
    "TrainingJobSystemMetrics": "training_job_system_metrics",
    "TrainingJobTotalMetric": "training_job_total_metric",
    "TrainingJobTotalMetricValues": "training_job_total_metric_values",
    "TrainingJobVersion": "training_job_version",
    "TrainingJobVersionParameter": "training_job_version_parameter",
    "TrainingJobVersionSettings": "training_job_version_settings",
    "TrainingJobVolume": "training_job_volume",
    "TrainingJobVolumeInput": "training_job_volume_input",
    "UpdateTrainingJobAnswer": "update_training_job_answer",
    "UpdateTrainingJobRequest": "update_training_job_request",
}

__all__ = list(_MODULES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULES)
