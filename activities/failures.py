"""Kinds of failure that an activity knows how to answer, and where an error arose."""


class TemporaryFailure(Exception):
    """A part is unreachable, and a retry may succeed. The message holds no values."""


class FinalFailure(Exception):
    """A retry fails in the same way. The message holds no values."""


def place_of(error: BaseException) -> str:
    """Function and line that raised it, for a log that must not hold its text."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
