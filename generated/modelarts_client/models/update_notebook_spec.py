"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import RequestModel

from . import notebook_auto_stop_settings


class UpdateNotebookSpec(RequestModel):
    """What can be changed of the definition of a notebook instance."""

    auto_stop: notebook_auto_stop_settings.NotebookAutoStopSettings | None = None
    """Whether and when the instance stops by itself."""
