"""docs/lifecycle.md: the state diagrams and tables, drawn from the tables that hold every transition."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from domain.pair.deadlines import DEADLINES
from domain.pair.edges import SESSION_EDGES, STAGE_EDGES
from domain.programme.edges import COHORT_EDGES, REGION_EDGES
from schemas.cohort import CohortPhase
from schemas.events import SIGNALS, UPDATES
from schemas.rollout import RegionPhase
from schemas.stages import Outcome, SessionStatus, Stage
from workflows.pairs.pair_details import WAITS_FOR

HEAD = """# The life of a pair

This page is generated from the code (`python -m tools.docs`), and `make check` fails when it is out of date. Every
transition of a running pair is held to these tables.

![The life of a pair](pair.svg)
"""


def page() -> str:
    parts = [_stages(), _sessions(), _deadlines(), _events(), _rollout()]
    return "\n".join([HEAD, *(line for part in parts for line in part)]) + "\n"


def _stages() -> list[str]:
    lines = [
        "## Stages",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {Stage.TRAINING}",
    ]
    lines += [f"    {a} --> {b}: {why}" for (a, b), why in STAGE_EDGES.items()]
    lines += [
        f"    {Stage.CLOSED} --> [*]",
        "```",
        "",
        "A closed pair has one outcome: ",
    ]
    lines[-1] += ", ".join(f"`{o.value}`" for o in Outcome) + "."
    return [
        *lines,
        "Any stage may be paused and resumed: only a call for help is sent meanwhile; deadlines move by its length.",
        "",
    ]


def _sessions() -> list[str]:
    lines = ["## A session", "", "```mermaid", "stateDiagram-v2"]
    lines += [
        f"    {a or '[*]'} --> {b}: {why}" for (a, b), why in SESSION_EDGES.items()
    ]
    lines += [f"    {s} --> [*]" for s in SessionStatus if not s.live]
    return [*lines, "```", ""]


def _deadlines() -> list[str]:
    lines = [
        "## Deadlines",
        "",
        "| deadline | waits for | when it passes |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{kind}` | {WAITS_FOR[kind]} | {_first_line(act)} |"
        for kind, act in DEADLINES.items()
    ]
    return [*lines, ""]


def _events() -> list[str]:
    lines = [
        "## Signals and updates",
        "",
        "| name | kind | meaning |",
        "|---|---|---|",
    ]
    for models, kind in ((SIGNALS, "signal"), (UPDATES, "update")):
        lines += [
            f"| `{m.model_fields['kind'].default}` | {kind} | {_first_line(m)} |"
            for m in models
        ]
    return lines


def _rollout() -> list[str]:
    """Regions and cohorts, from the tables that hold their transitions."""
    return [
        "",
        "## A wave of a region",
        "",
        "After `closed`, the next wave begins.",
        "",
        *_diagram(RegionPhase.WAITING, REGION_EDGES),
        "",
        "## A cohort",
        "",
        *_diagram(CohortPhase.ENROL, COHORT_EDGES),
    ]


def _diagram(first: StrEnum, edges: Mapping[tuple[Any, Any], str]) -> list[str]:
    drawn = (f"    {a} --> {b}: {why}" for (a, b), why in edges.items())
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *drawn, "```"]


def _first_line(thing: object) -> str:
    text = (getattr(thing, "__doc__", None) or "").strip().split("\n\n")[0]
    return " ".join(text.split()) or getattr(thing, "__name__", "").replace("_", " ")
