"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ModelPackage(AnswerModel):
    """One package that the model needs."""

    package_name: str | None = None
    """Name of the package, as the package index has it."""

    package_version: str | None = None
    """Version of the package; the newest when left out."""

    restraint: str | None = None
    """How the version is meant, exactly it, at least it or at most it; goes with `package_version`."""
