"""The alert rules and the dashboard, and what a process shows to Prometheus."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml
from prometheus_client.parser import text_string_to_metric_families

from binome.stack.ports import LOOPBACK
from tests.support.stack import Account

DEPLOY = Path(__file__).parents[3] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
SCALING = DEPLOY / "prometheus" / "scaling.yml"
DASHBOARD = DEPLOY / "grafana" / "binome.json"
NAME = re.compile(r"\b(?:binome|temporal|process)_[a-z_]+\b")


def rules(file: Path = ALERTS) -> list[dict[str, Any]]:
    groups = yaml.safe_load(file.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panel_queries() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def names_used() -> set[str]:
    """Every metric that an alert, a panel or what workers are scaled by asks for."""
    asking = [*rules(), *rules(SCALING)]
    queries = [*(rule["expr"] for rule in asking), *panel_queries()]
    return {name for query in queries for name in NAME.findall(query)}


def names_exported(text: str) -> set[str]:
    """Names of all samples of one process, those of metrics without any yet too."""
    names = set()
    for family in text_string_to_metric_families(text):
        names |= {sample.name for sample in family.samples}
        ending = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        names |= {family.name + end for end in ending.get(family.type, [""])}
    return names


def showing_metrics(port: int) -> Account:
    """Somebody who starts a stack whose worker shows metrics."""
    return Account(process={"env": {**os.environ, "BINOME_METRICS_PORT": str(port)}})


async def metrics_of(stack: Mapping[str, Any], port: int) -> tuple[str, str]:
    """What the gateway of a running stack shows, and its worker."""
    token = {"authorization": f"Bearer {stack['console_token']}"}
    async with httpx.AsyncClient(trust_env=False) as browser:
        gateway = await browser.get(f"{stack['gateway']}/metrics", headers=token)
        worker = await browser.get(f"http://{LOOPBACK}:{port}/metrics")
    assert (gateway.status_code, worker.status_code) == (200, 200)
    return gateway.text, worker.text
