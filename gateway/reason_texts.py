"""Why a match is proposed or a person has none, in words. An unknown code is shown as it is."""

from collections.abc import Callable

from schemas.matching import Reason


def reason_text(reason: Reason) -> str:
    """One short English sentence."""
    made = _TEXTS.get(reason.rule)
    if made:
        return made(reason)
    plain = reason.rule.replace("_", " ")
    return f"{plain}: {_list(reason)}" if reason.items else plain


def _number(reason: Reason) -> str:
    return f"{reason.value or 0:g}"


def _list(reason: Reason) -> str:
    return ", ".join(item.replace("_", " ") for item in reason.items)


def _topics(reason: Reason) -> str:
    return f"topics wanted and offered: {_list(reason)}" if reason.items else "topics wanted and offered"


_TEXTS: dict[str, Callable[[Reason], str]] = {
    "topics": _topics,
}
