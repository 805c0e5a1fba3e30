"""No test here starts a server: these are the tests that run within a minute."""

import pytest

BELONGS_ELSEWHERE = "a test that needs a server belongs in tests/integration"


@pytest.fixture(scope="session")
def postgres() -> None:
    pytest.fail(BELONGS_ELSEWHERE)


@pytest.fixture(scope="session")
def temporal_server() -> None:
    pytest.fail(BELONGS_ELSEWHERE)


@pytest.fixture
def skipping() -> None:
    pytest.fail(BELONGS_ELSEWHERE)


@pytest.fixture
def mail_server() -> None:
    pytest.fail(BELONGS_ELSEWHERE)
