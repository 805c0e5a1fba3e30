"""docs/lifecycle.md: the state diagrams and tables, drawn from the tables that hold every transition."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from domain.pair.deadlines import AT_ONCE, DEADLINES
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
    outcomes = ", ".join(f"`{outcome.value}`" for outcome in Outcome)
    return [
        "## Stages",
        "",
        *_diagram({("[*]", Stage.TRAINING): "", **STAGE_EDGES}, [Stage.CLOSED]),
        "",
        f"A closed pair has one outcome: {outcomes}.",
        "Any stage may be paused and resumed: only a call for help is sent meanwhile; deadlines move by its length.",
        "",
    ]


def _sessions() -> list[str]:
    return [
        "## A session",
        "",
        *_diagram(
            SESSION_EDGES, [status for status in SessionStatus if not status.live]
        ),
        "",
    ]


def _deadlines() -> list[str]:
    return [
        "## Deadlines",
        "",
        "| deadline | waits for | when it passes |",
        "|---|---|---|",
        *(
            f"| `{kind}` | {WAITS_FOR[kind]} | {_first_line(act)} |"
            for kind, act in DEADLINES.items()
        ),
        "",
        "A deadline is acted on at its time or after it, never before: each pair has a place of its own within",
        "`timing.spread` of the programme document (10 minutes unless it says otherwise), so that thousands whose",
        "deadlines pass in one moment are served one after another. What arrives after a deadline is late, served or",
        f"not. Served at once: {', '.join(f'`{kind}`' for kind in sorted(AT_ONCE))}.",
        "",
    ]


def _events() -> list[str]:
    return [
        "## Signals and updates",
        "",
        "| name | kind | meaning |",
        "|---|---|---|",
        *(
            f"| `{model.kind}` | {what} | {_first_line(model)} |"
            for models, what in ((SIGNALS, "signal"), (UPDATES, "update"))
            for model in models
        ),
    ]


def _rollout() -> list[str]:
    """Regions and cohorts, from the tables that hold their transitions."""
    return [
        "",
        "## A wave of a region",
        "",
        "After `closed`, the next wave begins.",
        "",
        *_diagram({("[*]", RegionPhase.WAITING): "", **REGION_EDGES}),
        "",
        "## A cohort",
        "",
        *_diagram({("[*]", CohortPhase.ENROL): "", **COHORT_EDGES}),
    ]


def _diagram(
    edges: Mapping[tuple[Any, Any], str], ends: Sequence[StrEnum] = ()
) -> list[str]:
    drawn = (
        f"    {a or '[*]'} --> {b}" + (f": {why}" if why else "")
        for (a, b), why in edges.items()
    )
    ended = (f"    {end} --> [*]" for end in ends)
    return ["```mermaid", "stateDiagram-v2", *drawn, *ended, "```"]


def _first_line(thing: object) -> str:
    text = (getattr(thing, "__doc__", None) or "").strip().split("\n\n")[0]
    return " ".join(text.split()) or getattr(thing, "__name__", "").replace("_", " ")
