"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ReadTrainingJobLogLinesAnswer(AnswerModel):
    """A piece of a log, by lines."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    content: str | None = None
    """The lines of the log."""

    lines: int | None = None
    """Number of lines in this piece."""

    start_line: str | None = None
    """Where this piece starts; the base for reading further back."""

    end_line: str | None = None
    """Where this piece ends; the base for reading on."""
