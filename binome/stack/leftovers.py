"""The processes of a stack that may outlive it, noted in `processes.json` so that the next start can end them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from binome.stack.data_folder import DataFolder
from binome.stack.process_identity import ProcessIdentity, identity, stop

FILE = "processes.json"


def remember(folder: Path, name: str, pid: int) -> None:
    """Note a process, so that the next start can end it if nothing else did."""
    found = identity(pid)
    if found is not None:
        noted = _noted(folder) | {name: asdict(found)}
        DataFolder(folder).save(FILE, json.dumps(noted, indent=1))


def end_leftovers(folder: Path) -> list[str]:
    """End processes that outlived their stack, last started first; returns their names."""
    noted = {name: ProcessIdentity(**known) for name, known in _noted(folder).items()}
    left = {name: process for name, process in noted.items() if process.alive()}
    for process in reversed(left.values()):
        stop(process)
    (folder / FILE).unlink(missing_ok=True)
    return list(left)


def _noted(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / FILE).read_text())
    except (OSError, ValueError):
        return {}
    return found
