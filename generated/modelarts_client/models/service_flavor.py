"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ServiceFlavor(AnswerModel):
    """Resources that one instance of a service can have."""

    specification: str
    """Id of the flavor; the specification of a service."""

    billing_spec: str | None = None
    """Id under which the flavor is billed."""

    spec_status: str | None = None
    """`normal`, or `sellout` while nothing of the flavor is left."""

    is_open: bool | None = None
    """Whether the flavor can be used; where not, a service ticket opens it."""

    source_type: str | None = None
    """`auto` for models from ExeML, which are billed in another way; absent or empty for models of the user."""

    is_free: bool | None = None
    """Whether the flavor is free of charge."""

    over_quota: bool | None = None
    """Whether the quota of the flavor is used up."""

    extend_params: int | None = None
    """Item of the bill; the values are not explained."""
