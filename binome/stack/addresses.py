"""What the stack prints once all of it answers."""

from collections.abc import Mapping
from typing import Any

_SHOWN = [
    ("Console", "{console}"),
    ("Events", "{gateway}/events"),
    ("Temporal Web UI", "{ui}"),
    ("Start a programme", "{ui}/namespaces/{namespace}/workflows/start-workflow"
     "?workflowId=example&taskQueue=binome&workflowType=ProgrammeWorkflow"),
    ("Temporal", "{temporal}"),
    ("PostgreSQL", "{postgres}, its password in stack.json"),
    ("Mail catcher", "{smtp}, kept in {mails}"),
    ("Data", "{data}"),
]  # fmt: skip


def addresses(stack: Mapping[str, Any], link: str | None) -> str:
    """One line each; the bearer tokens are not shown: they are in `stack.json`.

    `link` is the token of the link that signs the administrator in once.
    """
    console = f"{stack['gateway']}/" + (f"sign-in/link/{link}" if link else "")
    known = {**stack, "console": console}
    lines = [f"  {title:<18} {text.format_map(known)}" for title, text in _SHOWN]
    if link:
        lines[0] += f"  (signs you in once; afterwards {stack['gateway']}/)"
    return "\n".join(
        ["Binôme is ready (GET /readyz says so too). Ctrl-C stops all of it.", *lines]
    )
