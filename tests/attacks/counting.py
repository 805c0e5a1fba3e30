"""Counts work instead of measuring time: how often a function is called."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Calls:
    """How often something was called."""

    count = 0


@contextmanager
def counted(holder: object, name: str) -> Iterator[Calls]:
    calls, original = Calls(), getattr(holder, name)

    @functools.wraps(original)
    def counting(*args: Any, **named: Any) -> Any:
        calls.count += 1
        return original(*args, **named)

    with patch.object(holder, name, counting):
        yield calls
