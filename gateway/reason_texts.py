"""Why a match is proposed or a person has none, in words: the one place for them. Matching keeps codes and numbers.

An unknown code is shown as it is.
"""

from collections.abc import Callable

from schemas.counted import counted
from schemas.matching import Reason


def reason_text(reason: Reason) -> str:
    """One short English sentence."""
    made = TEXTS.get(reason.rule)
    if made:
        return made(reason)
    plain = reason.rule.replace("_", " ")
    return f"{plain}: {_list(reason)}" if reason.items else plain


def _list(reason: Reason) -> str:
    return ", ".join(item.replace("_", " ") for item in reason.items)


def _levels(reason: Reason) -> str:
    return "different reporting lines" if reason.value is None else f"{counted(reason.value, 'level')} apart"


def _hours(reason: Reason) -> str:
    return f"{counted(reason.value or 0, 'hour')} a week in common"


def _function(reason: Reason) -> str:
    return f"different functions: {' and '.join(reason.items)}" if reason.items else "different functions"


def _of(text: str) -> Callable[[Reason], str]:
    """A rule that stood in the way; its value is how many people it excludes by itself."""
    return lambda reason: f"{text} ({reason.value:g})" if reason.value else text


def _taken(reason: Reason) -> str:
    one = reason.value == 1
    return (
        "the only one possible is matched already" if one else f"all {reason.value or 0:g} possible are matched already"
    )


TEXTS: dict[str, Callable[[Reason], str]] = {
    "topics": lambda reason: f"topics wanted and offered: {_list(reason)}",
    "different_function": _function,
    "common_hours": _hours,
    "same_site": lambda reason: f"same site: {_list(reason)}",
    "levels_apart": _levels,
    "common_language": lambda reason: f"common language: {_list(reason)}",
    "refused_before": _of("refused before"),
    "same_person": _of("would coach themselves"),
    "manager_and_report": _of("manager and direct report"),
    "too_few_levels": _of("too few levels apart"),
    "supervisor_in_line": _of("the mentor's supervisor stands in the mentee's reporting line"),
    "no_common_language": _of("no common language"),
    "no_common_hours": _of("too few hours in common"),
    "nobody_there": lambda _: "nobody is there on the other side",
    "all_taken": _taken,
}
