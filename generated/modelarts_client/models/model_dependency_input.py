"""Made from the document. Do not edit."""

from __future__ import annotations

from typing import Literal

from modelarts_client.base import RequestModel

from . import model_package_input


class ModelDependencyInput(RequestModel):
    """Packages that one installer installs."""

    installer: Literal["pip"]
    """Program that installs the packages."""

    packages: list[model_package_input.ModelPackageInput]
    """The packages, in the order of installing."""
