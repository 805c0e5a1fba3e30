"""Where what takes long to build is kept, outside of the repository."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Returns the folder; `XDG_CACHE_HOME` says where such folders are, else `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "binome"
