"""Ends a child process when its parent ends, however the parent ended."""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
# Loaded here, in the parent: between fork and exec a child may not load anything.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(parent: int, number: int) -> None:
    """Have the kernel send `number` to this process when the thread that started it ends. Runs between fork and exec.

    Does nothing but on Linux; there is no such thing elsewhere.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
