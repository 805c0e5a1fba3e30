"""The reasons that each update takes, and what the console calls them."""

from enum import StrEnum

from gateway.console.code_texts import DECISION_REASONS
from schemas.handlers import UPDATES_BY_WORKFLOW

HEAD = """## Reasons of decisions

A `reason` is one of its update's list, since it stands in Temporal's history and in the ledger for good. Another one is
refused, and the refusal has the list. Words about people belong into neither: keep them outside of Binôme.
"""


def section() -> list[str]:
    used = {reason for _, _, reasons in _lists() for reason in reasons}
    return [
        HEAD,
        "| update | of a | `reason` |",
        "|---|---|---|",
        *(
            f"| `{name}` | {kind} | {', '.join(f'`{each}`' for each in reasons)} |"
            for kind, name, reasons in _lists()
        ),
        "",
        "| code | the console says |",
        "|---|---|",
        *(f"| `{code}` | {DECISION_REASONS[code]} |" for code in sorted(used)),
        "",
    ]


def _lists() -> list[tuple[str, str, list[str]]]:
    """Kind of workflow, update and its reasons."""
    return [
        (kind, name, [each.value for each in field.annotation])
        for kind, updates in UPDATES_BY_WORKFLOW.items()
        for name, model in updates.items()
        if (field := model.model_fields.get("reason"))
        and isinstance(field.annotation, type)
        and issubclass(field.annotation, StrEnum)
    ]
