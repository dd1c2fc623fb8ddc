"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel

from . import service_flavor


class ListServiceFlavorsAnswer(AnswerModel):
    """Flavors for services."""

    specifications: list[service_flavor.ServiceFlavor] | None = None
    """The flavors."""
