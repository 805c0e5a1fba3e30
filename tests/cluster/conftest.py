"""These tests run on a real Temporal server that was built before: `make cluster`."""

import pytest

from tests.support.cluster.building import ServerFolder


@pytest.fixture(scope="session")
def server() -> ServerFolder:
    found = ServerFolder.chosen()
    if found is None:
        pytest.skip("needs a real Temporal server: make cluster")
    return found
