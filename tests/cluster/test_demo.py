"""`binome up --demo` with a real Temporal server in place of the dev server."""

from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.support.cluster.building import ServerFolder
from tests.support.stack import MYSELF, up_words


async def test_the_whole_demo_comes_to_its_end(
    server: ServerFolder, open_folder: Path
) -> None:
    words = [
        *up_words(),
        f"--data={open_folder / 'demo'}",
        "--demo",
        "--exit-when-done",
    ]
    demo = await create_subprocess_exec(
        MYSELF.python, "-m", *words, stdout=PIPE, stderr=PIPE
    )
    out, errors = await demo.communicate()
    assert demo.returncode == 0, errors.decode()[-3000:]
    assert "started again" not in errors.decode()
    assert "completed" in out.decode()
