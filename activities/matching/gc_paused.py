"""Python's search for rings of objects, put off while a pool is read and matched.

It begins anew each time so many objects have been made, and looks at all there are: of ten thousand on each side it
took an eighth of the time, and nothing of a pool makes a ring. What other activities leave is found some seconds later.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_under_way = 0


@contextmanager
def gc_paused() -> Iterator[None]:
    """On the event loop's thread; of several at once the last to end lets the search go on."""
    global _under_way
    gc.disable()
    _under_way += 1
    try:
        yield
    finally:
        _under_way -= 1
        if not _under_way:
            gc.enable()
