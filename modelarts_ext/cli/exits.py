"""Exit codes, and which error ends in which."""

from __future__ import annotations

from enum import IntEnum

from modelarts_ext import errors


class Exit(IntEnum):
    """What the exit code of the command says."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LEFT_BEHIND = 3
    CREDENTIALS = 4
    NOT_FOUND = 5
    UNREACHABLE = 6
    DEADLINE = 7
    OUTCOME_UNKNOWN = 8
    INTERRUPTED = 130


_BY_ERROR: tuple[tuple[type[errors.ModelArtsError], Exit], ...] = (
    # The first that fits counts: a subclass stands before its base.
    (errors.CredentialsNotFoundError, Exit.CREDENTIALS),
    (errors.IncompleteCredentialsError, Exit.CREDENTIALS),
    (errors.ProjectNotFoundError, Exit.NOT_FOUND),
    (errors.ConfigurationError, Exit.USAGE),
    (errors.RequestValidationError, Exit.USAGE),
    (errors.BadRequestError, Exit.USAGE),
    (errors.AuthenticationError, Exit.CREDENTIALS),
    (errors.PermissionDeniedError, Exit.CREDENTIALS),
    (errors.NotFoundError, Exit.NOT_FOUND),
    (errors.OutcomeUnknownError, Exit.OUTCOME_UNKNOWN),
    (errors.DeadlineExceededError, Exit.DEADLINE),
    (errors.WaitTimeoutError, Exit.DEADLINE),
    (errors.TransportError, Exit.UNREACHABLE),
)


def exit_of(error: errors.ModelArtsError) -> Exit:
    """Return the exit code for an error."""
    for kind, code in _BY_ERROR:
        if isinstance(error, kind):
            return code
    return Exit.FAILED
