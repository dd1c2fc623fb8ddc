"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import model_package


class ModelDependency(AnswerModel):
    """Packages that one installer installs."""

    installer: str | None = None
    """Program that installs the packages."""

    packages: list[model_package.ModelPackage] | None = None
    """The packages, in the order of installing."""
