import logging
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture
def logging_given_back() -> Iterator[None]:
    """For tests that set logging up for the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
