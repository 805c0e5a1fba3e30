"""A service's own messages, turned into events by rules of its source."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from domain.sources.granting import GrantInvalid, event_type, short_name
from domain.wording import error_in_words
from schemas.cloud_events import CATALOGUE
from schemas.records.sources import MessageRule, MessageRules, SourceScope

WEBHOOK_ID = "webhook-id"
"""The header that names a message of Standard Webhooks."""


class MessageUnclear(ValueError):
    """A message lacks what its rule needs; `place` is the path, or the header."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def read_rules(text: str, scope: SourceScope) -> tuple[MessageRule, ...]:
    """Read a file of rules, TOML: `[[message]]` for each kind of message.

    Raises:
        GrantInvalid: it is none, or makes events that the source may not send.
    """
    try:
        raw = tomllib.loads(text)
        rules = MessageRules.model_validate(raw).message
    except tomllib.TOMLDecodeError as error:
        raise GrantInvalid(f"not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        what = error_in_words(first, None)
        raise GrantInvalid(f"{place}: {what}") from None
    return tuple(_checked(rule, scope) for rule in rules)


def event_of(
    rules: Sequence[MessageRule], message: Mapping[str, Any], message_id: str
) -> dict[str, Any] | None:
    """Returns the attributes of the event that a message becomes; None: no rule is about it.

    Args:
        message_id: what the header says; a rule may take the id from the message.

    Raises:
        MessageUnclear: the first rule that is about it finds a path missing.
    """
    for rule in rules:
        if all(_text(message, path) == text for path, text in rule.when.items()):
            return {
                "specversion": "1.0",
                "id": _needed(message, rule.id) if rule.id else _named(message_id),
                "source": "message",
                "type": rule.type,
                "subject": _needed(message, rule.subject),
                "data": {
                    field: _found(message, path) for field, path in rule.data.items()
                },
            }
    return None


def _checked(rule: MessageRule, scope: SourceScope) -> MessageRule:
    full = event_type(rule.type, "type")
    if full not in scope.types:
        name = short_name(full)
        raise GrantInvalid(
            f"type: {name} is not granted; `binome sources add` with --type {name} grants it"
        )
    known = CATALOGUE[full].data.model_fields
    for field in rule.data:
        if field not in known:
            allowed = ", ".join(known) or "none"
            raise GrantInvalid(f"data.{field}: unknown; allowed: {allowed}")
    return rule.model_copy(update={"type": full})


def _at(message: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(message, Mapping):
            return None
        message = message.get(name)
    return message


def _text(message: Mapping[str, Any], path: str) -> str | None:
    """Returns a text or a whole number there, as text."""
    found = _at(message, path)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return None
    return str(found)


def _found(message: Mapping[str, Any], path: str) -> Any:
    found = _at(message, path)
    if found is None:
        raise MessageUnclear(path)
    return found


def _needed(message: Mapping[str, Any], path: str) -> str:
    text = _text(message, path)
    if not text:
        raise MessageUnclear(path)
    return text


def _named(message_id: str) -> str:
    if not message_id:
        raise MessageUnclear(WEBHOOK_ID)
    return message_id
