"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import OpenRequestModel


class ServiceMappingRuleInput(OpenRequestModel):
    """One level of the request that a batch service builds of a row, in the manner of a JSON schema: objects have `properties`, arrays `items`, and each plain value has the `index` of its column."""

    type: str | None = None
    """Type of the value at this level."""

    properties: dict[str, ServiceMappingRuleInput] | None = None
    """Members of an object, name to rule."""

    items: list[ServiceMappingRuleInput] | None = None
    """Entries of an array."""

    index: int | None = None
    """Column of the CSV file that gives the value, counted from 0; -1 leaves the value out."""


ServiceMappingRuleInput.model_rebuild()
