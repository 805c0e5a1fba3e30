"""A network namespace of its own (Linux): what listens in it is reached from within it alone."""

import ctypes
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1
_PROCESS = Path("/proc/self")
# Loaded here, in the parent: between fork and exec a child may not load anything.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def enter() -> None:
    """Move this process, and what it starts, into a new namespace with loopback alone.

    Sockets made before stay where they are. Root keeps its user namespace, in which it
    may read everybody's files; others need one, and are in it who they were.

    Raises:
        OSError: the kernel refuses it, or knows no namespaces.
    """
    try:
        _unshare(_CLONE_NEWNET)
    except PermissionError:
        uid, gid = os.geteuid(), os.getegid()
        _unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        (_PROCESS / "setgroups").write_text("deny")
        (_PROCESS / "uid_map").write_text(f"{uid} {uid} 1")
        (_PROCESS / "gid_map").write_text(f"{gid} {gid} 1")
    _raise_loopback()


def _unshare(what: int) -> None:
    if _libc is None:
        raise OSError("this system has no network namespaces")
    if _libc.unshare(what):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _raise_loopback() -> None:
    import fcntl

    with socket.socket() as any_socket:
        asked = struct.pack("16sh14x", b"lo", _IFF_UP)
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, asked)


def can_enter() -> bool:
    """Whether this account may have a namespace: tried in a child process."""
    if _libc is None:
        return False
    try:
        subprocess.run(["/bin/sh", "-c", ":"], preexec_fn=enter, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
