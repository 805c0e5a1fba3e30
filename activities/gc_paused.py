"""Pauses Python's garbage collector while a pool is read and matched, or a people file read.

The collector looks at all objects each time so many were made. With ten thousand people
on each side it took an eighth of the time, and nothing of a pool is in a cycle; over a
people file of 100,000 lines it held up the event loop for 140 ms at once. What other
activities leave is collected some seconds later.
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
