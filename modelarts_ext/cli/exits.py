"""Which error ends in which exit code."""

from __future__ import annotations

from modelarts_ext import errors
from modelarts_ext.exit_codes import Exit

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
