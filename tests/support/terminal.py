"""A group of commands as somebody at a terminal uses it."""

import asyncio
import json
from pathlib import Path
from typing import Any

from pytest import CaptureFixture

from tests.support.commands import run_command


class Terminal:
    """Runs the commands of one group, such as `binome accounts`, and reads what they print."""

    def __init__(self, group: str, folder: Path, capfd: CaptureFixture[str]) -> None:
        self.folder = folder
        self._group, self._capfd = group, capfd

    async def run(self, *words: str) -> tuple[int, str, str]:
        """In a thread: a command brings its own loop."""
        given = (self._group, *words, f"--data={self.folder}")
        code = await asyncio.to_thread(run_command, *given)
        printed = self._capfd.readouterr()
        return code, printed.out.strip(), printed.err

    async def json(self, *words: str) -> Any:
        _, out, err = await self.run(*words, "--json")
        assert out, err
        return json.loads(out)
