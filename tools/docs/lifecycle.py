"""docs/lifecycle.md: the state diagrams and tables, drawn from the tables that hold every transition."""

from domain.pair.advance import DEADLINES
from domain.pair.edges import SESSION_EDGES, STAGE_EDGES
from schemas.events import SIGNALS, UPDATES
from schemas.stages import Outcome, SessionStatus, Stage
from workflows.pair_details import WAITS_FOR

HEAD = """# The life of a pair

This page is generated from the code (`python -m tools.docs`), and `make check` fails when it is out of date. Every
transition of a running pair is held to these tables.

![The life of a pair](pair.svg)
"""


def page() -> str:
    return "\n".join([HEAD, *_stages(), *_sessions(), *_deadlines(), *_events()]) + "\n"


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
        "## Signals (facts) and updates (decisions)",
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


def _first_line(thing: object) -> str:
    text = (getattr(thing, "__doc__", None) or "").strip().split("\n\n")[0]
    return " ".join(text.split()) or getattr(thing, "__name__", "").replace("_", " ")
