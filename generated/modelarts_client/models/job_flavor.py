"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class JobFlavor(AnswerModel):
    """Resources that one node of a job can have."""

    spec_id: int
    """Id of the flavor; the spec_id of a job."""

    core: str | None = None
    """Number of CPU cores, as digits."""

    cpu: str | None = None
    """Main memory, as digits."""

    gpu_num: int | None = None
    """Number of GPUs."""

    gpu_type: str | None = None
    """Type of the GPUs; empty without any."""

    spec_code: str | None = None
    """Code of the flavor."""

    max_num: int | None = None
    """Most nodes that a job may ask for."""

    unit_num: int | None = None
    """Price units that one node counts for."""

    storage: str | None = None
    """Size of the SSD; empty where none is named."""

    interface_type: int | None = None
    """Type of interface; the values are not explained."""

    no_resource: bool | None = None
    """True when nothing of this flavor is free at the moment."""
