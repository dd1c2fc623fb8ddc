"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class TrainingJobDataSource(AnswerModel):
    """One source of data, an OBS path or a version of a dataset, told apart by `type`."""

    type: str | None = None
    """Kind of source, `obs` for an OBS path or `dataset` for a version of a dataset."""

    data_url: str | None = None
    """OBS path of the data, for the type `obs` only."""

    dataset_id: str | None = None
    """The dataset, for the type `dataset` only."""

    dataset_version: str | None = None
    """Version of the dataset, by its id, for the type `dataset` only."""
