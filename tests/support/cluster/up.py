"""`binome` whose one-machine stack has a real Temporal cluster in place of the dev server.

`python -m tests.support.cluster.up up …`
"""

import os
import sys

from binome.__main__ import main
from binome.stack import temporal
from binome.stack.data_folder import DataFolder
from binome.stack.ports import Ports
from tests.support.cluster import standin
from tests.support.cluster.building import ServerFolder
from tests.support.cluster.compose_file import ROOT


def _command(folder: DataFolder, ports: Ports, ui: tuple[str, int]) -> list[str]:
    server = ServerFolder.chosen()
    assert server is not None
    words = (server.path, folder.path, ports.temporal, *ui)
    return [sys.executable, standin.__file__, *map(str, words)]


if __name__ == "__main__":
    temporal.command = _command
    os.environ["PYTHONPATH"] = str(ROOT)  # the stack's parts start elsewhere
    main()
