"""Made from the document. Do not edit."""

from __future__ import annotations

from modelarts_client.base import AnswerModel


class ReadTrainingJobLogBytesAnswer(AnswerModel):
    """A piece of a log, by bytes."""

    is_success: bool | None = None
    """Whether the call succeeded."""

    error_msg: str | None = None
    """What went wrong; only in failed answers."""

    error_code: str | None = None
    """Code of the failure, of table 10-2 or of the gateway; only in failed answers."""

    log: str | None = None
    """The piece of the log."""

    log_byte_count: int | None = None
    """Number of bytes in this piece."""

    end_byte: int | None = None
    """Position after the last byte of this piece; the next read starts here."""
