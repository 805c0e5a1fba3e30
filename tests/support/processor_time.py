"""Where the processor time goes: `pytest -p tests.support.processor_time`.

Prints user and system seconds for each folder and for the dearest files. Those of every
process that a test starts count, to whichever test runs when they are spent.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import PurePath

import psutil
import pytest

KEY = "processor_seconds"
DEAREST_FILES = 25
_spent_at_begin = pytest.StashKey[float]()
_is_last = pytest.StashKey[bool]()
_by_file: defaultdict[str, float] = defaultdict(float)


def processor_seconds() -> float:
    """Seconds that this process has spent until now, with all processes below it."""
    total = sum(os.times()[:4])
    for process in psutil.Process().children(recursive=True):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.Error:  # it has just ended, and its parent now counts it
            continue
    return total


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Look once a file: a look takes as long as a short test."""
    item.config.stash.setdefault(_spent_at_begin, processor_seconds())
    item.stash[_is_last] = nextitem is None or nextitem.path != item.path
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown" and item.stash[_is_last]:
        now = processor_seconds()
        spent = now - item.config.stash[_spent_at_begin]
        item.config.stash[_spent_at_begin] = now
        report.user_properties.append((KEY, spent))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    file = report.nodeid.partition("::")[0]
    found = dict(report.user_properties).get(KEY)
    _by_file[file] += found if isinstance(found, float) else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    by_folder: defaultdict[str, float] = defaultdict(float)
    for file, seconds in _by_file.items():
        by_folder["/".join(PurePath(file).parts[:-1][:3])] += seconds
    terminalreporter.section("processor seconds")
    for table, most in ((by_folder, len(by_folder)), (_by_file, DEAREST_FILES)):
        dearest = sorted(table.items(), key=lambda entry: -entry[1])
        for name, seconds in dearest[:most]:
            terminalreporter.line(f"{seconds:8.1f}  {name}")
        terminalreporter.line("")
    terminalreporter.line(f"{sum(_by_file.values()):8.1f}  in all")
