"""What a failed activity says in a history: short, without values, and typed so that a workflow can tell."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from temporalio.exceptions import ApplicationError

from activities.persistence.database import DatabaseUnavailable
from activities.persistence.records import DigestMismatch
from schemas.review import DecisionRefused

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)


def said_shortly(activity: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Any error becomes an ApplicationError without a cause: a stack trace would stand in the history, with values.

    An error of PostgreSQL quotes rows, so of one that nobody expected only its kind and place go into the log.
    """

    @wraps(activity)
    async def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await activity(*args, **kwargs)
        except ApplicationError:
            raise
        except (DecisionRefused, DigestMismatch) as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from None
        except DatabaseUnavailable as error:
            raise ApplicationError(str(error), type="DatabaseUnavailable") from None
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

    return spoken


def place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
