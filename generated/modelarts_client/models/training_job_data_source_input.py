"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel


class TrainingJobDataSourceInput(RequestModel):
    """One source of data, an OBS path or a version of a dataset, told apart by `type`."""

    type: Literal["obs", "dataset"]
    """Kind of source, `obs` for an OBS path or `dataset` for a version of a dataset."""

    data_url: str | None = None
    """OBS path of the data, for the type `obs` only."""

    dataset_id: str | None = None
    """The dataset, for the type `dataset` only."""

    dataset_version: str | None = None
    """Version of the dataset, by its id, for the type `dataset` only."""
