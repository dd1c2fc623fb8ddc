"""Open types of states, made from the document. Do not edit: change the document and generate again."""

from __future__ import annotations

from modelarts_client.behaviour import Phase
from modelarts_client.state import IntState, StrState


class JobStatus(IntState):
    """Status of a training or visualization job, as a number."""

    known = {
        "0": ("JOBSTAT_UNKNOWN", Phase.AMBIGUOUS),
        "1": ("JOBSTAT_INIT", Phase.PENDING),
        "2": ("JOBSTAT_IMAGE_CREATING", Phase.PENDING),
        "3": ("JOBSTAT_IMAGE_FAILED", Phase.FAILED),
        "4": ("JOBSTAT_SUBMIT_TRYING", Phase.PENDING),
        "5": ("JOBSTAT_SUBMIT_FAILED", Phase.FAILED),
        "6": ("JOBSTAT_DELETE_FAILED", Phase.AMBIGUOUS),
        "7": ("JOBSTAT_WAITING", Phase.PENDING),
        "8": ("JOBSTAT_RUNNING", Phase.RUNNING),
        "9": ("JOBSTAT_KILLING", Phase.STOPPING),
        "10": ("JOBSTAT_COMPLETED", Phase.SUCCEEDED),
        "11": ("JOBSTAT_FAILED", Phase.FAILED),
        "12": ("JOBSTAT_KILLED", Phase.STOPPED),
        "13": ("JOBSTAT_CANCELED", Phase.STOPPED),
        "14": ("JOBSTAT_LOST", Phase.FAILED),
        "15": ("JOBSTAT_SCALING", Phase.RUNNING),
        "16": ("JOBSTAT_SUBMIT_MODEL_FAILED", Phase.FAILED),
        "17": ("JOBSTAT_DEPLOY_SERVICE_FAILED", Phase.FAILED),
        "18": ("JOBSTAT_CHECK_INIT", Phase.PENDING),
        "19": ("JOBSTAT_CHECK_RUNNING", Phase.PENDING),
        "20": ("JOBSTAT_CHECK_RUNNING_COMPLETED", Phase.AMBIGUOUS),
        "21": ("JOBSTAT_CHECK_FAILED", Phase.FAILED),
    }


class NotebookStatus(StrState):
    """Status of a notebook instance."""

    known = {
        "CREATE_QUEUING": ("CREATE_QUEUING", Phase.PENDING),
        "CREATING": ("CREATING", Phase.PENDING),
        "CREATE_FAILED": ("CREATE_FAILED", Phase.FAILED),
        "START_QUEUING": ("START_QUEUING", Phase.PENDING),
        "READY_TO_START": ("READY_TO_START", Phase.NEEDS_ACTION),
        "STARTING": ("STARTING", Phase.PENDING),
        "RESTARTING": ("RESTARTING", Phase.PENDING),
        "START_FAILED": ("START_FAILED", Phase.FAILED),
        "RUNNING": ("RUNNING", Phase.RUNNING),
        "STOPPING": ("STOPPING", Phase.STOPPING),
        "STOPPED": ("STOPPED", Phase.STOPPED),
        "UNAVAILABLE": ("UNAVAILABLE", Phase.FAILED),
        "DELETED": ("DELETED", Phase.GONE),
        "RESIZING": ("RESIZING", Phase.PENDING),
        "RESIZE_FAILED": ("RESIZE_FAILED", Phase.FAILED),
    }


class ModelStatus(StrState):
    """Status of a model."""

    known = {
        "publishing": ("publishing", Phase.PENDING),
        "published": ("published", Phase.SUCCEEDED),
        "failed": ("failed", Phase.FAILED),
        "building": ("building", Phase.PENDING),
        "building_failed": ("building_failed", Phase.FAILED),
    }


class ServiceStatus(StrState):
    """Status of a service."""

    known = {
        "deploying": ("DEPLOYING", Phase.PENDING),
        "running": ("RUNNING", Phase.RUNNING),
        "concerning": ("CONCERNING", Phase.DEGRADED),
        "failed": ("FAILED", Phase.FAILED),
        "stopped": ("STOPPED", Phase.STOPPED),
        "finished": ("FINISHED", Phase.SUCCEEDED),
        "stopping": ("STOPPING", Phase.STOPPING),
        "deleting": ("DELETING", Phase.STOPPING),
        "pending": ("PENDING", Phase.PENDING),
        "waiting": ("WAITING", Phase.PENDING),
    }


class ServiceInstanceStatus(StrState):
    """How far the instances of one model of a service have started."""

    known = {
        "ready": ("READY", Phase.RUNNING),
        "concerning": ("CONCERNING", Phase.DEGRADED),
        "notReady": ("NOT_READY", Phase.PENDING),
    }


class ServiceNodeInstanceStatus(StrState):
    """Status of the instance of an edge service on one node."""

    known = {
        "running": ("RUNNING", Phase.RUNNING),
        "stopped": ("STOPPED", Phase.STOPPED),
        "notReady": ("NOT_READY", Phase.PENDING),
        "failed": ("FAILED", Phase.FAILED),
    }


class ServiceNodeState(StrState):
    """Status of the host of an edge node."""

    known = {
        "RUNNING": ("RUNNING", Phase.RUNNING),
        "FAIL": ("FAIL", Phase.FAILED),
        "UNCONNECTED": ("UNCONNECTED", Phase.AMBIGUOUS),
    }


class ServicePoolStatus(StrState):
    """Status of a dedicated pool."""

    known = {
        "deploying": ("DEPLOYING", Phase.PENDING),
        "running": ("RUNNING", Phase.RUNNING),
        "concerning": ("CONCERNING", Phase.DEGRADED),
        "abnormal": ("ABNORMAL", Phase.FAILED),
    }


class WorkspaceStatus(StrState):
    """Status of a workspace."""

    known = {
        "CREATE_FAILED": ("CREATE_FAILED", Phase.FAILED),
        "NORMAL": ("NORMAL", Phase.SUCCEEDED),
        "DELETING": ("DELETING", Phase.STOPPING),
        "DELETE_FAILED": ("DELETE_FAILED", Phase.FAILED),
    }
