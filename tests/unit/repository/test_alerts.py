"""Alert rules and dashboard: promtool accepts them, each alert has a runbook, none asks for what nobody exports."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.observing.metrics import GatewayMetrics
from tests.support.rehearsal.prometheus import (
    ALERTS,
    DEPLOY,
    SCALING,
    names_used,
    panel_queries,
    rules,
)
from tests.unit.repository.test_docs import anchors
from tools.docs.metrics import of_gateway, of_worker

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None,
    reason="promtool is not on this machine; Debian has it in the package prometheus",
)
RUNBOOKS = DEPLOY.parent / "docs" / "runbooks.md"


def promtool(*words: str) -> str:
    done = subprocess.run([PROMTOOL or "", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_promtool
@pytest.mark.parametrize("file", [ALERTS, SCALING], ids=lambda file: str(file.name))
def test_promtool_accepts_the_rules(file: Path) -> None:
    assert f"{len(rules(file))} rules found" in promtool("check", "rules", str(file))


@needs_promtool
def test_each_alert_comes_when_it_should_and_not_otherwise() -> None:
    promtool("test", "rules", str(DEPLOY / "prometheus" / "alerts_test.yml"))


@needs_promtool
def test_promtool_accepts_the_example_of_a_configuration() -> None:
    config = str(DEPLOY / "prometheus" / "prometheus.yml")
    promtool("check", "config", "--syntax-only", config)


@needs_promtool
def test_promtool_can_read_every_query_of_the_dashboard(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    queries = [query.replace("$__rate_interval", "1m") for query in panel_queries()]
    records = "".join(
        f"      - {{record: 'q:{number}', expr: '{query}'}}\n"
        for number, query in enumerate(queries)
    )
    file = tmp_path_factory.mktemp("rules") / "dashboard.yml"
    file.write_text(f"groups:\n  - name: dashboard\n    rules:\n{records}")
    promtool("check", "rules", "--lint=none", str(file))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_each_alert_has_a_test_and_a_runbook_that_names_it(
    rule: dict[str, object],
) -> None:
    annotations = rule["annotations"]
    assert isinstance(annotations, dict)
    page, _, heading = annotations["runbook"].partition("#")
    text = RUNBOOKS.read_text("utf-8")
    assert page == "docs/runbooks.md" and heading in anchors(text)
    assert f"`{rule['alert']}`" in text
    tested = (DEPLOY / "prometheus" / "alerts_test.yml").read_text("utf-8")
    assert f"alertname: {rule['alert']}\n" in tested


def test_our_own_metrics_that_are_asked_for_are_declared() -> None:
    declared = {name for name, _, _ in (*of_gateway(), *of_worker())}
    endings = {"", "_bucket", "_sum", "_count"}
    known = {name + ending for name in declared for ending in endings}
    assert {name for name in names_used() if name.startswith("binome_")} <= known
    assert GatewayMetrics().registry
