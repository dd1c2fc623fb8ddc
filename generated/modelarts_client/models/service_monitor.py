"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceMonitor(AnswerModel):
    """Load of one model of a real-time service, or of one node of an edge service."""

    model_id: str | None = None
    """Model; of real-time services."""

    model_name: str | None = None
    """Name of the model; of real-time services."""

    model_version: str | None = None
    """Version of the model; of real-time services."""

    node_id: str | None = None
    """Node; of edge services."""

    node_name: str | None = None
    """Name of the node; of edge services."""

    invocation_times: int | None = None
    """How often the instances of the model were called; of real-time services."""

    failed_times: int | None = None
    """How many of these calls failed; of real-time services."""

    cpu_core_usage: float | None = None
    """CPU cores in use."""

    cpu_core_total: float | None = None
    """CPU cores there are."""

    cpu_memory_usage: int | None = None
    """Main memory in use."""

    cpu_memory_total: int | None = None
    """Main memory there is."""

    gpu_usage: float | None = None
    """GPUs in use."""

    gpu_total: float | None = None
    """GPUs there are."""
