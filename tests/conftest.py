"""What all tests share: the parts that they run against, and how they are spread.

Each server is started once a test process on a free port, in a temporary folder, and
ended by it.
"""

import gc
import os
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.support.properties import load_profile

pytest_plugins = [
    "tests.support.databases",
    "tests.support.mail.mail_server",
    "tests.support.temporal_servers",
]
SHARED = "tests/browser/stack/"
"""A stack of its own for each of its files would take a minute of both cores more."""

load_profile()
# Thousands of tests that are collected live as long as the process: looking through them
# again and again took a tenth of its time.
gc.set_threshold(100_000, 20, 100)


class _OneStack(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file of tests is one process's; of those that share a running stack, all files are."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return SHARED if file.startswith(SHARED) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return _OneStack(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the run cost; the processes of xdist and what they started have ended."""
    spent = sum(os.times()[:4])
    terminalreporter.line(f"{spent:.0f} s of processor time, of all processes")
