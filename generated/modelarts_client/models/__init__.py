"""The models, one module each, imported when first used. Do not edit: change the document and generate again."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelarts_client.models.built_in_algorithm import BuiltInAlgorithm as BuiltInAlgorithm
    from modelarts_client.models.built_in_algorithm_parameter import (
        BuiltInAlgorithmParameter as BuiltInAlgorithmParameter,
    )
    from modelarts_client.models.control_service_node_answer import ControlServiceNodeAnswer as ControlServiceNodeAnswer
    from modelarts_client.models.control_service_node_request import (
        ControlServiceNodeRequest as ControlServiceNodeRequest,
    )
    from modelarts_client.models.create_model_answer import CreateModelAnswer as CreateModelAnswer
    from modelarts_client.models.create_model_request import CreateModelRequest as CreateModelRequest
    from modelarts_client.models.create_notebook_answer import CreateNotebookAnswer as CreateNotebookAnswer
    from modelarts_client.models.create_notebook_location import CreateNotebookLocation as CreateNotebookLocation
    from modelarts_client.models.create_notebook_request import CreateNotebookRequest as CreateNotebookRequest
    from modelarts_client.models.create_notebook_spec import CreateNotebookSpec as CreateNotebookSpec
    from modelarts_client.models.create_notebook_storage import CreateNotebookStorage as CreateNotebookStorage
    from modelarts_client.models.create_notebook_workspace import CreateNotebookWorkspace as CreateNotebookWorkspace
    from modelarts_client.models.create_service_answer import CreateServiceAnswer as CreateServiceAnswer
    from modelarts_client.models.create_service_request import CreateServiceRequest as CreateServiceRequest
    from modelarts_client.models.create_token_answer import CreateTokenAnswer as CreateTokenAnswer
    from modelarts_client.models.create_token_request import CreateTokenRequest as CreateTokenRequest
    from modelarts_client.models.create_training_job_answer import CreateTrainingJobAnswer as CreateTrainingJobAnswer
    from modelarts_client.models.create_training_job_config_answer import (
        CreateTrainingJobConfigAnswer as CreateTrainingJobConfigAnswer,
    )
    from modelarts_client.models.create_training_job_config_request import (
        CreateTrainingJobConfigRequest as CreateTrainingJobConfigRequest,
    )
    from modelarts_client.models.create_training_job_request import CreateTrainingJobRequest as CreateTrainingJobRequest
    from modelarts_client.models.create_training_job_version_answer import (
        CreateTrainingJobVersionAnswer as CreateTrainingJobVersionAnswer,
    )
    from modelarts_client.models.create_training_job_version_request import (
        CreateTrainingJobVersionRequest as CreateTrainingJobVersionRequest,
    )
    from modelarts_client.models.create_visualization_job_answer import (
        CreateVisualizationJobAnswer as CreateVisualizationJobAnswer,
    )
    from modelarts_client.models.create_visualization_job_request import (
        CreateVisualizationJobRequest as CreateVisualizationJobRequest,
    )
    from modelarts_client.models.create_workspace_answer import CreateWorkspaceAnswer as CreateWorkspaceAnswer
    from modelarts_client.models.create_workspace_request import CreateWorkspaceRequest as CreateWorkspaceRequest
    from modelarts_client.models.delete_model_answer import DeleteModelAnswer as DeleteModelAnswer
    from modelarts_client.models.delete_notebook_answer import DeleteNotebookAnswer as DeleteNotebookAnswer
    from modelarts_client.models.delete_service_answer import DeleteServiceAnswer as DeleteServiceAnswer
    from modelarts_client.models.delete_training_job_answer import DeleteTrainingJobAnswer as DeleteTrainingJobAnswer
    from modelarts_client.models.delete_training_job_config_answer import (
        DeleteTrainingJobConfigAnswer as DeleteTrainingJobConfigAnswer,
    )
    from modelarts_client.models.delete_training_job_version_answer import (
        DeleteTrainingJobVersionAnswer as DeleteTrainingJobVersionAnswer,
    )
    from modelarts_client.models.delete_visualization_job_answer import (
        DeleteVisualizationJobAnswer as DeleteVisualizationJobAnswer,
    )
    from modelarts_client.models.delete_workspace_answer import DeleteWorkspaceAnswer as DeleteWorkspaceAnswer
    from modelarts_client.models.envelope import Envelope as Envelope
    from modelarts_client.models.error_answer import ErrorAnswer as ErrorAnswer
    from modelarts_client.models.get_model_answer import GetModelAnswer as GetModelAnswer
    from modelarts_client.models.get_notebook_answer import GetNotebookAnswer as GetNotebookAnswer
    from modelarts_client.models.get_service_answer import GetServiceAnswer as GetServiceAnswer
    from modelarts_client.models.get_service_metrics_answer import GetServiceMetricsAnswer as GetServiceMetricsAnswer
    from modelarts_client.models.get_training_job_config_answer import (
        GetTrainingJobConfigAnswer as GetTrainingJobConfigAnswer,
    )
    from modelarts_client.models.get_training_job_version_answer import (
        GetTrainingJobVersionAnswer as GetTrainingJobVersionAnswer,
    )
    from modelarts_client.models.get_visualization_job_answer import (
        GetVisualizationJobAnswer as GetVisualizationJobAnswer,
    )
    from modelarts_client.models.get_workspace_answer import GetWorkspaceAnswer as GetWorkspaceAnswer
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
    from modelarts_client.models.list_models_answer import ListModelsAnswer as ListModelsAnswer
    from modelarts_client.models.list_notebooks_answer import ListNotebooksAnswer as ListNotebooksAnswer
    from modelarts_client.models.list_pools_answer import ListPoolsAnswer as ListPoolsAnswer
    from modelarts_client.models.list_projects_answer import ListProjectsAnswer as ListProjectsAnswer
    from modelarts_client.models.list_service_events_answer import ListServiceEventsAnswer as ListServiceEventsAnswer
    from modelarts_client.models.list_service_flavors_answer import ListServiceFlavorsAnswer as ListServiceFlavorsAnswer
    from modelarts_client.models.list_service_updates_answer import ListServiceUpdatesAnswer as ListServiceUpdatesAnswer
    from modelarts_client.models.list_services_answer import ListServicesAnswer as ListServicesAnswer
    from modelarts_client.models.list_training_job_configs_answer import (
        ListTrainingJobConfigsAnswer as ListTrainingJobConfigsAnswer,
    )
    from modelarts_client.models.list_training_job_log_files_answer import (
        ListTrainingJobLogFilesAnswer as ListTrainingJobLogFilesAnswer,
    )
    from modelarts_client.models.list_training_job_versions_answer import (
        ListTrainingJobVersionsAnswer as ListTrainingJobVersionsAnswer,
    )
    from modelarts_client.models.list_training_jobs_answer import ListTrainingJobsAnswer as ListTrainingJobsAnswer
    from modelarts_client.models.list_visualization_jobs_answer import (
        ListVisualizationJobsAnswer as ListVisualizationJobsAnswer,
    )
    from modelarts_client.models.list_workspace_quotas_answer import (
        ListWorkspaceQuotasAnswer as ListWorkspaceQuotasAnswer,
    )
    from modelarts_client.models.list_workspaces_answer import ListWorkspacesAnswer as ListWorkspacesAnswer
    from modelarts_client.models.manage_notebook_answer import ManageNotebookAnswer as ManageNotebookAnswer
    from modelarts_client.models.manage_notebook_request import ManageNotebookRequest as ManageNotebookRequest
    from modelarts_client.models.model_api import ModelApi as ModelApi
    from modelarts_client.models.model_api_input import ModelApiInput as ModelApiInput
    from modelarts_client.models.model_api_message import ModelApiMessage as ModelApiMessage
    from modelarts_client.models.model_api_message_input import ModelApiMessageInput as ModelApiMessageInput
    from modelarts_client.models.model_configuration import ModelConfiguration as ModelConfiguration
    from modelarts_client.models.model_delete_failure import ModelDeleteFailure as ModelDeleteFailure
    from modelarts_client.models.model_dependency import ModelDependency as ModelDependency
    from modelarts_client.models.model_dependency_input import ModelDependencyInput as ModelDependencyInput
    from modelarts_client.models.model_document import ModelDocument as ModelDocument
    from modelarts_client.models.model_document_input import ModelDocumentInput as ModelDocumentInput
    from modelarts_client.models.model_health import ModelHealth as ModelHealth
    from modelarts_client.models.model_labels_map import ModelLabelsMap as ModelLabelsMap
    from modelarts_client.models.model_metrics import ModelMetrics as ModelMetrics
    from modelarts_client.models.model_metrics_input import ModelMetricsInput as ModelMetricsInput
    from modelarts_client.models.model_package import ModelPackage as ModelPackage
    from modelarts_client.models.model_package_input import ModelPackageInput as ModelPackageInput
    from modelarts_client.models.model_parameter import ModelParameter as ModelParameter
    from modelarts_client.models.model_parameter_input import ModelParameterInput as ModelParameterInput
    from modelarts_client.models.model_specification import ModelSpecification as ModelSpecification
    from modelarts_client.models.model_summary import ModelSummary as ModelSummary
    from modelarts_client.models.notebook import Notebook as Notebook
    from modelarts_client.models.notebook_ai_project import NotebookAiProject as NotebookAiProject
    from modelarts_client.models.notebook_annotations import NotebookAnnotations as NotebookAnnotations
    from modelarts_client.models.notebook_auto_stop import NotebookAutoStop as NotebookAutoStop
    from modelarts_client.models.notebook_auto_stop_settings import NotebookAutoStopSettings as NotebookAutoStopSettings
    from modelarts_client.models.notebook_failed_reasons import NotebookFailedReasons as NotebookFailedReasons
    from modelarts_client.models.notebook_flavor_details import NotebookFlavorDetails as NotebookFlavorDetails
    from modelarts_client.models.notebook_flavor_params import NotebookFlavorParams as NotebookFlavorParams
    from modelarts_client.models.notebook_image import NotebookImage as NotebookImage
    from modelarts_client.models.notebook_location import NotebookLocation as NotebookLocation
    from modelarts_client.models.notebook_pool import NotebookPool as NotebookPool
    from modelarts_client.models.notebook_pool_owner import NotebookPoolOwner as NotebookPoolOwner
    from modelarts_client.models.notebook_profile import NotebookProfile as NotebookProfile
    from modelarts_client.models.notebook_provision import NotebookProvision as NotebookProvision
    from modelarts_client.models.notebook_provision_annotations import (
        NotebookProvisionAnnotations as NotebookProvisionAnnotations,
    )
    from modelarts_client.models.notebook_provision_spec import NotebookProvisionSpec as NotebookProvisionSpec
    from modelarts_client.models.notebook_queuing_info import NotebookQueuingInfo as NotebookQueuingInfo
    from modelarts_client.models.notebook_spec import NotebookSpec as NotebookSpec
    from modelarts_client.models.notebook_storage import NotebookStorage as NotebookStorage
    from modelarts_client.models.notebook_user import NotebookUser as NotebookUser
    from modelarts_client.models.notebook_workspace import NotebookWorkspace as NotebookWorkspace
    from modelarts_client.models.read_training_job_log_bytes_answer import (
        ReadTrainingJobLogBytesAnswer as ReadTrainingJobLogBytesAnswer,
    )
    from modelarts_client.models.read_training_job_log_lines_answer import (
        ReadTrainingJobLogLinesAnswer as ReadTrainingJobLogLinesAnswer,
    )
    from modelarts_client.models.restart_visualization_job_answer import (
        RestartVisualizationJobAnswer as RestartVisualizationJobAnswer,
    )
    from modelarts_client.models.service_attributes import ServiceAttributes as ServiceAttributes
    from modelarts_client.models.service_attributes_input import ServiceAttributesInput as ServiceAttributesInput
    from modelarts_client.models.service_config import ServiceConfig as ServiceConfig
    from modelarts_client.models.service_custom_spec import ServiceCustomSpec as ServiceCustomSpec
    from modelarts_client.models.service_custom_spec_input import ServiceCustomSpecInput as ServiceCustomSpecInput
    from modelarts_client.models.service_deployment import ServiceDeployment as ServiceDeployment
    from modelarts_client.models.service_event import ServiceEvent as ServiceEvent
    from modelarts_client.models.service_flavor import ServiceFlavor as ServiceFlavor
    from modelarts_client.models.service_mapping_rule import ServiceMappingRule as ServiceMappingRule
    from modelarts_client.models.service_mapping_rule_input import ServiceMappingRuleInput as ServiceMappingRuleInput
    from modelarts_client.models.service_monitor import ServiceMonitor as ServiceMonitor
    from modelarts_client.models.service_node import ServiceNode as ServiceNode
    from modelarts_client.models.service_notification import ServiceNotification as ServiceNotification
    from modelarts_client.models.service_notification_input import ServiceNotificationInput as ServiceNotificationInput
    from modelarts_client.models.service_pool import ServicePool as ServicePool
    from modelarts_client.models.service_pool_nodes import ServicePoolNodes as ServicePoolNodes
    from modelarts_client.models.service_schedule import ServiceSchedule as ServiceSchedule
    from modelarts_client.models.service_schedule_input import ServiceScheduleInput as ServiceScheduleInput
    from modelarts_client.models.service_summary import ServiceSummary as ServiceSummary
    from modelarts_client.models.service_update import ServiceUpdate as ServiceUpdate
    from modelarts_client.models.service_update_node_result import ServiceUpdateNodeResult as ServiceUpdateNodeResult
    from modelarts_client.models.stop_training_job_version_answer import (
        StopTrainingJobVersionAnswer as StopTrainingJobVersionAnswer,
    )
    from modelarts_client.models.stop_visualization_job_answer import (
        StopVisualizationJobAnswer as StopVisualizationJobAnswer,
    )
    from modelarts_client.models.training_job import TrainingJob as TrainingJob
    from modelarts_client.models.training_job_class_metric import TrainingJobClassMetric as TrainingJobClassMetric
    from modelarts_client.models.training_job_class_metric_values import (
        TrainingJobClassMetricValues as TrainingJobClassMetricValues,
    )
    from modelarts_client.models.training_job_config import TrainingJobConfig as TrainingJobConfig
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
    from modelarts_client.models.update_notebook_answer import UpdateNotebookAnswer as UpdateNotebookAnswer
    from modelarts_client.models.update_notebook_request import UpdateNotebookRequest as UpdateNotebookRequest
    from modelarts_client.models.update_notebook_spec import UpdateNotebookSpec as UpdateNotebookSpec
    from modelarts_client.models.update_service_answer import UpdateServiceAnswer as UpdateServiceAnswer
    from modelarts_client.models.update_service_request import UpdateServiceRequest as UpdateServiceRequest
    from modelarts_client.models.update_training_job_answer import UpdateTrainingJobAnswer as UpdateTrainingJobAnswer
    from modelarts_client.models.update_training_job_config_answer import (
        UpdateTrainingJobConfigAnswer as UpdateTrainingJobConfigAnswer,
    )
    from modelarts_client.models.update_training_job_config_request import (
        UpdateTrainingJobConfigRequest as UpdateTrainingJobConfigRequest,
    )
    from modelarts_client.models.update_training_job_request import UpdateTrainingJobRequest as UpdateTrainingJobRequest
    from modelarts_client.models.update_visualization_job_answer import (
        UpdateVisualizationJobAnswer as UpdateVisualizationJobAnswer,
    )
    from modelarts_client.models.update_visualization_job_request import (
        UpdateVisualizationJobRequest as UpdateVisualizationJobRequest,
    )
    from modelarts_client.models.update_workspace_answer import UpdateWorkspaceAnswer as UpdateWorkspaceAnswer
    from modelarts_client.models.update_workspace_quotas_answer import (
        UpdateWorkspaceQuotasAnswer as UpdateWorkspaceQuotasAnswer,
    )
    from modelarts_client.models.update_workspace_quotas_request import (
        UpdateWorkspaceQuotasRequest as UpdateWorkspaceQuotasRequest,
    )
    from modelarts_client.models.update_workspace_request import UpdateWorkspaceRequest as UpdateWorkspaceRequest
    from modelarts_client.models.visualization_job import VisualizationJob as VisualizationJob
    from modelarts_client.models.visualization_job_schedule import VisualizationJobSchedule as VisualizationJobSchedule
    from modelarts_client.models.workspace import Workspace as Workspace
    from modelarts_client.models.workspace_envelope import WorkspaceEnvelope as WorkspaceEnvelope
    from modelarts_client.models.workspace_grant import WorkspaceGrant as WorkspaceGrant
    from modelarts_client.models.workspace_grantee import WorkspaceGrantee as WorkspaceGrantee
    from modelarts_client.models.workspace_quota import WorkspaceQuota as WorkspaceQuota
    from modelarts_client.models.workspace_quota_target import WorkspaceQuotaTarget as WorkspaceQuotaTarget

_MODULES = {
    "BuiltInAlgorithm": "built_in_algorithm",
    "BuiltInAlgorithmParameter": "built_in_algorithm_parameter",
    "ControlServiceNodeAnswer": "control_service_node_answer",
    "ControlServiceNodeRequest": "control_service_node_request",
    "CreateModelAnswer": "create_model_answer",
    "CreateModelRequest": "create_model_request",
    "CreateNotebookAnswer": "create_notebook_answer",
    "CreateNotebookLocation": "create_notebook_location",
    "CreateNotebookRequest": "create_notebook_request",
    "CreateNotebookSpec": "create_notebook_spec",
    "CreateNotebookStorage": "create_notebook_storage",
    "CreateNotebookWorkspace": "create_notebook_workspace",
    "CreateServiceAnswer": "create_service_answer",
    "CreateServiceRequest": "create_service_request",
    "CreateTokenAnswer": "create_token_answer",
    "CreateTokenRequest": "create_token_request",
    "CreateTrainingJobAnswer": "create_training_job_answer",
    "CreateTrainingJobConfigAnswer": "create_training_job_config_answer",
    "CreateTrainingJobConfigRequest": "create_training_job_config_request",
    "CreateTrainingJobRequest": "create_training_job_request",
    "CreateTrainingJobVersionAnswer": "create_training_job_version_answer",
    "CreateTrainingJobVersionRequest": "create_training_job_version_request",
    "CreateVisualizationJobAnswer": "create_visualization_job_answer",
    "CreateVisualizationJobRequest": "create_visualization_job_request",
    "CreateWorkspaceAnswer": "create_workspace_answer",
    "CreateWorkspaceRequest": "create_workspace_request",
    "DeleteModelAnswer": "delete_model_answer",
    "DeleteNotebookAnswer": "delete_notebook_answer",
    "DeleteServiceAnswer": "delete_service_answer",
    "DeleteTrainingJobAnswer": "delete_training_job_answer",
    "DeleteTrainingJobConfigAnswer": "delete_training_job_config_answer",
    "DeleteTrainingJobVersionAnswer": "delete_training_job_version_answer",
    "DeleteVisualizationJobAnswer": "delete_visualization_job_answer",
    "DeleteWorkspaceAnswer": "delete_workspace_answer",
    "Envelope": "envelope",
    "ErrorAnswer": "error_answer",
    "GetModelAnswer": "get_model_answer",
    "GetNotebookAnswer": "get_notebook_answer",
    "GetServiceAnswer": "get_service_answer",
    "GetServiceMetricsAnswer": "get_service_metrics_answer",
    "GetTrainingJobConfigAnswer": "get_training_job_config_answer",
    "GetTrainingJobVersionAnswer": "get_training_job_version_answer",
    "GetVisualizationJobAnswer": "get_visualization_job_answer",
    "GetWorkspaceAnswer": "get_workspace_answer",
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
    "ListModelsAnswer": "list_models_answer",
    "ListNotebooksAnswer": "list_notebooks_answer",
    "ListPoolsAnswer": "list_pools_answer",
    "ListProjectsAnswer": "list_projects_answer",
    "ListServiceEventsAnswer": "list_service_events_answer",
    "ListServiceFlavorsAnswer": "list_service_flavors_answer",
    "ListServiceUpdatesAnswer": "list_service_updates_answer",
    "ListServicesAnswer": "list_services_answer",
    "ListTrainingJobConfigsAnswer": "list_training_job_configs_answer",
    "ListTrainingJobLogFilesAnswer": "list_training_job_log_files_answer",
    "ListTrainingJobVersionsAnswer": "list_training_job_versions_answer",
    "ListTrainingJobsAnswer": "list_training_jobs_answer",
    "ListVisualizationJobsAnswer": "list_visualization_jobs_answer",
    "ListWorkspaceQuotasAnswer": "list_workspace_quotas_answer",
    "ListWorkspacesAnswer": "list_workspaces_answer",
    "ManageNotebookAnswer": "manage_notebook_answer",
    "ManageNotebookRequest": "manage_notebook_request",
    "ModelApi": "model_api",
    "ModelApiInput": "model_api_input",
    "ModelApiMessage": "model_api_message",
    "ModelApiMessageInput": "model_api_message_input",
    "ModelConfiguration": "model_configuration",
    "ModelDeleteFailure": "model_delete_failure",
    "ModelDependency": "model_dependency",
    "ModelDependencyInput": "model_dependency_input",
    "ModelDocument": "model_document",
    "ModelDocumentInput": "model_document_input",
    "ModelHealth": "model_health",
    "ModelLabelsMap": "model_labels_map",
    "ModelMetrics": "model_metrics",
    "ModelMetricsInput": "model_metrics_input",
    "ModelPackage": "model_package",
    "ModelPackageInput": "model_package_input",
    "ModelParameter": "model_parameter",
    "ModelParameterInput": "model_parameter_input",
    "ModelSpecification": "model_specification",
    "ModelSummary": "model_summary",
    "Notebook": "notebook",
    "NotebookAiProject": "notebook_ai_project",
    "NotebookAnnotations": "notebook_annotations",
    "NotebookAutoStop": "notebook_auto_stop",
    "NotebookAutoStopSettings": "notebook_auto_stop_settings",
    "NotebookFailedReasons": "notebook_failed_reasons",
    "NotebookFlavorDetails": "notebook_flavor_details",
    "NotebookFlavorParams": "notebook_flavor_params",
    "NotebookImage": "notebook_image",
    "NotebookLocation": "notebook_location",
    "NotebookPool": "notebook_pool",
    "NotebookPoolOwner": "notebook_pool_owner",
    "NotebookProfile": "notebook_profile",
    "NotebookProvision": "notebook_provision",
    "NotebookProvisionAnnotations": "notebook_provision_annotations",
    "NotebookProvisionSpec": "notebook_provision_spec",
    "NotebookQueuingInfo": "notebook_queuing_info",
    "NotebookSpec": "notebook_spec",
    "NotebookStorage": "notebook_storage",
    "NotebookUser": "notebook_user",
    "NotebookWorkspace": "notebook_workspace",
    "ReadTrainingJobLogBytesAnswer": "read_training_job_log_bytes_answer",
    "ReadTrainingJobLogLinesAnswer": "read_training_job_log_lines_answer",
    "RestartVisualizationJobAnswer": "restart_visualization_job_answer",
    "ServiceAttributes": "service_attributes",
    "ServiceAttributesInput": "service_attributes_input",
    "ServiceConfig": "service_config",
    "ServiceCustomSpec": "service_custom_spec",
    "ServiceCustomSpecInput": "service_custom_spec_input",
    "ServiceDeployment": "service_deployment",
    "ServiceEvent": "service_event",
    "ServiceFlavor": "service_flavor",
    "ServiceMappingRule": "service_mapping_rule",
    "ServiceMappingRuleInput": "service_mapping_rule_input",
    "ServiceMonitor": "service_monitor",
    "ServiceNode": "service_node",
    "ServiceNotification": "service_notification",
    "ServiceNotificationInput": "service_notification_input",
    "ServicePool": "service_pool",
    "ServicePoolNodes": "service_pool_nodes",
    "ServiceSchedule": "service_schedule",
    "ServiceScheduleInput": "service_schedule_input",
    "ServiceSummary": "service_summary",
    "ServiceUpdate": "service_update",
    "ServiceUpdateNodeResult": "service_update_node_result",
    "StopTrainingJobVersionAnswer": "stop_training_job_version_answer",
    "StopVisualizationJobAnswer": "stop_visualization_job_answer",
    "TrainingJob": "training_job",
    "TrainingJobClassMetric": "training_job_class_metric",
    "TrainingJobClassMetricValues": "training_job_class_metric_values",
    "TrainingJobConfig": "training_job_config",
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
    "UpdateNotebookAnswer": "update_notebook_answer",
    "UpdateNotebookRequest": "update_notebook_request",
    "UpdateNotebookSpec": "update_notebook_spec",
    "UpdateServiceAnswer": "update_service_answer",
    "UpdateServiceRequest": "update_service_request",
    "UpdateTrainingJobAnswer": "update_training_job_answer",
    "UpdateTrainingJobConfigAnswer": "update_training_job_config_answer",
    "UpdateTrainingJobConfigRequest": "update_training_job_config_request",
    "UpdateTrainingJobRequest": "update_training_job_request",
    "UpdateVisualizationJobAnswer": "update_visualization_job_answer",
    "UpdateVisualizationJobRequest": "update_visualization_job_request",
    "UpdateWorkspaceAnswer": "update_workspace_answer",
    "UpdateWorkspaceQuotasAnswer": "update_workspace_quotas_answer",
    "UpdateWorkspaceQuotasRequest": "update_workspace_quotas_request",
    "UpdateWorkspaceRequest": "update_workspace_request",
    "VisualizationJob": "visualization_job",
    "VisualizationJobSchedule": "visualization_job_schedule",
    "Workspace": "workspace",
    "WorkspaceEnvelope": "workspace_envelope",
    "WorkspaceGrant": "workspace_grant",
    "WorkspaceGrantee": "workspace_grantee",
    "WorkspaceQuota": "workspace_quota",
    "WorkspaceQuotaTarget": "workspace_quota_target",
}

__all__ = [
    "BuiltInAlgorithm",
    "BuiltInAlgorithmParameter",
    "ControlServiceNodeAnswer",
    "ControlServiceNodeRequest",
    "CreateModelAnswer",
    "CreateModelRequest",
    "CreateNotebookAnswer",
    "CreateNotebookLocation",
    "CreateNotebookRequest",
    "CreateNotebookSpec",
    "CreateNotebookStorage",
    "CreateNotebookWorkspace",
    "CreateServiceAnswer",
    "CreateServiceRequest",
    "CreateTokenAnswer",
    "CreateTokenRequest",
    "CreateTrainingJobAnswer",
    "CreateTrainingJobConfigAnswer",
    "CreateTrainingJobConfigRequest",
    "CreateTrainingJobRequest",
    "CreateTrainingJobVersionAnswer",
    "CreateTrainingJobVersionRequest",
    "CreateVisualizationJobAnswer",
    "CreateVisualizationJobRequest",
    "CreateWorkspaceAnswer",
    "CreateWorkspaceRequest",
    "DeleteModelAnswer",
    "DeleteNotebookAnswer",
    "DeleteServiceAnswer",
    "DeleteTrainingJobAnswer",
    "DeleteTrainingJobConfigAnswer",
    "DeleteTrainingJobVersionAnswer",
    "DeleteVisualizationJobAnswer",
    "DeleteWorkspaceAnswer",
    "Envelope",
    "ErrorAnswer",
    "GetModelAnswer",
    "GetNotebookAnswer",
    "GetServiceAnswer",
    "GetServiceMetricsAnswer",
    "GetTrainingJobConfigAnswer",
    "GetTrainingJobVersionAnswer",
    "GetVisualizationJobAnswer",
    "GetWorkspaceAnswer",
    "IamAuth",
    "IamCatalogEndpoint",
    "IamCatalogService",
    "IamDomainName",
    "IamError",
    "IamErrorAnswer",
    "IamIdentity",
    "IamLinks",
    "IamPassword",
    "IamPasswordUser",
    "IamProject",
    "IamScope",
    "IamScopeProject",
    "IamToken",
    "IamTokenDomain",
    "IamTokenProject",
    "IamTokenRole",
    "IamTokenUser",
    "IamTotp",
    "IamTotpUser",
    "JobEngine",
    "JobFlavor",
    "ListAlgorithmsAnswer",
    "ListEnginesAnswer",
    "ListJobFlavorsAnswer",
    "ListModelsAnswer",
    "ListNotebooksAnswer",
    "ListPoolsAnswer",
    "ListProjectsAnswer",
    "ListServiceEventsAnswer",
    "ListServiceFlavorsAnswer",
    "ListServiceUpdatesAnswer",
    "ListServicesAnswer",
    "ListTrainingJobConfigsAnswer",
    "ListTrainingJobLogFilesAnswer",
    "ListTrainingJobVersionsAnswer",
    "ListTrainingJobsAnswer",
    "ListVisualizationJobsAnswer",
    "ListWorkspaceQuotasAnswer",
    "ListWorkspacesAnswer",
    "ManageNotebookAnswer",
    "ManageNotebookRequest",
    "ModelApi",
    "ModelApiInput",
    "ModelApiMessage",
    "ModelApiMessageInput",
    "ModelConfiguration",
    "ModelDeleteFailure",
    "ModelDependency",
    "ModelDependencyInput",
    "ModelDocument",
    "ModelDocumentInput",
    "ModelHealth",
    "ModelLabelsMap",
    "ModelMetrics",
    "ModelMetricsInput",
    "ModelPackage",
    "ModelPackageInput",
    "ModelParameter",
    "ModelParameterInput",
    "ModelSpecification",
    "ModelSummary",
    "Notebook",
    "NotebookAiProject",
    "NotebookAnnotations",
    "NotebookAutoStop",
    "NotebookAutoStopSettings",
    "NotebookFailedReasons",
    "NotebookFlavorDetails",
    "NotebookFlavorParams",
    "NotebookImage",
    "NotebookLocation",
    "NotebookPool",
    "NotebookPoolOwner",
    "NotebookProfile",
    "NotebookProvision",
    "NotebookProvisionAnnotations",
    "NotebookProvisionSpec",
    "NotebookQueuingInfo",
    "NotebookSpec",
    "NotebookStorage",
    "NotebookUser",
    "NotebookWorkspace",
    "ReadTrainingJobLogBytesAnswer",
    "ReadTrainingJobLogLinesAnswer",
    "RestartVisualizationJobAnswer",
    "ServiceAttributes",
    "ServiceAttributesInput",
    "ServiceConfig",
    "ServiceCustomSpec",
    "ServiceCustomSpecInput",
    "ServiceDeployment",
    "ServiceEvent",
    "ServiceFlavor",
    "ServiceMappingRule",
    "ServiceMappingRuleInput",
    "ServiceMonitor",
    "ServiceNode",
    "ServiceNotification",
    "ServiceNotificationInput",
    "ServicePool",
    "ServicePoolNodes",
    "ServiceSchedule",
    "ServiceScheduleInput",
    "ServiceSummary",
    "ServiceUpdate",
    "ServiceUpdateNodeResult",
    "StopTrainingJobVersionAnswer",
    "StopVisualizationJobAnswer",
    "TrainingJob",
    "TrainingJobClassMetric",
    "TrainingJobClassMetricValues",
    "TrainingJobConfig",
    "TrainingJobDataSource",
    "TrainingJobDataSourceInput",
    "TrainingJobHostPathVolume",
    "TrainingJobHostPathVolumeInput",
    "TrainingJobMetricClass",
    "TrainingJobModelMetrics",
    "TrainingJobNfsVolume",
    "TrainingJobNfsVolumeInput",
    "TrainingJobParameter",
    "TrainingJobReservedMetricData",
    "TrainingJobSettings",
    "TrainingJobSystemMetrics",
    "TrainingJobTotalMetric",
    "TrainingJobTotalMetricValues",
    "TrainingJobVersion",
    "TrainingJobVersionParameter",
    "TrainingJobVersionSettings",
    "TrainingJobVolume",
    "TrainingJobVolumeInput",
    "UpdateNotebookAnswer",
    "UpdateNotebookRequest",
    "UpdateNotebookSpec",
    "UpdateServiceAnswer",
    "UpdateServiceRequest",
    "UpdateTrainingJobAnswer",
    "UpdateTrainingJobConfigAnswer",
    "UpdateTrainingJobConfigRequest",
    "UpdateTrainingJobRequest",
    "UpdateVisualizationJobAnswer",
    "UpdateVisualizationJobRequest",
    "UpdateWorkspaceAnswer",
    "UpdateWorkspaceQuotasAnswer",
    "UpdateWorkspaceQuotasRequest",
    "UpdateWorkspaceRequest",
    "VisualizationJob",
    "VisualizationJobSchedule",
    "Workspace",
    "WorkspaceEnvelope",
    "WorkspaceGrant",
    "WorkspaceGrantee",
    "WorkspaceQuota",
    "WorkspaceQuotaTarget",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULES)
