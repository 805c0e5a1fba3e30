"""`binome` commands in this process: without the two seconds that a Python needs to start.

`tests.support.stack.binome` runs one in a process of its own, for what only that shows.
"""

import asyncio
import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from unittest import mock

import structlog

from binome.__main__ import main


class _Left(BaseException):
    """Where the process would end."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def run_command(*words: str) -> int:
    """The exit code of one command. Its output goes where this process's goes."""

    def leave(code: int) -> None:
        raise _Left(code)

    with (
        kept_logging(),
        mock.patch.object(os, "_exit", leave),
        mock.patch.object(sys, "argv", ["binome", *words]),
    ):
        try:
            main()
        except _Left as left:
            return left.code
    raise AssertionError("a command always leaves by os._exit")


async def call_binome(*words: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one command; its own event loop runs in a thread."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = await asyncio.to_thread(run_command, *words)
    return code, out.getvalue(), err.getvalue()


@contextmanager
def kept_logging() -> Iterator[None]:
    """Give logging back as it was: a command sets it up for its whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()
