"""What a process shows of itself is asked for, and said in words where it cannot be."""

import socket
import sys

import pytest

from binome.stack.ports import LOOPBACK
from tests.unit.gateway.factories import house
from workers.observing.telemetry import interceptors, measuring_runtime, tracing
from workers.settings import Settings, SettingsInvalid, load_settings


def settings(**known: object) -> Settings:
    return load_settings(database_url="postgresql://h/d", secret="s" * 32, **known)


def test_nothing_is_measured_or_traced_unless_it_is_asked_for() -> None:
    with tracing(settings(), "worker") as tracer:
        assert (tracer, interceptors(tracer)) == (None, [])
    assert measuring_runtime(settings()) is None


def test_a_port_of_metrics_that_is_taken_is_named() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsInvalid, match=f"METRICS_PORT: {port} of 127.0.0.1"):
            measuring_runtime(settings(metrics_port=port))


def test_traces_without_their_packages_are_refused_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "workers.observing.tracing", None)
    with (
        pytest.raises(SettingsInvalid, match=r"binome\[tracing\]"),
        tracing(settings(tracing=True), "worker"),
    ):
        pass


async def test_the_framework_s_own_telemetry_which_records_links_stays_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    async with house() as made:
        switched = made.app._telemetry
        wanted = ("tracing", "metrics", "logs", "auto_configure")
        assert [switched.get(name) for name in wanted] == [False] * 4
        assert not made.app._native_telemetry.enabled()
