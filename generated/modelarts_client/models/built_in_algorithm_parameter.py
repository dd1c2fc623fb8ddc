"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class BuiltInAlgorithmParameter(AnswerModel):
    """One run parameter of a built-in algorithm."""

    label: str | None = None
    """Name of the parameter."""

    value: str | None = None
    """Preset value; empty where the caller must give one."""

    required: bool | None = None
    """Whether the parameter must be given."""

    placeholder_cn: str | None = None
    """Hint for input forms in Chinese."""

    placeholder_en: str | None = None
    """Hint for input forms in English."""
