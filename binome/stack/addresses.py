"""What the stack prints once all of it answers."""

from collections.abc import Mapping
from typing import Any

_SHOWN = [
    ("Console", "{gateway}/"),
    ("Events", "{gateway}/events"),
    ("Temporal Web UI", "{ui}"),
    ("Start a programme", "{ui}/namespaces/{namespace}/workflows/start-workflow"
     "?workflowId=example&taskQueue=binome&workflowType=ProgrammeWorkflow"),
    ("Temporal", "{temporal}"),
    ("PostgreSQL", "{postgres}, its password in stack.json"),
    ("Mail catcher", "{smtp}, kept in {mails}"),
    ("Data", "{data}"),
]  # fmt: skip


def addresses(stack: Mapping[str, Any]) -> str:
    """Returns a line for each address; the bearer token is only in `stack.json`."""
    lines = [f"  {title:<18} {text.format_map(stack)}" for title, text in _SHOWN]
    return "\n".join(
        ["Binôme is ready (GET /readyz says so too). Ctrl-C stops all of it.", *lines]
    )
