"""Where the system refuses a namespace, `binome up` has to know before it starts anything."""

import errno

import pytest

from binome.stack import enclosed_server, network_namespace, own_account


@pytest.mark.parametrize(
    "refusal", [OSError(errno.ENOSPC, "none left"), PermissionError(errno.EPERM, "no")]
)
def test_a_namespace_that_is_refused_is_noticed(
    monkeypatch: pytest.MonkeyPatch, refusal: OSError
) -> None:
    def refuse() -> None:
        raise refusal

    monkeypatch.setattr(network_namespace, "enter", refuse)
    assert not enclosed_server.can_enclose()


def test_a_kernel_that_does_not_say_whose_a_connection_is_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_account.ConnectionOwners, "find", lambda *_: None)
    assert not enclosed_server.can_enclose()
