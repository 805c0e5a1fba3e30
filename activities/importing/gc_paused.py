"""Pauses Python's garbage collector while a people file is read.

The collector looks at all objects each time so many were made: over a file of 100,000
lines it held up the event loop for 140 ms at once, and nothing of a file is in a cycle.
What other activities leave is collected some seconds later.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_pauses = 0


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the collector for a block, on the event loop's thread; the last of several
    blocks to end resumes it.
    """
    global _pauses
    gc.disable()
    _pauses += 1
    try:
        yield
    finally:
        _pauses -= 1
        if not _pauses:
            gc.enable()
