"""How a failed activity appears in a history: short, without values, and with a type that workflows know."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from temporalio.exceptions import ApplicationError

from activities.failures import FinalFailure, TemporaryFailure, place_of
from schemas.matches.review import DecisionRefused

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)


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
