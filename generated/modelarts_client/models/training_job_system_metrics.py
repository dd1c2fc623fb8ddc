"""Made from the document. Do not edit."""

from __future__ import annotations

from pydantic import Field

from modelarts_client.base import AnswerModel


class TrainingJobSystemMetrics(AnswerModel):
    """Use of the machines over time, one decimal number as text per moment, oldest first."""

    cpu_usage: list[str] | None = Field(default=None, alias="cpuUsage")
    """Use of the processors."""

    mem_usage: list[str] | None = Field(default=None, alias="memUsage")
    """Use of the main memory."""

    gpu_util: list[str] | None = Field(default=None, alias="gpuUtil")
    """Use of the GPUs."""

    gpu_mem_usage: list[str] | None = Field(default=None, alias="gpuMemUsage")
    """Use of the memory of the GPUs."""

    disk_read_rate: list[str] | None = Field(default=None, alias="diskReadRate")
    """Rate of reading from disks."""

    disk_write_rate: list[str] | None = Field(default=None, alias="diskWriteRate")
    """Rate of writing to disks."""

    recv_bytes_rate: list[str] | None = Field(default=None, alias="recvBytesRate")
    """Rate of bytes received from the network."""

    send_bytes_rate: list[str] | None = Field(default=None, alias="sendBytesRate")
    """Rate of bytes sent to the network."""

    interval: int | None = None
    """Time between two moments."""
