"""How a failed activity appears in a history: short, without values, and with a type that workflows know."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from temporalio.exceptions import ApplicationError

from schemas.matches.review import DecisionRefused

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)


class TemporaryFailure(Exception):
    """A part is unreachable, and a retry may succeed. The message holds no values."""


class FinalFailure(Exception):
    """A retry fails in the same way. The message holds no values."""


def redacted_failures(
    activity: Callable[P, Awaitable[R]],
) -> Callable[P, Awaitable[R]]:
    """Raise any error as an ApplicationError without a cause: a history would keep its stack trace, with values.

    An error of PostgreSQL quotes rows, so of an unexpected one only kind and place are logged.
    """

    @wraps(activity)
    async def redacted(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await activity(*args, **kwargs)
        except ApplicationError:
            raise
        except (DecisionRefused, FinalFailure) as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from None
        except TemporaryFailure as error:
            raise ApplicationError(str(error), type=type(error).__name__) from None
        except Exception as error:
            kind = type(error).__name__
            log.error(
                "activity_failed",
                activity=activity.__name__,
                error=kind,
                at=place_of(error),
            )
            raise ApplicationError(
                f"{activity.__name__} failed ({kind}); see the worker's log", type=kind
            ) from None

    return redacted


def place_of(error: BaseException) -> str:
    """Function and line that raised it, for a log that must not hold its text."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
